// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { arrive, clientOf, failsWith, listen, signedIn, typesOf } from './login.mjs';
import { APP, openPage } from './page.mjs';
import { authorizationServer, CLIENT_ID, ISSUER, json, LIFETIME } from './server.mjs';

const API = 'https://api.example';

describe('userInfo', () => {
  test('gives the claims of the UserInfo endpoint', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    assert.deepEqual(await client.userInfo(), { sub: server.sub, name: 'User One' });
    assert.equal(server.tokenCalls, 1);
  });

  test('refuses claims about somebody else', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    server.instead['/userinfo'] = () => json(200, { sub: 'user-2' });
    const error = await failsWith(server, 'ERR_OIDC_USER_INFO_INVALID', () => client.userInfo());
    assert.equal(error.claim, 'sub');
  });

  test('says that the access token was refused', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    server.instead['/userinfo'] = () => json(401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
    await failsWith(server, 'ERR_OAUTH_ACCESS_TOKEN_REJECTED', () => client.userInfo());
    assert.notEqual(client.session, null);
  });

  test('needs a session', async () => {
    const server = await authorizationServer();
    const client = await clientOf(server);
    await failsWith(server, 'ERR_OAUTH_SESSION_MISSING', () => client.userInfo());
  });

  test('has an access token of its own when the other one is for a resource', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page, { resource: API, store: 'session' });
    const token = await client.accessToken();
    const events = listen(client);
    const both = await Promise.all([client.userInfo(), client.userInfo()]);
    assert.deepEqual(both.map(({ sub }) => sub), [server.sub, server.sub]);
    await client.userInfo();
    assert.deepEqual(server.tokenRequests.map((parameters) => parameters.get('resource')), [API, null]);
    // The session goes on with the token for the resource, the rotated refresh token and the newer ID token.
    assert.equal(await client.accessToken(), token);
    assert.deepEqual(typesOf(events), ['sessionchange']);
    server.now += LIFETIME;
    await client.accessToken();
    await client.userInfo();
    assert.deepEqual(server.tokenRequests.map((parameters) => parameters.get('resource')), [API, null, API, null]);
  });

  test('does not keep that access token for the next user', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page, { resource: API });
    await client.userInfo();
    server.sub = 'user-2';
    await arrive(server, page, client);
    await client.start();
    assert.equal((await client.userInfo()).sub, 'user-2');
    assert.equal(server.tokenCalls, 4);
  });
});

describe('signOut', () => {
  test('ends the session here, then at the server', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page, { store: 'local', post_logout_redirect_uri: `${APP}/bye` });
    const id_token = JSON.parse(/** @type {string} */ (page.localStorage.getItem(/** @type {string} */ (page.localStorage.key(0))))).id_token;
    const events = listen(client);
    await client.signOut();
    assert.equal(client.session, null);
    assert.equal(page.localStorage.length, 0);
    assert.deepEqual(events, [['sessionchange', null], ['signedout', null]]);
    const { origin, pathname, searchParams } = new URL(/** @type {string} */ (page.left.at(-1)));
    assert.equal(origin + pathname, `${ISSUER}/logout`);
    assert.deepEqual(Object.fromEntries(searchParams), {
      id_token_hint: id_token, client_id: CLIENT_ID, post_logout_redirect_uri: `${APP}/bye`,
    });
    await failsWith(server, 'ERR_OAUTH_SESSION_MISSING', () => client.accessToken());
  });

  test('takes another page to end up at', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page, { post_logout_redirect_uri: `${APP}/bye` });
    await client.signOut({ post_logout_redirect_uri: `${APP}/other` });
    assert.equal(new URL(/** @type {string} */ (page.left.at(-1))).searchParams.get('post_logout_redirect_uri'), `${APP}/other`);
  });

  test('works without start(), on what the store has', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    await signedIn(server, page, { store: 'local' });
    await (await clientOf(server, { store: 'local' })).signOut();
    assert.equal(page.localStorage.length, 0);
    assert.ok(new URL(/** @type {string} */ (page.left.at(-1))).searchParams.has('id_token_hint'));
  });

  for (const [what, post_logout_redirect_uri, left] of /** @type {const} */ ([
    ['goes to the page after signing out', `${APP}/bye`, [`${APP}/bye`]],
    ['stays when there is none either', undefined, []],
  ])) {
    test(`${what} when the server has no end_session_endpoint`, async () => {
      const server = await authorizationServer({ metadata: { end_session_endpoint: undefined } });
      const page = openPage();
      const client = await signedIn(server, page, { post_logout_redirect_uri });
      page.left.length = 0;
      await client.signOut();
      assert.deepEqual(page.left, left);
      assert.equal(client.session, null);
    });
  }

  for (const post_logout_redirect_uri of ['javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', '/bye', `${APP}/#bye`]) {
    test(`does not lead to ${JSON.stringify(post_logout_redirect_uri)}`, async () => {
      const server = await authorizationServer({ metadata: { end_session_endpoint: undefined } });
      const page = openPage();
      const client = await signedIn(server, page);
      page.left.length = 0;
      for (const action of [() => client.signOut({ post_logout_redirect_uri }), () => clientOf(server, { post_logout_redirect_uri })]) {
        const error = await failsWith(server, 'ERR_OPTION_INVALID', action);
        assert.equal(error.claim, 'post_logout_redirect_uri');
      }
      assert.deepEqual(page.left, []);
      assert.notEqual(client.session, null);
    });
  }

  test('ends the session here also when the server cannot be asked', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    await signedIn(server, page, { store: 'local' });
    page.left.length = 0;
    server.instead['/.well-known/openid-configuration'] = () => json(503, {});
    const client = await clientOf(server, { store: 'local' });
    await client.start();
    await failsWith(server, 'ERR_FETCH_STATUS', () => client.signOut());
    assert.equal(client.session, null);
    assert.equal(page.localStorage.length, 0);
    assert.deepEqual(page.left, []);
  });

  test('forgets the callback: the same one is a used one then', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    const url = await arrive(server, page, client);
    await client.start();
    await client.signOut();
    await failsWith(server, 'ERR_OAUTH_STATE_USED', () => client.handleRedirect(url));
  });
});

describe('discovery', () => {
  test('is done once, and the keys are fetched once', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    await arrive(server, page, client);
    await client.start();
    assert.deepEqual(server.calls, ['GET /.well-known/openid-configuration', 'POST /token', 'GET /jwks', 'POST /token']);
  });

  test('of another issuer is refused', async () => {
    const page = openPage();
    const server = await authorizationServer({ metadata: { issuer: 'https://evil.example' } });
    const client = await clientOf(server);
    await failsWith(server, 'ERR_OAUTH_METADATA_ISSUER_MISMATCH', () => client.signIn());
    assert.deepEqual(page.left, []);
  });

  test('that failed is tried again by the next call', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    server.instead['/.well-known/openid-configuration'] = () => json(503, {});
    await failsWith(server, 'ERR_FETCH_STATUS', () => client.signIn());
    delete server.instead['/.well-known/openid-configuration'];
    await client.signIn();
    assert.equal(page.left.length, 1);
  });
});
