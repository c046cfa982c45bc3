// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hang } from '../suite/server.mjs';
import { arrive, clientOf, failsWith, showsNoSecret, signedIn } from './login.mjs';
import { APP, openPage, REDIRECT_URI } from './page.mjs';
import { authorizationServer, json } from './server.mjs';

/** @param {string} url @param {Record<string, string>} changes an empty value deletes */
function changed(url, changes) {
  const { href, searchParams } = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value) searchParams.set(name, value);
    else searchParams.delete(name);
  }
  return `${href.split('?')[0]}?${searchParams}`;
}

describe('the same callback twice', () => {
  test('at once makes one token request and one session', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    await arrive(server, page, client);
    const [first, second, third] = await Promise.all([client.handleRedirect(), client.handleRedirect(), client.start()]);
    assert.ok(first === second && second === third);
    assert.equal(server.tokenCalls, 1);
  });

  test('one after the other gives the same session, also when the page has left the URL', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    const url = await arrive(server, page, client, { returnTo: '/inbox' });
    const session = await client.handleRedirect();
    assert.equal(page.url, `${APP}/inbox`);
    assert.equal(await client.handleRedirect(), session);
    assert.equal(await client.handleRedirect(url), session);
    assert.equal(await client.start(), session);
    assert.equal(server.tokenCalls, 1);
  });

  test('gives the same failure', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    server.instead['/token'] = () => json(500, {});
    const client = await clientOf(server);
    const url = await arrive(server, page, client);
    const error = await failsWith(server, 'ERR_FETCH_STATUS', () => client.handleRedirect());
    assert.equal(await client.handleRedirect(url).catch((/** @type {unknown} */ thrown) => thrown), error);
    assert.equal(server.tokenCalls, 1);
  });

  test('by two clients of one page makes one token request', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const [one, other] = [await clientOf(server, { store: 'session' }), await clientOf(server, { store: 'session' })];
    await arrive(server, page, one);
    const [first, second] = await Promise.all([one.start(), other.start()]);
    assert.deepEqual(first, second);
    assert.equal(server.tokenCalls, 1);
  });

  test('after a reload gives the session that it made, when the store has it', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const url = await arrive(server, page, await clientOf(server, { store: 'session' }), { returnTo: '/inbox' });
    const session = await (await clientOf(server, { store: 'session' })).start();
    page.url = url;
    const reloaded = await (await clientOf(server, { store: 'session' })).start();
    assert.deepEqual(reloaded.claims, session.claims);
    assert.equal(page.url, `${APP}/inbox`);
    assert.equal(server.tokenCalls, 1);
  });

  test('after a reload that lost the session says that it was used, and where to go on', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const url = await arrive(server, page, await clientOf(server), { returnTo: '/inbox' });
    await (await clientOf(server)).start();
    page.url = url;
    const client = await clientOf(server);
    const error = await failsWith(server, 'ERR_OAUTH_STATE_USED', () => client.start());
    assert.equal(error.returnTo, '/inbox');
    assert.equal(page.url, REDIRECT_URI);
    assert.equal(server.tokenCalls, 1);
  });

  test('after another login does not bring the first session back', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const url = await arrive(server, page, await clientOf(server, { store: 'session' }));
    await (await clientOf(server, { store: 'session' })).start();
    server.sub = 'user-2';
    const client = await signedIn(server, page, { store: 'session' });
    await failsWith(server, 'ERR_OAUTH_STATE_USED', () => client.handleRedirect(url));
    assert.equal(client.session.claims.sub, 'user-2');
  });
});

describe('a callback that is not of this login', () => {
  for (const [what, changes, code] of /** @type {const} */ ([
    ['with a foreign state', { state: 'foreign' }, 'ERR_OAUTH_STATE_UNKNOWN'],
    ['with an error and a foreign state', { state: 'foreign', code: '', error: 'access_denied' }, 'ERR_OAUTH_STATE_UNKNOWN'],
    ['without a state', { state: '' }, 'ERR_OAUTH_STATE_MISSING'],
  ])) {
    test(`${what} sends nothing, and keeps the live login and the session`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const client = await signedIn(server, page, { store: 'session' });
      const before = client.session;
      const live = await arrive(server, page, client);
      page.url = changed(live, changes);
      const calls = server.calls.length;
      await failsWith(server, code, () => client.handleRedirect());
      assert.equal(server.calls.length, calls);
      assert.equal(client.session, before);
      assert.equal(page.url, REDIRECT_URI);

      page.url = live;
      server.now += 1;
      assert.notEqual(await client.start(), before);
      assert.equal(server.tokenCalls, 2);
    });
  }

  test('at another browser is refused', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const url = await arrive(server, page, await clientOf(server));
    const other = openPage(url);
    const client = await clientOf(server);
    await failsWith(server, 'ERR_OAUTH_STATE_UNKNOWN', () => client.start());
    assert.equal(other.url, REDIRECT_URI);
    assert.equal(server.tokenCalls, 0);
  });

  for (const elsewhere of [`${APP}/elsewhere`, 'https://other.example/callback']) {
    test(`at ${elsewhere} is left to the app`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const client = await clientOf(server);
      const url = (await arrive(server, page, client)).replace(REDIRECT_URI, elsewhere);
      page.url = url;
      assert.equal(await client.start(), null);
      assert.equal(page.url, url);
    });
  }

  test('but of another client of this page is left to that one', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const other = await clientOf(server, { issuer: 'https://other.example' });
    const client = await clientOf(server);
    const url = await arrive(server, page, client);
    assert.equal(await other.start(), null);
    assert.equal(page.url, url);
    assert.equal((await client.start()).claims.sub, server.sub);
  });

  for (const [what, changes, code, claim] of /** @type {const} */ ([
    ['of another issuer', { iss: 'https://evil.example' }, 'ERR_OAUTH_ISSUER_MISMATCH'],
    ['without the issuer that the server announces', { iss: '' }, 'ERR_OAUTH_ISSUER_MISMATCH'],
    ['without code and error', { code: '' }, 'ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID', 'code'],
    ['with an access token', { access_token: 'stolen' }, 'ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID', 'access_token'],
  ])) {
    test(`${what} is refused before the code is sent`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const client = await clientOf(server);
      page.url = changed(await arrive(server, page, client), changes);
      const error = await failsWith(server, code, () => client.handleRedirect());
      if (claim) assert.equal(error.claim, claim);
      assert.equal(server.tokenCalls, 0);
    });
  }

  for (const name of ['code', 'state', 'iss']) {
    test(`with ${name} twice is refused before the code is sent`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const client = await clientOf(server);
      page.url = `${await arrive(server, page, client)}&${name}=x`;
      const error = await failsWith(server, 'ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID', () => client.handleRedirect());
      assert.equal(error.claim, name);
      assert.equal(server.tokenCalls, 0);
    });
  }

  test('too late is refused', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    await arrive(server, page, client, { returnTo: '/inbox' });
    server.now += 3601;
    const error = await failsWith(server, 'ERR_OAUTH_STATE_EXPIRED', () => client.start());
    assert.equal(error.returnTo, '/inbox');
    assert.equal(server.tokenCalls, 0);
  });
});

