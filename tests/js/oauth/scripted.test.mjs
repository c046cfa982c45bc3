// @ts-check
// The scripted server is honest to the reference client in every flow, until it is told otherwise.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { LOGGED_OUT_URI, REDIRECT_URI } from './clients.mjs';
import { GRANT } from './grant-types.mjs';
import { referenceClient } from './reference.mjs';
import { ISSUER, RESOURCE, USER, brokenOff, hang, huge, notJson, scriptedServer } from './scripted.mjs';

const CLIENT = { client_id: 'client', redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none' };

/** @param {import('./scripted.mjs').ScriptedOptions & { client?: object }} [options] */
async function start({ client, ...options } = {}) {
  const server = await scriptedServer({ now: Math.floor(Date.now() / 1000), ...options });
  const through = { [oauth.customFetch]: server.fetch };
  const issuer = new URL(server.issuer);
  const discover = async () => oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, through));
  const as = await discover();
  return { server, as, through, reference: referenceClient(as, { metadata: { ...CLIENT, ...client } }, through) };
}

/** The code flow to the end. @param {Awaited<ReturnType<typeof start>>} started @param {Record<string, string>} [more] */
async function logIn({ server, as, reference }, more) {
  const { verifier, state, nonce, parameters } = await reference.authorization(more);
  const callback = new URL(await server.authorize(reference.url(parameters)));
  return reference.exchange(oauth.validateAuthResponse(as, reference.client, callback, state), { verifier, nonce });
}

