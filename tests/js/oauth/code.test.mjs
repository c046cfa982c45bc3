// @ts-check
// The authorization code grant and what follows of it at `oidc-provider`, to the end, by every client authentication method.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PARAMETERS, atProvider } from './at-provider.mjs';
import { login } from './browser.mjs';
import { fetchWithCertificate } from './mutual-tls.mjs';
import { clientOf, oauth } from './tollgate.mjs';

const { provider, server, logIn } = await atProvider();

suite('the authorization code grant at oidc-provider', () => {
  for (const name of /** @type {const} */ (['none', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'])) {
    for (const par of [true, false]) {
      test(`${name}, ${par ? 'the request is pushed' : 'the request is in the URL'}`, async () => {
        const client = clientOf(provider.clients[name]);
        const tokens = await logIn(client, { par });
        assert.equal(tokens.claims.sub, 'ada');
        assert.equal(tokens.token_type, 'Bearer');
        const refreshed = await oauth.refreshTokenGrant(server, client, tokens);
        assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
        assert.equal(refreshed.claims.sub, 'ada');
        await assert.rejects(oauth.refreshTokenGrant(server, client, tokens), { code: 'ERR_OAUTH_INVALID_GRANT' });
      });
    }
  }

  for (const alg of /** @type {const} */ (['RS256', 'PS256', 'ES256', 'EdDSA'])) {
    test(`an ID token that is signed by ${alg}`, async () => {
      const { claims } = await logIn(clientOf(provider.clients[alg]));
      assert.equal(claims.iss, provider.issuer);
    });
  }

  for (const name of /** @type {const} */ (['tls_client_auth', 'self_signed_tls_client_auth'])) {
    test(`${name}: the certificate of the connection to the aliases is the proof`, async () => {
      const { certificate } = provider.clients[name];
      const client = clientOf(provider.clients[name]);
      const options = { fetch: fetchWithCertificate(certificate) };
      const { url, transaction } = await oauth.authorizationUrl(server, client, PARAMETERS, options);
      const callback = await login(url, { user: 'ada' });
      const response = await oauth.validateAuthorizationResponse(server, client, callback, transaction);
      const tokens = await oauth.authorizationCodeGrant(server, client, response, {}, options);
      assert.equal(tokens.claims.sub, 'ada');
      const { mtls_endpoint_aliases: _, ...plain } = server;
      await assert.rejects(oauth.refreshTokenGrant(plain, client, tokens, {}, options), { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR' });
    });
  }

  test('a code is used once, and a callback belongs to its login', async () => {
    const client = clientOf(provider.clients.none);
    const { url, transaction } = await oauth.authorizationUrl(server, client, PARAMETERS);
    const callback = await login(url, { user: 'ada' });
    const response = await oauth.validateAuthorizationResponse(server, client, callback, transaction);
    await oauth.authorizationCodeGrant(server, client, response);
    await assert.rejects(oauth.authorizationCodeGrant(server, client, response), { code: 'ERR_OAUTH_INVALID_GRANT' });
    const other = await oauth.authorizationUrl(server, client, PARAMETERS);
    const swapped = oauth.validateAuthorizationResponse(server, client, callback, other.transaction);
    await assert.rejects(swapped, { code: 'ERR_OAUTH_STATE_MISMATCH' });
    await assert.rejects(oauth.authorizationCodeGrant(server, client, {}), TypeError);
  });

  test('FAPI 2.0: pushed, with a key of the client and one of the tokens, and an issuer in the response', async () => {
    const { metadata, key } = provider.clients.fapi;
    const client = { ...clientOf({ metadata, key }), dpop: await oauth.generateDpopKey(), profile: 'fapi2' };
    const tokens = await logIn(client);
    assert.equal(tokens.token_type, 'DPoP');
    await assert.rejects(logIn(client, { par: false }), { code: 'ERR_OAUTH_PROFILE_VIOLATION', claim: 'par' });
  });

  test('tokens are bound to the key of the client, at a server that asks for nonces', async () => {
    const client = { ...clientOf(provider.clients.dpop), dpop: await oauth.generateDpopKey() };
    const tokens = await logIn(client);
    assert.equal(tokens.token_type, 'DPoP');
    assert.equal((await oauth.refreshTokenGrant(server, client, tokens)).token_type, 'DPoP');
  });
});
