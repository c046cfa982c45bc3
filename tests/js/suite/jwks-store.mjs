// @ts-check
// Fetched keys in a cache that several instances share, which may hold anything.

import { NO_KEY, URI, keysOf, remote, settle, withHeaders } from './remote.mjs';
import { hang, serve } from './server.mjs';
import { EXPECTED, ISSUER, NOW } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const NAME = `tollgate:jwks:uri:${URI}`;

/** A store in memory, which holds text as a real one does. */
function memory() {
  /** @type {Map<string, string>} */
  const entries = new Map();
  /** @type {Array<[string, string, number?]>} */
  const log = [];
  return {
    entries,
    log,
    get: async (/** @type {string} */ key) => {
      log.push(['get', key]);
      const text = entries.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    set: async (/** @type {string} */ key, /** @type {unknown} */ value, /** @type {{ maxAge: number }} */ { maxAge }) => {
      log.push(['set', key, maxAge]);
      entries.set(key, JSON.stringify(value));
    },
  };
}

/** What a store may hold for `set`. @param {object} set @param {object} [changes] */
const stored = (set, changes) => ({ jwks: set, fetchedAt: NOW, freshFor: 300, jwksUri: URI, ...changes });

/** @type {Case[]} */
const sharing = [
  {
    name: 'what one instance fetches, others need not',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const jwksCache = memory();
      const first = await remote(t, withHeaders(set, { etag: '"v1"', 'cache-control': 'max-age=200' }), { jwksCache });
      await first.verifier.verify(tokens[0]);
      t.deepEqual(
        jwksCache.log,
        [
          ['get', NAME],
          ['set', NAME, 4200],
        ],
        'calls',
      );
      const { jwks, ...others } = await jwksCache.get(NAME);
      t.deepEqual(others, { fetchedAt: NOW, freshFor: 200, jwksUri: URI, etag: '"v1"' }, 'what is stored');
      t.deepEqual(
        jwks.keys.map((/** @type {any} */ { kid }) => kid),
        ['a'],
        'kids',
      );
      const second = await remote(t, hang, { jwksCache });
      second.clock.now += 199;
      t.equal((await second.verifier.verify(tokens[0])).key.kid, 'a', 'kid');
      await settle();
      t.deepEqual(second.calls, [], 'fetched');
      second.clock.now += 1;
      t.ok(await second.verifier.verify(tokens[0]), 'stale keys verify');
      await settle();
      t.deepEqual(second.calls, [URI], 'and are refreshed');
      t.equal(second.requests[0].headers.get('if-none-match'), '"v1"', 'with their entity tag');
    },
  },
  {
    name: 'before a fetch that is due the cache is asked whether another instance was faster',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const jwksCache = memory();
      const slow = await remote(t, { keys: [set.keys[0]] }, { jwksCache });
      await slow.verifier.verify(tokens[0]);
      slow.clock.now = NOW + 700;
      await jwksCache.set(NAME, stored({ keys: [set.keys[1]] }, { fetchedAt: NOW + 690 }), { maxAge: 4200 });
      t.equal((await slow.verifier.verify(tokens[1])).key.kid, 'b', 'kid');
      t.equal(slow.calls.length, 1, 'fetches');
      await t.fails(() => slow.verifier.verify(tokens[0]), NO_KEY);
      t.equal(slow.calls.length, 1, 'the fetch of the other one counts for the cooldown');
    },
  },
  {
    name: 'an unknown kid is looked for at the source when the cache does not have it either',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const jwksCache = memory();
      await jwksCache.set(NAME, stored({ keys: [set.keys[0]] }), { maxAge: 4200 });
      const { verifier, clock, calls } = await remote(t, set, { jwksCache });
      clock.now += 60;
      t.equal((await verifier.verify(tokens[1])).key.kid, 'b', 'kid');
      t.equal(calls.length, 1, 'fetches');
      t.equal((await jwksCache.get(NAME)).fetchedAt, NOW + 60, 'fetchedAt');
    },
  },
  {
    name: 'unknown kids do not storm the cache',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const jwksCache = memory();
      const { verifier } = await remote(t, { keys: [set.keys[0]] }, { jwksCache });
      for (let round = 0; round < 100; round++) await t.failure(() => verifier.verify(tokens[1]));
      t.equal(jwksCache.log.length, 2, 'calls');
    },
  },
  {
    name: 'keys of the cache stand in for a server that fails, and for one that answers they do not',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      for (const [status, stands] of /** @type {Array<[number, boolean]>} */ ([
        [503, true],
        [404, false],
      ])) {
        const jwksCache = memory();
        await jwksCache.set(NAME, stored(set), { maxAge: 4200 });
        const { verifier, clock, calls } = await remote(t, () => new Response('', { status }), { jwksCache });
        clock.now += 1000;
        if (stands) t.ok(await verifier.verify(tokens[0]), 'verifies');
        else await t.fails(() => verifier.verify(tokens[0]), { code: 'ERR_FETCH_STATUS', status });
        t.equal(calls.length, 1, 'the server was asked first');
      }
    },
  },
  {
    name: 'load() takes fresh keys of the cache, and asks the server when it has none that are newer',
    async run(t) {
      const { set } = await keysOf('a');
      const jwksCache = memory();
      await jwksCache.set(NAME, stored(set), { maxAge: 4200 });
      const { verifier, clock, calls } = await remote(t, set, { jwksCache });
      clock.now += 10;
      await verifier.load();
      t.equal(calls.length, 0, 'fetches');
      await verifier.load();
      t.equal(calls.length, 1, 'fetches');
    },
  },
  {
    name: 'the keys of issuers and of URLs have names of their own, also where they are spelled alike',
    async run(t) {
      const { set } = await keysOf('a');
      const jwksCache = memory();
      const { fetch } = serve({
        [`${ISSUER}/`]: set,
        [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: URI },
        [URI]: set,
      });
      for (const source of [{ jwksUri: ISSUER }, { issuer: ISSUER }]) {
        const verifier = await t.createVerifier({ audience: null, fetch, now: () => NOW, jwksCache, ...source });
        await verifier.load();
      }
      t.deepEqual(
        [...jwksCache.entries.keys()],
        [`tollgate:jwks:uri:${ISSUER}`, `tollgate:jwks:issuer:${ISSUER}`],
        'names',
      );
      t.equal((await jwksCache.get(`tollgate:jwks:issuer:${ISSUER}`)).issuer, ISSUER, 'issuer');
    },
  },
  {
    name: 'a write to the cache is left to waitUntil, and awaited where there is none',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      for (const isGiven of [true, false]) {
        let done = () => {};
        let isDone = false;
        const jwksCache = {
          get: async () => null,
          set: () => new Promise((resolve) => (done = () => resolve((isDone = true)))),
        };
        /** @type {Promise<unknown>[]} */
        const waited = [];
        const waitUntil = isGiven ? (/** @type {Promise<unknown>} */ promise) => waited.push(promise) : undefined;
        const { verifier } = await remote(t, set, { jwksCache, waitUntil });
        const verified = verifier.verify(tokens[0]).then(() => isDone);
        await settle();
        if (isGiven) t.equal(await verified, false, 'verify waited for the write');
        done();
        t.equal(await verified, !isGiven, 'the write ended before verify');
        await Promise.all(waited);
        t.equal(waited.length, isGiven ? 1 : 0, 'promises given to waitUntil');
      }
    },
  },
];

