// @ts-check
// The UserInfo endpoint: plain and signed, of `oidc-provider` and of a server that lies.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { clientKey, REDIRECT_URI } from './clients.mjs';
import { ISSUER, scriptedServer } from './scripted.mjs';
import { SCRIPTED, clientOf, oauth } from './tollgate.mjs';

const PARAMETERS = { redirect_uri: REDIRECT_URI, scope: 'openid profile', prompt: 'consent' };

const signed = {
  client_id: 'signed-userinfo',
  token_endpoint_auth_method: 'none',
  redirect_uris: [REDIRECT_URI],
  userinfo_signed_response_alg: 'ES256',
};
const { provider, server, logIn } = await atProvider({ clients: [signed] });

suite('userinfo at oidc-provider', () => {
  test('in JSON', async () => {
    const client = clientOf(provider.clients.none);
    const tokens = await logIn(client, PARAMETERS);
    assert.equal((await oauth.userInfo(server, client, tokens)).name, 'Ada');
    await assert.rejects(oauth.userInfo(server, client, tokens, { signed: true }), {
      code: 'ERR_OIDC_USER_INFO_INVALID',
      claim: 'content-type',
    });
    await assert.rejects(oauth.userInfo(server, client, { ...tokens, access_token: 'x' }), {
      code: 'ERR_OAUTH_ACCESS_TOKEN_REJECTED',
      status: 401,
      error: 'invalid_token',
    });
  });

  test('signed', async () => {
    const client = clientOf({ metadata: signed });
    const tokens = await logIn(client, PARAMETERS);
    const claims = await oauth.userInfo(server, client, tokens, { signed: true });
    assert.deepEqual([claims.sub, claims.name, claims.iss, claims.aud], ['ada', 'Ada', provider.issuer, signed.client_id]);
    assert.equal((await oauth.userInfo(server, client, tokens)).name, 'Ada');
  });

  test('with a token that is bound to a key, at a server that asks for a nonce', async () => {
    const client = { ...clientOf(provider.clients.dpop), dpop: await oauth.generateDpopKey() };
    const tokens = await logIn(client, PARAMETERS);
    // A server of its own, which knows no nonce yet.
    assert.equal((await oauth.userInfo({ ...server }, client, tokens)).name, 'Ada');
    const { dpop: _, ...without } = client;
    await assert.rejects(oauth.userInfo(server, without, tokens), { code: 'ERR_OPTION_INVALID', claim: 'dpop' });
    const other = { ...client, dpop: await oauth.generateDpopKey() };
    await assert.rejects(oauth.userInfo(server, other, tokens), { code: 'ERR_OAUTH_ACCESS_TOKEN_REJECTED', error: 'invalid_token' });
  });
});

suite('userinfo at a server that follows a script', SCRIPTED, () => {
  const client = { client_id: 'app' };

  /** @param {Parameters<typeof scriptedServer>[0]} [options] */
  async function start(options) {
    const script = await scriptedServer({ now: Math.floor(Date.now() / 1000), ...options });
    const network = { fetch: script.fetch };
    const server = await oauth.discover(ISSUER, network);
    const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, par: false }, network);
    const response = await oauth.validateAuthorizationResponse(server, client, await script.authorize(url), transaction);
    const tokens = await oauth.authorizationCodeGrant(server, client, response, {}, network);
    return { script, server, tokens, network };
  }

  test('the user is that of the ID token, or the one that the caller names', async () => {
    const { server, tokens, network } = await start();
    const { claims: _, ...bare } = tokens;
    const ask = (/** @type {any} */ tokens, /** @type {any} */ parameters = {}) =>
      oauth.userInfo(server, client, tokens, parameters, network);
    assert.equal((await ask(tokens)).sub, 'user-1');
    assert.equal((await ask(tokens, { sub: 'user-1' })).sub, 'user-1');
    assert.equal((await ask(bare, { sub: 'user-1' })).sub, 'user-1');
    assert.equal((await ask(bare, { dangerouslySkipSubjectCheck: true })).sub, 'user-1');
    await assert.rejects(ask(bare), { code: 'ERR_OIDC_ID_TOKEN_MISSING' });
    await assert.rejects(ask(bare, { sub: 'user-2' }), { code: 'ERR_OIDC_USER_INFO_INVALID', claim: 'sub', reason: 'mismatch' });
    await assert.rejects(ask(tokens, { sub: 'user-2' }), { code: 'ERR_OPTION_INVALID', claim: 'sub' });
    await assert.rejects(ask(tokens, { dangerouslySkipSubjectCheck: true }), { claim: 'dangerouslySkipSubjectCheck' });
    await assert.rejects(ask(tokens, { subject: 'user-1' }), { code: 'ERR_OPTION_INVALID', claim: 'subject' });
  });

  test('a signed answer is for this client, by this server, under a key and an algorithm of it', async () => {
    const { script, server, tokens, network } = await start();
    const ask = async (/** @type {any} */ claims, sign = script.sign) => {
      script.instead.userinfo = async () => new Response(await sign(claims), { headers: { 'content-type': 'application/jwt' } });
      return oauth.userInfo(server, client, tokens, {}, network);
    };
    const honest = { iss: ISSUER, aud: 'app', sub: 'user-1' };
    assert.equal((await ask(honest)).sub, 'user-1');
    assert.equal((await ask({ sub: 'user-1' })).sub, 'user-1');
    for (const [changes, claim] of /** @type {const} */ ([
      [{ iss: 'https://other.example' }, 'iss'],
      [{ aud: 'other' }, 'aud'],
    ])) {
      await assert.rejects(ask({ ...honest, ...changes }), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim });
    }
    await assert.rejects(ask({ ...honest, exp: 1 }), { code: 'ERR_JWT_EXPIRED' });
    await assert.rejects(ask({ ...honest, sub: 'user-2' }), { code: 'ERR_OIDC_USER_INFO_INVALID', claim: 'sub' });
    const { key } = await clientKey(script.key.kid);
    const forge = async (/** @type {any} */ claims) => {
      const { SignJWT } = await import('jose');
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: script.key.kid }).sign(key.privateKey);
    };
    await assert.rejects(ask(honest, forge), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    const narrowed = { ...server, userinfo_signing_alg_values_supported: ['RS256'] };
    await assert.rejects(oauth.userInfo(narrowed, client, tokens, {}, network), { code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
  });
});
