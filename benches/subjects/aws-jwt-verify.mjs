// @ts-check
// aws-jwt-verify: its JWKS cache filled before; synchronous where it can be.

import { JwtVerifier } from 'aws-jwt-verify';

const jwksUri = 'https://issuer.example/jwks';

/** @param {string} name @param {'verify' | 'verifySync'} method @returns {import('./index.mjs').Subject} */
const subject = (name, method) => ({
  name,
  async setup({ issuer, audience, jwk, jwks, issuers }) {
    if (issuers) {
      const verifier = JwtVerifier.create(
        issuers.map(({ issuer }) => ({ issuer, audience, jwksUri: `${issuer}/jwks` })),
      );
      for (const { issuer, jwk } of issuers) verifier.cacheJwks({ keys: [jwk] }, issuer);
      return { verify: (token) => verifier[method](token) };
    }
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri });
    verifier.cacheJwks({ keys: jwks ?? [/** @type {any} */ (jwk)] });
    return { verify: (token) => verifier[method](token) };
  },
});

export const subjects = [subject('aws-jwt-verify', 'verify'), subject('aws-jwt-verify sync', 'verifySync')];
