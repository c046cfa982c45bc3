// @ts-check
// The authorization endpoint: every response type and mode, signed and pushed requests, at oidc-provider and at the scripted server.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { jwtVerify } from 'jose';
import { NOW } from '../suite/tokens.mjs';
import { atProvider } from './at-provider.mjs';
import { login, loginByPost } from './browser.mjs';
import { REDIRECT_URI, clientKey } from './clients.mjs';
import { decodedJwt } from './scripted-record.mjs';
import { ISSUER, scriptedServer } from './scripted.mjs';
import { SCRIPTED, clientOf, oauth, TollgateError } from './tollgate.mjs';

const { provider, server } = await atProvider();

const PARAMETERS = { redirect_uri: REDIRECT_URI, scope: 'openid' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What a browser posts. @param {URL | string} url @param {string | URLSearchParams} form @param {Record<string, string>} [headers] */
const posted = (url, form, headers = FORM) => new Request(url, { method: 'POST', body: String(form), headers });

/** @param {string} mode */
const isPosted = (mode) => mode.startsWith('form_post');

suite('the authorization endpoint of oidc-provider', () => {
  /** The response as it arrives. @param {string} url @param {string} [mode] */
  async function arrived(url, mode = '') {
    if (!isPosted(mode)) return login(url);
    const { url: callback, form } = await loginByPost(url);
    return posted(callback, form);
  }

  /** @param {object} client @param {any} [parameters] */
  async function logIn(client, parameters) {
    const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, ...parameters });
    const response = await oauth.validateAuthorizationResponse(server, client, await arrived(url, parameters?.response_mode), transaction);
    return { response, tokens: await oauth.authorizationCodeGrant(server, client, response) };
  }

  for (const response_type of ['code', 'code id_token']) {
    const modes = response_type === 'code' ? ['query', 'query.jwt'] : [];
    for (const response_mode of [undefined, 'jwt', ...modes, 'fragment', 'fragment.jwt', 'form_post', 'form_post.jwt']) {
      test(`${response_type} by ${response_mode ?? 'the usual way'}`, async () => {
        const { response, tokens } = await logIn(clientOf(provider.clients.none), { response_type, response_mode });
        assert.equal(tokens.claims.sub, 'ada');
        assert.equal(response.claims?.sub, response_type === 'code' ? undefined : 'ada');
      });
    }
  }

  for (const par of [true, false]) {
    test(`a client that must sign its requests, ${par ? 'pushed' : 'by value'}`, async () => {
      const client = clientOf(provider.clients.signed);
      for (const response_mode of ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']) {
        const { tokens } = await logIn(client, { requestObject: true, par, response_mode });
        assert.equal(tokens.claims.sub, 'ada');
      }
      const claims = { id_token: { auth_time: { essential: true } }, userinfo: { email: null } };
      const { tokens } = await logIn(client, { requestObject: true, par, claims, max_age: 3600, ui_locales: 'en', prompt: 'login' });
      assert.equal(typeof tokens.claims.auth_time, 'number');
    });
  }

  test('a client that must sign its requests and does not is refused', async () => {
    const client = clientOf(provider.clients.signed);
    const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, par: false });
    await assert.rejects(oauth.validateAuthorizationResponse(server, client, await login(url), transaction), {
      code: 'ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR',
      error: 'invalid_request',
      error_description: 'Request Object must be used by this client',
    });
    const pushed = oauth.authorizationUrl(server, client, { ...PARAMETERS, par: true });
    await assert.rejects(pushed, { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'invalid_request' });
  });

  test('a server that requires signed requests gets them', async () => {
    const requires = { ...server, require_signed_request_object: true, pushed_authorization_request_endpoint: undefined };
    const client = clientOf(provider.clients.signed);
    const { url, transaction } = await oauth.authorizationUrl(requires, client, PARAMETERS);
    assert.deepEqual([...new URL(url).searchParams.keys()], ['client_id', 'request']);
    assert.ok(await oauth.validateAuthorizationResponse(requires, client, await login(url), transaction));
  });

  test('a request object alone is brought there by the application', async () => {
    const client = clientOf(provider.clients.signed);
    const { request, transaction } = await oauth.requestObject(server, client, PARAMETERS);
    const url = new URL(server.authorization_endpoint);
    url.search = String(new URLSearchParams({ client_id: client.client_id, request }));
    const response = await oauth.validateAuthorizationResponse(server, client, await login(url), transaction);
    assert.equal((await oauth.authorizationCodeGrant(server, client, response)).claims.sub, 'ada');
  });

  for (const name of /** @type {const} */ (['client_secret_basic', 'client_secret_post', 'client_secret_jwt'])) {
    test(`a request that is signed by the secret of ${name}`, async () => {
      const { tokens } = await logIn(clientOf(provider.clients[name]), { requestObject: true, par: false });
      assert.equal(tokens.claims.sub, 'ada');
    });
  }

  test('a client that must push its requests', async () => {
    const client = clientOf(provider.clients.par);
    assert.equal((await logIn(client)).tokens.claims.sub, 'ada');
    const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, par: false });
    await assert.rejects(oauth.validateAuthorizationResponse(server, client, await login(url), transaction), {
      code: 'ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR',
      error: 'invalid_request',
    });
  });

  for (const response_type of ['id_token', 'id_token token']) {
    for (const response_mode of [undefined, 'jwt', 'fragment', 'fragment.jwt', 'form_post', 'form_post.jwt']) {
      test(`${response_type} by ${response_mode ?? 'the usual way'}`, async () => {
        const client = clientOf(provider.clients.none);
        const parameters = { ...PARAMETERS, response_type, response_mode };
        const { url, transaction } = await oauth.implicitAuthorizationUrl(server, client, parameters);
        const tokens = await oauth.implicitResponse(server, client, await arrived(url, response_mode), transaction);
        assert.equal(tokens.claims.sub, 'ada');
        assert.equal(tokens.token_type, response_type === 'id_token' ? undefined : 'Bearer');
        assert.ok(Object.isFrozen(tokens));
      });
    }
  }

  test('a user who refuses is an error, signed or not', async () => {
    const client = clientOf(provider.clients.none);
    for (const response_mode of ['query', 'jwt']) {
      const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, response_mode });
      const callback = await login(url, { refuse: true });
      await assert.rejects(oauth.validateAuthorizationResponse(server, client, callback, transaction), {
        code: 'ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR',
        error: 'access_denied',
      });
    }
  });

  test('an essential acr is one of those asked for', async () => {
    const client = clientOf(provider.clients.none);
    const acr = { essential: true, values: server.acr_values_supported };
    const { tokens } = await logIn(client, { claims: { id_token: { acr } }, prompt: 'login' });
    assert.ok(acr.values.includes(tokens.claims.acr));
  });
});

