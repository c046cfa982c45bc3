// @ts-check
// Algorithms that WebCrypto lacks here: their keys are objects that stand for a CryptoKey, and verify all the same.

import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, test } from 'node:test';
import { b64, b64json, ours, theirs, utf8 } from './package.mjs';

const pair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const jwk = /** @type {any} */ (pair.publicKey.export({ format: 'jwk' }));
const pem = String(pair.publicKey.export({ format: 'pem', type: 'spki' }));

/** @param {object} claims @param {object} [header] */
function token(claims, header) {
  const input = `${b64json({ alg: 'ES256K', ...header })}.${b64json(claims)}`;
  return `${input}.${b64(sign('sha256', utf8(input), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }))}`;
}

describe('ES256K, which jose does not have', () => {
  test('verifies with every kind of key', async () => {
    const jwt = token({ a: 1 });
    const imported = await ours.importJWK({ ...jwk }, 'ES256K');
    const fromPem = await ours.importSPKI(pem, 'ES256K');
    for (const key of [{ ...jwk }, pair.publicKey, imported, fromPem, createPublicKey(pem)]) {
      const found = await ours.jwtVerify(jwt, async () => /** @type {any} */ (key));
      assert.deepEqual((await ours.jwtVerify(jwt, key)).payload, { a: 1 });
      assert.deepEqual([found.payload, /** @type {any} */ (found.key).type], [{ a: 1 }, 'public']);
      await assert.rejects(ours.jwtVerify(`${jwt.slice(0, -8)}AAAAAAAA`, key), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    }
    await assert.rejects(theirs.jwtVerify(jwt, jwk), { code: 'ERR_JOSE_NOT_SUPPORTED' });
  });

  test('verifies with a key of a set, and with that of its header', async () => {
    const find = ours.createLocalJWKSet({ keys: [{ ...jwk, kid: 'k' }, { kty: 'oct', k: '' }] });
    assert.deepEqual((await ours.jwtVerify(token({ a: 1 }, { kid: 'k' }), find)).payload, { a: 1 });
    assert.deepEqual((await ours.jwtVerify(token({ a: 1 }, { jwk }), ours.EmbeddedJWK)).payload, { a: 1 });
  });

  test('its key is exported as it came, and has a thumbprint', async () => {
    const key = /** @type {any} */ (await ours.importJWK({ ...jwk, kid: 'k', use: 'sig' }, 'ES256K'));
    assert.deepEqual(await ours.exportJWK(key), jwk);
    assert.equal(await ours.calculateJwkThumbprint(key), await theirs.calculateJwkThumbprint(jwk));
    assert.deepEqual([key.type, key.algorithm.name, key.usages, Object.prototype.toString.call(key)], ['public', 'ECDSA', ['verify'], '[object CryptoKey]']);
    await assert.rejects(ours.exportSPKI(key), { code: 'ERR_JOSE_NOT_SUPPORTED' });
  });

  test('is for its own algorithm only, and malformed keys are refused', async () => {
    const jwt = token({});
    const { publicKey } = await theirs.generateKeyPair('ES256', { extractable: true });
    await assert.rejects(ours.jwtVerify(jwt, publicKey), TypeError);
    await assert.rejects(ours.jwtVerify(jwt, await theirs.exportJWK(publicKey)), { code: 'ERR_JWK_INVALID' });
    const key = /** @type {any} */ (await ours.importJWK({ ...jwk }, 'ES256K'));
    const es256 = await new theirs.SignJWT().setProtectedHeader({ alg: 'ES256' }).sign((await theirs.generateKeyPair('ES256')).privateKey);
    await assert.rejects(ours.jwtVerify(es256, key), TypeError);
    for (const malformed of [{ ...jwk, y: jwk.x }, { ...jwk, x: 'AA' }, { ...jwk, y: undefined }]) {
      await assert.rejects(ours.importJWK(malformed, 'ES256K'), { code: 'ERR_JWK_INVALID' });
      await assert.rejects(ours.jwtVerify(jwt, malformed), { code: 'ERR_JWK_INVALID' });
    }
    await assert.rejects(ours.importSPKI(pem, 'ES256'), { code: 'ERR_JOSE_NOT_SUPPORTED' });
  });
});

describe('ML-DSA, which this runtime may lack', () => {
  for (const [alg, length, signature] of /** @type {[string, number, number][]} */ ([
    ['ML-DSA-44', 1312, 2420],
    ['ML-DSA-65', 1952, 3309],
    ['ML-DSA-87', 2592, 4627],
  ])) {
    test(`${alg}: keys are imported, of their own length, and forgeries refused`, async () => {
      const akp = { kty: 'AKP', alg, pub: b64(new Uint8Array(length).fill(7)) };
      const key = await ours.importJWK(akp);
      assert.deepEqual(await ours.exportJWK(/** @type {any} */ (key)), akp);
      const forged = `${b64json({ alg })}.e30.${b64(new Uint8Array(signature))}`;
      for (const given of [key, { ...akp }, ours.createLocalJWKSet({ keys: [akp] })]) {
        await assert.rejects(ours.jwtVerify(forged, /** @type {any} */ (given)), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
      }
      await assert.rejects(ours.importJWK({ ...akp, pub: 'AAAA' }), { code: 'ERR_JWK_INVALID' });
    });
  }
});
