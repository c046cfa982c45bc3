// @ts-check
// Every form of key verifies; what is no public key, or a weak one, does not.

import { CERTIFIED, PKCS1 } from './openssl-keys.mjs';
import { serve } from './server.mjs';
import {
  ALGORITHMS,
  ASYMMETRIC,
  EXPECTED,
  ISSUER,
  base64url,
  bytesOf,
  claims,
  derOf,
  newSigner,
  pointOf,
  signer,
  utf8,
} from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const JWKS_URI = 'https://issuer.example/jwks';

/** @type {Record<string, (key: import('./tokens.mjs').Signer) => object>} options for each form of an asymmetric key */
export const FORMS = {
  'a JWK': ({ jwk }) => ({ key: jwk }),
  'a JWK that names its alg, use and key_ops': ({ alg, jwk }) => ({
    key: { ...jwk, alg, use: 'sig', key_ops: ['verify'] },
  }),
  'an SPKI in DER': ({ raw }) => ({ key: { der: raw } }),
  'an SPKI PEM': ({ pem }) => ({ key: pem }),
  'an SPKI PEM with CRLF and white space around it': ({ pem }) => ({ key: `\r\n ${pem.replaceAll('\n', '\r\n')}\r\n` }),
  'a JWK Set': ({ jwk }) => ({ jwks: { keys: [{ ...jwk, kid: 'a' }] } }),
  'a jwksUri': ({ jwk }) => ({
    jwksUri: JWKS_URI,
    fetch: serve({ [JWKS_URI]: { keys: [{ ...jwk, kid: 'a' }] } }).fetch,
  }),
  'discovery from the issuer': ({ jwk }) => ({
    fetch: serve({
      [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: JWKS_URI },
      [`${ISSUER}/.well-known/oauth-authorization-server`]: { issuer: ISSUER, jwks_uri: JWKS_URI },
      [JWKS_URI]: { keys: [{ ...jwk, kid: 'a' }] },
    }).fetch,
  }),
};

/** @type {Case[]} */
const forms = ASYMMETRIC.flatMap((alg) =>
  Object.entries(FORMS).map(([form, options]) => ({
    name: `${alg} verifies with ${form}`,
    async run(t) {
      const key = await signer(alg);
      const verifier = await t.createVerifier({ ...EXPECTED, ...options(key) });
      const token = await key.token(claims(), { kid: 'a', typ: 'JWT' });
      const verified = await verifier.verify(token);
      t.deepEqual(verified.claims, claims(), 'claims');
      t.deepEqual(verified.protectedHeader, { alg, kid: 'a', typ: 'JWT' }, 'protectedHeader');
      t.equal(verified.key.alg, alg, 'key.alg');
      t.deepEqual(verifier.verifySync(token), verified, 'verifySync');
    },
  })),
);

/** @type {Case[]} */
const secrets = [
  {
    name: 'HS256 verifies with a secret of bytes and with an oct JWK',
    async run(t) {
      const key = await signer('HS256');
      for (const form of [key.raw, key.jwk, { ...key.jwk, alg: 'HS256', use: 'sig' }]) {
        const verifier = await t.createVerifier({ ...EXPECTED, key: form });
        t.deepEqual((await verifier.verify(await key.token(claims()))).claims, claims(), 'claims');
      }
    },
  },
  {
    name: 'HS256 verifies with secrets of 32 bytes to 1 kB',
    async run(t) {
      for (const length of [32, 33, 63, 64, 65, 128, 1024]) {
        const secret = crypto.getRandomValues(new Uint8Array(length));
        const key = await newSigner('HS256', secret);
        const verifier = await t.createVerifier({ ...EXPECTED, key: secret });
        t.equal((await verifier.verify(await key.token(claims()))).claims.sub, claims().sub, `sub, ${length} bytes`);
      }
    },
  },
  {
    name: 'a change of the secret bytes after createVerifier changes nothing',
    async run(t) {
      const secret = crypto.getRandomValues(new Uint8Array(32));
      const key = await newSigner('HS256', secret.slice());
      const verifier = await t.createVerifier({ ...EXPECTED, key: secret });
      secret.fill(0);
      t.ok(await verifier.verify(await key.token(claims())), 'the token verifies');
    },
  },
];

