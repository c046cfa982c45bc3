// @ts-check
// Two tabs of a real browser: one local storage, real Web Locks, real navigation.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { open } from './page.mjs';
import { install, workspace } from '../install.mjs';
import { authorizationServer, CLIENT_ID, ISSUER, LIFETIME } from '../client/server.mjs';

const CSP = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${ISSUER}`;

const APP = `
import { createClient } from '/tollgate/client.js';
const client = await createClient({
  issuer: ${JSON.stringify(ISSUER)}, client_id: ${JSON.stringify(CLIENT_ID)}, redirect_uri: location.origin + '/', store: 'local',
});
const events = [];
for (const type of ['sessionchange', 'tokenrefresh', 'signedout', 'error']) client.addEventListener(type, () => events.push(type));
await client.start();
Object.assign(globalThis, { client, events });
`;

/** @typedef {import('playwright-core').Page} Tab */

describe('two tabs in Chromium', async () => {
  const { folder, remove } = await workspace('tabs');
  const root = join(folder, 'site');
  await mkdir(root);
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Tabs</title><script type="module" src="/app.js"></script>');
  await writeFile(join(root, 'app.js'), APP);

  const server = await authorizationServer();
  server.now = Math.floor(Date.now() / 1000);
  /** @param {import('playwright-core').Route} route */
  const answer = async (route) => {
    const asked = route.request();
    const { pathname } = new URL(asked.url());
    if (pathname === '/authorize') return route.fulfill({ status: 302, headers: { location: server.consent(asked.url()) } });
    if (pathname === '/logout') return route.fulfill({ contentType: 'text/html', body: '<title>Bye</title>' });
    const response = await server.fetch(asked.url(), { method: asked.method(), headers: asked.headers(), body: asked.postData() });
    const headers = { ...Object.fromEntries(response.headers), 'access-control-allow-origin': '*' };
    return route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
  };
  const dist = join(await install(), 'node_modules/tollgate/dist');
  const opened = await open(
    { '/': root, '/tollgate/': dist },
    { csp: CSP, prepare: (page) => page.context().route(`${ISSUER}/**`, answer) },
  );
  after(async () => {
    await opened.close();
    await remove();
  });

  /** @param {Tab} tab @param {string} expression @returns {Promise<any>} */
  const run = (tab, expression) => tab.evaluate(expression);
  /** Waits for `expression` to hold; the policy forbids what Playwright's own waiting does. @param {Tab} tab @param {string} expression */
  const until = async (tab, expression) => {
    for (let round = 0; round < 100; round++) {
      if (await run(tab, expression).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`never: ${expression}; ${opened.complaints.join('; ')}`);
  };
  /** @param {Tab} tab */
  const isReady = (tab) => until(tab, 'globalThis.client !== undefined');

  const here = opened.page;
  await isReady(here);
  const [there] = await Promise.all([here.waitForEvent('popup'), run(here, 'void open(location.href)')]);
  await isReady(there);

  test('one signs in by a real redirect, the other hears of it', async () => {
    assert.equal(await run(here, 'client.session'), null);
    server.tokenResponse = (tokens) => ({ ...tokens, expires_in: 20 });
    await Promise.all([here.waitForEvent('load'), run(here, `client.signIn({ returnTo: '/?tab=1' })`)]);
    await isReady(here);
    assert.equal(await run(here, 'client.session.claims.sub'), server.sub);
    assert.equal(await run(here, 'location.search'), '?tab=1');
    await until(there, 'client.session !== null');
    assert.deepEqual(await run(there, 'events'), ['sessionchange']);
  });

  test('both want another access token at once, and share one refresh', async () => {
    server.tokenResponse = (tokens) => tokens;
    const [first, second] = await Promise.all([run(here, 'client.accessToken()'), run(there, 'client.accessToken()')]);
    assert.equal(first, second);
    assert.equal(server.tokenCalls, 2);
    const times = await Promise.all([run(here, 'client.session.expires_at'), run(there, 'client.session.expires_at')]);
    assert.equal(times[0], times[1]);
    assert.ok(times[0] > server.now + LIFETIME - 5);
  });

  test('one signs out, and the session of the other ends', async () => {
    await Promise.all([here.waitForURL(`${ISSUER}/logout**`), run(here, 'client.signOut()')]);
    await until(there, 'client.session === null');
    assert.equal((await run(there, 'events')).at(-1), 'signedout');
    assert.equal(await run(there, 'localStorage.length'), 0);
    assert.deepEqual(opened.complaints, []);
  });
});
