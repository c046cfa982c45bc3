// @ts-check
// `tollgate/jose` in workerd: a key set is fetched, a token verified, another signed, and jose says the same of both.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import * as jose from 'jose';
import { serveWorker } from './serve.mjs';

const JWKS = 'https://issuer.example/jwks';
const { origin, close } = await serveWorker({
  'worker.mjs': `
import * as jose from 'tollgate/jose';
export default {
  async fetch(request) {
    const { token, jwks, key } = await request.json();
    const find = jose.createRemoteJWKSet(new URL('${JWKS}'), { [jose.customFetch]: async () => Response.json(jwks) });
    try {
      const { payload, protectedHeader } = await jose.jwtVerify(token, find, { issuer: 'issuer' });
      const signed = await new jose.SignJWT(payload).setProtectedHeader({ alg: protectedHeader.alg }).sign(key);
      return Response.json({ payload, protectedHeader, decoded: jose.decodeJwt(token), signed });
    } catch (error) {
      const { name, code, claim, reason, message } = error;
      return Response.json({ name, code, claim, reason, message, isOurs: error instanceof jose.errors.JOSEError });
    }
  },
};
`,
});
after(close);

/** @param {string} token @param {any} jwk @param {any} key @returns {Promise<any>} */
async function ask(token, jwk, key) {
  const body = JSON.stringify({ token, jwks: { keys: [jwk] }, key });
  const response = await fetch(origin, { method: 'POST', body });
  return response.ok ? response.json() : assert.fail(await response.text());
}

describe('tollgate/jose', () => {
  for (const alg of ['RS256', 'PS384', 'ES256', 'EdDSA']) {
    test(`${alg} in workerd`, async () => {
      const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
      const [jwk, key] = [await jose.exportJWK(publicKey), await jose.exportJWK(privateKey)];
      const token = await new jose.SignJWT({ iss: 'issuer', a: 1 }).setProtectedHeader({ alg }).sign(privateKey);
      const { payload, protectedHeader, decoded, signed } = await ask(token, jwk, key);
      assert.deepEqual([payload, decoded, protectedHeader], [{ iss: 'issuer', a: 1 }, { iss: 'issuer', a: 1 }, { alg }]);
      assert.deepEqual((await jose.jwtVerify(signed, publicKey)).payload, payload);

      const other = await new jose.SignJWT({ iss: 'other' }).setProtectedHeader({ alg }).sign(privateKey);
      assert.deepEqual(await ask(other, jwk, key), {
        name: 'JWTClaimValidationFailed',
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        claim: 'iss',
        reason: 'check_failed',
        message: 'unexpected "iss" claim value',
        isOurs: true,
      });
      const forged = `${token.slice(0, -8)}AAAAAAAA`;
      assert.equal((await ask(forged, jwk, key)).code, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    });
  }
});