/** @type {Case[]} */
const results = [
  {
    name: 'the thumbprint of the key that verified is that of RFC 7638',
    async run(t) {
      for (const alg of ASYMMETRIC) {
        const { jwk, verifier, good } = await t.subject(alg);
        const members = { RSA: ['e', 'kty', 'n'], EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'] }[
          /** @type {'RSA'} */ (jwk.kty)
        ];
        const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(canonical)));
        t.equal((await verifier.verify(good)).key.thumbprint, base64url(digest), `thumbprint, ${alg}`);
      }
    },
  },
  {
    name: 'a symmetric key shows no thumbprint, which would be a hash of the secret',
    async run(t) {
      const { verifier, good } = await t.subject('HS256');
      t.equal((await verifier.verify(good)).key.thumbprint, undefined, 'thumbprint');
    },
  },
  {
    name: 'the kid of the key that verified is told',
    async run(t) {
      const key = await signer('ES256');
      const verifier = await t.createVerifier({ ...EXPECTED, jwks: { keys: [{ ...key.jwk, kid: 'k-1' }] } });
      t.equal((await verifier.verify(await key.token(claims()))).key.kid, 'k-1', 'key.kid');
    },
  },
];

const leadingOne = (/** @type {number} */ bytes, first = 0xff) => {
  const n = new Uint8Array(bytes).fill(0xa5);
  n[0] = first;
  n[bytes - 1] = 0xa5;
  return base64url(n);
};
const flipped = (/** @type {string} */ coordinate) => {
  const bytes = bytesOf(coordinate);
  bytes[bytes.length - 1] ^= 1;
  return base64url(bytes);
};
const RSA = { kty: 'RSA', n: leadingOne(256), e: 'AQAB' };

