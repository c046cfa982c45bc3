// @ts-check
// The key and the options decide the algorithm; the token never does.

import { serve } from './server.mjs';
import {
  ALGORITHMS,
  ASYMMETRIC,
  EXPECTED,
  base64url,
  bytesOf,
  claims,
  macToken,
  newSigner,
  signer,
  utf8,
} from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const NOT_ALLOWED = { code: 'ERR_JOSE_ALG_NOT_ALLOWED' };
const NO_SIGNATURE = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
const JWKS_URI = 'https://issuer.example/jwks';

/** Every way in which a verifier can be given the key. @type {Record<string, (key: import('./tokens.mjs').Signer) => object>} */
const SOURCES = {
  'a JWK': ({ jwk }) => ({ key: jwk }),
  'a PEM': ({ pem }) => ({ key: pem }),
  'a JWK Set': ({ jwk }) => ({ jwks: { keys: [{ ...jwk, kid: 'a' }] } }),
  'a jwksUri': ({ jwk }) => ({
    jwksUri: JWKS_URI,
    fetch: serve({ [JWKS_URI]: { keys: [{ ...jwk, kid: 'a' }] } }).fetch,
  }),
};

/** @type {Case[]} */
const confusion = ['RS256', 'ES256'].flatMap((alg) =>
  Object.entries(SOURCES).map(([source, options]) => ({
    name: `HS256 with the public key as secret is refused where ${source} is of ${alg}`,
    async run(t) {
      const key = await signer(alg);
      const subject = await t.subject(alg, { key: undefined, ...options(key) });
      await subject.verifier.load();
      const { jwk, pem, raw } = key;
      const guesses = [
        utf8(pem),
        utf8(pem.trimEnd()),
        raw,
        utf8(JSON.stringify(jwk)),
        utf8(JSON.stringify({ keys: [jwk] })),
        bytesOf(jwk.n ?? jwk.x),
      ];
      for (const secret of guesses) await subject.refuses(await macToken(secret, { kid: 'a' }, claims()), NOT_ALLOWED);
    },
  })),
);

/** @type {Case[]} */
const none = ALGORITHMS.map((alg) => ({
  name: `alg none is refused in every spelling where the key is of ${alg}`,
  async run(t) {
    const subject = await t.subject(alg);
    for (const spelling of ['none', 'None', 'NONE', 'nOnE', 'none ', '']) {
      const input = `${base64url(JSON.stringify({ alg: spelling }))}.${base64url(JSON.stringify(claims()))}`;
      for (const signature of ['', 'AAAA', base64url(new Uint8Array(64))]) {
        await subject.refuses(`${input}.${signature}`, NOT_ALLOWED);
      }
      await subject.refuses(input, { code: 'ERR_JWS_INVALID' });
    }
  },
}));