/** Stores that are of no use. @type {Array<[string, (set: any) => unknown]>} */
const USELESS = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a number', () => 1],
  ['a text', () => '<html>'],
  ['an array', () => []],
  ['an empty object', () => ({})],
  ['a set without its times', (set) => set],
  ['keys from the future', (set) => stored(set, { fetchedAt: NOW + 1 })],
  ['keys that are too old', (set) => stored(set, { fetchedAt: NOW - 4200 })],
  ['a time that is no number', (set) => stored(set, { fetchedAt: `${NOW}` })],
  ['a time in milliseconds', (set) => stored(set, { fetchedAt: NOW * 1000 })],
  ['keys of another URL', (set) => stored(set, { jwksUri: 'https://evil.example/jwks' })],
  ['keys of an issuer', (set) => stored(set, { issuer: ISSUER })],
  ['no keys', () => stored(/** @type {any} */ (undefined))],
  ['keys that are no set', () => stored([])],
  ['a set of numbers', () => stored({ keys: [1] })],
  ['ten thousand keys', () => stored({ keys: Array(10_000).fill({}) })],
  ['more than 1 MB', (set) => stored(set, { filler: 'x'.repeat(2_000_000) })],
  ['what JSON cannot say', (set) => stored(set, { filler: 1n })],
];

