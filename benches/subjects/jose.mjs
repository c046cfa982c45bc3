// @ts-check
// jose: `jwtVerify` with a key that was imported before, which it recommends.

import { createLocalJWKSet, decodeJwt, importJWK, jwtVerify } from 'jose';

/** A secret stays bytes in `importJWK`; as a `CryptoKey` it is not imported anew for each token. @param {any} jwk @param {string} alg */
function imported(jwk, alg) {
  if (jwk.kty !== 'oct') return importJWK(jwk, alg);
  return crypto.subtle.importKey('jwk', jwk, { name: 'HMAC', hash: `SHA-${alg.slice(2)}` }, false, ['verify']);
}

/** @type {import('./index.mjs').Subject[]} */
export const subjects = [
  {
    name: 'jose',
    async setup({ alg, issuer, audience, jwk, jwks, issuers }) {
      if (issuers) {
        const keys = new Map();
        for (const { issuer, jwk } of issuers) keys.set(issuer, await imported(jwk, alg));
        return {
          verify(token) {
            const { iss } = decodeJwt(token);
            return jwtVerify(token, keys.get(iss), { issuer: String(iss), audience, algorithms: [alg] });
          },
        };
      }
      const key = jwks ? createLocalJWKSet({ keys: jwks }) : await imported(jwk, alg);
      const options = { issuer, audience, algorithms: [alg] };
      return { verify: (token) => jwtVerify(token, /** @type {any} */ (key), options) };
    },
  },
];
