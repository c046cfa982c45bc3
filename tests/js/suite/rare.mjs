// @ts-check
// The algorithms that WebCrypto does not sign everywhere: ES256K and ML-DSA, with tokens that Rust signed.

import { bits, element, oid, sequence } from './der.mjs';
import { FORMS } from './keys.mjs';
import TOKENS from './rare-tokens.mjs';
import { ORDERS, bytesOfSize, ecdsa, integer, join, take } from './signatures.mjs';
import { EXPECTED, base64url, bytesOf, claims, pemOf, pointOf, signer, utf8 } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const RARE = /** @type {const} */ (['ES256K', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']);
const NOT_ALLOWED = { code: 'ERR_JOSE_ALG_NOT_ALLOWED' };
const NO_SIGNATURE = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
const NO_KEY = { code: 'ERR_JWKS_NO_MATCHING_KEY' };

/** A key of `alg`, and the token that it signed. @param {string} alg @param {number} [index] of two */
function fixture(alg, index = 0) {
  const { jwk, token } = TOKENS.filter((row) => row.alg === alg)[index];
  const raw = Uint8Array.from(
    'pub' in jwk
      ? sequence(sequence(oid(/** @type {'ML-DSA-44'} */ (alg))), bits(bytesOf(/** @type {string} */ (jwk.pub))))
      : sequence(sequence(oid('id-ecPublicKey'), oid('secp256k1')), bits(pointOf(/** @type {any} */ (jwk)))),
  );
  return { alg, /** @type {any} */ jwk, raw, pem: pemOf(raw), good: token };
}

/** @type {Case[]} */
const forms = RARE.flatMap((alg) =>
  Object.entries(FORMS).map(([form, options]) => ({
    name: `${alg} verifies with ${form}`,
    async run(t) {
      const key = fixture(alg);
      const verifier = await t.createVerifier({ ...EXPECTED, ...options(/** @type {any} */ (key)) });
      const verified = await verifier.verify(key.good);
      t.deepEqual(verified.claims, claims(), 'claims');
      t.deepEqual(verified.protectedHeader, { alg, kid: 'a', typ: 'JWT' }, 'protectedHeader');
      t.deepEqual(verifier.verifySync(key.good), verified, 'verifySync');
      const { alg: _, ...members } = key.jwk;
      for (const [name, value] of Object.entries(members)) t.equal(verifier.jwks().keys[0][name], value, name);
      const canonical = JSON.stringify(key.jwk, Object.keys(key.jwk).sort());
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {any} */ (utf8(canonical))));
      t.equal(verified.key.thumbprint, base64url(digest), 'thumbprint');
    },
  })),
);

/** @type {Case[]} */
const mismatches = RARE.map((alg) => ({
  name: `${alg} refuses a changed payload, a changed signature and another key`,
  async run(t) {
    const { jwk, good } = fixture(alg);
    const verifier = await t.createVerifier({ ...EXPECTED, key: jwk });
    const { input, signature } = take(good);
    const [header] = input.split('.');
    const refuses = async (/** @type {string} */ token) => {
      await t.fails(() => verifier.verify(token), NO_SIGNATURE);
      await t.fails(() => verifier.verifySync(token), NO_SIGNATURE);
      t.ok(await verifier.verify(good), 'the next good token');
    };
    await refuses(`${header}.${base64url(JSON.stringify(claims({ sub: 'admin' })))}.${base64url(signature)}`);
    for (let at = 0; at < signature.length; at += Math.ceil(signature.length / 16)) {
      const changed = signature.slice();
      changed[at] ^= 0x01;
      await refuses(`${input}.${base64url(changed)}`);
    }
    await refuses(fixture(alg, 1).good);
  },
}));

/** Replacements of a good signature. @type {Array<[string, Array<[string, (signature: Uint8Array) => Uint8Array]>]>} */
const FORGERIES = RARE.map((alg) => [
  alg,
  alg === 'ES256K'
    ? ecdsa(ORDERS.ES256K, 32)
    : [
        ['all zeros', (good) => new Uint8Array(good.length)],
        ['all ones', (good) => new Uint8Array(good.length).fill(0xff)],
        ['a byte short', (good) => good.slice(1)],
        ['a byte long', (good) => join(good, Uint8Array.of(0))],
        ['one of another parameter set', () => take(fixture(alg === 'ML-DSA-65' ? 'ML-DSA-44' : 'ML-DSA-65').good).signature],
        ['no bytes', () => new Uint8Array()],
        ['a signature of ES256', () => new Uint8Array(64).fill(1)],
      ],
]);

/** @type {Case[]} */
const forgeries = FORGERIES.flatMap(([alg, changes]) =>
  changes.map(([what, change]) => ({
    name: `a signature of ${alg} is refused when it is ${what}`,
    async run(t) {
      const { jwk, good } = fixture(alg);
      const verifier = await t.createVerifier({ ...EXPECTED, key: jwk });
      const { input, signature } = take(good);
      await t.fails(() => verifier.verify(`${input}.${base64url(change(signature))}`), NO_SIGNATURE);
      t.ok(await verifier.verify(good), 'the next good token');
    },
  })),
);

/** A token of `input` with its header's alg changed. @param {string} token @param {string} alg */
function renamed(token, alg) {
  const [, payload, signature] = token.split('.');
  return `${base64url(JSON.stringify({ alg, kid: 'a' }))}.${payload}.${signature}`;
}