describe('a callback with an error of the server', () => {
  test('says which, keeps the session that was there, and leaves the URL', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    const before = client.session;
    await client.signIn({ returnTo: '/inbox' });
    const { searchParams } = new URL(/** @type {string} */ (page.left.at(-1)));
    page.url = server.redirect(searchParams, { error: 'access_denied', error_description: 'the user said no' });
    const error = await failsWith(server, 'ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR', () => client.start());
    assert.deepEqual([error.error, error.error_description, error.returnTo], ['access_denied', 'the user said no', '/inbox']);
    assert.equal(client.session, before);
    assert.ok(await client.accessToken());
    assert.equal(page.url, REDIRECT_URI);
  });
});

describe('a token endpoint that fails', () => {
  /** @type {[string, string, (request: Request) => Response | Promise<Response>][]} */
  const FAILURES = [
    ['with status 500', 'ERR_FETCH_STATUS', () => new Response('oops', { status: 500 })],
    ['with status 503 and JSON', 'ERR_FETCH_STATUS', () => json(503, {})],
    ['by hanging', 'ERR_FETCH_TIMEOUT', hang],
    ['by a body that hangs', 'ERR_FETCH_TIMEOUT', () => new Response(new ReadableStream({ pull: hang }))],
    ['in the network', 'ERR_FETCH_FAILED', () => Promise.reject(new TypeError('fetch failed'))],
    ['with HTML', 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['with an array', 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', () => json(200, [])],
    ['with a member twice', 'ERR_OAUTH_TOKEN_RESPONSE_INVALID',
      () => new Response('{"access_token":"a","access_token":"b","token_type":"Bearer"}', { headers: { 'content-type': 'application/json' } })],
    ['with another token type', 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', () => json(200, { access_token: 'a', token_type: 'mac' })],
    ['with invalid_grant', 'ERR_OAUTH_INVALID_GRANT', () => json(400, { error: 'invalid_grant' })],
    ['with invalid_client', 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', () => json(401, { error: 'invalid_client' })],
    ['with too much', 'ERR_FETCH_TOO_LARGE', () => new Response('x'.repeat(2 << 20))],
  ];
  for (const [how, code, answer] of FAILURES) {
    test(`${how}: a typed error, and the session that was there is still there`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const before = await signedIn(server, page, { store: 'local', timeout: 200 });
      await arrive(server, page, before);
      server.instead['/token'] = answer;
      const client = await clientOf(server, { store: 'local', timeout: 200 });
      await failsWith(server, code, () => client.start());
      assert.deepEqual(client.session, before.session);
      assert.equal(await client.accessToken(), await before.accessToken());
      assert.equal(page.url, REDIRECT_URI);
      showsNoSecret(server, page.sessionStorage.text);

      delete server.instead['/token'];
      await arrive(server, page, client);
      assert.equal((await client.start()).claims.sub, server.sub);
    });
  }
});

describe('the URL after a callback', () => {
  test('has nothing of the response, and keeps every other parameter and the fragment', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    await arrive(server, page, client);
    page.url += '&session_state=abc&tab=2&q=a%20b#part';
    await client.start();
    assert.equal(page.url, `${REDIRECT_URI}?tab=2&q=a+b#part`);
    assert.deepEqual(history.state, { router: 'state' });
  });

  test('stays when the callback was passed in and is not where the page is', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    const url = await arrive(server, page, client, { returnTo: '/inbox' });
    page.url = `${APP}/native?code=of-the-app`;
    assert.equal((await client.handleRedirect(url)).returnTo, '/inbox');
    assert.equal(page.url, `${APP}/native?code=of-the-app`);
  });

  test('is needed: without one, and without a page, it is a TypeError', async () => {
    const client = await clientOf(await authorizationServer());
    await assert.rejects(client.handleRedirect(), TypeError);
    await assert.rejects(client.handleRedirect('not a URL'), TypeError);
  });

});
