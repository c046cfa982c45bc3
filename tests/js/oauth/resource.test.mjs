// @ts-check
// What access tokens are for, and the requests that they are shown in: proofs, nonces, challenges and metadata.

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { suite, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { atProvider } from './at-provider.mjs';
import { DETAILS_TYPE } from './clients.mjs';
import { RESOURCES } from './provider.mjs';
import { ISSUER, RESOURCE, scriptedServer } from './scripted.mjs';
import { decodedJwt } from './scripted-record.mjs';
import { SCRIPTED, clientOf, oauth } from './tollgate.mjs';

const { provider, server, logIn } = await atProvider();

suite('resources of oidc-provider', () => {
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
    const tokens = await logIn(client, { scope, resource }, { tokenRequest: { resource } });
    for (const { access_token } of [tokens, await oauth.refreshTokenGrant(server, client, tokens, { resource })]) {
      const introspection = await oauth.introspect(server, client, access_token, { audience: resource, requiredScopes: ['api:read'] });
      assert.deepEqual([introspection.aud, introspection.sub], [resource, 'ada']);
    }
  });

  test('a JWT is for the resource, of a user and of a client', async () => {
    const client = clientOf(provider.clients.private_key_jwt);
    const indicator = { resource: RESOURCES.jwt };
    const tokens = await logIn(client, { scope, ...indicator }, { tokenRequest: indicator });
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
      const tokens = await logIn(client, { scope, resource, authorization_details, par }, { tokenRequest: { resource } });
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

/** @param {{ bound?: boolean }} [options] */
async function start({ bound = false } = {}) {
  const script = await scriptedServer({ now: Math.floor(Date.now() / 1000) });
  const network = { fetch: script.fetch };
  const server = await oauth.discover(ISSUER, network);
  const client = { client_id: 'app', ...(bound && { dpop: await oauth.generateDpopKey() }) };
  const tokens = await oauth.clientCredentialsGrant(server, client, { scope: 'api' }, network);
  return { script, network, server, client, tokens };
}

suite('protected resources of the scripted server', SCRIPTED, () => {
  test('a Bearer token is shown in the header, and redirects are not followed', async () => {
    const { script, network, client, tokens } = await start();
    const init = { method: 'POST', body: 'x', headers: { 'x-own': '1' } };
    const response = await oauth.protectedResourceRequest(client, tokens, new URL(RESOURCE), init, network);
    assert.equal((await response.json()).sub, 'app');
    const [seen] = script.at('resource');
    assert.deepEqual([seen.method, seen.body, seen.headers['x-own'], seen.redirect], ['POST', 'x', '1', 'manual']);
    assert.equal(seen.headers['authorization'], `Bearer ${tokens.access_token}`);
    assert.equal(seen.dpop, undefined);
    await oauth.protectedResourceRequest(client, tokens, RESOURCE, { redirect: undefined }, network);
    assert.equal(script.at('resource')[1].redirect, 'manual', 'what is undefined says nothing');
  });

  test('the options of a call count: headers, the signal and the time-out', async () => {
    const { script, network, client, tokens } = await start();
    const headers = { 'user-agent': 'app/1', 'x-own': 'option' };
    const init = { headers: { 'x-own': 'init' } };
    await oauth.protectedResourceRequest(client, tokens, RESOURCE, init, { ...network, headers });
    const [seen] = script.at('resource');
    assert.deepEqual([seen.headers['user-agent'], seen.headers['x-own']], ['app/1', 'init']);

    const ask = (/** @type {object} */ options, init = {}) => oauth.protectedResourceRequest(client, tokens, RESOURCE, init, options);
    const deaf = { fetch: () => new Promise(() => {}) };
    const reason = new Error('enough');
    for (const [init, option] of [[0, 1], [1, 0], [1, 1]]) {
      const [first, second] = [new AbortController(), new AbortController()];
      const asked = ask({ ...deaf, ...(option && { signal: second.signal }) }, init ? { signal: first.signal } : {});
      (option ? second : first).abort(reason);
      await assert.rejects(asked, reason);
    }
    // The timer of the platform keeps no process alive.
    const alive = setTimeout(() => {}, 5000);
    await assert.rejects(ask({ ...deaf, timeout: 10 }), { name: 'TimeoutError' });
    clearTimeout(alive);
    await assert.rejects(ask({ ...network, timeout: 0 }), { code: 'ERR_OPTION_INVALID', claim: 'timeout' });
    await assert.rejects(ask({ ...network, headers: { accept: 'x' } }), TypeError);
    await assert.rejects(ask({ ...network, retries: 1 }), { code: 'ERR_OPTION_INVALID', claim: 'retries' });
  });

  test('what must not be sent is refused before', async () => {
    const { script, network, client, tokens } = await start();
    const ask = (/** @type {any} */ tokens, /** @type {any} */ url = RESOURCE, init = {}) =>
      oauth.protectedResourceRequest(client, tokens, url, init, network);
    for (const url of ['http://rs.example/api', 'https://user:password@rs.example/api', 'ftp://rs.example']) {
      await assert.rejects(ask(tokens, url), { code: 'ERR_FETCH_INSECURE' });
    }
    await assert.rejects(ask({ ...tokens, access_token: 'a\nb' }), { code: 'ERR_OPTION_INVALID', claim: 'access_token' });
    await assert.rejects(ask({ ...tokens, token_type: 'N_A' }), { code: 'ERR_OPTION_INVALID', claim: 'token_type' });
    await assert.rejects(ask({ ...tokens, token_type: 'DPoP' }), { code: 'ERR_OPTION_INVALID', claim: 'dpop', reason: 'missing' });
    await assert.rejects(ask(tokens, RESOURCE, { headers: { Authorization: 'x' } }), TypeError);
    await assert.rejects(ask(tokens, RESOURCE, { headers: { dpop: 'x' } }), TypeError);
    assert.equal(script.at('resource').length, 0);
  });

  test('a bound token comes with a proof, once more where a nonce is asked for, and with that from then on', async () => {
    const { script, network, client, tokens } = await start({ bound: true });
    const url = `${RESOURCE}?query=1`;
    const ask = (init = {}) => oauth.protectedResourceRequest(client, tokens, url, init, network);
    assert.equal((await ask()).status, 200);
    script.dpopNonce = 'nonce-1';
    assert.equal((await ask({ method: 'PUT', body: 'x' })).status, 200);
    assert.equal((await ask()).status, 200);
    const seen = script.at('resource');
    assert.deepEqual(seen.map(({ dpop }) => dpop?.payload.nonce), [undefined, undefined, 'nonce-1', 'nonce-1']);
    assert.deepEqual([seen[2].method, seen[2].body], ['PUT', 'x']);
    const { header, payload } = /** @type {any} */ (seen[2].dpop);
    assert.deepEqual([header.typ, payload.htm, payload.htu], ['dpop+jwt', 'PUT', RESOURCE]);
    assert.equal(payload.ath, Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(tokens.access_token))).toString('base64url'));
    assert.equal(new Set(seen.map(({ dpop }) => dpop?.payload.jti)).size, 4);

    script.dpopNonce = 'nonce-2';
    const body = new ReadableStream({ start: (controller) => (controller.enqueue(Buffer.from('x')), controller.close()) });
    const refused = await ask({ method: 'POST', body, duplex: 'half' });
    assert.equal(refused.status, 401, 'a stream is used up');
    assert.equal(oauth.parseChallenges(refused)[0].parameters.error, 'use_dpop_nonce');
    assert.equal((await ask()).status, 200, 'the nonce was kept');

    script.dpopNonce = 'nonce-3';
    const ofNode = await ask({ method: 'POST', body: Readable.from([Buffer.from('x')]), duplex: 'half' });
    assert.equal(ofNode.status, 401, 'and so is a stream of Node');
  });

  test('a server that asks for a nonce again and again is asked twice', async () => {
    const { script, network, client, tokens } = await start({ bound: true });
    let count = 0;
    script.instead.resource = () =>
      new Response('', { status: 401, headers: { 'dpop-nonce': `n${++count}`, 'www-authenticate': 'DPoP error="use_dpop_nonce"' } });
    assert.equal((await oauth.protectedResourceRequest(client, tokens, RESOURCE, {}, network)).status, 401);
    assert.equal(count, 2);
    await oauth.protectedResourceRequest(client, tokens, RESOURCE, {}, network);
    assert.equal(script.at('resource')[2].dpop?.payload.nonce, 'n2');
  });

  test('what a resource demands of the user is what an Authorization Request asks for', async () => {
    const { script, network, server, client, tokens } = await start();
    const challenge = 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=5';
    script.instead.resource = () => new Response('', { status: 401, headers: { 'www-authenticate': challenge } });
    const response = await oauth.protectedResourceRequest(client, tokens, RESOURCE, {}, network);
    const [{ scheme, step_up }] = oauth.parseChallenges(response);
    assert.deepEqual([scheme, step_up], ['bearer', { acr_values: 'gold silver', max_age: 5 }]);
    const parameters = { redirect_uri: 'https://client.example/callback', par: false, ...step_up };
    const { searchParams } = new URL((await oauth.authorizationUrl(server, client, parameters, network)).url);
    assert.deepEqual([searchParams.get('acr_values'), searchParams.get('max_age')], ['gold silver', '5']);
  });

  test('challenges', () => {
    assert.deepEqual(oauth.parseChallenges(''), []);
    assert.deepEqual(oauth.parseChallenges(new Response()), []);
    const parsed = oauth.parseChallenges('Negotiate YQ==, Digest realm="a \\"b\\"", DPoP algs="ES256 PS256", error=invalid_token');
    assert.deepEqual(parsed, [
      { scheme: 'negotiate', token68: 'YQ==', parameters: {} },
      { scheme: 'digest', parameters: { realm: 'a "b"' } },
      { scheme: 'dpop', parameters: { algs: 'ES256 PS256', error: 'invalid_token' } },
    ]);
    assert.ok(Object.isFrozen(parsed) && Object.isFrozen(parsed[1].parameters));
    for (const header of ['Bearer a="b', 'Bearer a=b, A=c', '=', 'Bearer a="\u0000"']) {
      assert.throws(() => oauth.parseChallenges(header), { code: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', claim: 'www-authenticate' });
    }
    assert.throws(() => oauth.parseChallenges(/** @type {any} */ (null)), TypeError);
  });

  test('a stack that overflows around a call harms no later one', async () => {
    const { network, client, tokens } = await start({ bound: true });
    /** @param {number} depth @param {() => unknown} call @returns {unknown} */
    const at = (depth, call) => (depth === 0 ? call() : [at(depth - 1, call)]);
    const fits = (/** @type {number} */ depth, /** @type {() => unknown} */ call) => {
      try {
        return at(depth, call) !== undefined;
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
        return false;
      }
    };
    for (let round = 0; round < 6; round++) {
      let depth = 1000;
      while (fits(depth, () => true)) depth += 20;
      // From where there is hardly any room to where there is enough.
      while (!fits(depth, () => oauth.parseChallenges('Bearer realm="a", error="invalid_token"'))) depth -= 1;
    }
    assert.equal(oauth.parseChallenges('Bearer realm="a"').length, 1);
    assert.equal((await oauth.discover(ISSUER, network)).issuer, ISSUER);
    assert.equal((await oauth.protectedResourceRequest(client, tokens, RESOURCE, {}, network)).status, 200);
  });

  test('a key pair has a public key', async () => {
    const { client } = await start({ bound: true });
    const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    for (const dpop of [{ privateKey }, { privateKey, publicKey: privateKey }]) {
      await assert.rejects(oauth.dpopProof({ ...client, dpop }, { url: RESOURCE, method: 'GET' }), { name: 'TypeError', message: /`dpop`/ });
    }
    assert.ok(await oauth.dpopProof({ ...client, dpop: { privateKey, publicKey } }, { url: RESOURCE, method: 'GET' }));
  });

  test('a proof for a request of the application', async () => {
    const { client, tokens } = await start({ bound: true });
    const proof = await oauth.dpopProof(client, { url: new URL('https://rs.example/a?b#c'), method: 'DELETE', access_token: tokens.access_token, nonce: 'n' });
    const { header, payload } = decodedJwt(proof);
    assert.deepEqual([payload.htm, payload.htu, payload.nonce, payload.ath.length], ['DELETE', 'https://rs.example/a', 'n', 43]);
    const [input, signature] = [proof.slice(0, proof.lastIndexOf('.')), proof.slice(proof.lastIndexOf('.') + 1)];
    const key = await crypto.subtle.importKey('jwk', header.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    assert.ok(await crypto.subtle.verify(algorithm, key, Buffer.from(signature, 'base64url'), Buffer.from(input)));
    const bare = decodedJwt(await oauth.dpopProof(client, { url: RESOURCE, method: 'GET' }, { now: () => 7 })).payload;
    assert.deepEqual([bare.ath, bare.nonce, bare.iat], [undefined, undefined, 7]);
    await assert.rejects(oauth.dpopProof({ client_id: 'app' }, { url: RESOURCE, method: 'GET' }), { code: 'ERR_OPTION_INVALID', claim: 'dpop' });
    await assert.rejects(oauth.dpopProof(client, { url: 'http://rs.example', method: 'GET' }), { code: 'ERR_FETCH_INSECURE' });
    await assert.rejects(oauth.dpopProof(client, { url: RESOURCE, method: 'GET POST' }), { code: 'ERR_OPTION_INVALID', claim: 'method' });
  });

  test('metadata are of the resource that was asked for, wherever they are', async () => {
    const { script, network } = await start();
    const found = await oauth.protectedResourceMetadata(RESOURCE, network);
    assert.deepEqual([found.resource, found.authorization_servers], [RESOURCE, [ISSUER]]);
    assert.equal(script.at('resourceMetadata')[0].url, 'https://rs.example/.well-known/oauth-protected-resource/api');

    const response = await oauth.protectedResourceRequest({ client_id: 'app' }, { access_token: 'x', token_type: 'Bearer' }, RESOURCE, {}, network);
    const { resource_metadata } = oauth.parseChallenges(response)[0].parameters;
    assert.equal((await oauth.protectedResourceMetadata(new URL(RESOURCE), { ...network, resource_metadata })).resource, RESOURCE);
    const elsewhere = oauth.protectedResourceMetadata('https://rs.example/other', { ...network, resource_metadata });
    await assert.rejects(elsewhere, { code: 'ERR_OAUTH_RESOURCE_MISMATCH' });
    const insecure = { ...network, resource_metadata: 'http://rs.example/metadata' };
    await assert.rejects(oauth.protectedResourceMetadata(RESOURCE, insecure), { code: 'ERR_FETCH_INSECURE', claim: 'resource_metadata' });
    await assert.rejects(oauth.protectedResourceMetadata(`${RESOURCE}#x`, network), { code: 'ERR_OPTION_INVALID', claim: 'resource' });
    script.instead.resourceMetadata = () => Response.json({ resource: RESOURCE, authorization_servers: ['http://as.example'] });
    const invalid = oauth.protectedResourceMetadata(RESOURCE, network);
    await assert.rejects(invalid, { code: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', claim: 'authorization_servers' });
  });
});