suite('the authorization endpoint of the scripted server', SCRIPTED, () => {
  const client = { client_id: 'app' };

  /** @param {any} [parameters] @param {any} [options] */
  async function started(parameters, options) {
    const scripted = await scriptedServer(options);
    const call = { fetch: scripted.fetch, now: () => NOW };
    const server = await oauth.discover(ISSUER, call);
    const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, ...parameters }, call);
    /** @param {any} response @param {any} [kept] */
    const validate = (response, kept = transaction) => oauth.validateAuthorizationResponse(server, client, response, kept, call);
    return { scripted, call, server, url, transaction, validate };
  }

  const refused = (/** @type {string} */ claim, /** @type {string} */ reason) => ({
    code: 'ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID',
    claim,
    reason,
  });

  test('a response is a string, a URL, a form or a request', async () => {
    const query = await started();
    const callback = await query.scripted.authorize(query.url);
    for (const response of [callback, new URL(callback), new Request(callback)]) assert.ok(await query.validate(response));
    const post = await started({ response_mode: 'form_post' });
    const { parameters } = await post.scripted.respond(post.url);
    assert.ok(await post.validate(parameters));
    assert.ok(await post.validate(posted(REDIRECT_URI, parameters)));
    const charset = { 'content-type': 'Application/x-www-form-urlencoded; charset=UTF-8' };
    assert.ok(await post.validate(posted(`${REDIRECT_URI}?state=foreign&code=x`, parameters, charset)));
    for (const response of [undefined, null, {}, 1, new Response()]) await assert.rejects(post.validate(response), TypeError);
  });

  test('a response that comes another way than asked is refused', async () => {
    const query = await started();
    const post = await started({ response_mode: 'form_post' });
    const { parameters } = await query.scripted.respond(query.url);
    await assert.rejects(query.validate(parameters), refused('response_mode', 'mismatch'));
    await assert.rejects(query.validate(posted(REDIRECT_URI, parameters)), refused('response_mode', 'mismatch'));
    await assert.rejects(query.validate(`${REDIRECT_URI}#${parameters}`), refused('response_mode', 'mismatch'));
    const form = (await post.scripted.respond(post.url)).parameters;
    await assert.rejects(post.validate(`${REDIRECT_URI}?${form}`), refused('response_mode', 'mismatch'));
    await assert.rejects(post.validate(new Request(`${REDIRECT_URI}?${form}`)), refused('response_mode', 'mismatch'));
  });

  test('a posted response is a form of bounded size', async () => {
    const { scripted, url, validate } = await started({ response_mode: 'form_post' });
    const { parameters } = await scripted.respond(url);
    const malformed = refused('response_mode', 'malformed');
    await assert.rejects(validate(posted(REDIRECT_URI, parameters, { 'content-type': 'text/plain' })), malformed);
    await assert.rejects(validate(posted(REDIRECT_URI, parameters, { 'content-type': 'application/json' })), malformed);
    await assert.rejects(validate(new Request(REDIRECT_URI, { method: 'PUT', body: String(parameters), headers: FORM })), malformed);
    await assert.rejects(validate(new Request(REDIRECT_URI, { method: 'HEAD' })), malformed);
    await assert.rejects(validate(posted(REDIRECT_URI, `${parameters}&x=${'x'.repeat(1 << 20)}`)), malformed);
    const bytes = new Uint8Array([...new TextEncoder().encode(`${parameters}&x=`), 0xff]);
    await assert.rejects(validate(new Request(REDIRECT_URI, { method: 'POST', body: bytes, headers: FORM })), malformed);
    const read = posted(REDIRECT_URI, parameters);
    await read.text();
    await assert.rejects(validate(read), TypeError);
    await assert.rejects(validate(new Request(REDIRECT_URI, { method: 'POST', headers: FORM })), { code: 'ERR_OAUTH_STATE_MISSING' });
  });

  test('a body that does not end ends with the signal', async () => {
    const { call, server, transaction } = await started({ response_mode: 'form_post' });
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('state=')) });
    const request = new Request(REDIRECT_URI, /** @type {any} */ ({ method: 'POST', body, headers: FORM, duplex: 'half' }));
    const controller = new AbortController();
    const reason = new Error('nobody waits any more');
    setTimeout(() => controller.abort(reason), 20);
    const options = { ...call, signal: controller.signal };
    await assert.rejects(oauth.validateAuthorizationResponse(server, client, request, transaction, options), reason);
  });

  test('the transaction is looked up by the state of the response', async () => {
    for (const response_mode of ['query', 'fragment', 'form_post', 'query.jwt', 'fragment.jwt', 'form_post.jwt']) {
      const { scripted, url, transaction, validate } = await started({ response_mode });
      const kept = new Map([[transaction.state, transaction]]);
      const { parameters } = await scripted.respond(url);
      const response = isPosted(response_mode) ? posted(REDIRECT_URI, parameters) : await scripted.authorize(url);
      const take = async (/** @type {string} */ state) => {
        const found = kept.get(state);
        kept.set(state, { used: true });
        return found;
      };
      assert.ok(await validate(response, take), response_mode);
      const again = isPosted(response_mode) ? posted(REDIRECT_URI, parameters) : response;
      await assert.rejects(validate(again, take), { code: 'ERR_OAUTH_STATE_USED' });
    }
    const { validate } = await started();
    for (const nothing of [undefined, null]) {
      await assert.rejects(validate(`${REDIRECT_URI}?code=c&state=foreign`, () => nothing), { code: 'ERR_OAUTH_STATE_UNKNOWN' });
    }
    const failure = new Error('the store is away');
    const failing = validate(`${REDIRECT_URI}?code=c&state=foreign`, () => Promise.reject(failure));
    await assert.rejects(failing, failure);
    await assert.rejects(validate(`${REDIRECT_URI}?code=c`, assert.fail), { code: 'ERR_OAUTH_STATE_MISSING' });
  });

  test('a plain response where a signed one was asked for is refused', async () => {
    const { scripted, url, validate } = await started({ response_mode: 'jwt', par: false });
    const plain = new URL(url);
    plain.searchParams.delete('response_mode');
    const parameters = Object.fromEntries(new URL(await scripted.authorize(plain)).searchParams);
    await assert.rejects(validate(`${REDIRECT_URI}?${new URLSearchParams(parameters)}`), refused('response', 'missing'));
    assert.ok(await validate(await scripted.authorize(url)));
    assert.equal(scripted.at('jwks').length, 1, 'keys are kept');
  });

  test('a signed response is verified against new keys once they are published', async () => {
    const { scripted, url, validate } = await started({ response_mode: 'jwt' });
    assert.ok(await validate(await scripted.authorize(url)));
    await scripted.rotate();
    assert.ok(await validate(await scripted.authorize(url)));
    const response = await scripted.authorize(url);
    const tampered = response.slice(0, -8) + 'AAAAAAAA';
    await assert.rejects(validate(tampered), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });

  test('the hybrid flow refuses a code or an ID token of another login', async () => {
    const { scripted, url, validate, call, server } = await started({ response_type: 'code id_token' });
    const validated = await validate(await scripted.authorize(url));
    assert.equal(validated.claims.sub, scripted.sub);
    assert.equal((await oauth.authorizationCodeGrant(server, client, validated, {}, call)).claims.sub, scripted.sub);
    const injected = scripted.authorize(url, { code: 'another' });
    await assert.rejects(validate(await injected), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'c_hash' });
    const other = await started({ response_type: 'code id_token' });
    const { parameters } = await other.scripted.respond(other.url);
    const swapped = scripted.authorize(url, { code: parameters.get('code') ?? '', id_token: parameters.get('id_token') ?? '' });
    await assert.rejects(validate(await swapped), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'nonce' });
    const second = await validate(await scripted.authorize(url));
    scripted.idToken = (claims) => ({ ...claims, sub: 'mallory' });
    const grant = oauth.authorizationCodeGrant(server, client, second, {}, call);
    await assert.rejects(grant, { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'sub' });
  });

  test('a request object is signed by the key of the client, or else by its secret', async () => {
    const { call, server } = await started();
    const { key } = await clientKey('k');
    const privateKey = { key: key.privateKey, kid: 'k' };
    const secret = { client_id: 'app', client_secret: 'a secret of the client that is long enough' };
    const keyed = { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: 'k' };
    const unkeyed = { alg: 'HS256', typ: 'oauth-authz-req+jwt' };
    for (const [signing, expected] of [
      [{ client_id: 'app', privateKey }, keyed],
      [{ client_id: 'app', privateKey, token_endpoint_auth_method: 'none' }, keyed],
      [{ client_id: 'app', privateKey, token_endpoint_auth_method: 'tls_client_auth' }, keyed],
      [{ ...secret, privateKey, token_endpoint_auth_method: 'client_secret_post' }, keyed],
      [{ ...secret, privateKey }, keyed],
      [secret, unkeyed],
      [{ ...secret, token_endpoint_auth_method: 'client_secret_jwt' }, unkeyed],
    ]) {
      const { request, transaction } = await oauth.requestObject(server, signing, PARAMETERS, call);
      const { header, payload } = decodedJwt(request);
      assert.deepEqual(header, expected);
      assert.deepEqual([payload.iss, payload.aud, payload.state], ['app', ISSUER, transaction.state]);
      const verifying = 'kid' in expected ? key.publicKey : new TextEncoder().encode(secret.client_secret);
      await jwtVerify(request, verifying, { currentDate: new Date(NOW * 1000) });
    }
    const unsigned = oauth.requestObject(server, client, PARAMETERS, call);
    await assert.rejects(unsigned, { code: 'ERR_OPTION_INVALID', claim: 'privateKey', reason: 'missing' });
  });

  test('neither state nor nonce is for the application to set', async () => {
    const { call, server } = await started();
    for (const name of ['state', 'nonce', 'code_challenge', 'request_uri']) {
      const refused = { code: 'ERR_OPTION_INVALID', claim: name };
      await assert.rejects(oauth.authorizationUrl(server, client, { ...PARAMETERS, [name]: 'mine' }, call), refused);
      const besides = { ...PARAMETERS, parameters: { [name]: 'mine' } };
      await assert.rejects(oauth.authorizationUrl(server, client, besides, call), refused);
    }
  });

  test('the plain token type, with every check that is left', async () => {
    const scripted = await scriptedServer();
    const call = { fetch: scripted.fetch, now: () => NOW };
    const server = await oauth.discover(ISSUER, call);
    const parameters = { redirect_uri: REDIRECT_URI, scope: 'api', response_type: 'token' };
    const { url, transaction } = await oauth.implicitAuthorizationUrl(server, client, parameters, call);
    const callback = await scripted.authorize(url);
    const tokens = await oauth.implicitResponse(server, client, callback, transaction, call);
    assert.deepEqual([tokens.token_type, tokens.expires_at, tokens.scope], ['Bearer', NOW + 300, 'api']);
    const changed = async (/** @type {any} */ changes) =>
      oauth.implicitResponse(server, client, await scripted.authorize(url, changes), transaction, call);
    await assert.rejects(changed({ token_type: 'mac' }), refused('token_type', 'mismatch'));
    await assert.rejects(changed({ iss: undefined }), { code: 'ERR_OAUTH_ISSUER_MISMATCH', reason: 'missing' });
    await assert.rejects(changed({ state: 'foreign' }), { code: 'ERR_OAUTH_STATE_MISMATCH' });
    await assert.rejects(oauth.validateAuthorizationResponse(server, client, callback, transaction, call), {
      code: 'ERR_OPTION_INVALID',
      claim: 'transaction',
    });
    const hybrid = oauth.authorizationUrl(server, client, { ...PARAMETERS, response_type: 'token' }, call);
    await assert.rejects(hybrid, { code: 'ERR_OPTION_INVALID', claim: 'response_type' });
  });

  test('no error shows a secret of the response', async () => {
    const { scripted, url, validate, transaction } = await started({ response_type: 'code id_token' });
    const changes = [{ iss: 'https://evil.example' }, { state: 'x' }, { access_token: 'x' }, { code: 'other' }, { error: 'e' }];
    for (const change of changes) {
      const error = await validate(await scripted.authorize(url, change)).then(assert.fail, (/** @type {any} */ error) => error);
      assert.ok(error instanceof TollgateError);
      const shown = `${error.stack} ${JSON.stringify(error)} ${error.message}`;
      assert.deepEqual(scripted.leaks(shown), []);
      for (const secret of [transaction.state, transaction.nonce, transaction.code_verifier]) assert.ok(!shown.includes(secret));
    }
    const echo = { code: undefined, id_token: undefined, error: 'server_error', error_description: `it was ${transaction.state}` };
    const error = await validate(await scripted.authorize(url, echo)).then(assert.fail, (/** @type {any} */ error) => error);
    assert.deepEqual([error.error, error.error_description], ['server_error', undefined]);
  });
});
