// @ts-check
// Keys that are fetched: when, how often, and what comes of a server that fails.

import { LATER, NO_KEY, URI, keysOf, remote, settle } from './remote.mjs';
import { hang, huge, serve } from './server.mjs';
import { EXPECTED, NOW, base64url, claims, newSigner, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

/** @type {Case[]} */
const loading = [
  {
    name: 'createVerifier fetches nothing, and verify fetches once',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, calls, requests } = await remote(t, set);
      t.deepEqual(calls, [], 'fetched by createVerifier');
      for (let round = 0; round < 5; round++) await verifier.verify(tokens[0]);
      t.deepEqual(calls, [URI], 'fetched');
      t.equal(requests[0].method, 'GET', 'method');
      t.equal(requests[0].redirect, 'manual', 'redirects are not followed');
    },
  },
  {
    name: 'keys are asked for past the HTTP cache, wherever the platform has a word for that',
    async run(t) {
      const { set } = await keysOf('a');
      const { verifier, requests } = await remote(t, set);
      await verifier.load();
      let expected = requests[0].cache;
      try {
        expected = new Request(URI, { cache: 'no-cache' }).cache;
      } catch {
        // There is no such cache then.
      }
      t.equal(requests[0].cache, expected, 'cache');
    },
  },
  {
    name: 'verifySync says that the keys are not loaded, fetches nothing, and works after load()',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, calls } = await remote(t, set);
      await t.fails(() => verifier.verifySync(tokens[0]), { code: 'ERR_JWKS_NOT_LOADED' }, tokens);
      t.deepEqual(calls, [], 'fetched by verifySync');
      t.equal(verifier.jwks(), undefined, 'jwks() before load');
      await verifier.load();
      t.equal(verifier.verifySync(tokens[0]).key.kid, 'a', 'kid');
      t.deepEqual(calls, [URI], 'fetched by load()');
      t.deepEqual(
        verifier.jwks()?.keys.map((/** @type {any} */ key) => key.kid),
        ['a'],
        'kids of jwks()',
      );
    },
  },
  {
    name: 'verifySync says that the keys are not loaded when they are too old',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, calls } = await remote(t, set);
      await verifier.load();
      clock.now += LATER;
      await t.fails(() => verifier.verifySync(tokens[0]), { code: 'ERR_JWKS_NOT_LOADED' });
      t.ok(await verifier.verify(tokens[0]), 'verify fetches them again');
      t.equal(calls.length, 2, 'fetches');
    },
  },
  {
    name: 'concurrent calls share one fetch',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      let answer = () => {};
      const gate = new Promise((resolve) => (answer = () => resolve(Response.json(set))));
      const { verifier, calls } = await remote(t, () => gate);
      const pending = [tokens[0], tokens[1], tokens[0]].map((token) => verifier.verify(token));
      pending.push(verifier.load());
      answer();
      const [a, b] = await Promise.all(pending);
      t.deepEqual([a.key.kid, b.key.kid], ['a', 'b'], 'kids');
      t.equal(calls.length, 1, 'fetches');
    },
  },
  {
    name: 'a failure of a shared fetch reaches every caller, and the next fetch can succeed',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, routes } = await remote(t, () => new Response('', { status: 500 }));
      const errors = await Promise.all([1, 2, 3].map(() => t.failure(() => verifier.verify(tokens[0]))));
      for (const error of errors) t.refusal(error, { code: 'ERR_FETCH_STATUS', status: 500 }, tokens);
      routes[URI] = set;
      clock.now += LATER;
      t.ok(await verifier.verify(tokens[0]), 'verifies');
    },
  },
];

