// @ts-check
// For how long fetched keys are good: fresh, stale, or standing in for a server that fails (RFC 9111, RFC 5861).

import { NO_KEY, URI, keysOf, remote, settle, withHeaders } from './remote.mjs';
import { hang } from './server.mjs';
import { EXPECTED, NOW } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

/** What a server says, and for how many seconds its keys are fresh then. @type {Array<[Record<string, string>, number]>} */
const FRESH = [
  [{}, 300],
  [{ 'cache-control': 'public' }, 300],
  [{ 'cache-control': 'max-age=120' }, 120],
  [{ 'cache-control': 'public, Max-Age=120, must-revalidate' }, 120],
  [{ 'cache-control': 'max-age="120"' }, 120],
  [{ 'cache-control': 'max-age=120', age: '50' }, 70],
  [{ 'cache-control': 'max-age=120', age: '5000' }, 30],
  [{ 'cache-control': 'max-age=120', age: 'old' }, 120],
  [{ 'cache-control': 'max-age=86400' }, 600],
  [{ 'cache-control': `max-age=${'9'.repeat(400)}` }, 600],
  [{ 'cache-control': 'max-age=0' }, 30],
  [{ 'cache-control': 'max-age=-1' }, 30],
  [{ 'cache-control': 'max-age=soon' }, 30],
  [{ 'cache-control': 'max-age' }, 30],
  [{ 'cache-control': 'no-store' }, 30],
  [{ 'cache-control': 'no-cache, max-age=120' }, 30],
  [{ 'cache-control': 'max-age=500, max-age=120' }, 120],
  [{ 'cache-control': 'max-age=120, max-age=500' }, 120],
  [{ 'cache-control': `max-age=120, ${'x'.repeat(5000)}` }, 300],
];

/** @type {Case[]} */
const freshness = FRESH.map(([headers, fresh]) => ({
  name: `keys with ${JSON.stringify(headers).slice(0, 80)} are fresh for ${fresh} seconds`,
  async run(t) {
    const { set, tokens } = await keysOf('a');
    const { verifier, clock, calls } = await remote(t, withHeaders(set, headers));
    await verifier.verify(tokens[0]);
    clock.now = NOW + fresh - 1;
    await verifier.verify(tokens[0]);
    await settle();
    t.equal(calls.length, 1, 'fetches while they are fresh');
    clock.now = NOW + fresh;
    await verifier.verify(tokens[0]);
    await settle();
    t.equal(calls.length, 2, 'fetches after that');
  },
}));

/** @type {Case[]} */
const stale = [
  {
    name: 'stale keys verify at once, and one refresh runs beside, which waitUntil is given',
    async run(t) {
      const { set, tokens } = await keysOf('old', 'new');
      /** @type {Promise<unknown>[]} */
      const waited = [];
      const waitUntil = (/** @type {Promise<unknown>} */ promise) => waited.push(promise);
      const { verifier, clock, calls, routes } = await remote(t, { keys: [set.keys[0]] }, { waitUntil });
      await verifier.verify(tokens[0]);
      t.equal(waited.length, 0, 'a fetch that verify waits for is not given to waitUntil');
      clock.now += 400;
      let answer = () => {};
      const gate = new Promise((resolve) => (answer = () => resolve(Response.json({ keys: [set.keys[1]] }))));
      routes[URI] = () => gate;
      for (let round = 0; round < 100; round++) t.ok(await verifier.verify(tokens[0]), 'verifies with the stale key');
      t.equal(calls.length, 2, 'fetches');
      t.equal(waited.length, 1, 'promises given to waitUntil');
      answer();
      await waited[0];
      t.equal(verifier.verifySync(tokens[1]).key.kid, 'new', 'the refreshed key');
      await t.fails(() => verifier.verifySync(tokens[0]), NO_KEY);
    },
  },
  {
    name: 'a refresh that fails disturbs nobody, and the next one waits for the cooldown',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      /** @type {Promise<unknown>[]} */
      const waited = [];
      const options = { waitUntil: (/** @type {Promise<unknown>} */ promise) => waited.push(promise) };
      const { verifier, clock, calls, routes } = await remote(t, set, options);
      await verifier.verify(tokens[0]);
      routes[URI] = () => Promise.reject(new TypeError('network'));
      clock.now += 400;
      for (const [later, fetches] of [
        [0, 2],
        [29, 2],
        [1, 3],
        [29, 3],
      ]) {
        clock.now += later;
        t.ok(await verifier.verify(tokens[0]), 'verifies');
        // It resolves whatever came of the refresh.
        await Promise.all(waited);
        t.equal(calls.length, fetches, `fetches at ${clock.now - NOW} s`);
      }
    },
  },
  {
    name: 'a waitUntil that throws does not keep a token from being verified',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const waitUntil = () => {
        throw new Error('of another request');
      };
      const { verifier, clock, calls } = await remote(t, set, { waitUntil });
      await verifier.verify(tokens[0]);
      clock.now += 400;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      await settle();
      t.equal(calls.length, 2, 'fetches');
    },
  },
  {
    name: 'verifySync uses stale keys and starts no refresh',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, calls } = await remote(t, set);
      await verifier.load();
      clock.now += 599;
      t.ok(verifier.verifySync(tokens[0]), 'verifies');
      await settle();
      t.equal(calls.length, 1, 'fetches');
      clock.now += 1;
      await t.fails(() => verifier.verifySync(tokens[0]), { code: 'ERR_JWKS_NOT_LOADED' });
    },
  },
  {
    name: 'a refresh that never ends does not stop later ones',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, calls, routes } = await remote(t, set, { timeout: 20 });
      await verifier.verify(tokens[0]);
      routes[URI] = hang;
      clock.now += 400;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      await new Promise((resolve) => setTimeout(resolve, 60));
      routes[URI] = set;
      clock.now += 30;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      await settle();
      t.equal(calls.length, 3, 'fetches');
      clock.now += 500;
      t.ok(verifier.verifySync(tokens[0]), 'the last one brought the keys');
    },
  },
];