/** @type {Case[]} */
const allowed = [
  {
    name: 'an alg that is not in `algorithms` is refused, though the key could verify it',
    async run(t) {
      const subject = await t.subject('PS256', { algorithms: ['PS256', 'ES256'] });
      const { jwk } = await signer('PS256');
      const verifier = await t.createVerifier({ ...EXPECTED, key: jwk, algorithms: ['RS256'] });
      await t.fails(() => verifier.verify(subject.good), NOT_ALLOWED);
      await subject.accepts(subject.good);
    },
  },
  {
    name: 'an RSA key without `alg` verifies RS256 and PS256, and one with `alg` that alone',
    async run(t) {
      const key = await signer('RS256');
      const pkcs1 = await key.token(claims());
      const open = await t.subject('RS256');
      await open.accepts(pkcs1);
      const bound = await t.createVerifier({ ...EXPECTED, key: { ...key.jwk, alg: 'PS256' } });
      await t.fails(() => bound.verify(pkcs1), NOT_ALLOWED);
      const fixed = await t.subject('RS256', { key: { ...key.jwk, alg: 'RS256' } });
      await fixed.refuses(await key.token(claims(), { alg: 'PS256' }), NOT_ALLOWED);
      await fixed.accepts(pkcs1);
    },
  },
  {
    name: 'an Ed25519 key verifies both names of its algorithm, and one that names its alg that alone',
    async run(t) {
      for (const [alg, other] of [
        ['EdDSA', 'Ed25519'],
        ['Ed25519', 'EdDSA'],
      ]) {
        const open = await t.subject(alg);
        await open.accepts(await open.token(claims(), { alg: other }));
        const bound = await t.subject(alg, { key: { ...open.jwk, alg } });
        await bound.refuses(await bound.token(claims(), { alg: other }), NOT_ALLOWED);
        const limited = await t.subject(alg, { algorithms: [alg] });
        await limited.refuses(await limited.token(claims(), { alg: other }), NOT_ALLOWED);
      }
    },
  },
  {
    name: 'a key on one curve verifies no algorithm of another',
    async run(t) {
      for (const alg of ['ES256', 'ES384', 'ES512']) {
        const single = await t.subject(alg);
        const { jwk } = single;
        const set = await t.subject(alg, { key: undefined, jwks: { keys: [{ ...jwk, kid: 'a' }] } });
        for (const other of ['ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'ML-DSA-44']) {
          if (other === alg) continue;
          // Signed by the key itself, as that algorithm.
          const own = await single.token(claims(), { alg: other, kid: 'a' });
          await single.refuses(own, NOT_ALLOWED);
          await set.refuses(own, { code: 'ERR_JWKS_NO_MATCHING_KEY' });
          if (!other.startsWith('ES') || other === 'ES256K') continue;
          const foreign = await (await signer(other)).token(claims(), { kid: 'a' });
          await single.refuses(foreign, NOT_ALLOWED);
          await set.refuses(foreign, { code: 'ERR_JWKS_NO_MATCHING_KEY' });
        }
      }
    },
  },
  {
    name: 'a published key is no secret as a JWK either',
    async run(t) {
      const { pem, raw, jwk } = await signer('ES256');
      for (const bytes of [utf8(pem), raw, utf8(JSON.stringify(jwk)), utf8(JSON.stringify({ keys: [jwk] }))]) {
        const key = { kty: 'oct', k: base64url(bytes) };
        await t.fails(() => t.createVerifier({ ...EXPECTED, key }), { code: 'ERR_JWK_INVALID' });
      }
    },
  },
  {
    name: 'algorithms that no key of a set could have are refused at once',
    async run(t) {
      const options = { ...EXPECTED, jwks: { keys: [] }, algorithms: ['HS256', 'HS512'] };
      await t.fails(() => t.createVerifier(options), NOT_ALLOWED);
    },
  },
  {
    name: 'a secret serves the hashes that it is as long as, and no others',
    async run(t) {
      const secret = new Uint8Array(48).fill(7);
      const { token } = await newSigner('HS384', secret);
      const verifier = await t.createVerifier({ ...EXPECTED, key: secret });
      await verifier.verify(await token(claims()));
      await verifier.verify(await macToken(secret, {}, claims()));
      await t.fails(async () => verifier.verify(await token(claims(), { alg: 'HS512' })), NOT_ALLOWED);
      await t.fails(async () => verifier.verify(await token(claims(), { alg: 'HS256' })), NO_SIGNATURE);
    },
  },
  {
    name: 'a PKCS#1 v1.5 signature is no PSS signature, and the reverse',
    async run(t) {
      const pkcs1 = await t.subject('RS256');
      await pkcs1.refuses(await pkcs1.token(claims(), { alg: 'PS256' }), NO_SIGNATURE);
      const pss = await t.subject('PS256');
      await pss.refuses(await pss.token(claims(), { alg: 'RS256' }), NO_SIGNATURE);
    },
  },
  {
    name: 'names of other and of unknown algorithms are refused',
    async run(t) {
      for (const alg of ALGORITHMS) {
        const subject = await t.subject(alg);
        const familyOf = (/** @type {string} */ name) => name.slice(0, 2);
        const others = ALGORITHMS.filter((other) => !['RS', 'PS', familyOf(alg)].includes(familyOf(other)));
        for (const other of [
          ...others,
          'ES224',
          'HS1',
          'RS1',
          'A128KW',
          'dir',
          alg.toLowerCase(),
          `${alg}\u0130`,
          'x'.repeat(1000),
          '__proto__',
        ]) {
          if (other !== alg) await subject.refuses(await subject.token(claims(), { alg: other }), NOT_ALLOWED);
        }
      }
    },
  },
  {
    name: 'a JWK Set whose keys name no alg does not let the token choose a symmetric one',
    async run(t) {
      const key = await signer('RS256');
      const subject = await t.subject('RS256', { key: undefined, jwks: { keys: [{ ...key.jwk, kid: 'a' }] } });
      await subject.refuses(await macToken(bytesOf(key.jwk.n), { kid: 'a' }, claims()), NOT_ALLOWED);
    },
  },
  {
    name: 'symmetric and private keys in a JWK Set are never used',
    async run(t) {
      const [oct, ec, good] = [await signer('HS256'), await newSigner('ES256'), await signer('ES256')];
      const keys = [
        { ...oct.jwk, kid: 'oct' },
        { ...ec.jwk, kid: 'private', d: ec.jwk.x },
        { ...good.jwk, kid: 'good' },
      ];
      const subject = await t.subject('ES256', { key: undefined, jwks: { keys } });
      await subject.refuses(await oct.token(claims(), { kid: 'oct' }), NOT_ALLOWED);
      await subject.refuses(await ec.token(claims(), { kid: 'private' }), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
      await subject.accepts(await good.token(claims(), { kid: 'good' }));
    },
  },
];

/** @type {Case[]} */
const embedded = ASYMMETRIC.map((alg) => ({
  name: `keys that a token of ${alg} brings along or points to are ignored, and nothing is fetched`,
  async run(t) {
    const attacker = await newSigner(alg);
    const { fetch, calls } = serve({ 'https://evil.example/jwks': { keys: [{ ...attacker.jwk, kid: 'a' }] } });
    const subject = await t.subject(alg, { fetch });
    for (const header of [
      { jwk: attacker.jwk },
      { jku: 'https://evil.example/jwks', kid: 'a' },
      { x5u: 'https://evil.example/cert' },
      { x5c: [base64url(attacker.raw)] },
    ]) {
      await subject.refuses(await attacker.token(claims(), header), NO_SIGNATURE);
      await subject.accepts(await subject.token(claims(), header));
    }
    t.deepEqual(calls, [], 'fetched URLs');
  },
}));

/** Headers of which an extension must be understood, or that are malformed. @type {Array<[string, object, string]>} */
const EXTENSIONS = [
  ['an unknown extension', { crit: ['exp2'], exp2: 1 }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['an unknown extension beside a known name', { crit: ['b64', 'x'], b64: true, x: 1 }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['b64 false', { crit: ['b64'], b64: false }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['b64 false outside crit', { b64: false }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['b64 of another type', { b64: 'false' }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['an empty crit', { crit: [] }, 'ERR_JWS_INVALID'],
  ['crit that names an absent parameter', { crit: ['absent'] }, 'ERR_JWS_INVALID'],
  ['crit that is a string', { crit: 'exp', exp: 1 }, 'ERR_JWS_INVALID'],
  ['crit that is null', { crit: null }, 'ERR_JWS_INVALID'],
  ['crit that holds a number', { crit: [1] }, 'ERR_JWS_INVALID'],
  ['crit that names a registered parameter', { crit: ['alg'] }, 'ERR_JOSE_NOT_SUPPORTED'],
  ['crit that names a parameter twice', { crit: ['x', 'x'], x: 1 }, 'ERR_JOSE_NOT_SUPPORTED'],
];

/** @type {Case[]} */
const critical = EXTENSIONS.map(([what, header, code]) => ({
  name: `a header with ${what} is refused`,
  async run(t) {
    const subject = await t.subject();
    const token = await subject.token(claims(), header);
    const { claim, reason } = await t.failure(() => subject.verifier.verify(token));
    await subject.refuses(token, { code, claim, reason });
  },
}));

export default [...confusion, ...none, ...allowed, ...embedded, ...critical];
