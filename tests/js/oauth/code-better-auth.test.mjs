// @ts-check
// The authorization code grant and its refresh at better-auth, to the end, by every client authentication method that it has.

import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ACCOUNT, CLIENT_SCOPE, startBetterAuth } from './better-auth.mjs';
import { Browser, login } from './browser.mjs';
import { LOGGED_OUT_URI, REDIRECT_URI } from './clients.mjs';
import { clientOf, oauth } from './tollgate.mjs';

/** @type {Awaited<ReturnType<typeof startBetterAuth>>} */
let betterAuth;
/** @type {any} */
let server;
before(async () => {
  betterAuth = await startBetterAuth();
  server = await oauth.discover(betterAuth.issuer);
});
after(() => betterAuth.close());

const PARAMETERS = { redirect_uri: REDIRECT_URI, scope: 'openid profile offline_access' };

/** @param {object} client @param {object} [parameters] @param {Browser} [browser] */
async function begin(client, parameters, browser) {
  const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, ...parameters });
  return { transaction, callback: await login(url, { browser }) };
}

/** @param {object} client @param {Browser} [browser] */
async function logIn(client, browser) {
  const { transaction, callback } = await begin(client, {}, browser);
  return oauth.authorizationCodeGrant(server, client, await oauth.validateAuthorizationResponse(server, client, callback, transaction));
}

suite('the authorization code grant at better-auth', () => {
  for (const method of /** @type {const} */ (['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'])) {
    test(`code and refresh by a client of ${method}`, async () => {
      const client = clientOf(betterAuth.clients[method]);
      const tokens = await logIn(client);
      assert.equal(tokens.token_type, 'Bearer');
      assert.equal(tokens.claims.iss, server.issuer);
      const refreshed = await oauth.refreshTokenGrant(server, client, tokens);
      assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
      assert.equal(refreshed.claims.sub, tokens.claims.sub);
      await assert.rejects(oauth.refreshTokenGrant(server, client, tokens), { code: 'ERR_OAUTH_INVALID_GRANT' });
    });
  }

  for (const method of /** @type {const} */ (['client_secret_basic', 'client_secret_post', 'private_key_jwt'])) {
    test(`client credentials of a client of ${method}`, async () => {
      const client = clientOf(betterAuth.clients[method]);
      const { access_token, token_type } = await oauth.clientCredentialsGrant(server, client, { scope: CLIENT_SCOPE });
      assert.equal(token_type, 'Bearer');
      const { active, client_id } = await oauth.introspect(server, client, access_token);
      assert.deepEqual([active, client_id], [true, client.client_id]);
    });
  }

  test('userinfo, introspection and revocation', async () => {
    const client = clientOf(betterAuth.clients.client_secret_basic);
    const tokens = await logIn(client);
    assert.equal((await oauth.userInfo(server, client, tokens)).name, ACCOUNT.name);
    assert.equal((await oauth.introspect(server, client, tokens.access_token)).active, true);
    await oauth.revoke(server, client, tokens.refresh_token, { token_type_hint: 'refresh_token' });
    assert.deepEqual(await oauth.introspect(server, client, tokens.refresh_token), { active: false });
    await assert.rejects(oauth.refreshTokenGrant(server, client, tokens), { code: 'ERR_OAUTH_INVALID_GRANT' });
  });

  test('the user logs out', async () => {
    const client = clientOf(betterAuth.clients.none);
    const browser = new Browser();
    const { id_token } = await logIn(client, browser);
    const parameters = { id_token_hint: id_token, post_logout_redirect_uri: LOGGED_OUT_URI, state: 'gone' };
    const arrival = await login(await oauth.endSessionUrl(server, client, parameters), { browser });
    assert.equal(arrival.href, `${LOGGED_OUT_URI}?state=gone`);
    const { callback } = await begin(client, { prompt: 'none' }, browser);
    assert.equal(callback.searchParams.get('error'), 'login_required');
  });

  test('tokens are bound to the key of the client', async () => {
    const client = { ...clientOf(betterAuth.clients.none), dpop: await oauth.generateDpopKey() };
    const tokens = await logIn(client);
    assert.equal(tokens.token_type, 'DPoP');
    assert.equal((await oauth.refreshTokenGrant(server, client, tokens)).token_type, 'DPoP');
  });

  test('an error and a secret that is wrong are typed', async () => {
    const client = clientOf(betterAuth.clients.none);
    const { transaction, callback } = await begin(client, { prompt: 'none' });
    const refused = oauth.validateAuthorizationResponse(server, client, callback, transaction);
    await assert.rejects(refused, { code: 'ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR', error: 'login_required' });
    const forged = { ...clientOf(betterAuth.clients.client_secret_post), client_secret: 'guessed' };
    await assert.rejects(logIn(forged), { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_client' });
  });
});