suite('the scripted server, when honest', () => {
  for (const alg of /** @type {const} */ (['RS256', 'ES256', 'PS256', 'EdDSA'])) {
    test(`code and PKCE, userinfo, refresh, introspection and revocation under ${alg}`, async () => {
      const started = await start({ alg });
      const { server, reference, as, through } = started;
      const tokens = await logIn(started);
      assert.equal((await reference.userinfo(tokens.access_token, USER)).name, 'User One');
      const refreshed = await reference.refresh(/** @type {string} */ (tokens.refresh_token));
      await assert.rejects(reference.refresh(/** @type {string} */ (tokens.refresh_token)), { error: 'invalid_grant' });
      assert.equal((await reference.introspect(refreshed.access_token)).sub, USER);
      const answer = await oauth.introspectionRequest(as, reference.client, reference.auth, refreshed.access_token, {
        ...reference.options,
        requestJwtResponse: true,
      });
      const expecting = { ...reference.client, introspection_signed_response_alg: alg };
      assert.equal((await oauth.processIntrospectionResponse(as, expecting, answer)).active, true);
      await oauth.validateApplicationLevelSignature(as, answer, through);
      await reference.revoke(refreshed.access_token);
      assert.deepEqual(await reference.introspect(refreshed.access_token), { active: false });
      assert.equal(server.at('token').length, 3);
      assert.equal(server.at('token')[0].form.get('grant_type'), 'authorization_code');
      assert.deepEqual(server.leaks(`the token ${tokens.access_token} leaks`), [tokens.access_token]);
      assert.deepEqual(server.leaks(ISSUER), []);
    });
  }

  test('a wrong verifier, a code that was used and one of another client are refused', async () => {
    const started = await start();
    const { server, as, reference } = started;
    const { verifier, state, nonce, parameters } = await reference.authorization();
    const fresh = async () =>
      oauth.validateAuthResponse(as, reference.client, new URL(await server.authorize(reference.url(parameters))), state);
    const wrong = { verifier: oauth.generateRandomCodeVerifier(), nonce };
    await assert.rejects(reference.exchange(await fresh(), wrong), { error: 'invalid_grant' });
    const other = referenceClient(as, { metadata: { ...CLIENT, client_id: 'other' } }, started.through);
    const code = String((await fresh()).get('code'));
    const stolen = other.grant('authorization_code', { code, code_verifier: verifier, redirect_uri: REDIRECT_URI });
    await assert.rejects(stolen, { error: 'invalid_grant' });
    const response = await fresh();
    await reference.exchange(response, { verifier, nonce });
    await assert.rejects(reference.exchange(response, { verifier, nonce }), { error: 'invalid_grant' });
  });

  test('PAR with a request object, and every JWT response mode', async () => {
    const { server, as, reference, through } = await start({ client: { authorization_signed_response_alg: 'ES256' } });
    const key = await oauth.generateKeyPair('ES256');
    for (const mode of ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']) {
      const { verifier, state, nonce, parameters } = await reference.authorization({ response_mode: mode });
      const request = await oauth.issueRequestObject(as, reference.client, parameters, key.privateKey);
      const answer = await oauth.pushedAuthorizationRequest(as, reference.client, reference.auth, { request }, through);
      const { request_uri } = await oauth.processPushedAuthorizationResponse(as, reference.client, answer);
      const response = await server.respond(reference.url({ client_id: CLIENT.client_id, request_uri }));
      assert.equal(response.redirectUri, REDIRECT_URI);
      const validated = await oauth.validateJwtAuthResponse(as, reference.client, response.parameters, state, through);
      await reference.exchange(validated, { verifier, nonce });
    }
  });

  test('hybrid and implicit responses, with c_hash and at_hash', async () => {
    const { server, as, reference, through } = await start({ client: { id_token_signed_response_alg: 'ES256' } });
    const { state, nonce, parameters, ...kept } = await reference.authorization({ response_type: 'code id_token' });
    const callback = new URL(await server.authorize(reference.url(parameters)));
    const response = await oauth.validateCodeIdTokenResponse(as, reference.client, callback, nonce, state, undefined, through);
    await reference.exchange(response, { nonce, ...kept });
    const implicit = new URL(await server.authorize(reference.url({ ...parameters, response_type: 'token' })));
    const { access_token = '' } = Object.fromEntries(new URLSearchParams(implicit.hash.slice(1)));
    assert.equal((await reference.userinfo(access_token, USER)).sub, USER);
  });

  test('DPoP with nonces, at userinfo and at the resource too', async () => {
    const { server, as, reference, through } = await start();
    server.dpopNonce = 'nonce-1';
    const keys = await oauth.generateKeyPair('ES256');
    const options = { ...through, DPoP: oauth.DPoP(reference.client, keys) };
    const { verifier, state, nonce, parameters } = await reference.authorization();
    const callback = new URL(await server.authorize(reference.url(parameters)));
    const response = oauth.validateAuthResponse(as, reference.client, callback, state);
    const { access_token } = await reference.nonced(() => reference.exchange(response, { verifier, nonce, options }));
    assert.equal(server.at('token').length, 2);
    assert.equal(server.at('token')[1].dpop?.payload.nonce, 'nonce-1');
    server.dpopNonce = 'nonce-2';
    await reference.nonced(() => reference.userinfo(access_token, USER, options));
    const bearer = await server.fetch(RESOURCE, { headers: { authorization: `Bearer ${access_token}` } });
    assert.equal(bearer.status, 401);
    const resource = await reference.nonced(() =>
      oauth.protectedResourceRequest(access_token, 'GET', new URL(RESOURCE), undefined, undefined, options),
    );
    assert.equal((await resource.json()).sub, USER);
  });

  test('the device flow and CIBA, pending, approved and denied', async () => {
    const { server, as, reference, through } = await start();
    const begin = async () => {
      const device = await oauth.deviceAuthorizationRequest(as, reference.client, reference.auth, { scope: 'openid' }, through);
      const hinted = { scope: 'openid', login_hint: 'ada' };
      const ciba = await oauth.backchannelAuthenticationRequest(as, reference.client, reference.auth, hinted, through);
      const { device_code } = await oauth.processDeviceAuthorizationResponse(as, reference.client, device);
      const { auth_req_id } = await oauth.processBackchannelAuthenticationResponse(as, reference.client, ciba);
      return [() => reference.grant(GRANT.device, { device_code }), () => reference.grant(GRANT.ciba, { auth_req_id })];
    };
    for (const poll of await begin()) {
      server.decision = 'pending';
      await assert.rejects(poll(), { error: 'authorization_pending' });
      server.decision = 'approved';
      assert.equal(oauth.getValidatedIdTokenClaims(await poll())?.sub, USER);
      await assert.rejects(poll(), { error: 'invalid_grant' });
    }
    server.decision = 'denied';
    for (const poll of await begin()) await assert.rejects(poll(), { error: 'access_denied' });
  });

  test('the other grants', async () => {
    const started = await start();
    const { reference, as } = started;
    const { access_token: subject_token } = await logIn(started);
    const type = 'urn:ietf:params:oauth:token-type:access_token';
    const exchanged = await reference.grant(GRANT.exchange, { subject_token, subject_token_type: type });
    assert.equal(exchanged.issued_token_type, type);
    assert.equal((await reference.introspect(exchanged.access_token)).sub, USER);
    const { access_token } = await reference.grant('client_credentials', { scope: 'api:read' });
    assert.equal((await reference.introspect(access_token)).scope, 'api:read');
    assert.ok((await reference.grant('password', { username: 'ada', password: 'analytical engine' })).refresh_token);
    const { privateKey } = await oauth.generateKeyPair('ES256');
    const assertion = await oauth.issueRequestObject(as, reference.client, { sub: 'grace' }, privateKey);
    const bearer = await reference.grant(GRANT.bearer, { assertion });
    assert.equal((await reference.introspect(bearer.access_token)).sub, 'grace');
    await assert.rejects(reference.grant('urn:example:unknown', {}), { error: 'unsupported_grant_type' });
  });

  test('registration and its management, signed userinfo, and the metadata of the resource', async () => {
    const { server, as, through } = await start();
    const answer = await oauth.dynamicClientRegistrationRequest(as, { redirect_uris: [REDIRECT_URI] }, through);
    const metadata = /** @type {any} */ (await oauth.processDynamicClientRegistrationResponse(answer));
    const call = async (/** @type {string} */ method, /** @type {object} */ content) => {
      const headers = { authorization: `Bearer ${metadata.registration_access_token}` };
      const response = await server.fetch(metadata.registration_client_uri, { method, headers, body: JSON.stringify(content) });
      return { status: response.status, text: await response.text() };
    };
    assert.match((await call('PUT', { client_name: 'Renamed' })).text, /Renamed/);
    assert.equal((await call('DELETE', {})).status, 204);
    assert.equal((await call('PUT', {})).status, 401);

    server.signedUserinfo = true;
    const signed = { ...CLIENT, ...metadata, token_endpoint_auth_method: 'client_secret_basic', userinfo_signed_response_alg: 'ES256' };
    const reference = referenceClient(as, { metadata: signed }, through);
    const { access_token } = await logIn({ server, as, through, reference });
    assert.equal((await reference.userinfo(access_token, USER)).sub, USER);
    const url = new URL(RESOURCE);
    const resource = await oauth.processResourceDiscoveryResponse(url, await oauth.resourceDiscoveryRequest(url, through));
    assert.deepEqual(resource.authorization_servers, [ISSUER]);
    assert.match((await server.fetch(RESOURCE)).headers.get('www-authenticate') ?? '', /resource_metadata="[^"]+\/\.well-known\//);
  });
});

