// @ts-check
// One verifier for many requests: workerd ends the fetch of a request with that request, and no other may wait for it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, beforeEach, describe, test } from 'node:test';
import { newSigner } from '../suite/tokens.mjs';
import { serveWorker } from './serve.mjs';

const key = await newSigner('ES256');
const jwks = JSON.stringify({ keys: [{ ...key.jwk, kid: 'a' }] });

/** The issuer answers when it is told to. @type {(() => void)[]} */
let held = [];
const issuer = createServer((_, response) => {
  held.push(() => response.writeHead(200, { 'content-type': 'application/json' }).end(jwks));
  issuer.emit('asked');
});
await new Promise((resolve) => issuer.listen(0, '127.0.0.1', () => resolve(undefined)));
after(() => {
  issuer.closeAllConnections();
  issuer.close();
});
const { port } = /** @type {import('node:net').AddressInfo} */ (issuer.address());

const WORKER = `
import { createVerifier } from 'tollgate/verify';
const verifiers = new Map();
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    // One for each test; a worker would have it in a variable of its module.
    const options = { audience: null, jwksUri: 'http://127.0.0.1:${port}/jwks', timeout: 1000 };
    if (!verifiers.has(pathname)) verifiers.set(pathname, await createVerifier(options));
    if (searchParams.has('leave')) {
      verifiers.get(pathname).load().catch(() => {});
      return new Response(null, { status: 204 });
    }
    try {
      return Response.json(await verifiers.get(pathname).verify(searchParams.get('token')));
    } catch (error) {
      return Response.json({ code: error.code ?? String(error) }, { status: 401 });
    }
  },
};
`;

const token = await key.token({ exp: Math.floor(Date.now() / 1000) + 600 }, { kid: 'a' });
const release = () => held.splice(0).forEach((answer) => answer());

/** What workerd does with a promise of a request that has ended, and the flags for that. @type {[string, string[]][]} */
const WAYS = [
  ['says that it can never settle', []],
  ['lets it hang', ['no_handle_cross_request_promise_resolution']],
];
const workers = await Promise.all(WAYS.map(([, flags]) => serveWorker({ 'worker.mjs': WORKER }, flags)));
after(() => Promise.all(workers.map(({ close }) => close())));

for (const [index, [way]] of WAYS.entries()) {
  const url = (/** @type {string} */ name) => `${workers[index].origin}/${name}?token=${token}`;

  describe(`requests that share a verifier, where workerd ${way}`, () => {
    beforeEach(() => {
      held = [];
    });

    test('at the same time are both answered', { timeout: 20_000 }, async () => {
      issuer.on('asked', release);
      const responses = await Promise.all([fetch(url('same')), fetch(url('same')), fetch(url('same'))]);
      issuer.off('asked', release);
      for (const response of responses) assert.equal(response.status, 200, await response.text());
    });

    test('do not wait for a fetch of one that has ended without it', { timeout: 20_000 }, async () => {
      assert.equal((await fetch(`${url('ended')}&leave`)).status, 204);
      // The fetch that it left is never answered.
      held = [];
      issuer.on('asked', release);
      const response = await fetch(url('ended'), { signal: AbortSignal.timeout(15_000) });
      issuer.off('asked', release);
      assert.equal(response.status, 200, await response.text());
    });

    test('are answered one after the other, with one fetch', { timeout: 20_000 }, async () => {
      let asked = 0;
      const count = () => {
        asked += 1;
        release();
      };
      issuer.on('asked', count);
      for (let round = 0; round < 5; round++) assert.equal((await fetch(url('one'))).status, 200);
      issuer.off('asked', count);
      assert.equal(asked, 1);
    });
  });
}