/** @type {Case[]} */
const confusion = [
  {
    // RFC 8812 has no preference, and issuers sign with high s too.
    name: 'ES256K accepts both s and n - s',
    async run(t) {
      const { jwk, good } = fixture('ES256K');
      const verifier = await t.createVerifier({ ...EXPECTED, key: jwk });
      const { input, signature } = take(good);
      const other = bytesOfSize(ORDERS.ES256K - integer(signature.slice(32)), 32);
      t.ok(await verifier.verify(`${input}.${base64url(join(signature.slice(0, 32), other))}`), 'n - s');
    },
  },
  {
    name: 'a key on secp256k1 verifies no ES256, and one on P-256 no ES256K',
    async run(t) {
      const [k256, p256] = [fixture('ES256K'), await signer('ES256')];
      const token = await p256.token(claims(), { kid: 'a' });
      for (const [key, other] of [
        [k256.jwk, token],
        [k256.jwk, renamed(k256.good, 'ES256')],
        [p256.jwk, k256.good],
        [p256.jwk, renamed(token, 'ES256K')],
      ]) {
        const single = await t.createVerifier({ ...EXPECTED, key });
        await t.fails(() => single.verify(other), NOT_ALLOWED);
        const set = await t.createVerifier({ ...EXPECTED, jwks: { keys: [{ ...key, kid: 'a' }] } });
        await t.fails(() => set.verify(other), NO_KEY);
      }
    },
  },
  {
    name: 'a key of one parameter set of ML-DSA verifies no other',
    async run(t) {
      for (const [alg, other] of [
        ['ML-DSA-44', 'ML-DSA-65'],
        ['ML-DSA-65', 'ML-DSA-87'],
        ['ML-DSA-87', 'ML-DSA-44'],
      ]) {
        const verifier = await t.createVerifier({ ...EXPECTED, key: fixture(alg).jwk });
        for (const token of [fixture(other).good, renamed(fixture(alg).good, other)]) {
          await t.fails(() => verifier.verify(token), NOT_ALLOWED);
        }
      }
    },
  },
  {
    name: 'a point off secp256k1 is refused as the one key, and passed over in a set',
    async run(t) {
      const { jwk, good } = fixture('ES256K');
      const bad = { ...jwk, y: base64url(bytesOf(jwk.y).map((byte, at) => (at === 31 ? byte ^ 1 : byte))) };
      for (const options of [{ key: bad }, { key: { ...bad, alg: 'ES256K' } }]) {
        await t.fails(() => t.createVerifier({ ...EXPECTED, ...options }), { code: 'ERR_JWK_INVALID' });
      }
      const alone = await t.createVerifier({ ...EXPECTED, jwks: { keys: [{ ...bad, kid: 'a' }] } });
      await t.fails(() => alone.verify(good), NO_KEY);
      const keys = [bad, jwk].map((key) => ({ ...key, kid: 'a' }));
      const verifier = await t.createVerifier({ ...EXPECTED, jwks: { keys } });
      t.deepEqual(verifier.verifySync(good).claims, claims(), 'claims');
    },
  },
  {
    name: 'an uncompressed point is a key on secp256k1',
    async run(t) {
      const { jwk, good } = fixture('ES256K');
      const verifier = await t.createVerifier({ ...EXPECTED, key: { sec1: pointOf(jwk), crv: 'secp256k1' } });
      t.deepEqual(verifier.verifySync(good).claims, claims(), 'claims');
      const { x, y } = verifier.jwks().keys[0];
      t.deepEqual({ x, y }, { x: jwk.x, y: jwk.y }, 'the key');
    },
  },
  {
    name: 'one set serves common and rare algorithms together',
    async run(t) {
      const es256 = await signer('ES256');
      const keys = [{ ...es256.jwk, kid: 'common' }, ...RARE.map((alg) => ({ ...fixture(alg).jwk, kid: 'a' }))];
      const verifier = await t.createVerifier({ ...EXPECTED, jwks: { keys } });
      for (const alg of RARE) t.equal(verifier.verifySync(fixture(alg).good).key.alg, alg, 'alg');
      t.equal((await verifier.verify(await es256.token(claims(), { kid: 'common' }))).key.kid, 'common', 'kid');
    },
  },
  {
    name: 'a rare algorithm that the options leave out is refused, though the key fits it',
    async run(t) {
      const { jwk, good } = fixture('ES256K');
      const set = { jwks: { keys: [{ ...jwk, kid: 'a' }] } };
      const verifier = await t.createVerifier({ ...EXPECTED, ...set, algorithms: ['ES256'] });
      await t.fails(() => verifier.verify(good), NOT_ALLOWED);
    },
  },
  {
    name: 'DER of a key with bytes after its end is refused',
    async run(t) {
      for (const alg of RARE) {
        const { raw } = fixture(alg);
        for (const der of [join(raw, Uint8Array.of(0)), raw.slice(0, -1), Uint8Array.from(element(4, raw))]) {
          await t.fails(() => t.createVerifier({ ...EXPECTED, key: { der } }), { code: 'ERR_JWK_INVALID' });
        }
      }
    },
  },
];

export default [...forms, ...mismatches, ...forgeries, ...confusion];