suite('the scripted server, when told otherwise', () => {
  test('signs what it is told, and rotates its keys', async () => {
    const started = await start();
    const { server, as, reference } = started;
    server.idToken = (claims) => ({ ...claims, nonce: 'another' });
    await assert.rejects(logIn(started), { code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' });
    server.idToken = (claims) => claims;
    const kept = server.key.kid;
    await server.rotate({ keep: true });
    assert.equal(server.keys.length, 2);
    await server.rotate();
    assert.equal(server.keys.length, 1);
    assert.notEqual(server.key.kid, kept);
    const { state, parameters } = await reference.authorization();
    const callback = await server.authorize(reference.url(parameters), { state: undefined, iss: 'https://evil.example' });
    assert.equal(new URL(callback).searchParams.has('state'), false);
    assert.throws(() => oauth.validateAuthResponse(as, reference.client, new URL(callback), state), { code: 'OAUTH_INVALID_RESPONSE' });
  });

  test('answers in place of an endpoint, and counts what was asked', async () => {
    const started = await start();
    const { server } = started;
    server.instead.token = () => notJson();
    await assert.rejects(logIn(started), { name: 'OperationProcessingError' });
    server.instead.token = () => brokenOff();
    await assert.rejects(logIn(started), { code: 'OAUTH_PARSE_ERROR' });
    server.instead.token = async (_request, honest) => {
      const answer = await honest();
      return Response.json({ ...(await answer.json()), token_type: 'mac' });
    };
    await assert.rejects(logIn(started), { code: 'OAUTH_UNSUPPORTED_OPERATION' });
    const { state, respond } = huge();
    server.instead.token = respond;
    await assert.rejects(logIn(started), { code: 'OAUTH_PARSE_ERROR' });
    assert.ok(state.bytes > 50_000_000);
    assert.equal(server.at('token').length, 4);
    server.instead.token = hang;
    const controller = new AbortController();
    const hanging = server.fetch(`${ISSUER}/token`, { method: 'POST', signal: controller.signal });
    controller.abort();
    await assert.rejects(hanging, { name: 'AbortError' });
    server.instead.token = () => new Response(null, { status: 307, headers: { location: 'https://evil.example/token' } });
    await assert.rejects(server.fetch(`${ISSUER}/token`, { method: 'POST', redirect: 'error' }), TypeError);
    assert.equal((await server.fetch(`${ISSUER}/token`, { method: 'POST', redirect: 'manual' })).status, 307);
    assert.equal(server.at('unknown').length, 0);
    assert.equal((await server.fetch(`${ISSUER}/token`, { method: 'POST' })).status, 404);
    assert.equal(server.at('unknown')[0].url, 'https://evil.example/token');
  });
});