/** @type {Case[]} */
const useless = [
  ...USELESS.map(([what, value]) => ({
    name: `a cache that holds ${what} is as if it were empty`,
    async run(/** @type {Context} */ t) {
      const { set, tokens } = await keysOf('a');
      const forged = await keysOf('a');
      const jwksCache = { get: async () => value(forged.set), set: async () => {} };
      const { verifier, calls } = await remote(t, set, { jwksCache });
      t.ok(await verifier.verify(tokens[0]), 'verifies with the key of the server');
      t.equal(calls.length, 1, 'fetches');
      await t.fails(() => verifier.verify(forged.tokens[0]), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    },
  })),
  ...[
    /** @type {[string, () => any]} */ (['throws', () => { throw new Error('down'); }]),
    /** @type {[string, () => any]} */ (['rejects', () => Promise.reject(new Error('down'))]),
    /** @type {[string, () => any]} */ (['never answers', hang]),
    /** @type {[string, () => any]} */ (['answers at once', () => undefined]),
  ].map(([what, act]) => ({
    name: `a cache that ${what} is as if it were empty`,
    async run(/** @type {Context} */ t) {
      const { set, tokens } = await keysOf('a');
      const { verifier } = await remote(t, set, { jwksCache: { get: act, set: act }, timeout: 30 });
      t.ok(await verifier.verify(tokens[0]), 'verifies');
      t.ok(verifier.verifySync(tokens[0]), 'again');
    },
  })),
  {
    name: 'keys of another issuer in the cache verify nothing, though the kid is the same',
    async run(t) {
      const [own, others] = [await keysOf('k'), await keysOf('k')];
      const { fetch } = serve({
        [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: URI },
        [URI]: own.set,
      });
      for (const changes of [{}, { issuer: 'https://evil.example' }, { issuer: `${ISSUER}/` }]) {
        const jwksCache = { get: async () => stored(others.set, changes), set: async () => {} };
        const verifier = await t.createVerifier({ ...EXPECTED, fetch, jwksCache });
        await t.fails(() => verifier.verify(others.tokens[0]), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
        t.ok(await verifier.verify(own.tokens[0]), 'the own key');
      }
    },
  },
  {
    name: 'symmetric, private and encryption keys in the cache are never used, nor do they become others on the way',
    async run(t) {
      const { set, tokens } = await keysOf('a', 'b');
      const [a, b] = set.keys;
      const secrets = { keys: [{ ...a, d: a.x }, { ...b, use: 'enc' }, { kty: 'oct', kid: 'c', k: 'A'.repeat(43) }] };
      const reading = await remote(t, secrets, { jwksCache: { get: async () => stored(secrets), set: async () => {} } });
      for (const token of tokens) await t.fails(() => reading.verifier.verify(token), NO_KEY);
      const jwksCache = memory();
      const writing = await remote(t, secrets, { jwksCache });
      await writing.verifier.load();
      t.deepEqual((await jwksCache.get(NAME)).jwks, { keys: [] }, 'what is stored');
    },
  },
];

/** A cache as the Cache API has it. */
function cacheApi() {
  /** @type {Map<string, Response>} */
  const entries = new Map();
  return {
    entries,
    match: async (/** @type {string} */ url) => entries.get(new Request(url).url)?.clone(),
    put: async (/** @type {string} */ url, /** @type {Response} */ response) => {
      entries.set(new Request(url).url, response);
    },
  };
}

/** A namespace as Workers KV documents it. */
function kv() {
  /** @type {Map<string, { value: string, expirationTtl: number }>} */
  const entries = new Map();
  return {
    entries,
    get: async (/** @type {string} */ key) => entries.get(key)?.value ?? null,
    put: async (/** @type {string} */ key, /** @type {string} */ value, /** @type {{ expirationTtl: number }} */ { expirationTtl }) => {
      if (new TextEncoder().encode(key).length > 512) throw new Error('414 UTF-8 encoded length exceeds key length limit of 512');
      if (expirationTtl < 60) throw new Error('400 Invalid expiration_ttl');
      entries.set(key, { value, expirationTtl });
    },
  };
}

/** @type {Case[]} */
const adapters = [
  {
    name: 'cacheApiJwksStore keeps keys in a Cache, under a URL of each name, for as long as they are of use',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const cache = cacheApi();
      const options = { jwksCache: t.cacheApiJwksStore(cache) };
      await (await remote(t, set, options)).verifier.verify(tokens[0]);
      const second = await remote(t, hang, options);
      t.ok(await second.verifier.verify(tokens[0]), 'verifies');
      t.equal(second.calls.length, 0, 'fetches');
      const [[url, response]] = cache.entries;
      t.equal(url, `https://tollgate.invalid/${encodeURIComponent(NAME)}`, 'URL');
      t.equal(response.headers.get('cache-control'), 'max-age=4200', 'Cache-Control');
    },
  },
  {
    name: 'cacheApiJwksStore takes the default cache of the platform when it is used, or opens one',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const own = Object.getOwnPropertyDescriptor(globalThis, 'caches');
      try {
        for (const isWorker of [true, false]) {
          const cache = cacheApi();
          /** @type {string[]} */
          const opened = [];
          const open = async (/** @type {string} */ name) => (opened.push(name), cache);
          const jwksCache = t.cacheApiJwksStore();
          const caches = isWorker ? { default: cache, open } : { open };
          Object.defineProperty(globalThis, 'caches', { value: caches, configurable: true, writable: true });
          await (await remote(t, set, { jwksCache })).verifier.verify(tokens[0]);
          t.equal(cache.entries.size, 1, 'entries');
          t.equal(opened[0], isWorker ? undefined : 'tollgate', 'opened');
        }
      } finally {
        if (own) Object.defineProperty(globalThis, 'caches', own);
        else Reflect.deleteProperty(globalThis, 'caches');
      }
    },
  },
  {
    name: 'kvJwksStore keeps keys in a namespace, for at least the 60 seconds that it demands',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      for (const [limits, ttl] of /** @type {Array<[object, number]>} */ ([
        [{}, 4200],
        [{ jwksMaxAge: 30, jwksStaleIfError: 0 }, 60],
      ])) {
        const namespace = kv();
        const options = { ...limits, jwksCache: t.kvJwksStore(namespace) };
        await (await remote(t, set, options)).verifier.verify(tokens[0]);
        const second = await remote(t, hang, options);
        t.ok(await second.verifier.verify(tokens[0]), 'verifies');
        t.equal(second.calls.length, 0, 'fetches');
        t.equal(namespace.entries.get(NAME)?.expirationTtl, ttl, 'expirationTtl');
      }
    },
  },
  {
    name: 'a name that is too long for the namespace, and text that is no JSON in it, are as if it were empty',
    async run(t) {
      const { set, tokens } = await keysOf('a');
      const uri = `${URI}?${'x'.repeat(600)}`;
      const { fetch, calls } = serve({ [uri]: set, [URI]: set });
      const namespace = kv();
      namespace.entries.set(NAME, { value: '<html>', expirationTtl: 60 });
      for (const jwksUri of [uri, URI]) {
        const verifier = await t.createVerifier({ ...EXPECTED, jwksUri, fetch, jwksCache: t.kvJwksStore(namespace) });
        t.ok(await verifier.verify(tokens[0]), 'verifies');
      }
      t.equal(calls.length, 2, 'fetches');
    },
  },
];

export default [...sharing, ...useless, ...adapters];
