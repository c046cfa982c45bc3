// @ts-check
// What access tokens of `oidc-provider` are for: the resource and the authorization details, and the requests that they are shown in.

import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { login } from './browser.mjs';
import { DETAILS_TYPE, REDIRECT_URI } from './clients.mjs';
import { RESOURCES, startProvider } from './provider.mjs';
import { clientOf, oauth } from './tollgate.mjs';

suite('resources of oidc-provider', () => {
  /** @type {Awaited<ReturnType<typeof startProvider>>} */
  let provider;
  /** @type {any} */
  let server;
  before(async () => {
    provider = await startProvider();
    server = await oauth.discover(provider.issuer);
  });
  after(() => provider.close());

  /** @param {object} client @param {object} parameters of the request @param {object} [more] of the token request */
  async function logIn(client, parameters, more) {
    const asked = { redirect_uri: REDIRECT_URI, prompt: 'consent', ...parameters };
    const { url, transaction } = await oauth.authorizationUrl(server, client, asked);
    const response = await oauth.validateAuthorizationResponse(server, client, await login(url, { user: 'ada' }), transaction);
    return oauth.authorizationCodeGrant(server, client, response, more);
  }

  /** The claims of a token that the resource server verifies itself (RFC 9068). @param {string} token */
  async function verified(token) {
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(server.jwks_uri)), {
      issuer: provider.issuer,
      audience: RESOURCES.jwt,
      typ: 'at+jwt',
    });
    return payload;
  }

  const resource = RESOURCES.opaque;
  const scope = 'openid offline_access api:read';

  test('an opaque token is for the resource, and so is the one after it', async () => {
    const client = clientOf(provider.clients.client_secret_basic);
    const tokens = await logIn(client, { scope, resource }, { resource });
    for (const { access_token } of [tokens, await oauth.refreshTokenGrant(server, client, tokens, { resource })]) {
      const introspection = await oauth.introspect(server, client, access_token, { audience: resource, requiredScopes: ['api:read'] });
      assert.deepEqual([introspection.aud, introspection.sub], [resource, 'ada']);
    }
  });

  test('a JWT is for the resource, of a user and of a client', async () => {
    const client = clientOf(provider.clients.private_key_jwt);
    const indicator = { resource: RESOURCES.jwt };
    const tokens = await logIn(client, { scope, ...indicator }, indicator);
    const { sub, scope: granted } = await verified(tokens.access_token);
    assert.deepEqual([sub, granted], ['ada', 'api:read']);
    const own = await oauth.clientCredentialsGrant(server, client, { scope: 'api:write', ...indicator });
    assert.equal((await verified(own.access_token)).client_id, client.client_id);
    const unknown = oauth.clientCredentialsGrant(server, client, { resource: 'https://unknown.example' });
    await assert.rejects(unknown, { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_target' });
  });

  for (const par of [true, false]) {
    test(`authorization details are granted as they were asked for, ${par ? 'pushed' : 'in the URL'}`, async () => {
      const client = clientOf(provider.clients.client_secret_post);
      const authorization_details = [{ type: DETAILS_TYPE, instructedAmount: { currency: 'EUR', amount: '123.50' } }];
      const tokens = await logIn(client, { scope, resource, authorization_details, par }, { resource });
      assert.deepEqual(tokens.authorization_details, authorization_details);
      const introspection = await oauth.introspect(server, client, tokens.access_token);
      assert.deepEqual(introspection.authorization_details, authorization_details);
    });
  }

  test('a bound token is shown with a proof and the nonce that is asked for, and a challenge is read', async () => {
    const client = { ...clientOf(provider.clients.dpop), dpop: await oauth.generateDpopKey() };
    const tokens = await logIn(client, { scope: 'openid profile' });
    const url = server.userinfo_endpoint;
    const response = await oauth.protectedResourceRequest(client, tokens, url);
    assert.equal((await response.json()).name, 'Ada');
    const other = { ...client, dpop: await oauth.generateDpopKey() };
    const [challenge] = await oauth.parseChallenges(await oauth.protectedResourceRequest(other, tokens, url));
    assert.deepEqual([challenge.scheme, challenge.parameters.error], ['dpop', 'invalid_token']);
  });
});
