// @ts-check
// The memory of the shipped wasm stays as it is, whatever is verified, refused, made and freed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { install } from '../install.mjs';
import { keysOf } from '../suite/remote.mjs';
import { EXPECTED, NOW, base64url, claims, signer } from '../suite/tokens.mjs';

const dist = join(await install(), 'node_modules/tollgate/dist');
const load = (/** @type {string} */ file) => import(pathToFileURL(join(dist, file)).href);
const { createVerifier, decodeJwt, init } = await load('verify.js');
await init();
// The module is instantiated already: this gives the same instance.
const { memory } = (await load('generated/verify/tollgate_verify.js')).initSync();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
/** Bytes of live JavaScript objects: one collection does not find all that is dead. */
const live = () => Math.min(...Array.from({ length: 5 }, () => (collectGarbage(), process.memoryUsage().heapUsed)));

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
  /** A million turns, after which no more objects live than before. @param {() => unknown} action */
  async function million(action) {
    for (let count = 0; count < 50_000; count++) action();
    // What the engine keeps of its own comes once; what each turn leaves comes with every million.
    let more = Infinity;
    for (let round = 0; round < 3 && more >= 1_000_000; round++) {
      const before = live();
      assert.equal(await growth(1_000_000, action), 0);
      more = live() - before;
    }
    assert.ok(more < 1_000_000, `${more} bytes more of JavaScript objects`);
  }

  test('over a million tokens that verify', async () => {
    const tokens = await Promise.all([
      good,
      token(claims({ aud: ['other', claims().aud], nbf: 1, jti: 'x' })),
      token(claims({ text: 'é\n日本', deep: { list: [1, { a: [null, true, 1e3] }] } }), { kid: 'k', typ: 'JWT' }),
      token(claims({ filler: 'x'.repeat(50) })),
    ]);
    let at = 0;
    const expect = { subject: claims().sub };
    await million(() =>
      at % 4 ? verifier.verifySync(tokens[at++ % 4]) : verifier.verifySync(tokens[at++ % 4], expect),
    );
  });

  test('over a million tokens that do not, of many kinds', async () => {
    const { tokenOf } = await signer('HS256');
    const [head, body] = ['{"alg":"HS256"}', JSON.stringify(claims())];
    const changed = (/** @type {Record<string, unknown>} */ changes, /** @type {object} */ extra = {}) =>
      token(claims(changes), extra);
    const signed = [
      ...[{ exp: 1 }, { exp: '1' }, { exp: null }, { exp: undefined }, { nbf: 1e12 }, { iat: 'x' }, { iss: 'other' }],
      ...[{ iss: undefined }, { iss: [1] }, { aud: 'other' }, { aud: undefined }, { aud: {} }, { aud: [1] }],
    ].map((changes) => changed(changes));
    const headers = [
      ...[
        { crit: ['x'], x: 1 },
        { crit: [] },
        { b64: false },
        { kid: 1 },
        { typ: 1 },
        { alg: 'none' },
        { alg: 'RS256' },
      ],
      ...[{ alg: 'x'.repeat(100) }, { alg: 1 }],
    ].map((extra) => changed({}, extra));
    const texts = [
      '',
      '[]',
      'null',
      '{',
      '{"a":1,"a":1}',
      '{"\\ud800":1}',
      '{"a":',
      '['.repeat(40),
      `${body}x`,
      '{"a":01}',
    ];
    const bad = await Promise.all([
      ...signed,
      ...headers,
      ...texts.flatMap((text) => [tokenOf(head, text), tokenOf(text, body)]),
      tokenOf(head, '['.repeat(2_000)),
      ...[
        '',
        '.',
        '..',
        '...',
        'a.b',
        '.'.repeat(100),
        `${good}.`,
        `${good}=`,
        ` ${good}`,
        `${good}\n`,
        'é'.repeat(50),
        '\ud800',
      ],
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(2)}`,
      `${header}.${payload}.${base64url(new Uint8Array(32))}`,
      `${payload}.${header}.${signature}`,
      `${header}.${payload}.${signature}`.replace('.', '..'),
      'A'.repeat(70_000),
    ]);
    assert.ok(bad.length > 60);
    let at = 0;
    await million(() => {
      const index = at++ % bad.length;
      try {
        verifier.verifySync(bad[index]);
      } catch (error) {
        if (/** @type {any} */ (error).name === 'TollgateError') return;
        throw error;
      }
      throw new Error(`token ${index} verified: ${bad[index].slice(0, 100)}`);
    });
    assert.ok(verifier.verifySync(good), 'the next good token');
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
