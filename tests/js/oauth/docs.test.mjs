// @ts-check
// The examples of docs/oauth and of README.md in which no user signs in.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { RESOURCES, startProvider } from './provider.mjs';
import { example, exampleModules, packaged } from './docs-examples.mjs';
import { ISSUER, RESOURCE, scriptedServer } from './scripted.mjs';
import { clientOf, oauth } from './tollgate.mjs';

const { provider, server } = await atProvider();

suite('at oidc-provider', () => {
  test('docs/oauth.md: a token for the client', async () => {
    const { tokens } = await example('docs/oauth.md', 'The shape of it');
    for (const name of /** @type {const} */ (['client_secret_basic', 'private_key_jwt'])) {
      assert.equal((await tokens(provider.issuer, clientOf(provider.clients[name]))).token_type, 'Bearer');
    }
    await assert.rejects(tokens('http://as.example', { client_id: 'x' }), { code: 'ERR_FETCH_INSECURE' });
  });

  test('docs/oauth/client-credentials.md: one request, and none while the token is good', async () => {
    const { tokenSource } = await example('docs/oauth/client-credentials.md', 'A token when one is needed');
    const token = tokenSource(server, clientOf(provider.clients.client_secret_basic), { scope: 'api:read', resource: RESOURCES.opaque });
    const [one, other] = await Promise.all([token(), token()]);
    assert.equal(one, other);
    assert.equal(await token(), one);
    const short = await startProvider({ accessTokenLifetime: 20 });
    try {
      const expiring = tokenSource(await oauth.discover(short.issuer), clientOf(short.clients.client_secret_basic), {});
      assert.notEqual((await expiring()).access_token, (await expiring()).access_token, 'the margin is longer than its life');
    } finally {
      await short.close();
    }
  });

  test('docs/oauth/token-exchange.md: an assertion for a token', async () => {
    const { inNameOf } = await example('docs/oauth/token-exchange.md', 'An assertion for a token');
    const { key } = provider.clients.private_key_jwt;
    const client = clientOf(provider.clients.private_key_jwt);
    const tokens = await inNameOf(server, client, key, 'grace');
    assert.equal((await oauth.introspect(server, client, tokens.access_token)).sub, 'grace');
    const forger = provider.clients.signed.key;
    await assert.rejects(inNameOf(server, client, forger, 'grace'), { code: 'ERR_OAUTH_INVALID_GRANT' });
  });

  test('docs/oauth/introspection.md: a guard', async () => {
    const { guard } = await example('docs/oauth/introspection.md', 'Guard a resource');
    const client = clientOf(provider.clients.client_secret_basic);
    const check = guard(server, client, RESOURCES.opaque);
    const shown = (/** @type {string} */ token) => new Request('https://rs.example', { headers: { authorization: `Bearer ${token}` } });
    const parameters = { scope: 'api:read', resource: RESOURCES.opaque };
    const { access_token } = await oauth.clientCredentialsGrant(server, client, parameters);
    const found = await check(shown(access_token));
    assert.deepEqual([found.active, found.client_id], [true, client.client_id]);
    assert.equal((await check(new Request('https://rs.example'))).status, 401);
    assert.equal((await check(shown('guessed'))).status, 401);
    const less = await oauth.clientCredentialsGrant(server, client, { ...parameters, scope: 'api:write' });
    assert.equal((await check(shown(less.access_token))).status, 403);
    assert.equal((await guard(server, client, 'https://other.example')(shown(access_token))).status, 401);
    const offline = { ...server, introspection_endpoint: 'https://localhost:1' };
    assert.equal((await guard(offline, client, RESOURCES.opaque)(shown(access_token))).status, 503);
    const dpop = await oauth.generateDpopKey();
    const bound = await oauth.clientCredentialsGrant(server, { ...client, dpop }, parameters);
    assert.equal((await check(shown(bound.access_token))).status, 401, 'no proof came with it');
  });

  test('docs/oauth/introspection.md: both kinds of tokens', async () => {
    const { userOf } = await example('docs/oauth/introspection.md', 'Both kinds at one resource');
    const { createVerifier } = await packaged('tollgate/verify');
    const client = clientOf(provider.clients.client_secret_basic);
    const audience = RESOURCES.jwt;
    const verifier = await createVerifier({ issuer: provider.issuer, audience, profile: 'at+jwt', requiredScopes: ['api:read'] });
    const introspector = oauth.createIntrospector(server, client, { requiredScopes: ['api:read'] });
    const token = async (/** @type {string} */ resource) =>
      (await oauth.clientCredentialsGrant(server, client, { scope: 'api:read', resource })).access_token;
    const structured = await token(RESOURCES.jwt);
    assert.equal(await userOf(structured, verifier, introspector), client.client_id);
    const asked = oauth.createIntrospector({ ...server, introspection_endpoint: 'https://localhost:1' }, client);
    await assert.rejects(userOf(`${structured.slice(0, -8)}AAAAAAAA`, verifier, asked), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    await assert.rejects(userOf(await token(RESOURCES.opaque), verifier, asked), { code: 'ERR_FETCH_FAILED' });
    assert.equal(await userOf('guessed', verifier, introspector), undefined);
  });

  test('docs/oauth/registration.md: join, rename, leave', async () => {
    const { join, rename, leave } = await example('docs/oauth/registration.md', 'Register, change, and leave');
    const joined = await join(server, provider.initialAccessToken);
    assert.equal(joined.client_name, 'A tool');
    const renamed = await rename(server, joined, 'Another');
    assert.deepEqual([renamed.client_name, renamed.client_id], ['Another', joined.client_id]);
    await leave(server, renamed);
    await assert.rejects(rename(server, renamed, 'Gone'), { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'invalid_token' });
  });

  test('docs/oauth/discovery.md: one object for a server, and one written down', async () => {
    const [{ serverOf }, { server: written }] = await exampleModules('docs/oauth/discovery.md', 'Find a server');
    assert.equal(await serverOf(provider.issuer), await serverOf(provider.issuer));
    const { url } = await oauth.authorizationUrl(written, { client_id: 'app' }, { redirect_uri: 'https://client.example/callback' });
    assert.ok(url.startsWith(`${written.authorization_endpoint}?`));
  });
});

suite('at the scripted server', () => {
  async function start() {
    const script = await scriptedServer({ now: Math.floor(Date.now() / 1000) });
    const options = { fetch: script.fetch };
    return { script, options, server: await oauth.discover(ISSUER, options), client: { client_id: 'app' } };
  }

  test('docs/oauth/password.md: a name and a password', async () => {
    const { signIn } = await example('docs/oauth/password.md', 'If the server has nothing else');
    const { script, options, server, client } = await start();
    const tokens = await signIn(server, client, { username: 'ada', password: 'analytical engine' }, options);
    assert.deepEqual([tokens.claims.sub, typeof tokens.refresh_token], [script.sub, 'string']);
    const wrong = signIn(server, client, { username: 'ada', password: '' }, options);
    await assert.rejects(wrong, { code: 'ERR_OPTION_INVALID', claim: 'password' });
  });

  test('docs/oauth/token-exchange.md: a grant of another specification', async () => {
    const { bySaml } = await example('docs/oauth/token-exchange.md', 'Any other grant');
    const { script, options, server, client } = await start();
    script.instead.token = () => Response.json({ access_token: 'a', token_type: 'bearer', expires_in: 60 });
    assert.equal((await bySaml(server, client, 'PHNhbWw-', options)).token_type, 'Bearer');
    const [{ form }] = script.at('token');
    assert.deepEqual([form.get('grant_type'), form.get('assertion')], ['urn:ietf:params:oauth:grant-type:saml2-bearer', 'PHNhbWw-']);
  });

  test('docs/oauth/introspection.md: answers that the server signed', async () => {
    const { evidence } = await example('docs/oauth/introspection.md', 'Signed answers');
    const { script, options, server, client } = await start();
    const { access_token } = await oauth.clientCredentialsGrant(server, client, { scope: 'read' }, options);
    const before = globalThis.fetch;
    globalThis.fetch = script.fetch;
    try {
      assert.equal((await evidence(server, client, access_token)).active, true);
      script.instead.introspection = () => Response.json({ active: true });
      await assert.rejects(evidence(server, client, access_token), { code: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', claim: 'content-type' });
    } finally {
      globalThis.fetch = before;
    }
  });

  test('docs/oauth/dpop.md: a resource that takes bound tokens, with a nonce', async () => {
    const [{ ask }, { headers }] = await exampleModules('docs/oauth/dpop.md', 'Tokens that are bound to a key');
    const { script, options, server, client } = await start();
    script.dpopNonce = 'n-1';
    assert.equal((await ask(server, client, RESOURCE, options)).sub, 'app');
    assert.deepEqual(script.at('resource').map(({ headers }) => headers['authorization']?.split(' ')[0]), ['DPoP', 'DPoP']);
    script.instead.resource = () => new Response('', { status: 403 });
    await assert.rejects(ask(server, client, RESOURCE, options), /403/);

    const bound = { ...client, dpop: await oauth.generateDpopKey() };
    script.dpopNonce = undefined;
    script.instead = {};
    const tokens = await oauth.clientCredentialsGrant(server, bound, {}, options);
    const response = await script.fetch(RESOURCE, { headers: await headers(bound, tokens, 'GET', RESOURCE) });
    assert.equal(response.status, 200);
  });

  test('docs/oauth/dpop.md: what a resource demands', async () => {
    const { orStepUp } = await example('docs/oauth/dpop.md', 'What a resource demands');
    const { script, options, server, client } = await start();
    const tokens = await oauth.clientCredentialsGrant(server, client, { scope: 'api' }, options);
    const go = () => orStepUp(server, client, tokens, RESOURCE, 'https://client.example/callback', options);
    assert.equal((await go()).status, 200);
    const demand = (/** @type {string} */ challenge) =>
      (script.instead.resource = () => new Response('', { status: 401, headers: { 'www-authenticate': `Bearer error="${challenge}` } }));
    /** What the pushed request asks for. */
    const asked = async () => {
      assert.ok((await go()).transaction.state);
      return /** @type {URLSearchParams} */ (script.at('par').at(-1)?.form);
    };
    demand('insufficient_user_authentication", acr_values="gold", max_age=5');
    const stepUp = await asked();
    assert.deepEqual([stepUp.get('acr_values'), stepUp.get('max_age'), stepUp.get('scope')], ['gold', '5', 'api']);
    demand('insufficient_scope", scope="api write"');
    assert.equal((await asked()).get('scope'), 'api write');
    demand('invalid_token"');
    assert.equal((await go()).status, 401);
  });

  test('docs/oauth/discovery.md: from a resource to a server that is trusted', async () => {
    const { serverFor } = await example('docs/oauth/discovery.md', 'From a resource to its servers');
    const { script, options } = await start();
    assert.equal((await serverFor(RESOURCE, [ISSUER], options)).issuer, ISSUER);
    assert.equal(script.at('resourceMetadata').length, 1);
    await assert.rejects(serverFor(RESOURCE, ['https://other.example'], options), /no token of a server that we trust/);
    script.instead.resourceMetadata = () => Response.json({ resource: 'https://rs.example/other', authorization_servers: [ISSUER] });
    await assert.rejects(serverFor(RESOURCE, [ISSUER], options), { code: 'ERR_OAUTH_RESOURCE_MISMATCH' });
  });

  test('README.md: an edge function', async () => {
    const { default: edge } = await example('README.md', 'OAuth without a browser');
    const { script, options, server } = await start();
    const caller = { client_id: 'caller' };
    const { access_token } = await oauth.clientCredentialsGrant(server, caller, { scope: 'api:read' }, options);
    const less = await oauth.clientCredentialsGrant(server, caller, { scope: 'other' }, options);
    const env = { ISSUER, CLIENT_SECRET: 'a secret', STOCK: RESOURCE };
    const before = globalThis.fetch;
    globalThis.fetch = script.fetch;
    try {
      const call = (/** @type {string} */ token) =>
        edge.fetch(new Request('https://edge.example', { headers: { authorization: `Bearer ${token}` } }), env);
      for (const authorization of ['', 'Bearer', `Basic ${access_token}`]) {
        assert.equal((await edge.fetch(new Request('https://edge.example', { headers: { authorization } }), env)).status, 401);
      }
      assert.equal(script.at('introspection').length, 0, 'nobody was asked about what is no token');
      assert.deepEqual(await (await call(access_token)).json(), { sub: 'orders', scope: 'api:read' });
      assert.equal((await call('guessed')).status, 401);
      assert.equal((await call(less.access_token)).status, 403);
      script.instead.introspection = () => new Response('', { status: 500 });
      assert.equal((await call('another')).status, 503);
    } finally {
      globalThis.fetch = before;
    }
  });
});