/** Answers of a server that is out of order, and whether keys that are too old stand in for it. @type {Array<[string, (request: Request) => any, boolean]>} */
const OUTAGES = [
  ['no network', () => Promise.reject(new TypeError('network')), true],
  ['no answer in time', hang, true],
  ['a status of 500', () => new Response('', { status: 500 }), true],
  ['a status of 503', () => new Response('', { status: 503 }), true],
  ['a status of 429', () => new Response('', { status: 429 }), true],
  ['garbage', () => new Response('<!doctype html>'), true],
  ['2 MB', () => new Response(' '.repeat(2_000_000)), true],
  ['a status of 400', () => new Response('', { status: 400 }), false],
  ['a status of 404', () => new Response('', { status: 404 }), false],
  ['a status of 410', () => new Response('', { status: 410 }), false],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: 'http://evil.example/' } }), false],
];

/** @type {Case[]} */
const outages = OUTAGES.map(([what, route, standsIn]) => ({
  name: `a known kid ${standsIn ? 'still verifies' : 'is refused'} when its keys are too old and the server answers with ${what}`,
  async run(t) {
    const { set, tokens } = await keysOf('a', 'b');
    const options = { timeout: 50, jwksMaxAge: 60, jwksStaleIfError: 100 };
    const { verifier, clock, calls, routes } = await remote(t, { keys: [set.keys[0]] }, options);
    await verifier.verify(tokens[0]);
    routes[URI] = route;
    clock.now = NOW + 60;
    await t.fails(() => verifier.verifySync(tokens[0]), { code: 'ERR_JWKS_NOT_LOADED' });
    for (let round = 0; round < 20; round++) {
      if (standsIn) t.ok(await verifier.verify(tokens[0]), 'verifies');
      else t.ok((await t.failure(() => verifier.verify(tokens[0]))).code === 'ERR_FETCH_STATUS', 'refused');
    }
    t.equal(calls.length, 2, 'fetches: the server was asked first, and once');
    if (standsIn) t.ok(verifier.verifySync(tokens[0]), 'synchronously, once the fetch has failed');
    await t.failure(() => verifier.verify(tokens[1]));
    clock.now = NOW + 160;
    t.ok((await t.failure(() => verifier.verify(tokens[0]))).code.startsWith('ERR_'), 'refused in the end');
    routes[URI] = set;
    clock.now += 30;
    t.ok(await verifier.verify(tokens[0]), 'verifies when the server is back');
  },
}));

/** A server that knows the entity tag of its set. @param {unknown} set @param {string} etag */
const tagged = (set, etag) => (/** @type {Request} */ request) =>
  request.headers.get('if-none-match') === etag
    ? new Response(null, { status: 304, headers: { etag } })
    : Response.json(set, { headers: { etag, 'cache-control': 'max-age=100' } });

