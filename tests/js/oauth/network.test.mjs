// @ts-check
// The platform's own `fetch` before a real server on loopback: what ends, ends on the wire too.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, suite, test } from 'node:test';
import { listen } from '../../../www/server/http.mjs';
import { oauth } from './tollgate.mjs';

const CLIENT = { client_id: 'client' };
const MEGABYTE = 1 << 20;
/** A connection that stays open fails its test. */
const LIMIT = { timeout: 5000 };

/** What the token endpoint does. @type {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} */
let answer;
/** The URLs that were asked for. @type {string[]} */
const asked = [];
/** @type {Awaited<ReturnType<typeof listen>>} */
let listener;
/** @type {any} */
let server;

before(async () => {
  listener = await listen(0);
  const { origin } = listener;
  listener.server.on('request', (request, response) => {
    asked.push(String(request.url));
    if (request.url === '/token') return answer(request, response);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration')
      return response.end(JSON.stringify({ issuer: origin, token_endpoint: `${origin}/token` }));
    return response.end(JSON.stringify({ access_token: 'elsewhere', token_type: 'Bearer' }));
  });
  server = await oauth.discover(origin);
});
after(() => listener.close());

/** @param {object} [options] */
const credentials = (options) => oauth.clientCredentialsGrant(server, CLIENT, {}, options);

/** Asks, and waits until the connection of the request has ended at the server, too. @param {() => Promise<unknown>} action @param {object} expected */
async function endsEverywhere(action, expected) {
  const answered = answer;
  const closed = new Promise((resolve) => {
    answer = (request, response) => {
      request.socket.once('close', resolve);
      answered(request, response);
    };
  });
  await assert.rejects(action(), expected);
  await closed;
}

suite('tollgate/oauth on the wire', () => {
  test('an honest answer', async () => {
    answer = (_, response) => void response.end(JSON.stringify({ access_token: 'a', token_type: 'bearer' }));
    assert.equal((await credentials()).access_token, 'a');
  });

  test('no answer: the time-out ends the connection', LIMIT, async () => {
    answer = () => {};
    await endsEverywhere(() => credentials({ timeout: 100 }), { code: 'ERR_FETCH_TIMEOUT' });
  });

  test('half an answer: the time-out ends the connection', LIMIT, async () => {
    answer = (_, response) => void response.write('{"access_token":');
    await endsEverywhere(() => credentials({ timeout: 100 }), { code: 'ERR_FETCH_TIMEOUT' });
  });

  test('a signal ends the connection', LIMIT, async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    answer = () => controller.abort(reason);
    await endsEverywhere(() => credentials({ signal: controller.signal, timeout: 60_000 }), reason);
  });

  test('50 MB: the connection is ended after little more than is read', LIMIT, async () => {
    let sent = 0;
    answer = async (_, response) => {
      const chunk = Buffer.alloc(65_536, ' ');
      while (sent < 50 * MEGABYTE && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
      response.end();
    };
    await endsEverywhere(() => credentials(), { code: 'ERR_FETCH_TOO_LARGE' });
    assert.ok(sent < 20 * MEGABYTE, `${sent} bytes were sent`);
  });

  test('a connection that breaks, before and in the middle of the answer', async () => {
    answer = ({ socket }) => void socket.destroy();
    await assert.rejects(credentials(), { code: 'ERR_FETCH_FAILED' });
    answer = ({ socket }, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"access_token":"a"', () => socket.destroy());
    };
    await assert.rejects(credentials(), { code: 'ERR_FETCH_FAILED' });
  });

  for (const status of [301, 302, 303, 307, 308]) {
    test(`a redirect by ${status} is not followed`, async () => {
      answer = (_, response) => void response.writeHead(status, { location: '/elsewhere' }).end();
      await assert.rejects(credentials(), { code: 'ERR_FETCH_STATUS', status });
      assert.ok(!asked.includes('/elsewhere'));
    });
  }

  test('nobody listens', async () => {
    const token_endpoint = 'http://127.0.0.1:9/token';
    const refused = oauth.clientCredentialsGrant({ issuer: listener.origin, token_endpoint }, CLIENT);
    await assert.rejects(refused, (/** @type {any} */ error) => error.code === 'ERR_FETCH_FAILED' && error.cause instanceof Error);
  });
});
