// @ts-check
// Introspection in JSON and in JWTs, what an introspector remembers, and revocation.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { REDIRECT_URI, clientKey } from './clients.mjs';
import { RESOURCES } from './provider.mjs';
import { ISSUER, notJson, scriptedServer } from './scripted.mjs';
import { SCRIPTED, clientOf, oauth } from './tollgate.mjs';

const RESPONSE = 'application/token-introspection+jwt';

const secret = 'a secret of more than thirty-two characters';
const signed = {
  client_id: 'signed-introspection',
  client_secret: secret,
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'client_credentials'],
  introspection_signed_response_alg: 'ES256',
};
const { provider, server } = await atProvider({ clients: [signed] });

suite('introspection and revocation at oidc-provider', () => {
  /** @param {object} client */
  const tokenOf = async (client) =>
    (await oauth.clientCredentialsGrant(server, client, { scope: 'api:read', resource: RESOURCES.opaque })).access_token;

  for (const name of /** @type {const} */ (['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'])) {
    test(`a token is active until it is revoked, by ${name}`, async () => {
      const client = clientOf(provider.clients[name]);
      const token = await tokenOf(client);
      const introspection = await oauth.introspect(server, client, token, { requiredScopes: ['api:read'], audience: RESOURCES.opaque });
      assert.equal(introspection.active, true);
      assert.equal(introspection.client_id, client.client_id);
      await assert.rejects(oauth.introspect(server, client, token, { requiredScopes: ['api:write'] }), {
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        claim: 'scope',
      });
      await assert.rejects(oauth.introspect(server, client, token, { audience: RESOURCES.jwt }), { claim: 'aud' });
      assert.equal(await oauth.revoke(server, client, token, { token_type_hint: 'access_token' }), undefined);
      assert.deepEqual(await oauth.introspect(server, client, token), { active: false });
      await oauth.revoke(server, client, token);
    });
  }

  test('a signed answer', async () => {
    const client = clientOf({ metadata: { ...signed, token_endpoint_auth_method: 'client_secret_basic' } });
    const token = await tokenOf(client);
    const introspection = await oauth.introspect(server, client, token, { signed: true });
    assert.deepEqual([introspection.active, introspection.scope, introspection.iss], [true, 'api:read', provider.issuer]);
    assert.deepEqual(await oauth.introspect(server, client, 'x', { signed: true }), { active: false });
  });

  test('an introspector remembers an answer until it is to forget it', async () => {
    const client = clientOf(provider.clients.client_secret_basic);
    const token = await tokenOf(client);
    const introspector = await oauth.createIntrospector(server, client, { requiredScopes: ['api:read'] });
    assert.equal((await introspector.introspect(token)).active, true);
    await oauth.revoke(server, client, token);
    assert.equal((await introspector.introspect(token)).active, true);
    await introspector.forget(token);
    assert.deepEqual(await introspector.introspect(token), { active: false });
  });

  test('a client that is not known is refused', async () => {
    const forged = { ...clientOf(provider.clients.client_secret_post), client_secret: 'guessed' };
    await assert.rejects(oauth.introspect(server, forged, 'x'), { code: 'ERR_OAUTH_ENDPOINT_ERROR', status: 401, error: 'invalid_client' });
    await assert.rejects(oauth.revoke(server, forged, 'x'), { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'invalid_client' });
  });
});

const CLIENT = { client_id: 'rs', client_secret: 'secret' };

/** @param {{ scope?: string, now?: () => number }} [options] */
async function start({ scope = 'api', now } = {}) {
  const script = await scriptedServer({ now: Math.floor(Date.now() / 1000) });
  const network = { fetch: script.fetch, now };
  const server = await oauth.discover(ISSUER, network);
  const issue = async () => (await oauth.clientCredentialsGrant(server, CLIENT, { scope }, network)).access_token;
  return { script, network, server, issue, token: await issue() };
}