/** @typedef {import('./tokens.mjs').Signer} Signer */
/** Keys that createVerifier refuses. @type {Array<[string, string, (k: { rsa: Signer, ec: Signer, p384: Signer, p521: Signer, okp: Signer, oct: Signer }) => unknown]>} */
const REFUSED = [
  ['an RSA key of 1024 bits', 'ERR_JWK_INVALID', () => ({ ...RSA, n: leadingOne(128) })],
  ['an RSA key of 2047 bits', 'ERR_JWK_INVALID', () => ({ ...RSA, n: leadingOne(256, 0x7f) })],
  ['an RSA key of 8193 bits', 'ERR_JWK_INVALID', () => ({ ...RSA, n: leadingOne(1025, 0x01) })],
  ['an RSA key of 16 kB', 'ERR_JWK_INVALID', () => ({ ...RSA, n: leadingOne(16_384) })],
  ['an even RSA modulus', 'ERR_JWK_INVALID', () => ({ ...RSA, n: base64url(new Uint8Array(256).fill(0xfe)) })],
  ['an RSA exponent of 1', 'ERR_JWK_INVALID', () => ({ ...RSA, e: 'AQ' })],
  ['an RSA exponent of 0', 'ERR_JWK_INVALID', () => ({ ...RSA, e: 'AA' })],
  ['an even RSA exponent', 'ERR_JWK_INVALID', () => ({ ...RSA, e: 'AQAA' })],
  ['an RSA exponent above 2^32', 'ERR_JWK_INVALID', () => ({ ...RSA, e: 'AgAAAAE' })],
  ['an RSA key without n', 'ERR_JWK_INVALID', () => ({ kty: 'RSA', e: 'AQAB' })],
  ['a point off the curve', 'ERR_JWK_INVALID', ({ ec }) => ({ ...ec.jwk, y: flipped(ec.jwk.y) })],
  ['the point (0, 0)', 'ERR_JWK_INVALID', ({ ec }) => ({ ...ec.jwk, x: 'A'.repeat(43), y: 'A'.repeat(43) })],
  [
    'a coordinate of 31 bytes',
    'ERR_JWK_INVALID',
    ({ ec }) => ({ ...ec.jwk, x: base64url(bytesOf(ec.jwk.x).slice(1)) }),
  ],
  ['a point of P-256 that says it is on P-384', 'ERR_JWK_INVALID', ({ ec }) => ({ ...ec.jwk, crv: 'P-384' })],
  ['a point of P-256 that says it is on secp256k1', 'ERR_JWK_INVALID', ({ ec }) => ({ ...ec.jwk, crv: 'secp256k1' })],
  ['a point off P-384', 'ERR_JWK_INVALID', ({ p384 }) => ({ ...p384.jwk, y: flipped(p384.jwk.y) })],
  ['a point off P-521', 'ERR_JWK_INVALID', ({ p521 }) => ({ ...p521.jwk, y: flipped(p521.jwk.y) })],
  [
    'a coordinate of P-521 of 65 bytes',
    'ERR_JWK_INVALID',
    ({ p521 }) => ({ ...p521.jwk, x: base64url(bytesOf(p521.jwk.x).slice(1)) }),
  ],
  ['an EC key on P-224', 'ERR_JOSE_NOT_SUPPORTED', ({ ec }) => ({ ...ec.jwk, crv: 'P-224' })],
  ['an EC key on Ed25519', 'ERR_JOSE_NOT_SUPPORTED', ({ ec }) => ({ ...ec.jwk, crv: 'Ed25519' })],
  ['an OKP key on P-256', 'ERR_JOSE_NOT_SUPPORTED', ({ okp }) => ({ ...okp.jwk, crv: 'P-256' })],
  ['an X25519 key', 'ERR_JOSE_NOT_SUPPORTED', ({ okp }) => ({ ...okp.jwk, crv: 'X25519' })],
  [
    'an Ed25519 key of 31 bytes',
    'ERR_JWK_INVALID',
    ({ okp }) => ({ ...okp.jwk, x: base64url(bytesOf(okp.jwk.x).slice(1)) }),
  ],
  [
    'an Ed25519 key that is no point',
    'ERR_JWK_INVALID',
    ({ okp }) => ({ ...okp.jwk, x: base64url(Uint8Array.of(2, ...new Uint8Array(31))) }),
  ],
  ['a private RSA key', 'ERR_JWK_INVALID', ({ rsa }) => ({ ...rsa.jwk, d: 'AQAB' })],
  ['a private EC key', 'ERR_JWK_INVALID', ({ ec }) => ({ ...ec.jwk, d: ec.jwk.x })],
  ['a private OKP key', 'ERR_JWK_INVALID', ({ okp }) => ({ ...okp.jwk, d: okp.jwk.x })],
  ['an unknown kty', 'ERR_JOSE_NOT_SUPPORTED', () => ({ kty: 'LMS' })],
  ['an AKP key without alg', 'ERR_JWK_INVALID', () => ({ kty: 'AKP', pub: base64url(new Uint8Array(1312)) })],
  [
    'an AKP key of an alg that is none of ML-DSA',
    'ERR_JOSE_NOT_SUPPORTED',
    () => ({ kty: 'AKP', alg: 'ES256', pub: base64url(new Uint8Array(1312)) }),
  ],
  [
    'an AKP key of the length of another alg',
    'ERR_JWK_INVALID',
    () => ({ kty: 'AKP', alg: 'ML-DSA-65', pub: base64url(new Uint8Array(1312)) }),
  ],
  [
    'a private AKP key',
    'ERR_JWK_INVALID',
    () => ({ kty: 'AKP', alg: 'ML-DSA-44', pub: base64url(new Uint8Array(1312)), priv: base64url(new Uint8Array(32)) }),
  ],
  [
    'a JWK without kty',
    'ERR_JWK_INVALID',
    ({
      ec: {
        jwk: { kty: _, ...rest },
      },
    }) => rest,
  ],
  ['a JWK with padded base64url', 'ERR_JWK_INVALID', ({ okp }) => ({ ...okp.jwk, x: `${okp.jwk.x}=` })],
  ['a JWK for encryption', 'ERR_JWK_INVALID', ({ rsa }) => ({ ...rsa.jwk, use: 'enc' })],
  ['a JWK that may not verify', 'ERR_JWK_INVALID', ({ rsa }) => ({ ...rsa.jwk, key_ops: ['wrapKey'] })],
  ['a JWK of another alg than its kty has', 'ERR_JWK_INVALID', ({ ec }) => ({ ...ec.jwk, alg: 'RS256' })],
  ['an oct JWK of 31 bytes', 'ERR_JWK_INVALID', () => ({ kty: 'oct', k: base64url(new Uint8Array(31).fill(7)) })],
  ['an empty oct JWK', 'ERR_JWK_INVALID', () => ({ kty: 'oct', k: '' })],
  ['an empty secret', 'ERR_JWK_INVALID', () => new Uint8Array()],
  ['a secret of 31 bytes', 'ERR_JWK_INVALID', () => new Uint8Array(31).fill(7)],
  ['a public key PEM as secret', 'ERR_JWK_INVALID', ({ rsa }) => utf8(rsa.pem)],
  ['a public key PEM after a line feed as secret', 'ERR_JWK_INVALID', ({ rsa }) => utf8(`\n${rsa.pem}`)],
  ['a public key PEM after a space as secret', 'ERR_JWK_INVALID', ({ ec }) => utf8(` ${ec.pem}`)],
  ['a public key PEM after a byte order mark as secret', 'ERR_JWK_INVALID', ({ ec }) => utf8(`\ufeff${ec.pem}`)],
  ['a public key PEM after a comment as secret', 'ERR_JWK_INVALID', ({ ec }) => utf8(`# issuer\n${ec.pem}`)],
  ['a JWK text as secret', 'ERR_JWK_INVALID', ({ rsa }) => utf8(JSON.stringify(rsa.jwk))],
  [
    'an indented JWK Set text as secret',
    'ERR_JWK_INVALID',
    ({ rsa }) => utf8(`\n ${JSON.stringify({ keys: [rsa.jwk] }, null, 2)}`),
  ],
  ['a public key in DER as secret', 'ERR_JWK_INVALID', ({ rsa }) => rsa.raw],
  ['a PKCS#1 PEM as secret', 'ERR_JWK_INVALID', () => utf8(PKCS1)],
  ['a PKCS#1 key in DER as secret', 'ERR_JWK_INVALID', () => derOf(PKCS1)],
  ['a certificate as secret', 'ERR_JWK_INVALID', () => utf8(CERTIFIED.RS256.certificate)],
  ['a certificate in DER as secret', 'ERR_JWK_INVALID', () => derOf(CERTIFIED.ES384.certificate)],
  [
    'an AKP JWK text as secret',
    'ERR_JWK_INVALID',
    () => utf8(JSON.stringify({ kty: 'AKP', alg: 'ML-DSA-44', pub: base64url(new Uint8Array(1312)) })),
  ],
  ['an empty DER', 'ERR_JWK_INVALID', () => ({ der: new Uint8Array() })],
  ['DER of a private key', 'ERR_JWK_INVALID', () => ({ der: Uint8Array.of(0x30, 0x06, 2, 1, 0, 2, 1, 3) })],
  ['a compressed point', 'ERR_JWK_INVALID', ({ ec }) => ({ sec1: Uint8Array.of(2, ...bytesOf(ec.jwk.x)), crv: 'P-256' })],
  ['a point with a byte too many', 'ERR_JWK_INVALID', ({ ec }) => ({ sec1: Uint8Array.of(...pointOf(ec.jwk), 0), crv: 'P-256' })],
  ['a point of a million bytes', 'ERR_JWK_INVALID', () => ({ sec1: new Uint8Array(1_000_000).fill(4), crv: 'P-256' })],
  ['a point of another curve', 'ERR_JWK_INVALID', ({ ec }) => ({ sec1: pointOf(ec.jwk), crv: 'P-521' })],
  ['a point of an unknown curve', 'ERR_JOSE_NOT_SUPPORTED', ({ ec }) => ({ sec1: pointOf(ec.jwk), crv: 'P-224' })],
  ['no point', 'ERR_JWK_INVALID', () => ({ sec1: new Uint8Array(), crv: 'P-256' })],
  ['an empty PEM', 'ERR_JWK_INVALID', () => ''],
  ['text that is no PEM', 'ERR_JWK_INVALID', () => 'a secret that is no PEM and at least 32 bytes long'],
  ['a truncated PEM', 'ERR_JWK_INVALID', ({ rsa }) => rsa.pem.slice(0, 200)],
  ['a PEM with a broken body', 'ERR_JWK_INVALID', ({ rsa }) => rsa.pem.replace('\nM', '\n!')],
  [
    'a PEM with bytes after its DER',
    'ERR_JWK_INVALID',
    ({ okp }) => okp.pem.replace(/=?=?\n-----END/, 'AAAA\n-----END'),
  ],
  ['a private key PEM', 'ERR_JWK_INVALID', ({ rsa }) => rsa.pem.replaceAll('PUBLIC', 'PRIVATE')],
];