/** @type {Case[]} */
const rotation = [
  {
    name: 'a rotated key is picked up when a token names it, and the removed one no longer verifies',
    async run(t) {
      const { set, tokens } = await keysOf('old', 'new');
      const { verifier, clock, calls, routes } = await remote(t, { keys: [set.keys[0]] });
      await verifier.verify(tokens[0]);
      routes[URI] = { keys: [set.keys[1]] };
      clock.now += 60;
      t.equal((await verifier.verify(tokens[1])).key.kid, 'new', 'kid');
      t.equal(calls.length, 2, 'fetches');
      await t.fails(() => verifier.verify(tokens[0]), NO_KEY, tokens);
    },
  },
  {
    name: 'a removed key is refused once the keys are too old, without any token of the new one',
    async run(t) {
      const { set, tokens } = await keysOf('old', 'new');
      const { verifier, clock, routes } = await remote(t, { keys: [set.keys[0]] });
      await verifier.verify(tokens[0]);
      routes[URI] = { keys: [set.keys[1]] };
      clock.now += LATER;
      await t.fails(() => verifier.verify(tokens[0]), NO_KEY, tokens);
    },
  },
  {
    name: 'ten thousand tokens with unknown kids cause one fetch, and known ones go on verifying',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier, clock, calls } = await remote(t, set);
      await verifier.load();
      clock.now += 60;
      const stranger = await newSigner('ES256');
      const [, payload, signature] = (await stranger.token(claims())).split('.');
      for (let count = 0; count < 10_000; count++) {
        const header = base64url(JSON.stringify({ alg: 'ES256', kid: `kid-${count}` }));
        const error = await t.failure(() => verifier.verify(`${header}.${payload}.${signature}`));
        if (error.code !== NO_KEY.code) t.refusal(error, NO_KEY);
      }
      t.equal(calls.length, 2, 'fetches: load() and one more');
      t.ok(await verifier.verify(tokens[0]), 'the known key');
    },
  },
  {
    name: 'unknown kids cause one fetch also when that fetch fails',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const { verifier, clock, calls, routes } = await remote(t, { keys: [set.keys[0]] });
      await verifier.load();
      clock.now += 60;
      routes[URI] = () => new Response('', { status: 503 });
      for (let count = 0; count < 100; count++) {
        const error = await t.failure(() => verifier.verify(tokens[1]));
        t.ok([NO_KEY.code, 'ERR_FETCH_STATUS'].includes(error.code), `a typed refusal, not ${error?.stack}`);
        t.ok(await verifier.verify(tokens[0]), 'the known key survives');
      }
      t.equal(calls.length, 2, 'fetches: load() and one more');
      routes[URI] = set;
      clock.now += 60;
      t.ok(await verifier.verify(tokens[1]), 'found after the cooldown');
    },
  },
  {
    name: 'a server that fails from the start is not asked again at once',
    async run(t) {
      const { tokens } = await keysOf('a');
      const { verifier, calls } = await remote(t, () => new Response('', { status: 500 }));
      for (let count = 0; count < 100; count++) {
        const error = await t.failure(() => verifier.verify(tokens[0]));
        t.ok(error instanceof t.TollgateError, `a typed refusal, not ${error?.stack}`);
      }
      t.equal(calls.length, 1, 'fetches');
    },
  },
  {
    name: 'names of prototypes, paths and statements are kids like any other',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const { verifier } = await remote(t, set);
      const key = await newSigner('ES256');
      for (const kid of [
        '__proto__',
        'constructor',
        'toString',
        '../../etc/passwd',
        "' OR 1=1 --",
        '',
        'a\n',
        'A',
        'k'.repeat(10_000),
      ]) {
        const token = await key.token(claims(), { kid });
        await t.fails(() => verifier.verify(token), NO_KEY, token.split('.'));
      }
      t.ok(await verifier.verify(tokens[0]), 'the next good token');
    },
  },
  {
    name: 'two keys that share a kid are both tried, and so are all keys for a token without kid',
    async run(t) {
      const [a, b] = [await newSigner('ES256'), await newSigner('ES256')];
      const rsa = await signer('RS256');
      const keys = [
        { ...rsa.jwk, kid: 'k' },
        { ...a.jwk, kid: 'k' },
        { ...b.jwk, kid: 'k' },
      ];
      const verifier = await t.createVerifier({ ...EXPECTED, jwks: { keys } });
      for (const key of [a, b, rsa]) {
        t.ok(await verifier.verify(await key.token(claims(), { kid: 'k' })), 'with kid');
        t.ok(await verifier.verify(await key.token(claims())), 'without kid');
      }
      const stranger = await newSigner('ES256');
      await t.fails(async () => verifier.verify(await stranger.token(claims())), {
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      });
    },
  },
  {
    name: 'two issuers with the same kid never cross',
    async run(t) {
      const [a, b] = [await keysOf('k'), await keysOf('k')];
      const [first, second] = [await remote(t, a.set), await remote(t, b.set)];
      for (let round = 0; round < 3; round++) {
        t.ok(await first.verifier.verify(a.tokens[0]), 'first');
        t.ok(await second.verifier.verify(b.tokens[0]), 'second');
        await t.fails(() => first.verifier.verify(b.tokens[0]), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
        await t.fails(() => second.verifier.verify(a.tokens[0]), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
      }
    },
  },
];

const text =
  (/** @type {string} */ body, /** @type {ResponseInit} */ init = {}) =>
  () =>
    new Response(body, init);

/** Answers of a JWKS server that are of no use. @type {Array<[string, unknown, string, number?]>} */
const ANSWERS = [
  ['a status of 404', text('', { status: 404 }), 'ERR_FETCH_STATUS', 404],
  ['a status of 500', text('', { status: 500 }), 'ERR_FETCH_STATUS', 500],
  ['a status of 201', () => Response.json({ keys: [] }, { status: 201 }), 'ERR_FETCH_STATUS', 201],
  [
    'a redirect',
    () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
    'ERR_FETCH_STATUS',
    302,
  ],
  ['no network', () => Promise.reject(new TypeError('network')), 'ERR_FETCH_FAILED'],
  [
    'a body that breaks off',
    () => new Response(new ReadableStream({ start: (body) => body.error(new Error('reset')) })),
    'ERR_FETCH_FAILED',
  ],
  ['HTML', text('<!doctype html>'), 'ERR_JWKS_INVALID'],
  ['nothing', text(''), 'ERR_JWKS_INVALID'],
  ['an array', [], 'ERR_JWKS_INVALID'],
  ['an object without keys', {}, 'ERR_JWKS_INVALID'],
  ['keys that are an object', { keys: {} }, 'ERR_JWKS_INVALID'],
  ['a member twice', text('{"keys":[],"keys":[]}'), 'ERR_JWKS_INVALID'],
  ['keys nested without end', text(`{"keys":${'['.repeat(100_000)}`), 'ERR_JWKS_INVALID'],
  ['ten thousand keys', { keys: Array(10_000).fill({ kty: 'RSA' }) }, 'ERR_JWKS_INVALID'],
  ['a body of 2 MB', text(' '.repeat(2_000_000)), 'ERR_FETCH_TOO_LARGE'],
];

/** @type {Case[]} */
const answers = ANSWERS.map(([what, route, code, status]) => ({
  name: `a JWKS server that answers ${what} is ${code}, and keys from before go on verifying`,
  async run(t) {
    const { set, tokens } = await keysOf('a', 'b');
    const cold = await remote(t, route);
    await t.fails(() => cold.verifier.verify(tokens[0]), { code, status }, tokens);
    const warm = await remote(t, { keys: [set.keys[0]] });
    await warm.verifier.load();
    warm.routes[URI] = route;
    warm.clock.now += 60;
    await t.failure(() => warm.verifier.verify(tokens[1]));
    t.equal(warm.calls.length, 2, 'fetches');
    t.ok(await warm.verifier.verify(tokens[0]), 'a known key');
    const other = await remote(t, route);
    await t.fails(() => other.verifier.load(), { code, status }, tokens);
  },
}));

/** @type {Case[]} */
const limits = [
  {
    name: 'a body of 50 MB is not read to its end',
    async run(t) {
      const { tokens } = await keysOf('a');
      const { state, respond } = huge();
      const { verifier } = await remote(t, respond);
      await t.fails(() => verifier.verify(tokens[0]), { code: 'ERR_FETCH_TOO_LARGE' });
      t.ok(state.bytes < 10_000_000, `read ${state.bytes} bytes`);
    },
  },
  {
    name: 'a server that never answers is ERR_FETCH_TIMEOUT, also when fetch ignores its signal',
    async run(t) {
      const { tokens } = await keysOf('a');
      const { verifier } = await remote(t, hang, { timeout: 50 });
      await t.fails(() => verifier.verify(tokens[0]), { code: 'ERR_FETCH_TIMEOUT' });
    },
  },
  {
    name: 'a body that never ends in time is ERR_FETCH_TIMEOUT',
    async run(t) {
      const { tokens } = await keysOf('a');
      const { verifier } = await remote(t, () => new Response(new ReadableStream({ pull: hang })), { timeout: 50 });
      await t.fails(() => verifier.verify(tokens[0]), { code: 'ERR_FETCH_TIMEOUT' });
    },
  },
  {
    name: 'a signal ends a load for all that wait for it: none of them begins another',
    async run(t) {
      const controller = new AbortController();
      let reads = 0;
      const now = () => (reads++, NOW);
      const { verifier, calls } = await remote(t, hang, { signal: controller.signal, now });
      const { tokens } = await keysOf('a');
      const failures = Array.from({ length: 100 }, () => t.failure(() => verifier.verify(tokens[0])));
      await settle();
      reads = 0;
      controller.abort(new RangeError('enough'));
      for (const failure of await Promise.all(failures)) t.equal(failure.message, 'enough', 'message');
      t.equal(calls.length, 1, 'requests');
      t.equal(reads, 1, 'reads of the clock: of the one that began the load, and of none for another');
    },
  },
  {
    name: 'the signal of the options ends a fetch with its own reason',
    async run(t) {
      const { tokens } = await keysOf('a');
      const controller = new AbortController();
      const { verifier } = await remote(t, hang, { signal: controller.signal });
      const pending = t.failure(() => verifier.verify(tokens[0]));
      controller.abort(new Error('the caller has left'));
      t.equal((await pending).message, 'the caller has left', 'reason');
    },
  },
  {
    name: 'the failure of fetch is the cause of the error',
    async run(t) {
      const { tokens } = await keysOf('a');
      const reason = new TypeError('getaddrinfo ENOTFOUND');
      const { verifier } = await remote(t, () => Promise.reject(reason));
      const error = await t.fails(() => verifier.verify(tokens[0]), { code: 'ERR_FETCH_FAILED' });
      t.equal(error.cause, reason, 'cause');
    },
  },
  ...[
    'http://issuer.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'http://localhost.evil.example/jwks',
    'http://evil.example/?localhost',
    'http://user@127.0.0.1@evil.example/',
    'http://10.0.0.1/jwks',
    'http://[::2]/jwks',
    'file:///etc/passwd',
    'data:application/json,{"keys":[]}',
    'ftp://issuer.example/jwks',
    '//issuer.example/jwks',
    '/jwks',
    'jwks',
    'https:issuer.example',
  ].map((jwksUri) => ({
    name: `nothing is fetched from ${jwksUri}`,
    async run(/** @type {Context} */ t) {
      const { fetch, calls } = serve({});
      const { tokens } = await keysOf('a');
      const error = await t.failure(async () => {
        const verifier = await t.createVerifier({ ...EXPECTED, jwksUri, fetch });
        await verifier.verify(tokens[0]);
      });
      t.refusal(error, { code: 'ERR_FETCH_INSECURE', claim: error.claim, reason: error.reason });
      t.deepEqual(calls, [], 'fetched');
    },
  })),
  ...[
    'http://127.0.0.1:8080/jwks',
    'http://localhost:8080/jwks',
    'http://[::1]:8080/jwks',
    'https://issuer.example:8443/jwks?v=1',
  ].map((jwksUri) => ({
    name: `keys are fetched from ${jwksUri}`,
    async run(/** @type {Context} */ t) {
      const { set, tokens } = await keysOf('a');
      const { fetch, calls } = serve({ [jwksUri]: set });
      const verifier = await t.createVerifier({ ...EXPECTED, jwksUri, fetch });
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      t.deepEqual(calls, [jwksUri], 'fetched');
    },
  })),
];

export default [...loading, ...rotation, ...answers, ...limits];