suite('introspection at a server that follows a script', SCRIPTED, () => {
  test('what is not an Introspection Response is refused', async () => {
    const { script, server, token, network } = await start();
    const now = script.now;
    for (const [body, code, claim] of /** @type {const} */ ([
      [{}, 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', 'active'],
      [{ active: 'true' }, 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', 'active'],
      [{ active: 1 }, 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', 'active'],
      [{ active: true, exp: 'soon' }, 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', 'exp'],
      [{ active: true, iss: 'https://other.example' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'iss'],
      [{ active: true, exp: now - 60 }, 'ERR_JWT_EXPIRED', 'exp'],
      [{ active: true, nbf: now + 60 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'nbf'],
    ])) {
      script.instead.introspection = () => Response.json(body);
      await assert.rejects(oauth.introspect(server, CLIENT, token, {}, network), { code, claim }, JSON.stringify(body));
    }
    script.instead.introspection = () => Response.json({ active: false, sub: 'user-1', exp: 'x' });
    assert.deepEqual(await oauth.introspect(server, CLIENT, token, { audience: 'a' }, network), { active: false });
    script.instead.introspection = () => notJson(200);
    await assert.rejects(oauth.introspect(server, CLIENT, token, {}, network), { code: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID' });
    script.instead.introspection = () => notJson();
    await assert.rejects(oauth.introspect(server, CLIENT, token, {}, network), { code: 'ERR_FETCH_STATUS', status: 502 });
  });

  test('a signed answer is one, by the server and for this client', async () => {
    const { script, server, token, network } = await start();
    const ask = () => oauth.introspect(server, CLIENT, token, { signed: true }, network);
    assert.equal((await ask()).active, true);
    assert.equal(script.at('introspection')[0].headers['accept'], RESPONSE);
    const honest = { iss: ISSUER, aud: CLIENT.client_id, iat: script.now, token_introspection: { active: true } };
    const answer = async (/** @type {object} */ claims, header = {}, sign = script.sign) => {
      const token = await sign(claims, { typ: 'token-introspection+jwt', ...header });
      script.instead.introspection = () => new Response(token, { headers: { 'content-type': RESPONSE } });
      return ask();
    };
    assert.deepEqual(await answer(honest), { active: true });
    for (const [changes, header, claim] of /** @type {[object, object, string][]} */ ([
      [{ iss: 'https://other.example' }, {}, 'iss'],
      [{ iss: undefined }, {}, 'iss'],
      [{ aud: 'other' }, {}, 'aud'],
      [{ aud: undefined }, {}, 'aud'],
      [{ iat: undefined }, {}, 'iat'],
      [{ token_introspection: undefined }, {}, 'token_introspection'],
      [{}, { typ: undefined }, 'typ'],
      [{}, { typ: 'JWT' }, 'typ'],
    ])) {
      await assert.rejects(answer({ ...honest, ...changes }, header), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim }, claim);
    }
    await assert.rejects(answer({ ...honest, token_introspection: {} }), { code: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', claim: 'active' });
    await assert.rejects(answer({ ...honest, token_introspection: 'x' }), { claim: 'token_introspection' });
    const { key } = await clientKey(script.key.kid);
    const { SignJWT } = await import('jose');
    const forge = (/** @type {any} */ claims, /** @type {any} */ header) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: script.key.kid, ...header }).sign(key.privateKey);
    await assert.rejects(answer(honest, {}, forge), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    script.instead.introspection = () => Response.json({ active: true });
    await assert.rejects(ask(), { code: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID', claim: 'content-type' });
  });

  test('after a revocation that failed the token may still be good', async () => {
    const { script, server, token, network } = await start();
    const revoke = () => oauth.revoke(server, CLIENT, token, {}, network);
    script.instead.revocation = () => Response.json({ error: 'unsupported_token_type' }, { status: 400 });
    await assert.rejects(revoke(), { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'unsupported_token_type', retryAfter: undefined });
    script.instead.revocation = () => new Response('', { status: 503, headers: { 'retry-after': '7' } });
    await assert.rejects(revoke(), { code: 'ERR_FETCH_STATUS', status: 503, retryAfter: 7 });
    script.instead.revocation = () => new Response('', { status: 503, headers: { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' } });
    await assert.rejects(revoke(), { code: 'ERR_FETCH_STATUS', status: 503, retryAfter: undefined });
    script.instead.revocation = () => new Response('anything', { status: 200 });
    assert.equal(await revoke(), undefined);
  });
});

suite('an introspector', SCRIPTED, () => {
  test('asks once for calls at the same time, and again when the answer is too old', async () => {
    let now = Math.floor(Date.now() / 1000);
    const { script, server, token, network } = await start({ now: () => now });
    const introspector = oauth.createIntrospector(server, CLIENT, { maxAge: 10 }, network);
    const asked = () => script.at('introspection').length;
    const [one, two] = await Promise.all([introspector.introspect(token), introspector.introspect(token)]);
    assert.equal(one, two);
    assert.ok(Object.isFrozen(one));
    assert.equal(asked(), 1);
    now += 9;
    await introspector.introspect(token);
    assert.equal(asked(), 1);
    now += 1;
    await introspector.introspect(token);
    assert.equal(asked(), 2);
    now -= 5;
    await introspector.introspect(token);
    assert.equal(asked(), 3, 'of a time that is past again, nothing is known');
    await introspector.forget(token);
    await introspector.introspect(token);
    await introspector.forget();
    await introspector.introspect(token);
    assert.equal(asked(), 5);
  });

  test('uses no answer after `exp`', async () => {
    let now = Math.floor(Date.now() / 1000);
    const { script, server, token, network } = await start({ now: () => now });
    script.instead.introspection = () => Response.json({ active: true, exp: now + 5 });
    const introspector = oauth.createIntrospector(server, CLIENT, { maxAge: 3600 }, network);
    await introspector.introspect(token);
    now += 4;
    await introspector.introspect(token);
    assert.equal(script.at('introspection').length, 1);
    now += 1;
    script.instead.introspection = () => Response.json({ active: false });
    assert.deepEqual(await introspector.introspect(token), { active: false });
    assert.equal(script.at('introspection').length, 2);
  });

  test('remembers neither what is not active nor what failed', async () => {
    const { script, server, token, network } = await start();
    const introspector = oauth.createIntrospector(server, CLIENT, {}, network);
    script.instead.introspection = () => Response.json({ active: false });
    await introspector.introspect(token);
    script.instead.introspection = () => notJson();
    await assert.rejects(introspector.introspect(token), { code: 'ERR_FETCH_STATUS' });
    delete script.instead.introspection;
    assert.equal((await introspector.introspect(token)).active, true);
    assert.equal(script.at('introspection').length, 3);
  });

  test('has its expectations for every token, and room for so many', async () => {
    const { script, server, network, issue } = await start();
    const inherited = Object.create({ requiredScopes: ['admin'] });
    await assert.rejects(oauth.introspect(server, CLIENT, 'x', inherited, network), TypeError, 'it would not be checked');
    assert.throws(() => oauth.createIntrospector(server, CLIENT, inherited, network), TypeError);
    await assert.rejects(oauth.introspect(server, Object.create(CLIENT), 'x', {}, network), TypeError);
    const strict = oauth.createIntrospector(server, CLIENT, { requiredScopes: ['admin'] }, network);
    const tokens = [await issue(), await issue(), await issue()];
    await assert.rejects(strict.introspect(tokens[0]), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'scope' });
    await assert.rejects(strict.introspect(tokens[0]), { claim: 'scope' });
    const introspector = oauth.createIntrospector(server, CLIENT, { maxEntries: 2 }, network);
    const before = script.at('introspection').length;
    const asks = async (/** @type {number} */ index) => {
      const seen = script.at('introspection').length;
      await introspector.introspect(tokens[index]);
      return script.at('introspection').length - seen;
    };
    assert.deepEqual([await asks(0), await asks(1), await asks(0), await asks(2), await asks(0), await asks(1)], [1, 1, 0, 1, 0, 1]);
    assert.equal(script.at('introspection').length - before, 4);
    for (const options of [{ maxEntries: 0 }, { maxEntries: 1.5 }, { maxAge: 0 }, { maxAge: 3601 }, { maxAge: NaN }]) {
      assert.throws(() => oauth.createIntrospector(server, CLIENT, options, network), { code: 'ERR_OPTION_INVALID', ...{ claim: Object.keys(options)[0] } });
    }
  });

  test('a member that is null is not there', async () => {
    const { script, server, network } = await start();
    script.instead.introspection = () => Response.json({ active: true, scope: null, sub: 'user-1', cnf: null });
    assert.deepEqual(await oauth.introspect(server, CLIENT, 'x', {}, network), { active: true, sub: 'user-1' });
  });

  test('a caller who leaves takes nothing from the others', async () => {
    const { script, server, token, network } = await start();
    const introspector = oauth.createIntrospector(server, CLIENT, {}, network);
    const leaving = new AbortController();
    script.instead.introspection = async (_request, honest) => {
      leaving.abort(new Error('left'));
      return honest();
    };
    const [left, stayed] = await Promise.allSettled([
      introspector.introspect(token, { signal: leaving.signal }),
      introspector.introspect(token),
    ]);
    assert.deepEqual([left.status, stayed.status, script.at('introspection').length], ['rejected', 'fulfilled', 1]);
  });
});
