// @ts-check
// Token exchange, JWT assertions and extension grants, at `oidc-provider` and at the scripted server.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SignJWT, generateKeyPair } from 'jose';
import { atProvider } from './at-provider.mjs';
import { ISSUER, USER, scriptedServer } from './scripted.mjs';
import { SCRIPTED, clientOf, oauth } from './tollgate.mjs';

const { provider, server, logIn } = await atProvider();

const TYPE = 'urn:ietf:params:oauth:token-type:';
const ACCESS_TOKEN = `${TYPE}access_token`;

suite('at oidc-provider', () => {
  test('an access token is exchanged for one with less scope, and with an actor', async () => {
    const client = clientOf(provider.clients.private_key_jwt);
    const { access_token: subject_token, id_token } = await logIn(client);
    const subject = { subject_token, subject_token_type: ACCESS_TOKEN };
    const exchanged = await oauth.tokenExchange(server, client, { ...subject, scope: 'openid', audience: ['https://a.example'] });
    assert.deepEqual([exchanged.issued_token_type, exchanged.token_type, exchanged.scope], [ACCESS_TOKEN, 'Bearer', 'openid']);
    assert.notEqual(exchanged.access_token, subject_token);

    const actor = { actor_token: id_token, actor_token_type: `${TYPE}id_token` };
    await oauth.tokenExchange(server, client, { ...subject, ...actor, requested_token_type: ACCESS_TOKEN });
  });

  test('what the server does not grant is refused', async () => {
    const client = clientOf(provider.clients.private_key_jwt);
    const { access_token: subject_token } = await logIn(client);
    const subject = { subject_token, subject_token_type: ACCESS_TOKEN };
    const refused = (/** @type {object} */ change, /** @type {object} */ expected) =>
      assert.rejects(oauth.tokenExchange(server, client, { ...subject, ...change }), expected);
    await refused({ subject_token: 'guessed' }, { code: 'ERR_OAUTH_INVALID_GRANT' });
    await refused({ scope: 'openid api:write' }, { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_scope' });
    await refused({ requested_token_type: `${TYPE}saml2` }, { error: 'invalid_request' });
    await refused({ actor_token: 'x' }, { code: 'ERR_OPTION_INVALID', claim: 'actor_token_type' });
    await refused({ actor_token_type: 'urn:x' }, { code: 'ERR_OPTION_INVALID', claim: 'actor_token' });
  });

  test('the client asserts who its user is', async () => {
    const { key, metadata } = provider.clients.private_key_jwt;
    const client = clientOf(provider.clients.private_key_jwt);
    const sign = (/** @type {any} */ by) =>
      new SignJWT({ sub: 'grace' })
        .setProtectedHeader({ alg: 'ES256', kid: key?.kid ?? '' })
        .setIssuer(metadata.client_id)
        .setAudience(provider.issuer)
        .setExpirationTime('1m')
        .sign(by);
    const tokens = await oauth.jwtBearerGrant(server, client, { assertion: await sign(key?.privateKey), scope: 'openid' });
    assert.deepEqual([tokens.token_type, tokens.scope], ['Bearer', 'openid']);
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await sign(privateKey);
    const error = await oauth.jwtBearerGrant(server, client, { assertion: forged }).catch((/** @type {any} */ thrown) => thrown);
    assert.equal(error.code, 'ERR_OAUTH_INVALID_GRANT');
    assert.ok(!String(error.stack).includes(forged));
  });

  test('a grant that the server does not have', async () => {
    const client = clientOf(provider.clients.client_secret_basic);
    await assert.rejects(oauth.extensionGrant(server, client, { grant_type: 'urn:example:otp', parameters: { otp: '123456' } }), {
      code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
      error: 'unsupported_grant_type',
    });
  });
});

suite('at the scripted server', SCRIPTED, () => {
  const CLIENT = { client_id: 'client' };

  async function start() {
    const server = await scriptedServer();
    const options = { fetch: server.fetch, now: () => server.now };
    return { server, options, metadata: await oauth.discover(ISSUER, options) };
  }

  test('what was issued is what was asked for, and no access token without a type', async () => {
    const { server, options, metadata } = await start();
    const user = { username: 'ada', password: 'analytical engine' };
    const { access_token: subject_token } = await oauth.passwordGrant(metadata, CLIENT, user, options);
    const exchange = (/** @type {object} */ more) =>
      oauth.tokenExchange(metadata, CLIENT, { subject_token, subject_token_type: ACCESS_TOKEN, ...more }, options);
    server.tokenResponse = (answer) => ({ ...answer, token_type: 'N_A', expires_in: null });
    const saml = await exchange({ requested_token_type: `${TYPE}saml2` });
    assert.deepEqual([saml.token_type, saml.issued_token_type, 'expires_in' in saml], ['N_A', `${TYPE}saml2`, false]);
    await assert.rejects(exchange({}), { code: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', claim: 'token_type' });
    server.tokenResponse = ({ issued_token_type: _, ...answer }) => answer;
    await assert.rejects(exchange({}), { code: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', claim: 'issued_token_type' });
    server.tokenResponse = (answer) => ({ ...answer, issued_token_type: `${TYPE}jwt` });
    await assert.rejects(exchange({ requested_token_type: ACCESS_TOKEN }), { claim: 'issued_token_type' });
  });

  test('what is issued is bound to the key of the client, after a nonce', async () => {
    const { server, options, metadata } = await start();
    server.dpopNonce = 'nonce-1';
    const client = { ...CLIENT, dpop: await oauth.generateDpopKey() };
    const { access_token: subject_token } = await oauth.clientCredentialsGrant(metadata, client, {}, options);
    server.dpopNonce = 'nonce-2';
    const subject = { subject_token, subject_token_type: ACCESS_TOKEN };
    const { token_type } = await oauth.tokenExchange(metadata, client, subject, options);
    assert.equal(token_type, 'DPoP');
    assert.deepEqual(server.at('token').map(({ dpop }) => dpop?.payload.nonce), [undefined, 'nonce-1', 'nonce-1', 'nonce-2']);
  });

  test('the grants of before', async () => {
    const { server, options, metadata } = await start();
    const user = { username: 'ada', password: 'analytical engine', scope: 'openid api' };
    const tokens = await oauth.passwordGrant(metadata, CLIENT, user, options);
    assert.equal(tokens.claims.sub, USER);
    server.tokenResponse = ({ id_token: _, scope: _scope, ...answer }) => answer;
    const refreshed = await oauth.refreshTokenGrant(metadata, CLIENT, tokens, { scope: 'openid' }, options);
    assert.deepEqual([refreshed.scope, refreshed.id_token, refreshed.claims], ['openid', tokens.id_token, tokens.claims]);
    assert.equal(server.at('token').at(-1)?.form.get('scope'), 'openid');
    server.tokenResponse = (answer) => answer;
    const text = await oauth.refreshTokenGrant(metadata, CLIENT, refreshed.refresh_token, {}, options);
    assert.equal(text.claims.sub, USER);
    const { refresh_token: _, ...without } = tokens;
    await assert.rejects(oauth.refreshTokenGrant(metadata, CLIENT, without, {}, options), { code: 'ERR_OAUTH_REFRESH_TOKEN_MISSING' });
    assert.equal((await oauth.clientCredentialsGrant(metadata, CLIENT, { scope: 'api' }, options)).scope, 'api');
  });
});
