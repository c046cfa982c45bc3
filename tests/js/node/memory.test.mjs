// @ts-check
// The memory of the shipped wasm stays as it is, whatever is verified, refused, made and freed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install } from '../install.mjs';
import { keysOf } from '../suite/remote.mjs';
import { EXPECTED, NOW, base64url, claims, signer } from '../suite/tokens.mjs';

const dist = join(await install(), 'node_modules/tollgate/dist');
const load = (/** @type {string} */ file) => import(pathToFileURL(join(dist, file)).href);
const { createVerifier, decodeJwt, init } = await load('verify.js');
await init();
// The module is instantiated already: this gives the same instance.
const { memory } = (await load('generated/verify/tollgate_verify.js')).initSync();

/** Bytes by which the memory grows while `action` runs `times` times, after it has run often enough to warm up. */
async function growth(/** @type {number} */ times, /** @type {() => unknown} */ action) {
  for (let count = 0; count < 200; count++) await action();
  const before = memory.buffer.byteLength;
  for (let count = 0; count < times; count++) await action();
  return memory.buffer.byteLength - before;
}

const { raw: key, token, jwk } = await signer('HS256');
const verifier = await createVerifier({ ...EXPECTED, key });
const good = await token(claims());
const long = await token(claims({ filler: 'x'.repeat(40_000) }));
const [header, payload, signature] = good.split('.');

describe('the memory of the wasm module does not grow', () => {
  test('over 50 000 tokens that verify', async () => {
    assert.equal(await growth(50_000, () => verifier.verifySync(good, { subject: claims().sub })), 0);
  });

  test('over 50 000 tokens that do not', async () => {
    const expired = await token(claims({ exp: 1 }));
    const bad = [
      '',
      expired,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(2)}`,
      `${payload}.${header}.${signature}`,
    ];
    let at = 0;
    const refuse = () => assert.throws(() => verifier.verifySync(bad[at++ % bad.length]));
    assert.equal(await growth(50_000, refuse), 0);
  });

  test('over long and short tokens, decoded and verified by turns', async () => {
    const turns = () => [decodeJwt(long), verifier.verifySync(long), decodeJwt(good), verifier.verifySync(good)];
    assert.equal(await growth(2_000, turns), 0);
  });

  test('over verifiers that are made and freed, or refused', async () => {
    const { jwk: rsa } = await signer('RS256');
    const turn = async () => {
      for (const source of [{ key }, { key: rsa }, { jwks: { keys: [rsa] } }]) {
        (await createVerifier({ ...EXPECTED, ...source })).free();
      }
      await assert.rejects(createVerifier({ ...EXPECTED, key: { ...jwk, k: 'AA' } }));
    };
    assert.equal(await growth(2_000, turn), 0);
  });

  test('over 50 000 tokens with random kids, and keys that are fetched anew again and again', async () => {
    const { set, tokens } = await keysOf('a', 'b');
    const jwksUri = 'https://issuer.example/jwks';
    let at = 0;
    let now = NOW;
    const fetch = async () => Response.json({ keys: [set.keys[at++ % 2]] }, { headers: { etag: `"${at}"` } });
    const remote = await createVerifier({ ...EXPECTED, jwksUri, fetch, now: () => now });
    await remote.load();
    const [, claims, signature] = tokens[0].split('.');
    const refuse = async () => {
      now += 0.2;
      const header = base64url(JSON.stringify({ alg: 'ES256', kid: `${Math.random()}`.repeat(20) }));
      await assert.rejects(remote.verify(`${header}.${claims}.${signature}`), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
    };
    assert.equal(await growth(50_000, refuse), 0);
    assert.ok(at > 300, `only ${at} fetches`);
  });
});
