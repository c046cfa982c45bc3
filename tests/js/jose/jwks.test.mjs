// @ts-check
// Sets of keys, at hand and at a URL, and the key in a token's own header.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach, describe, mock, test } from 'node:test';
import { SECRET, b64, mac, ours, outcome, pair, same, sameRefusal, stricter, theirs } from './package.mjs';

/** @typedef {typeof theirs} Jose */

const rs = await pair('RS256');
const es = await pair('ES256');
const ed = await pair('EdDSA');
const { kty, crv, x, y } = es.publicJwk;
const EC = { kty, crv, x, y };
const SET = {
  keys: [
    { ...rs.publicJwk, kid: 'rsa', use: 'sig' },
    { ...EC, kid: 'ec', alg: 'ES256', key_ops: ['verify'] },
    { ...ed.publicJwk, kid: 'ed' },
    { kty: 'oct', k: b64(SECRET), kid: 'oct' },
    { ...es.privateJwk, kid: 'private' },
    { ...EC, kid: 'enc', use: 'enc' },
  ],
};

/** @param {string} alg @param {any} key @param {object} [header] */
const token = (alg, key, header) => new theirs.SignJWT({}).setProtectedHeader({ alg, ...header }).sign(key);

/** The keys that an error iterates over. @param {any} error */
async function each(error) {
  const keys = [];
  for await (const key of error) keys.push(await theirs.exportJWK(key));
  return keys;
}

describe('createLocalJWKSet', () => {
  test('finds the key of a token alike', async () => {
    for (const header of [{ alg: 'RS256' }, { alg: 'PS256' }, { alg: 'ES256', kid: 'ec' }, { alg: 'EdDSA' }, { alg: 'Ed25519' }, { alg: 'RS256', kid: 'rsa' }, { alg: 'RS512', kid: 'rsa' }]) {
      assert.ok((await same(({ createLocalJWKSet }) => createLocalJWKSet(SET)(header), JSON.stringify(header))).value);
    }
    await same(({ createLocalJWKSet }) => createLocalJWKSet(SET)(undefined, /** @type {any} */ ({ header: { alg: 'EdDSA' } })));
    await same(({ createLocalJWKSet }) => createLocalJWKSet(SET)({ alg: 'RS256' }, /** @type {any} */ ({ header: { kid: 'ec' } })));
  });

  test('verifies', async () => {
    for (const jwt of [await token('RS256', rs.privateKey), await token('ES256', es.privateKey, { kid: 'ec' }), await token('EdDSA', ed.privateKey)]) {
      assert.ok((await same(({ jwtVerify, createLocalJWKSet }) => jwtVerify(jwt, createLocalJWKSet(SET)))).value);
    }
    const jwt = await token('ES256', es.privateKey, { kid: 'ec' });
    const find = ours.createLocalJWKSet(SET);
    const [one, other] = [await ours.jwtVerify(jwt, find), await ours.jwtVerify(jwt, find)];
    assert.equal(one.key, other.key, 'the key is imported once');
  });

  test('refuses alike', async () => {
    /** @type {any[]} */
    const headers = [undefined, {}, { alg: 'HS256' }, { alg: 'none' }, { alg: 1 }, { alg: 'RS256', kid: 'x' }, { alg: 'RS256', kid: 1 }, { alg: 'RS256', kid: null }, { alg: 'ES256', kid: 'private' }, { alg: 'ES256', kid: 'enc' }, { alg: 'ES256', kid: 'rsa' }, { alg: 'ES384', kid: 'ec' }, { alg: 'HS256', kid: 'oct' }, { alg: 'ML-DSA-44' }];
    for (const header of headers) {
      await sameRefusal(({ createLocalJWKSet }) => createLocalJWKSet(SET)(header), JSON.stringify(header));
    }
    for (const extra of [{ alg: 'ES384' }, { use: 'enc' }, { key_ops: ['sign'] }, { key_ops: 'verify' }, { key_ops: ['verify', 'verify'] }, { ext: 'true' }, { kty: 'RSA' }, { crv: 'P-384' }]) {
      await sameRefusal(({ createLocalJWKSet }) => createLocalJWKSet({ keys: [/** @type {any} */ ({ ...EC, ...extra })] })({ alg: 'ES256' }), JSON.stringify(extra));
    }
  });

  test('several keys that fit', async () => {
    const keys = [{ ...EC }, { ...EC, y: x }, { ...(await pair('ES256')).publicJwk }, (await theirs.exportJWK((await theirs.generateKeyPair('ES256')).publicKey))];
    const jwt = await token('ES256', es.privateKey);
    await sameRefusal(({ jwtVerify, createLocalJWKSet }) => jwtVerify(jwt, createLocalJWKSet({ keys })));
    const candidates = await Promise.all(
      [theirs, ours].map((jose) => jose.createLocalJWKSet({ keys })({ alg: 'ES256' }).then(() => assert.fail(), each)),
    );
    assert.deepEqual(candidates[1], candidates[0]);
    assert.equal(candidates[1].length, 3, 'the malformed one is left out');
  });

  test('what is no set', async () => {
    for (const set of [undefined, null, [], {}, { keys: {} }, { keys: [1] }, { keys: [null] }, { keys: [[]] }, { keys: [,] }, { keys: [() => {}] }, 'text']) {
      await sameRefusal(({ createLocalJWKSet }) => createLocalJWKSet(/** @type {any} */ (set)));
    }
    await same(({ createLocalJWKSet }) => createLocalJWKSet({ keys: [] }).jwks());
  });

  test('the set is a copy, and so is what it shows', async () => {
    const set = structuredClone(SET);
    const find = ours.createLocalJWKSet(set);
    set.keys.length = 0;
    find.jwks().keys.length = 0;
    assert.deepEqual(find.jwks(), SET);
    assert.deepEqual(Object.keys(find), Object.keys(theirs.createLocalJWKSet(SET)));
  });

  test('a malformed key is JWKInvalid', async () => {
    const header = { alg: 'ES256' };
    await stricter(({ createLocalJWKSet }) => createLocalJWKSet({ keys: [{ ...EC, y: x }] })(header), { name: 'JWKInvalid', code: 'ERR_JWK_INVALID' });
  });
});

