// @ts-check
// `oidc-provider`, as the tests start it, is what the reference client takes for an authorization server: every flow, to the end.

import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { SignJWT, createLocalJWKSet, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { Browser, confirmDevice, login, loginByPost } from './browser.mjs';
import { DETAILS_TYPE, ID_TOKEN_ALGORITHMS, LOGGED_OUT_URI, NOTIFICATION, REDIRECT_URI } from './clients.mjs';
import { GRANT } from './grant-types.mjs';
import { RESOURCES, startProvider } from './provider.mjs';
import { INSECURE, discover, privateKeyOf, referenceClient } from './reference.mjs';

/** @type {Awaited<ReturnType<typeof startProvider>>} */
let server;
/** @type {oauth.AuthorizationServer} */
let as;
before(async () => {
  server = await startProvider();
  as = await discover(server.issuer);
});
after(() => server.close());

/** @typedef {keyof typeof server.clients} ClientName */

/** @param {ClientName} name @param {Record<string, any>} [options] */
const client = (name, options) => referenceClient(as, server.clients[name], options);

const METHODS = /** @type {ClientName[]} */ ([
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
]);

suite('oidc-provider', () => {
  for (const method of METHODS) {
    test(`code and PKCE, userinfo, refresh with rotation and revocation by a client of ${method}`, async () => {
      const reference = client(method);
      const tokens = await reference.logIn();
      const claims = /** @type {oauth.IDToken} */ (oauth.getValidatedIdTokenClaims(tokens));
      assert.equal(claims.sub, 'ada');
      assert.equal((await reference.userinfo(tokens.access_token, 'ada')).name, 'Ada');
      const refreshed = await reference.refresh(/** @type {string} */ (tokens.refresh_token));
      assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
      await reference.revoke(refreshed.access_token);
      await assert.rejects(reference.userinfo(refreshed.access_token, 'ada'), { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' });
      await assert.rejects(reference.refresh(/** @type {string} */ (tokens.refresh_token)), { error: 'invalid_grant' });
    });
  }

  for (const alg of ID_TOKEN_ALGORITHMS) {
    test(`ID tokens are signed by ${alg}`, async () => {
      const reference = client(alg);
      const { verifier, state, parameters, nonce } = await reference.authorization();
      const callback = oauth.validateAuthResponse(as, reference.client, await login(reference.url(parameters)), state);
      const answer = await oauth.authorizationCodeGrantRequest(
        as, reference.client, reference.auth, callback, REDIRECT_URI, verifier, INSECURE,
      );
      const { id_token = '' } = await oauth.processAuthorizationCodeResponse(as, reference.client, answer, { expectedNonce: nonce });
      assert.equal(JSON.parse(Buffer.from(id_token.split('.')[0], 'base64url').toString()).alg, alg);
      await oauth.validateApplicationLevelSignature(as, answer, INSECURE);
    });
  }

  test('a wrong verifier, a wrong secret, a certificate that came by the wrong way and a user who refuses are refused', async () => {
    const reference = client('none');
    const { state, nonce, parameters } = await reference.authorization();
    const response = oauth.validateAuthResponse(as, reference.client, await login(reference.url(parameters)), state);
    const verifier = oauth.generateRandomCodeVerifier();
    await assert.rejects(reference.exchange(response, { verifier, nonce }), { error: 'invalid_grant' });

    const { metadata } = server.clients.client_secret_post;
    const forged = referenceClient(as, { metadata: { ...metadata, client_secret: 'guessed' } });
    await assert.rejects(forged.grant('client_credentials', {}), { error: 'invalid_client' });

    const direct = referenceClient({ ...as, mtls_endpoint_aliases: undefined }, server.clients.tls_client_auth);
    await assert.rejects(direct.grant('client_credentials', {}), { error: 'invalid_client' });

    const refused = await login(reference.url(parameters), { refuse: true });
    assert.throws(() => oauth.validateAuthResponse(as, reference.client, refused, state), { error: 'access_denied' });
  });

  test('pushed authorization requests', async () => {
    const reference = client('par');
    const { verifier, state, nonce, parameters } = await reference.authorization();
    const unpushed = await login(reference.url(parameters));
    assert.equal(unpushed.searchParams.get('error'), 'invalid_request');
    const answer = await oauth.pushedAuthorizationRequest(as, reference.client, reference.auth, parameters, INSECURE);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, reference.client, answer);
    const callback = await login(reference.url({ client_id: reference.client.client_id, request_uri }));
    await reference.exchange(oauth.validateAuthResponse(as, reference.client, callback, state), { verifier, nonce });
  });

  test('signed request objects, every JWT response mode, and signed userinfo and introspection', async () => {
    const reference = client('signed');
    for (const mode of ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']) {
      const { verifier, state, nonce, parameters } = await reference.authorization({ response_mode: mode });
      const request = await oauth.issueRequestObject(as, reference.client, parameters, privateKeyOf(server.clients.signed));
      const url = reference.url({ client_id: reference.client.client_id, request });
      const callback = mode === 'form_post.jwt' ? (await loginByPost(url)).form : await login(url);
      const response = callback instanceof URL && callback.hash ? new URLSearchParams(callback.hash.slice(1)) : callback;
      const tokens = await reference.exchange(await oauth.validateJwtAuthResponse(as, reference.client, response, state, INSECURE), {
        verifier,
        nonce,
      });
      assert.equal((await reference.userinfo(tokens.access_token, 'ada')).name, 'Ada');
      assert.equal((await reference.introspect(tokens.access_token, { requestJwtResponse: true })).sub, 'ada');
    }
    const { parameters } = await reference.authorization();
    const unsigned = await login(reference.url(parameters));
    assert.equal(unsigned.searchParams.get('error_description'), 'Request Object must be used by this client');
  });

  test('form_post, and every response type', async () => {
    const reference = client('none');
    const hybrid = await reference.authorization({ response_type: 'code id_token' });
    const callback = await login(reference.url(hybrid.parameters));
    const { nonce: expected, state } = hybrid;
    const response = await oauth.validateCodeIdTokenResponse(as, reference.client, callback, expected, state, undefined, INSECURE);
    await reference.exchange(response, hybrid);

    const posted = await reference.authorization({ response_mode: 'form_post' });
    const { url, form } = await loginByPost(reference.url(posted.parameters));
    assert.equal(url.href, REDIRECT_URI);
    await reference.exchange(oauth.validateAuthResponse(as, reference.client, form, posted.state), posted);

    const keys = createLocalJWKSet(await (await fetch(/** @type {string} */ (as.jwks_uri))).json());
    for (const response_type of as.response_types_supported ?? []) {
      const { nonce, parameters } = await reference.authorization({ response_type });
      const { hash, searchParams } = await login(reference.url(parameters));
      const answer = hash ? new URLSearchParams(hash.slice(1)) : searchParams;
      const names = { code: answer.has('code'), id_token: answer.has('id_token'), token: answer.has('access_token') };
      const types = response_type.split(' ');
      assert.deepEqual(names, { code: types.includes('code'), id_token: types.includes('id_token'), token: types.includes('token') });
      if (names.token) assert.equal((await reference.userinfo(answer.get('access_token') ?? '', 'ada')).sub, 'ada');
      if (!names.id_token) continue;
      const expected = { issuer: server.issuer, audience: reference.client.client_id };
      const { payload } = await jwtVerify(answer.get('id_token') ?? '', keys, expected);
      assert.deepEqual([payload.nonce, 'at_hash' in payload, 'c_hash' in payload], [nonce, names.token, names.code], response_type);
    }
  });

  test('DPoP, with nonces for the authorization server and for userinfo', async () => {
    const keys = await oauth.generateKeyPair('ES256');
    let challenges = 0;
    const counting = async (/** @type {any} */ input, /** @type {any} */ init) => {
      const answer = await fetch(input, init);
      if (answer.status >= 400 && answer.headers.has('dpop-nonce')) challenges += 1;
      return answer;
    };
    const reference = client('dpop');
    const options = { [oauth.customFetch]: counting, DPoP: oauth.DPoP(reference.client, keys) };
    const { verifier, state, nonce, parameters } = await reference.authorization();
    const response = oauth.validateAuthResponse(as, reference.client, await login(reference.url(parameters)), state);
    const tokens = await reference.nonced(() => reference.exchange(response, { verifier, nonce, options }));
    assert.equal(tokens.token_type, 'dpop');
    assert.equal(challenges, 1);
    const fresh = { ...options, DPoP: oauth.DPoP(reference.client, keys) };
    await reference.nonced(() => reference.userinfo(tokens.access_token, 'ada', fresh));
    assert.equal(challenges, 2);
    await assert.rejects(reference.userinfo(tokens.access_token, 'ada'), { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' });
  });

  test('the FAPI 2.0 client: pushed, bound by DPoP, and its assertion for the issuer alone', async () => {
    const keys = await oauth.generateKeyPair('ES256');
    const reference = client('fapi');
    const options = { ...INSECURE, DPoP: oauth.DPoP(reference.client, keys) };
    const { verifier, state, nonce, parameters } = await reference.authorization();
    const { request_uri } = await reference.nonced(async () =>
      oauth.processPushedAuthorizationResponse(
        as,
        reference.client,
        await oauth.pushedAuthorizationRequest(as, reference.client, reference.auth, parameters, options),
      ),
    );
    const callback = await login(reference.url({ client_id: reference.client.client_id, request_uri }));
    const response = oauth.validateAuthResponse(as, reference.client, callback, state);
    const tokens = await reference.nonced(() => reference.exchange(response, { verifier, nonce, options }));
    assert.equal(tokens.token_type, 'dpop');
    const elsewhere = oauth.PrivateKeyJwt(privateKeyOf(server.clients.fapi), {
      [oauth.modifyAssertion](_header, payload) {
        payload.aud = as.token_endpoint;
      },
    });
    const answer = await oauth.pushedAuthorizationRequest(as, reference.client, elsewhere, parameters, options);
    await assert.rejects(oauth.processPushedAuthorizationResponse(as, reference.client, answer), { error: 'invalid_client' });
  });

  test('the device flow, confirmed, typed and refused', async () => {
    const reference = client('none');
    const start = async () => {
      const answer = await oauth.deviceAuthorizationRequest(as, reference.client, reference.auth, { scope: 'openid' }, INSECURE);
      return oauth.processDeviceAuthorizationResponse(as, reference.client, answer);
    };
    const poll = async (/** @type {string} */ code) =>
      oauth.processDeviceCodeResponse(
        as,
        reference.client,
        await oauth.deviceCodeGrantRequest(as, reference.client, reference.auth, code, INSECURE),
      );
    const first = await start();
    await assert.rejects(poll(first.device_code), { error: 'authorization_pending' });
    await confirmDevice(/** @type {string} */ (first.verification_uri_complete));
    assert.equal(oauth.getValidatedIdTokenClaims(await poll(first.device_code))?.sub, 'ada');
    const second = await start();
    await confirmDevice(second.verification_uri, { userCode: second.user_code, user: 'grace' });
    assert.equal(oauth.getValidatedIdTokenClaims(await poll(second.device_code))?.sub, 'grace');
    const third = await start();
    await confirmDevice(third.verification_uri, { userCode: third.user_code, refuse: true });
    await assert.rejects(poll(third.device_code), { error: 'access_denied' });
  });

  test('CIBA by poll and by ping, approved later and denied', async () => {
    /** @param {ReturnType<typeof client>} reference @param {Record<string, string>} [more] */
    const start = async (reference, more) => {
      const parameters = { scope: 'openid', login_hint: 'ada', binding_message: 'W4SCT', ...more };
      const answer = await oauth.backchannelAuthenticationRequest(as, reference.client, reference.auth, parameters, INSECURE);
      return oauth.processBackchannelAuthenticationResponse(as, reference.client, answer);
    };
    const poll = async (/** @type {ReturnType<typeof client>} */ reference, /** @type {string} */ id) =>
      oauth.processBackchannelAuthenticationGrantResponse(
        as,
        reference.client,
        await oauth.backchannelAuthenticationGrantRequest(as, reference.client, reference.auth, id, INSECURE),
      );
    const polling = client('client_secret_basic');
    const approved = await start(polling);
    assert.equal(oauth.getValidatedIdTokenClaims(await poll(polling, approved.auth_req_id))?.sub, 'ada');

    const { decide } = server.device;
    /** @type {import('./backchannel.mjs').Pending[]} */
    const held = [];
    server.device.decide = (pending) => held.push(pending);
    const later = await start(polling);
    await assert.rejects(poll(polling, later.auth_req_id), { error: 'authorization_pending' });
    assert.equal(held[0].bindingMessage, 'W4SCT');
    await held[0].approve();
    await poll(polling, later.auth_req_id);
    server.device.decide = ({ deny }) => deny();
    await assert.rejects(poll(polling, (await start(polling)).auth_req_id), { error: 'access_denied' });
    server.device.decide = decide;

    const pinged = client('ping');
    const { auth_req_id } = await start(pinged, { client_notification_token: 'notify-me' });
    const { headers, body } = await server.notifications.take(NOTIFICATION.ciba);
    assert.equal(headers.authorization, 'Bearer notify-me');
    assert.deepEqual(JSON.parse(body), { auth_req_id });
    await poll(pinged, auth_req_id);
  });

  test('client credentials, resource indicators with opaque and JWT access tokens, introspection', async () => {
    const reference = client('client_secret_post');
    for (const [format, resource] of Object.entries(RESOURCES)) {
      const { access_token } = await reference.grant('client_credentials', { resource, scope: 'api:read' });
      assert.equal(access_token.split('.').length, format === 'jwt' ? 3 : 1);
      if (format === 'jwt') {
        const request = new Request(resource, { headers: { authorization: `Bearer ${access_token}` } });
        assert.equal((await oauth.validateJwtAccessToken(as, request, resource, INSECURE)).scope, 'api:read');
      } else {
        const { active, aud, scope } = await reference.introspect(access_token);
        assert.deepEqual({ active, aud, scope }, { active: true, aud: resource, scope: 'api:read' });
        await reference.revoke(access_token);
        assert.deepEqual(await reference.introspect(access_token), { active: false });
      }
    }
  });

  test('rich authorization requests, claims and acr_values', async () => {
    const reference = client('none');
    const detail = { type: DETAILS_TYPE, instructedAmount: { currency: 'EUR', amount: '123.50' } };
    const tokens = await reference.logIn({
      authorization_details: JSON.stringify([detail]),
      resource: RESOURCES.opaque,
      acr_values: 'phr pwd',
      claims: JSON.stringify({ id_token: { email: null } }),
    });
    assert.deepEqual(tokens.authorization_details, [detail]);
    const { acr, email } = /** @type {oauth.IDToken} */ (oauth.getValidatedIdTokenClaims(tokens));
    assert.deepEqual({ acr, email }, { acr: 'phr', email: 'ada@example.com' });
    const { authorization_details } = await client('client_secret_post').introspect(tokens.access_token);
    assert.deepEqual(authorization_details, [detail]);
  });

  test('a session that is not strong enough is stepped up', async () => {
    const reference = client('none');
    const browser = new Browser();
    const acrOf = async (/** @type {Record<string, string>} */ more) => {
      const { verifier, state, nonce, parameters } = await reference.authorization(more);
      const response = oauth.validateAuthResponse(as, reference.client, await login(reference.url(parameters), { browser }), state);
      return oauth.getValidatedIdTokenClaims(await reference.exchange(response, { verifier, nonce }))?.acr;
    };
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'phrh' } } });
    const voluntary = { acr_values: 'pwd' };
    assert.deepEqual([await acrOf(voluntary), await acrOf({ claims }), await acrOf(voluntary)], ['pwd', 'phrh', 'phrh']);
  });

  test('token exchange and JWT assertions', async () => {
    const reference = client('private_key_jwt');
    const { access_token: subject_token } = await reference.logIn();
    const type = 'urn:ietf:params:oauth:token-type:access_token';
    const parameters = { subject_token, subject_token_type: type, scope: 'openid' };
    const exchanged = await reference.grant(GRANT.exchange, parameters);
    assert.equal(exchanged.issued_token_type, type);
    assert.equal((await reference.introspect(exchanged.access_token)).sub, 'ada');
    await assert.rejects(reference.grant(GRANT.exchange, { ...parameters, subject_token: 'guessed' }), { error: 'invalid_grant' });

    const { key, metadata } = server.clients.private_key_jwt;
    const sign = (/** @type {any} */ by) =>
      new SignJWT({ sub: 'grace' })
        .setProtectedHeader({ alg: 'ES256', kid: key?.kid })
        .setIssuer(metadata.client_id)
        .setAudience(server.issuer)
        .setExpirationTime('1m')
        .sign(by);
    const { access_token } = await reference.grant(GRANT.bearer, { assertion: await sign(key?.privateKey), scope: 'openid' });
    assert.equal((await reference.userinfo(access_token, 'grace')).sub, 'grace');
    const { privateKey } = await oauth.generateKeyPair('ES256');
    await assert.rejects(reference.grant(GRANT.bearer, { assertion: await sign(privateKey) }), { error: 'invalid_grant' });
  });

  test('dynamic registration and its management', async () => {
    const metadata = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'client_secret_post' };
    const register = (/** @type {string} */ initialAccessToken) =>
      oauth.dynamicClientRegistrationRequest(as, metadata, { ...INSECURE, initialAccessToken });
    const answer = await oauth.processDynamicClientRegistrationResponse(await register(server.initialAccessToken));
    const registered = /** @type {Record<string, any> & { client_id: string }} */ (answer);
    await referenceClient(as, { metadata: registered }).logIn();

    let token = registered.registration_access_token;
    const manage = async (/** @type {string} */ method, /** @type {object} */ body) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(registered.registration_client_uri, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const known = response.status === 200 ? await response.json() : {};
      // It is rotated with every change (RFC 7592 §3).
      token = known.registration_access_token ?? token;
      return { status: response.status, known };
    };
    const { client_id, client_secret } = registered;
    const renamed = await manage('PUT', { ...metadata, client_id, client_secret, client_name: 'Renamed' });
    assert.equal(renamed.known.client_name, 'Renamed');
    assert.notEqual(token, registered.registration_access_token);
    assert.equal((await fetch(registered.registration_client_uri, { headers: { authorization: `Bearer ${token}` } })).status, 200);
    const removed = await fetch(registered.registration_client_uri, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    assert.equal(removed.status, 204);
    await assert.rejects(oauth.processDynamicClientRegistrationResponse(await register('guessed')));
  });

  test('logout by the relying party, told to the others by the back channel', async () => {
    const reference = client('logout');
    const browser = new Browser();
    const { verifier, state, nonce, parameters } = await reference.authorization();
    const callback = await login(reference.url(parameters), { browser });
    const tokens = await reference.exchange(oauth.validateAuthResponse(as, reference.client, callback, state), { verifier, nonce });
    const silent = await login(reference.url({ ...parameters, prompt: 'none' }), { browser });
    assert.ok(silent.searchParams.get('code'));
    const url = new URL(/** @type {string} */ (as.end_session_endpoint));
    url.search = String(
      new URLSearchParams({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: LOGGED_OUT_URI, state: 'gone' }),
    );
    assert.equal((await login(url, { browser })).href, `${LOGGED_OUT_URI}?state=gone`);
    const { body, headers } = await server.notifications.take(NOTIFICATION.logout);
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
    const token = new URLSearchParams(body).get('logout_token') ?? '';
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    assert.equal(claims.sid, oauth.getValidatedIdTokenClaims(tokens)?.sid);
    const after = await login(reference.url({ ...parameters, prompt: 'none' }), { browser });
    assert.equal(after.searchParams.get('error'), 'login_required');
  });
});
