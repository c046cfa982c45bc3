// @ts-check
// The keys of node:crypto.

import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install } from '../install.mjs';
import { ALGORITHMS, EXPECTED, claims, newSigner, signer } from '../suite/tokens.mjs';

const dist = join(await install(), 'node_modules/tollgate/dist');
const { createVerifier } = await import(pathToFileURL(join(dist, 'verify.js')).href);

describe('a KeyObject', () => {
  for (const alg of ALGORITHMS) {
    test(`verifies ${alg}`, async () => {
      const { jwk, raw, token } = await signer(alg);
      const key = jwk.kty === 'oct' ? createSecretKey(raw) : createPublicKey({ key: jwk, format: 'jwk' });
      const verifier = await createVerifier({ ...EXPECTED, key });
      assert.deepEqual(verifier.verifySync(await token(claims())).claims, claims());
      const forged = await (await newSigner(alg)).token(claims());
      await assert.rejects(verifier.verify(forged), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    });
  }

  test('that is private is a TypeError that says what to do', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const error = { name: 'TypeError', message: /private.+createPublicKey/ };
    await assert.rejects(createVerifier({ ...EXPECTED, key: privateKey }), error);
    await assert.rejects(createVerifier({ ...EXPECTED, key: createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })) }), error);
  });

  test('of a type or strength that does not verify is refused', async () => {
    const pairs = [
      ['ERR_JOSE_NOT_SUPPORTED', generateKeyPairSync('x25519')],
      ['ERR_JOSE_NOT_SUPPORTED', generateKeyPairSync('ed448')],
      ['ERR_JOSE_NOT_SUPPORTED', generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
      ['ERR_JOSE_NOT_SUPPORTED', generateKeyPairSync('ec', { namedCurve: 'P-224' })],
      ['ERR_JWK_INVALID', generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ];
    for (const [code, { publicKey: key }] of /** @type {any[]} */ (pairs)) {
      await assert.rejects(createVerifier({ ...EXPECTED, key }), { code }, key.asymmetricKeyType);
    }
    await assert.rejects(createVerifier({ ...EXPECTED, key: createSecretKey(Buffer.alloc(31, 7)) }), { code: 'ERR_JWK_INVALID' });
  });

  test('whose bytes are a public key is no secret', async () => {
    const { pem } = await signer('RS256');
    await assert.rejects(createVerifier({ ...EXPECTED, key: createSecretKey(Buffer.from(pem)) }), { code: 'ERR_JWK_INVALID' });
  });
});
