// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hang } from '../suite/server.mjs';
import { clientOf, failsWith, listen, showsNoSecret, signedIn, typesOf } from './login.mjs';
import { FakeLocks, openPage, setGlobal } from './page.mjs';
import { authorizationServer, json, LIFETIME, NOW } from './server.mjs';

describe('an access token', () => {
  test('is given as it is while it is valid for long enough', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    const token = await client.accessToken();
    server.now = NOW + LIFETIME - 31;
    assert.equal(await client.accessToken(), token);
    server.now = NOW + LIFETIME - 30;
    assert.equal(await client.accessToken({ minValidity: 29 }), token);
    assert.equal(server.tokenCalls, 1);
    assert.notEqual(await client.accessToken(), token);
    assert.equal(server.tokenCalls, 2);
  });

  test('is never given once it has expired', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    const token = await client.accessToken();
    server.now = NOW + LIFETIME;
    assert.notEqual(await client.accessToken({ minValidity: 0 }), token);
  });

  test('of unknown expiry is given as it is', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    server.tokenResponse = ({ expires_in: _, ...answer }) => answer;
    const client = await signedIn(server, page);
    assert.equal('expires_at' in client.session, false);
    server.now += 1_000_000;
    await client.accessToken();
    assert.equal(server.tokenCalls, 1);
  });

  test('that lives shorter than asked for is refreshed once, not for ever', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    server.tokenResponse = (answer) => ({ ...answer, expires_in: 10 });
    const client = await signedIn(server, page);
    await client.accessToken();
    assert.equal(server.tokenCalls, 2);
  });

  test('needs a session', async () => {
    const server = await authorizationServer();
    const client = await clientOf(server);
    await failsWith(server, 'ERR_OAUTH_SESSION_MISSING', () => client.accessToken());
    assert.deepEqual(server.calls, []);
  });

  test('needs no start() when the store has a session', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const token = await (await signedIn(server, page, { store: 'session' })).accessToken();
    assert.equal(await (await clientOf(server, { store: 'session' })).accessToken(), token);
  });

  test('cannot be refreshed without a refresh token, and the session is kept', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    server.tokenResponse = ({ refresh_token: _, ...answer }) => answer;
    const client = await signedIn(server, page);
    server.now += LIFETIME;
    await failsWith(server, 'ERR_OAUTH_REFRESH_TOKEN_MISSING', () => client.accessToken());
    assert.notEqual(client.session, null);
    assert.equal(server.tokenCalls, 1);
  });
});

