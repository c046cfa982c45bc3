// @ts-check
// Each kernel is a file of its own, and only those load it who have a key for it.

import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install, workspace } from '../install.mjs';
import { EXPECTED, claims, signer } from '../suite/tokens.mjs';

const { folder, remove } = await workspace('kernels');
after(remove);
const dist = join(folder, 'dist');
await cp(join(await install(), 'node_modules/tollgate/dist'), dist, { recursive: true });
await cp(join(await install(), 'node_modules/tollgate/package.json'), join(folder, 'package.json'));
for (const file of ['kernel/rare.js', 'kernel/p384.js', 'kernel/portable.js', 'generated/rare', 'generated/p384', 'generated/portable'])
  await rm(join(dist, file), { recursive: true });

const { createVerifier } = await import(pathToFileURL(join(dist, 'verify.js')).href);
const { verifySignature } = await import(pathToFileURL(join(dist, 'signature.js')).href);

const [es256, es384] = [await signer('ES256'), await signer('ES384')];
const keys = [
  { ...es256.jwk, kid: 'common' },
  { ...es384.jwk, kid: 'other' },
];
const [common, other] = [await es256.token(claims(), { kid: 'common' }), await es384.token(claims(), { kid: 'other' })];
const FETCH_FAILED = { name: 'TollgateError', code: 'ERR_FETCH_FAILED' };

describe('where a kernel cannot be loaded', () => {
  test('every other algorithm verifies', async () => {
    for (const alg of ['HS256', 'RS256', 'PS512', 'ES256', 'EdDSA', 'Ed25519']) {
      const { jwk, token } = await signer(alg);
      const verifier = await createVerifier({ ...EXPECTED, key: jwk });
      assert.deepEqual(verifier.verifySync(await token(claims())).claims, claims());
    }
  });

  test('a verifier of such a key says so', async () => {
    await assert.rejects(createVerifier({ ...EXPECTED, key: es384.jwk }), FETCH_FAILED);
    await assert.rejects(createVerifier({ ...EXPECTED, key: es384.pem }), FETCH_FAILED);
    await assert.rejects(createVerifier({ ...EXPECTED, jwks: { keys } }), FETCH_FAILED);
  });

  test('a set of keys does without it where the options leave its algorithms out', async () => {
    const verifier = await createVerifier({ ...EXPECTED, jwks: { keys }, algorithms: ['ES256'] });
    assert.equal(verifier.verifySync(common).key.kid, 'common');
    assert.throws(() => verifier.verifySync(other), { code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
  });

  test('fetched keys of other algorithms verify, and a token that needs it fails alone', async () => {
    const fetch = async () => Response.json({ keys });
    const verifier = await createVerifier({ ...EXPECTED, jwksUri: 'https://issuer.example/jwks', fetch, preload: true });
    assert.equal(verifier.verifySync(common).key.kid, 'common');
    await assert.rejects(verifier.verify(other), FETCH_FAILED);
    assert.throws(() => verifier.verifySync(other), { code: 'ERR_JOSE_NOT_SUPPORTED' });
    assert.equal((await verifier.verify(common)).key.kid, 'common');
  });

  test('one signature fails as typed too', async () => {
    const jwk = JSON.stringify(es384.jwk);
    await assert.rejects(verifySignature(jwk, 'ES384', new Uint8Array(), new Uint8Array(96)), FETCH_FAILED);
    assert.equal(await verifySignature(JSON.stringify(es256.jwk), 'ES256', new Uint8Array(), new Uint8Array(64)), false);
  });
});
