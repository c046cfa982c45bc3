// @ts-check
// `better-auth`, as the tests start it, is what the reference client takes for an authorization server.

import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { startBetterAuth } from './better-auth.mjs';
import { Browser, login } from './browser.mjs';
import { LOGGED_OUT_URI } from './clients.mjs';
import { discover, referenceClient } from './reference.mjs';

const SCOPE = { scope: 'openid profile offline_access' };

/** @type {Awaited<ReturnType<typeof startBetterAuth>>} */
let server;
/** @type {oauth.AuthorizationServer} */
let as;
before(async () => {
  server = await startBetterAuth();
  as = await discover(server.issuer);
});
after(() => server.close());

const METHODS = /** @type {const} */ (['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']);

suite('better-auth', () => {
  for (const method of METHODS) {
    test(`code and PKCE, userinfo and refresh with rotation by a client of ${method}`, async () => {
      const reference = referenceClient(as, server.clients[method]);
      const tokens = await reference.logIn(SCOPE);
      const { sub } = /** @type {oauth.IDToken} */ (oauth.getValidatedIdTokenClaims(tokens));
      assert.equal((await reference.userinfo(tokens.access_token, sub)).name, 'Ada');
      const refreshed = await reference.refresh(/** @type {string} */ (tokens.refresh_token));
      assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
      await assert.rejects(reference.refresh(/** @type {string} */ (tokens.refresh_token)), { error: 'invalid_grant' });
    });
  }

  test('introspection and revocation', async () => {
    const reference = referenceClient(as, server.clients.client_secret_basic);
    const { access_token, refresh_token = '' } = await reference.logIn(SCOPE);
    assert.equal((await reference.introspect(access_token)).active, true);
    await reference.revoke(refresh_token);
    assert.equal((await reference.introspect(refresh_token)).active, false);
    await assert.rejects(reference.refresh(refresh_token), { error: 'invalid_grant' });
  });

  test('DPoP, and logout by the relying party', async () => {
    const reference = referenceClient(as, server.clients.none);
    const browser = new Browser();
    const options = { DPoP: oauth.DPoP(reference.client, await oauth.generateKeyPair('ES256')) };
    const { verifier, state, nonce, parameters } = await reference.authorization(SCOPE);
    const response = oauth.validateAuthResponse(as, reference.client, await login(reference.url(parameters), { browser }), state);
    const tokens = await reference.exchange(response, { verifier, nonce, options });
    assert.equal(tokens.token_type, 'dpop');
    const { sub } = /** @type {oauth.IDToken} */ (oauth.getValidatedIdTokenClaims(tokens));
    assert.equal((await reference.userinfo(tokens.access_token, sub, options)).sub, sub);
    const url = new URL(/** @type {string} */ (as.end_session_endpoint));
    url.search = String(
      new URLSearchParams({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: LOGGED_OUT_URI, state: 'gone' }),
    );
    assert.equal((await login(url, { browser })).href, `${LOGGED_OUT_URI}?state=gone`);
    const after = await login(reference.url({ ...parameters, prompt: 'none' }), { browser });
    assert.equal(after.searchParams.get('error'), 'login_required');
  });

  test('both documents of metadata', async () => {
    const { token_endpoint } = await discover(server.issuer, { algorithm: 'oauth2' });
    assert.equal(token_endpoint, as.token_endpoint);
  });

  test('a wrong verifier, a wrong secret and a user who refuses are refused', async () => {
    const reference = referenceClient(as, server.clients.none);
    const { state, nonce, parameters } = await reference.authorization();
    const response = oauth.validateAuthResponse(as, reference.client, await login(reference.url(parameters)), state);
    const verifier = oauth.generateRandomCodeVerifier();
    await assert.rejects(reference.exchange(response, { verifier, nonce }), { status: 401, error: 'invalid_request' });
    const refused = await login(reference.url({ ...parameters, prompt: 'consent' }), { refuse: true });
    assert.throws(() => oauth.validateAuthResponse(as, reference.client, refused, state), { error: 'access_denied' });
    const { metadata } = server.clients.client_secret_post;
    const forged = referenceClient(as, { metadata: { ...metadata, client_secret: 'guessed' } });
    await assert.rejects(forged.introspect('token'), { error: 'invalid_client' });
  });
});