describe('a refresh', () => {
  test('rotates: every refresh token is used once', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    const events = listen(client);
    const seen = new Set([await client.accessToken()]);
    for (let round = 0; round < 3; round++) {
      server.now += LIFETIME;
      seen.add(await client.accessToken());
    }
    assert.equal(seen.size, 4);
    const used = server.tokenRequests.slice(1).map((parameters) => parameters.get('refresh_token'));
    assert.equal(new Set(used).size, 3);
    assert.deepEqual(typesOf(events), ['sessionchange', 'tokenrefresh', 'sessionchange', 'tokenrefresh', 'sessionchange', 'tokenrefresh']);
    assert.equal(client.session.expires_at, server.now + LIFETIME);
    showsNoSecret(server, JSON.stringify(events));
  });

  test('keeps the refresh token and the claims when the server sends none', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    const { claims } = client.session;
    server.tokenResponse = ({ refresh_token: _, id_token: __, ...answer }) => answer;
    server.now += LIFETIME;
    await client.accessToken();
    assert.deepEqual(client.session.claims, claims);
    const first = server.tokenRequests.at(-1)?.get('refresh_token');
    server.instead['/token'] = () => json(200, { access_token: 'next', token_type: 'Bearer' });
    server.now += LIFETIME;
    assert.equal(await client.accessToken(), 'next');
    assert.equal(server.tokenRequests.at(-1)?.get('refresh_token'), first);
  });

  test('is shared by concurrent calls', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    server.now += LIFETIME;
    const tokens = await Promise.all(Array.from({ length: 20 }, () => client.accessToken()));
    assert.equal(new Set(tokens).size, 1);
    assert.equal(server.tokenCalls, 2);
  });

  test('is shared by concurrent calls also when the new token lives shorter than they ask for', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    server.tokenResponse = (answer) => ({ ...answer, expires_in: 10 });
    server.now += LIFETIME;
    await Promise.all([client.accessToken(), client.accessToken(), client.accessToken()]);
    assert.equal(server.tokenCalls, 2);
  });

  for (const locks of [undefined, new FakeLocks()]) {
    test(`is shared by two tabs, ${locks ? 'under one Web Lock' : 'also without Web Locks'}`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      setGlobal('navigator', { locks });
      const one = await signedIn(server, page, { store: 'local' });
      const other = await clientOf(server, { store: 'local' });
      await other.start();
      const events = listen(other);
      server.now += LIFETIME;
      const [first, second] = await Promise.all([one.accessToken(), other.accessToken()]);
      assert.equal(first, second);
      assert.equal(server.tokenCalls, 2);
      assert.deepEqual(other.session, one.session);
      assert.deepEqual(typesOf(events), ['sessionchange']);
      if (locks) assert.equal(locks.names.at(-1), locks.names.at(-2));
    });
  }

  test('is shared by two clients on one store of the app', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const records = new Map();
    const store = {
      get: async (/** @type {string} */ key) => records.get(key),
      set: async (/** @type {string} */ key, /** @type {string} */ record) => void records.set(key, record),
      remove: async (/** @type {string} */ key) => void records.delete(key),
    };
    const one = await signedIn(server, page, { store });
    const other = await clientOf(server, { store });
    await other.start();
    server.now += LIFETIME;
    const [first, second] = await Promise.all([one.accessToken(), other.accessToken()]);
    assert.equal(first, second);
    assert.equal(server.tokenCalls, 2);
    showsNoSecret(server, page.stored);
  });

  test('works where Web Locks are refused', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    setGlobal('navigator', { locks: { request: async () => Promise.reject(new DOMException('', 'SecurityError')) } });
    const client = await signedIn(server, page);
    server.now += LIFETIME;
    await client.accessToken();
    assert.equal(server.tokenCalls, 2);
  });

  /** @type {[string, string, (request: Request) => Response | Promise<Response>][]} */
  const FAILURES = [
    ['503', 'ERR_FETCH_STATUS', () => json(503, {})],
    ['a dead network', 'ERR_FETCH_FAILED', () => Promise.reject(new TypeError('fetch failed'))],
    ['a hang', 'ERR_FETCH_TIMEOUT', hang],
    ['HTML', 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', () => new Response('<html>')],
    ['invalid_client', 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', () => json(401, { error: 'invalid_client' })],
  ];
  for (const [what, code, answer] of FAILURES) {
    test(`that meets ${what} keeps the session, and the next one succeeds`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const client = await signedIn(server, page, { store: 'session', timeout: 200 });
      const before = [client.session, page.stored];
      const events = listen(client);
      server.now += LIFETIME;
      server.instead['/token'] = answer;
      await failsWith(server, code, () => client.accessToken());
      assert.deepEqual([client.session, page.stored], before);
      assert.deepEqual(events, []);
      delete server.instead['/token'];
      await client.accessToken();
      assert.deepEqual(typesOf(events), ['sessionchange', 'tokenrefresh']);
    });
  }

  /** @type {[string, (claims: any) => any][]} */
  const CHANGES = [
    ['subject', (claims) => ({ ...claims, sub: 'user-2' })],
    ['issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['audience', (claims) => ({ ...claims, aud: 'another' })],
    ['auth_time', (claims) => ({ ...claims, auth_time: NOW })],
  ];
  for (const [what, change] of CHANGES) {
    test(`that brings an ID token of another ${what} is refused, and the session kept`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const client = await signedIn(server, page);
      const before = client.session;
      server.idToken = change;
      server.now += LIFETIME;
      await failsWith(server, 'ERR_JWT_CLAIM_VALIDATION_FAILED', () => client.accessToken());
      assert.equal(client.session, before);
    });
  }

  test('that meets invalid_grant ends the session', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page, { store: 'local' });
    const events = listen(client);
    server.now += LIFETIME;
    server.instead['/token'] = () => json(400, { error: 'invalid_grant', error_description: 'revoked' });
    const error = await failsWith(server, 'ERR_OAUTH_INVALID_GRANT', () => client.accessToken());
    assert.equal(error.error_description, 'revoked');
    assert.equal(client.session, null);
    assert.equal(page.localStorage.length, 0);
    assert.deepEqual(events, [['sessionchange', null], ['signedout', null]]);
    await failsWith(server, 'ERR_OAUTH_SESSION_MISSING', () => client.accessToken());
    assert.equal(await client.start(), null);
  });

  test('that meets invalid_grant because a tab without locks was faster goes on with the tokens of that tab', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page, { store: 'local' });
    const other = await clientOf(server, { store: 'local' });
    server.now += LIFETIME;
    // Meanwhile the other tab refreshes, in a page that has another queue.
    server.instead['/token'] = async () => {
      delete server.instead['/token'];
      setGlobal('navigator', { locks: new FakeLocks() });
      await other.accessToken();
      return json(400, { error: 'invalid_grant' });
    };
    await client.accessToken();
    assert.equal(client.session.claims.sub, server.sub);
  });

  test('does not bring back a session that was ended meanwhile', async () => {
    const [server, page] = [await authorizationServer({ metadata: { end_session_endpoint: undefined } }), openPage()];
    const client = await signedIn(server, page, { store: 'local' });
    server.now += LIFETIME;
    const { fetch } = server;
    server.instead['/token'] = async (request) => {
      delete server.instead['/token'];
      await client.signOut();
      const answer = await fetch(request);
      server.tokenRequests.pop();
      return answer;
    };
    await failsWith(server, 'ERR_OAUTH_SESSION_MISSING', () => client.accessToken());
    assert.equal(client.session, null);
    assert.equal(page.localStorage.length, 0);
  });
});