describe('createRemoteJWKSet', () => {
  const url = new URL('https://issuer.example/jwks');

  afterEach(() => mock.timers.reset());

  /**
   * A set with a server that answers what `answer` says, and counts.
   * @param {Jose} jose @param {() => any} [answer] @param {any} [options]
   */
  function remote(jose, answer = () => Response.json(SET), options) {
    /** @type {any[][]} */
    const requests = [];
    const fetch = async (/** @type {any[]} */ ...request) => (requests.push(request), answer());
    return { find: jose.createRemoteJWKSet(url, { [jose.customFetch]: fetch, ...options }), requests };
  }

  test('fetches once, for many tokens', async () => {
    const { value } = await same(async (jose) => {
      const { find, requests } = remote(jose);
      assert.deepEqual([find.fresh, find.reloading, find.coolingDown, find.jwks()], [false, false, false, undefined]);
      const jwt = await token('RS256', rs.privateKey);
      const several = Promise.all([1, 2, 3].map(() => jose.jwtVerify(jwt, find)));
      await null;
      const { reloading } = find;
      return { several: await several, reloading, fresh: find.fresh, coolingDown: find.coolingDown, jwks: find.jwks(), requests: requests.length };
    });
    assert.equal(/** @type {any} */ (value).requests, 1);
  });

  test('asks as jose asks, but names itself', async () => {
    const asked = async (/** @type {Jose} */ jose, /** @type {any} */ options) => {
      const { find, requests } = remote(jose, undefined, options);
      await find.reload();
      const [[href, { headers, method, redirect, signal }]] = requests;
      return { href, method, redirect, aborted: signal.aborted, headers: Object.fromEntries(headers) };
    };
    for (const options of [{}, { headers: { authorization: 'Bearer x', accept: 'a/b', 'User-Agent': 'mine' } }]) {
      const [expected, actual] = [await asked(theirs, options), await asked(ours, options)];
      if (!options.headers) expected.headers['user-agent'] = 'tollgate';
      assert.deepEqual(actual, expected);
    }
  });

  test('a set is fetched again when it is too old', async () => {
    await same(async (jose) => {
      mock.timers.enable({ apis: ['Date'], now: 1e12 });
      const { find, requests } = remote(jose, undefined, { cacheMaxAge: 1000 });
      await find({ alg: 'RS256' });
      mock.timers.tick(999);
      await find({ alg: 'RS256' });
      const before = [requests.length, find.fresh];
      mock.timers.tick(1);
      const stale = find.fresh;
      await find({ alg: 'RS256' });
      mock.timers.reset();
      return [before, stale, requests.length];
    });
  });

  test('an unknown kid fetches again after the cooldown', async () => {
    await same(async (jose) => {
      mock.timers.enable({ apis: ['Date'], now: 1e12 });
      const { find, requests } = remote(jose, undefined, { cooldownDuration: 1000 });
      const unknown = () => outcome(() => find({ alg: 'RS256', kid: 'x' }));
      await find({ alg: 'RS256' });
      const first = await unknown();
      const during = [requests.length, find.coolingDown];
      mock.timers.tick(1000);
      const { coolingDown } = find;
      const second = await unknown();
      mock.timers.reset();
      return [first, during, coolingDown, second, requests.length];
    });
  });

  test('failures are alike', async () => {
    for (const answer of [
      () => new Response('', { status: 404 }),
      () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
      () => Response.json(SET, { status: 201 }),
      () => new Response('<html>'),
      () => new Response(''),
      () => Response.json({}),
      () => Response.json([]),
      () => Response.json({ keys: [1] }),
      () => Promise.reject(new TypeError('fetch failed')),
      () => Promise.reject(Object.assign(new Error('late'), { name: 'TimeoutError' })),
    ]) {
      await sameRefusal((jose) => remote(jose, answer).find({ alg: 'RS256' }), String(answer));
      await sameRefusal((jose) => remote(jose, answer).find.reload(), String(answer));
    }
  });

  test('a time-out', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    try {
      const { code } = await sameRefusal(({ createRemoteJWKSet }) => createRemoteJWKSet(new URL(`http://127.0.0.1:${port}`), { timeoutDuration: 50 })({ alg: 'RS256' }));
      assert.equal(code, 'ERR_JWKS_TIMEOUT');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('over the network', async () => {
    const server = createServer((_, response) => response.end(JSON.stringify(SET))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    try {
      const jwt = await token('EdDSA', ed.privateKey, { kid: 'ed' });
      await same(({ jwtVerify, createRemoteJWKSet }) => jwtVerify(jwt, createRemoteJWKSet(new URL(`http://127.0.0.1:${port}`))));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('what only looks like a response will do', async () => {
    await same((jose) => remote(jose, () => ({ status: 200, json: async () => SET })).find({ alg: 'RS256' }));
  });

  test('the cache of the caller is used, and filled', async () => {
    await same(async (jose) => {
      const empty = /** @type {any} */ ({});
      await remote(jose, undefined, { [jose.jwksCache]: empty }).find({ alg: 'RS256' });
      const full = remote(jose, undefined, { [jose.jwksCache]: empty });
      await full.find({ alg: 'RS256' });
      const old = remote(jose, undefined, { [jose.jwksCache]: { ...empty, uat: Date.now() - 700_000 } });
      await old.find({ alg: 'RS256' });
      const broken = remote(jose, undefined, { [jose.jwksCache]: { uat: Date.now(), jwks: {} } });
      await broken.find({ alg: 'RS256' });
      return [Object.keys(empty).sort(), Math.abs(empty.uat - Date.now()) < 5000, empty.jwks, full.requests.length, old.requests.length, broken.requests.length];
    });
  });

  test('options that cannot be used', async () => {
    for (const options of [{ timeoutDuration: -1 }, { timeoutDuration: 1.5 }, { timeoutDuration: NaN }, { cooldownDuration: NaN }, { cooldownDuration: -1 }, { cacheMaxAge: NaN }, { cacheMaxAge: -1 }]) {
      await sameRefusal((jose) => remote(jose, undefined, options), JSON.stringify(options));
    }
    for (const options of [null, undefined, { cacheMaxAge: Infinity }, { timeoutDuration: '5' }]) {
      assert.equal(typeof ours.createRemoteJWKSet(url, /** @type {any} */ (options)), 'function');
    }
    for (const given of ['https://issuer.example/jwks', undefined, null, {}]) {
      await sameRefusal(({ createRemoteJWKSet }) => createRemoteJWKSet(/** @type {any} */ (given)));
    }
  });

  test('stricter: while the server fails, tokens cause a request in 5 seconds, and one that asks for an unknown kid none', async () => {
    mock.timers.enable({ apis: ['Date'], now: 1e12 });
    let answer = () => new Response('', { status: 503 });
    const { find, requests } = remote(ours, () => answer());
    for (let at = 0; at < 1000; at++) await assert.rejects(find({ alg: 'RS256', kid: `${at}` }), { code: 'ERR_JOSE_GENERIC' });
    assert.deepEqual([requests.length, find.coolingDown], [1, true]);
    mock.timers.tick(5000);
    answer = () => Response.json(SET);
    await find({ alg: 'RS256' });
    assert.equal(requests.length, 2);
    mock.timers.tick(30_000);
    answer = () => new Response('', { status: 503 });
    for (let at = 0; at < 1000; at++) {
      const code = at ? 'ERR_JWKS_NO_MATCHING_KEY' : 'ERR_JOSE_GENERIC';
      await assert.rejects(find({ alg: 'RS256', kid: `${at}` }), { code });
    }
    assert.equal(requests.length, 3);
    assert.ok(await find({ alg: 'RS256' }), 'the keys that are there are used');
    await assert.rejects(find.reload(), { code: 'ERR_JOSE_GENERIC' });
    assert.equal(requests.length, 4, 'reload() always asks');
  });

  test('stricter: a set from the future, as after a clock that was set back, is fetched again', async () => {
    const uat = Date.now() + 60_000;
    const requests = async (/** @type {any} */ jose) => {
      const ahead = remote(jose, undefined, { [jose.jwksCache]: { uat, jwks: SET } });
      await ahead.find({ alg: 'RS256' });
      return ahead.requests.length;
    };
    assert.deepEqual([await requests(theirs), await requests(ours)], [0, 1]);
  });

  test('stricter: a large set, and one with duplicate members', async () => {
    const failed = { name: 'JOSEError', code: 'ERR_JOSE_GENERIC' };
    const large = JSON.stringify({ ...SET, x: 'x'.repeat(1 << 20) });
    await stricter((jose) => remote(jose, () => new Response(large)).find({ alg: 'RS256' }), failed);
    const twice = `{"keys":[],"keys":${JSON.stringify(SET.keys)}}`;
    await stricter((jose) => remote(jose, () => new Response(twice)).find({ alg: 'RS256' }), failed);
  });
});

describe('EmbeddedJWK', () => {
  test('finds the key in the header alike', async () => {
    for (const [alg, { privateKey, publicJwk }] of /** @type {[string, any][]} */ ([['RS256', rs], ['ES256', es], ['EdDSA', ed]])) {
      for (const jwk of [publicJwk, { ...publicJwk, use: 'sig', alg, key_ops: ['verify'], ext: true }]) {
        const jwt = await token(alg, privateKey, { jwk });
        assert.ok((await same(({ jwtVerify, EmbeddedJWK }) => jwtVerify(jwt, EmbeddedJWK))).value);
      }
    }
    const jws = await new theirs.FlattenedSign(SECRET).setProtectedHeader({ alg: 'ES256' }).setUnprotectedHeader({ jwk: EC }).sign(es.privateKey);
    await same(({ flattenedVerify, EmbeddedJWK }) => flattenedVerify(jws, EmbeddedJWK));
  });

  test('refuses alike', async () => {
    /** @type {any[]} */
    const headers = [undefined, {}, { alg: 'ES256' }, { jwk: EC }, { alg: 'ES256', jwk: 1 }, { alg: 'ES256', jwk: [] }, { alg: 'ES256', jwk: { ...EC, ext: 1 } }, { alg: 'ES256', jwk: { ...EC, key_ops: 'x' } }, { alg: 'ES256', jwk: { ...EC, use: 'enc' } }, { alg: 'ES256', jwk: { ...EC, alg: 'ES384' } }, { alg: 'ES256', jwk: es.privateJwk }, { alg: 'RS256', jwk: EC }, { alg: 'ES257', jwk: EC }, { alg: 'HS256', jwk: EC }];
    for (const header of headers) {
      await sameRefusal(({ EmbeddedJWK }) => EmbeddedJWK(header), JSON.stringify(header));
    }
    const jwt = await mac(JSON.stringify({ alg: 'HS256', jwk: { kty: 'oct', k: b64(SECRET) } }), '{}');
    const refusals = [await outcome(() => theirs.jwtVerify(jwt, theirs.EmbeddedJWK)), await outcome(() => ours.jwtVerify(jwt, ours.EmbeddedJWK))];
    for (const { error } of refusals) assert.ok(error);
  });
});
