// @ts-check
// Keys of every kind, and signatures by node:crypto, which is neither of the two sides.

import { constants, createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const HASH = /** @type {Record<string, string>} */ ({ 256: 'sha256', 384: 'sha384', 512: 'sha512' });
const CURVE = /** @type {Record<string, string>} */ ({ ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' });

/** The algorithms that both sides have on this Node. */
export const ALGORITHMS = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/**
 * @typedef {object} Signer
 * @property {string} alg
 * @property {Record<string, any>} jwk The public JWK, or that of the secret.
 * @property {Uint8Array | undefined} secret
 * @property {string | undefined} spki
 * @property {(input: Uint8Array | string) => Buffer} sign
 */

/** Two keys of each algorithm, so that a token can meet the wrong one. @returns {Record<string, Signer[]>} */
export function signers() {
  const rsa = [0, 1].map(() => pair('rsa', { modulusLength: 2048 }));
  const ed25519 = [0, 1].map(() => pair('ed25519'));
  return Object.fromEntries(
    ALGORITHMS.map((alg) => {
      if (alg.startsWith('HS')) return [alg, [symmetric(alg), symmetric(alg)]];
      if (alg.startsWith('ES')) return [alg, [0, 1].map(() => signer(alg, pair('ec', { namedCurve: CURVE[alg] })))];
      return [alg, (alg.startsWith('Ed') ? ed25519 : rsa).map((keys) => signer(alg, keys))];
    }),
  );
}

/** @param {string} type @param {object} [options] */
function pair(type, options) {
  return generateKeyPairSync(/** @type {any} */ (type), /** @type {any} */ (options));
}

/** @param {string} alg @returns {Signer} */
function symmetric(alg) {
  const secret = randomBytes(Number(alg.slice(2)) / 8);
  return {
    alg,
    jwk: { kty: 'oct', k: secret.toString('base64url') },
    secret: new Uint8Array(secret),
    spki: undefined,
    sign: (input) => createHmac(HASH[alg.slice(2)], secret).update(input).digest(),
  };
}

/** @param {string} alg @param {any} keys @returns {Signer} */
function signer(alg, { publicKey, privateKey }) {
  const key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const digest = alg.startsWith('Ed') ? null : HASH[alg.slice(2)];
  const options = alg.startsWith('PS')
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { key, dsaEncoding: /** @type {const} */ ('ieee-p1363') };
  return {
    alg,
    jwk: publicKey.export({ format: 'jwk' }),
    secret: undefined,
    spki: publicKey.export({ format: 'pem', type: 'spki' }),
    sign: (input) => sign(digest, Buffer.from(input), options),
  };
}
