// @ts-check
// Fetched keys in workerd: a refresh beside a request, and the platform's own caches, with what is behind them played by a
// server that speaks their protocols.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import { newSigner } from '../suite/tokens.mjs';
import { serveWorker } from './serve.mjs';

/** @param {import('node:http').RequestListener} listener @returns {Promise<number>} its port */
async function listen(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const key = await newSigner('ES256');
const token = await key.token({ exp: Math.floor(Date.now() / 1000) + 86_400 }, { kid: 'a' });

/** How often keys were asked for, by path; and for how long the answer takes. @type {Map<string, number>} */
const asked = new Map();
let delay = 0;
const issuer = await listen((request, response) => {
  const path = request.url ?? '';
  asked.set(path, (asked.get(path) ?? 0) + 1);
  const answer = () => response.end(JSON.stringify({ keys: [{ ...key.jwk, kid: 'a' }] }));
  if (delay) setTimeout(answer, delay);
  else answer();
});

/** What is in the namespace. @type {Map<string, { value: string, ttl: string | null }>} */
const namespace = new Map();
const kv = await listen(async (request, response) => {
  const url = new URL(request.url ?? '', 'http://kv');
  const name = decodeURIComponent(url.pathname.slice(1));
  if (request.method === 'PUT') {
    namespace.set(name, { value: `${await bodyOf(request)}`, ttl: url.searchParams.get('expiration_ttl') });
    response.end();
  } else {
    const entry = namespace.get(name);
    response.writeHead(entry ? 200 : 404).end(entry?.value);
  }
});

/** What is in the cache: whole HTTP responses. @type {Map<string, Buffer>} */
const cached = new Map();
const cache = await listen(async (request, response) => {
  const name = `${request.headers.host}${request.url}`;
  if (request.method === 'PUT') {
    cached.set(name, await bodyOf(request));
    response.writeHead(204).end();
  } else {
    const entry = cached.get(name);
    if (!entry) return response.writeHead(504, { 'cf-cache-status': 'MISS' }).end();
    const [, body] = `${entry}`.split('\r\n\r\n');
    response.writeHead(200, { 'cf-cache-status': 'HIT', 'content-type': 'application/json' }).end(body);
  }
});

const WORKER = `
import { waitUntil } from 'cloudflare:workers';
import { cacheApiJwksStore, createVerifier, kvJwksStore } from 'tollgate/verify';
const verifiers = new Map();
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    // An instance of its own; a worker would have one in a variable of its module.
    const name = pathname + searchParams.get('instance');
    if (!verifiers.has(name)) {
      const instance = { later: 0 };
      const stores = { '/kv': () => kvJwksStore(env.KV), '/cache': () => cacheApiJwksStore() };
      instance.verifier = await createVerifier({
        audience: null,
        jwksUri: 'http://127.0.0.1:${issuer}' + pathname,
        now: () => Date.now() / 1000 + instance.later,
        jwksCache: stores[pathname]?.(),
        waitUntil,
      });
      verifiers.set(name, instance);
    }
    const instance = verifiers.get(name);
    instance.later = Number(searchParams.get('later') ?? 0);
    try {
      return Response.json(await instance.verifier.verify(searchParams.get('token')));
    } catch (error) {
      return Response.json({ code: error.code ?? String(error) }, { status: 401 });
    }
  },
};
`;

const { origin, close } = await serveWorker({ 'worker.mjs': WORKER }, [], {
  worker: `bindings = [(name = "KV", kvNamespace = "kv")], cacheApiOutbound = "cache",`,
  services: [
    `(name = "kv", external = (address = "127.0.0.1:${kv}", http = ()))`,
    `(name = "cache", external = (address = "127.0.0.1:${cache}", http = ()))`,
  ],
});
after(close);

/** @param {string} path @param {Record<string, string | number>} parameters */
async function verified(path, parameters = {}) {
  const query = new URLSearchParams({ token, ...parameters });
  const response = await fetch(`${origin}${path}?${query}`);
  assert.equal(response.status, 200, await response.clone().text());
}

/** Waits until `holds`. @param {() => boolean} holds */
async function until(holds) {
  for (let round = 0; round < 200 && !holds(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds(), 'it never came about');
}

describe('fetched keys in workerd', () => {
  test('are refreshed beside a request, and after it has ended, with waitUntil', { timeout: 20_000 }, async () => {
    await verified('/beside');
    delay = 300;
    const started = Date.now();
    await verified('/beside', { later: 400 });
    assert.ok(Date.now() - started < 250, 'the request waited for the refresh');
    await until(() => asked.get('/beside') === 2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    delay = 0;
    // Fresh again, or this would cause another refresh.
    await verified('/beside', { later: 600 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(asked.get('/beside'), 2);
  });

  test('are shared through a KV namespace', { timeout: 20_000 }, async () => {
    await verified('/kv', { instance: 1 });
    await until(() => namespace.size === 1);
    await verified('/kv', { instance: 2 });
    assert.equal(asked.get('/kv'), 1);
    const [[name, { value, ttl }]] = namespace;
    assert.equal(name, `tollgate:jwks:uri:http://127.0.0.1:${issuer}/kv`);
    assert.equal(ttl, '4200');
    assert.equal(JSON.parse(value).jwks.keys[0].kid, 'a');
  });

  test('are shared through the default cache', { timeout: 20_000 }, async () => {
    await verified('/cache', { instance: 1 });
    await until(() => cached.size === 1);
    await verified('/cache', { instance: 2 });
    assert.equal(asked.get('/cache'), 1);
    const [[name, response]] = cached;
    assert.equal(
      name,
      `tollgate.invalid/${encodeURIComponent(`tollgate:jwks:uri:http://127.0.0.1:${issuer}/cache`)}`,
    );
    assert.match(`${response}`, /\r\ncache-control: max-age=4200\r\n/i);
  });
});