/** @type {Case[]} */
const conditional = [
  {
    name: 'a set that has not changed is asked for with its entity tag, and a 304 makes the keys fresh again',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const { verifier, clock, requests, routes } = await remote(t, tagged(set, '"v1"'));
      await verifier.verify(tokens[0]);
      for (let round = 0; round < 3; round++) {
        clock.now += 700;
        t.ok(await verifier.verify(tokens[round % 2]), 'verifies');
      }
      t.deepEqual(
        requests.map(({ headers }) => headers.get('if-none-match')),
        [null, '"v1"', '"v1"', '"v1"'],
        'If-None-Match',
      );
      clock.now += 99;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      await settle();
      t.equal(requests.length, 4, 'it is fresh for as long as the server said with the set');
      routes[URI] = tagged({ keys: [set.keys[1]] }, 'W/"v2"');
      clock.now += 700;
      t.ok(await verifier.verify(tokens[1]), 'verifies');
      await t.fails(() => verifier.verify(tokens[0]), NO_KEY);
      clock.now += 700;
      t.ok(await verifier.verify(tokens[1]), 'verifies');
      t.equal(requests.at(-1)?.headers.get('if-none-match'), 'W/"v2"', 'If-None-Match');
    },
  },
  {
    name: 'a 304 that was not asked for is ERR_FETCH_STATUS',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const notModified = () => new Response(null, { status: 304, headers: { etag: '"v1"' } });
      const cold = await remote(t, notModified);
      await t.fails(() => cold.verifier.verify(tokens[0]), { code: 'ERR_FETCH_STATUS', status: 304 });
      const warm = await remote(t, set);
      await warm.verifier.load();
      warm.routes[URI] = notModified;
      warm.clock.now += 600;
      await t.fails(() => warm.verifier.verify(tokens[0]), { code: 'ERR_FETCH_STATUS', status: 304 });
    },
  },
  {
    name: 'after a conditional request that failed, the whole set is asked for',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      // What becomes of a browser's preflight that does not allow the header.
      const route = (/** @type {Request} */ { headers }) =>
        headers.has('if-none-match')
          ? Promise.reject(new TypeError('CORS'))
          : Response.json(set, { headers: { etag: '"v1"' } });
      const { verifier, clock, calls } = await remote(t, route);
      await verifier.load();
      clock.now += 600;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      clock.now += 30;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      t.equal(calls.length, 3, 'fetches');
      clock.now += 299;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      await settle();
      t.equal(calls.length, 3, 'the last one succeeded');
    },
  },
  ...['v1', '"', '"a b"', '"a"b"', '"é"', `"${'x'.repeat(300)}"`, `"${'x'.repeat(5000)}"`].map((etag) => ({
    name: `the entity tag ${etag.slice(0, 20)} of ${etag.length} letters is not sent back`,
    async run(/** @type {Context} */ t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, requests } = await remote(t, withHeaders(set, { etag }));
      await verifier.load();
      clock.now += 600;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      t.equal(requests[1].headers.get('if-none-match'), null, 'If-None-Match');
    },
  })),
];

/** @type {Case[]} */
const rest = [
  {
    name: 'a key that was removed at the source is refused after jwksMaxAge',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const forever = { 'cache-control': 'max-age=31536000, immutable' };
      const { verifier, clock, routes } = await remote(t, withHeaders(set, forever), { jwksMaxAge: 100 });
      await verifier.verify(tokens[0]);
      routes[URI] = withHeaders({ keys: [set.keys[1]] }, forever);
      clock.now = NOW + 99;
      t.ok(await verifier.verify(tokens[0]), 'verifies before');
      clock.now = NOW + 100;
      await t.fails(() => verifier.verify(tokens[0]), NO_KEY, tokens);
      t.ok(await verifier.verify(tokens[1]), 'the key that is left');
    },
  },
  {
    name: 'a key that is for encryption from now on verifies nothing from the next fetch on',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, routes } = await remote(t, set);
      await verifier.verify(tokens[0]);
      routes[URI] = { keys: [{ ...set.keys[0], use: 'enc' }] };
      clock.now += 600;
      await t.fails(() => verifier.verify(tokens[0]), NO_KEY);
    },
  },
  {
    name: 'jwksStaleIfError of 0 lets no key stand in for a server that fails',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, routes } = await remote(t, set, { jwksStaleIfError: 0 });
      await verifier.verify(tokens[0]);
      routes[URI] = () => new Response('', { status: 503 });
      clock.now += 600;
      await t.fails(() => verifier.verify(tokens[0]), { code: 'ERR_FETCH_STATUS', status: 503 });
    },
  },
  {
    name: 'the type of the content is not looked at: a JWK Set is one by what it says',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      for (const type of ['text/html', 'application/octet-stream', 'application/jwk-set+json']) {
        const { verifier } = await remote(t, withHeaders(set, { 'content-type': type }));
        t.ok(await verifier.verify(tokens[0]), type);
      }
      const { verifier } = await remote(t, () => new Response('<html>', { headers: { 'content-type': 'application/json' } }));
      await t.fails(() => verifier.verify(tokens[0]), { code: 'ERR_JWKS_INVALID' });
    },
  },
  ...[
    ...[29, 86_401, -1, 60.5, NaN, Infinity, '60', null, [60]].map((value) => ({ jwksMaxAge: value })),
    ...[-1, 86_401, 0.5, NaN, '0', false].map((value) => ({ jwksStaleIfError: value })),
  ].map((option) => ({
    name: `the option ${JSON.stringify(option)} is refused`,
    async run(/** @type {Context} */ t) {
      const [claim] = Object.keys(option);
      const create = () => t.createVerifier({ ...EXPECTED, jwksUri: URI, ...option });
      await t.fails(create, { code: 'ERR_OPTION_INVALID', claim, reason: 'malformed' });
    },
  })),
  {
    name: 'waitUntil and jwksCache of a wrong type are a TypeError',
    async run(t) {
      for (const option of [{ waitUntil: {} }, { jwksCache: {} }, { jwksCache: { get() {} } }, { jwksCache: 1 }]) {
        const error = await t.failure(() => t.createVerifier({ ...EXPECTED, jwksUri: URI, ...option }));
        t.ok(error instanceof TypeError, `${JSON.stringify(option)}: ${error}`);
      }
    },
  },
];

export default [...freshness, ...stale, ...outages, ...conditional, ...rest];
