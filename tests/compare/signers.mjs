// @ts-check
// Keys and tokens of the comparison, made with node:crypto. Nothing here refuses to sign anything.

import {
  constants,
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  sign,
} from 'node:crypto';

/** The time of the comparison, in seconds since the epoch: every library is given this clock. */
export const NOW = 1_700_000_000;
export const ISSUER = 'https://issuer.example/tenant';
export const AUDIENCE = 'https://api.example';
export const KID = 'k';

/** Claims that are good at `NOW`. @param {Record<string, unknown>} [changes] `undefined` leaves a claim out */
export const claims = (changes) => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'subject',
  iat: NOW - 10,
  exp: NOW + 300,
  ...changes,
});

/** @param {string | Uint8Array} data */
export const base64url = (data) => Buffer.from(data).toString('base64url');

/**
 * A key, and what it signs. A library gets the form of it that it takes.
 * @typedef {object} Signer
 * @property {string} alg
 * @property {{ jwk?: any, pem?: string, secret?: string }} key `secret` is in base64url
 * @property {(input: string) => Uint8Array} signature
 */

/** @type {Record<string, object>} */
const SCHEMES = {
  RS: { padding: constants.RSA_PKCS1_PADDING },
  PS: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ES: { dsaEncoding: 'ieee-p1363' },
};

/** @param {string} alg @param {import('node:crypto').KeyObject} privateKey @param {object} [changes] of the scheme @returns {Signer & { privateKey: import('node:crypto').KeyObject }} */
export function signer(alg, privateKey, changes) {
  const publicKey = createPublicKey(/** @type {any} */ (privateKey));
  const hash = alg === 'EdDSA' ? null : 'sha256';
  const scheme = { ...SCHEMES[alg.slice(0, 2)], ...changes };
  return {
    alg,
    privateKey,
    key: {
      jwk: { ...publicKey.export({ format: 'jwk' }), kid: KID },
      pem: String(publicKey.export({ format: 'pem', type: 'spki' })),
    },
    signature: (input) => sign(hash, Buffer.from(input), { key: privateKey, .../** @type {any} */ (scheme) }),
  };
}

export const rsa = (/** @type {number} */ modulusLength) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
export const ec = (/** @type {string} */ namedCurve) => generateKeyPairSync('ec', { namedCurve }).privateKey;
export const ed25519 = () => generateKeyPairSync('ed25519').privateKey;

/** @param {string | Uint8Array} secret @returns {Signer} */
export const mac = (secret) => ({
  alg: 'HS256',
  key: { secret: base64url(secret) },
  signature: (input) => createHmac('sha256', Buffer.from(secret)).update(input).digest(),
});

/**
 * A signer of RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) with an encoded message of our own making.
 * @param {import('node:crypto').KeyObject} privateKey of 2048 bits
 * @param {{ prefix: string, hash?: string, after?: number }} message what stands before the hash, in hexadecimal; and how many bytes
 * after it, taken from the padding
 * @returns {Signer}
 */
export const rawRsa = (privateKey, { prefix, hash = 'sha256', after = 0 }) => ({
  ...signer('RS256', privateKey),
  signature(input) {
    const info = Buffer.concat([Buffer.from(prefix, 'hex'), createHash(hash).update(input).digest()]);
    const padding = Buffer.alloc(256 - 3 - info.length - after, 0xff);
    const message = [Buffer.of(0, 1), padding, Buffer.of(0), info, Buffer.alloc(after, 0x5a)];
    return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, Buffer.concat(message));
  },
});

/** @param {Signer} by @param {string} header in base64url @param {string} payload in base64url */
export const signed = (by, header, payload) =>
  `${header}.${payload}.${base64url(by.signature(`${header}.${payload}`))}`;

/** @param {Signer} by @param {string | Uint8Array} header @param {string | Uint8Array} payload */
export const tokenOf = (by, header, payload) => signed(by, base64url(header), base64url(payload));

/** @param {Signer} by @param {object} [header] @param {object} [payload] */
export const token = (by, header, payload = claims()) =>
  tokenOf(by, JSON.stringify({ alg: by.alg, kid: KID, ...header }), JSON.stringify(payload));