/** @type {Case[]} */
const refused = REFUSED.map(([what, code, make]) => ({
  name: `${what} is refused`,
  async run(t) {
    const [rsa, ec, p384, p521, okp, oct] = await Promise.all(
      ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'HS256'].map(signer),
    );
    const key = make({ rsa, ec, p384, p521, okp, oct });
    const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key }));
    t.refusal(error, { code, claim: error.claim, reason: error.reason }, [rsa.jwk.n, ec.jwk.x, okp.jwk.x]);
  },
}));

/** @type {Case[]} */
const mismatches = ALGORITHMS.map((alg) => ({
  name: `${alg} refuses a changed payload, a changed signature and another key`,
  async run(t) {
    const subject = await t.subject(alg);
    const refusal = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
    const [header, , signature] = subject.good.split('.');
    await subject.refuses(`${header}.${base64url(JSON.stringify(claims({ sub: 'admin' })))}.${signature}`, refusal);
    const bytes = bytesOf(signature);
    for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
      const changed = bytes.slice();
      changed[at] ^= 0x01;
      await subject.refuses(`${subject.good.slice(0, -signature.length)}${base64url(changed)}`, refusal);
    }
    await subject.refuses(await (await newSigner(alg)).token(claims()), refusal);
  },
}));

export default [...forms, ...secrets, ...results, ...refused, ...mismatches];
