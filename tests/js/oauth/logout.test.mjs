// @ts-check
// Logging out at `oidc-provider`, and the logout tokens that it sends, or that somebody forged.

import assert from 'node:assert/strict';
import { mock, suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { Browser } from './browser.mjs';
import { LOGGED_OUT_URI, NOTIFICATION, clientKey } from './clients.mjs';
import { ISSUER, scriptedServer } from './scripted.mjs';
import { SCRIPTED, clientOf, oauth } from './tollgate.mjs';

const { provider, server, logIn } = await atProvider();

const POSTED = { 'content-type': 'application/x-www-form-urlencoded' };
const request = (/** @type {BodyInit} */ body, headers = POSTED, method = 'POST') =>
  new Request('https://client.example/logout', { method, headers, ...(method === 'POST' && { body }) });

suite('logout at oidc-provider', () => {
  test('the user is sent back, and the client is told once', async () => {
    const client = clientOf(provider.clients.logout);
    const browser = new Browser({ user: 'ada' });
    const tokens = await logIn(client, { scope: 'openid' }, { browser });
    const end = await oauth.endSessionUrl(server, client, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: LOGGED_OUT_URI,
      state: 'a state',
    });
    const { url: arrival } = await browser.visit(end);
    assert.equal(arrival.href, `${LOGGED_OUT_URI}?state=${encodeURIComponent('a state').replace('%20', '+')}`);

    const { body } = await provider.notifications.take(NOTIFICATION.logout);
    const claims = await oauth.validateLogoutToken(server, client, request(body));
    assert.deepEqual([claims.iss, claims.aud, claims.sub, claims.sid], [provider.issuer, client.client_id, 'ada', tokens.claims.sid]);
    await assert.rejects(oauth.validateLogoutToken(server, client, request(body)), {
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      claim: 'jti',
      reason: 'mismatch',
    });
    const other = { ...client, client_id: 'other' };
    await assert.rejects(oauth.validateLogoutToken(server, other, request(body)), { claim: 'aud' });
  });
});

suite('logout at a server that follows a script', SCRIPTED, () => {
  const client = { client_id: 'app' };

  async function start() {
    const script = await scriptedServer({ now: Math.floor(Date.now() / 1000) });
    const network = { fetch: script.fetch };
    const server = await oauth.discover(ISSUER, network);
    const claims = {
      iss: ISSUER,
      aud: 'app',
      sub: 'user-1',
      iat: script.now,
      exp: script.now + 120,
      jti: 'logout-1',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    };
    const validate = async (/** @type {object} */ changes = {}, header = {}, parameters = {}) =>
      oauth.validateLogoutToken(server, client, await script.sign({ ...claims, ...changes }, header), parameters, network);
    return { script, network, server, claims, validate };
  }

  test('the URL has what is known', async () => {
    const { server } = await start();
    const url = await oauth.endSessionUrl(server, client, { logout_hint: 'a sid', ui_locales: 'de en' });
    assert.equal(url, `${ISSUER}/logout?client_id=app&logout_hint=a+sid&ui_locales=de+en`);
    await assert.rejects(oauth.endSessionUrl(server, client, { hint: 'x' }), { code: 'ERR_OPTION_INVALID', claim: 'hint' });
    const without = { ...server, end_session_endpoint: undefined };
    await assert.rejects(oauth.endSessionUrl(without, client), { code: 'ERR_OAUTH_METADATA_INVALID', claim: 'end_session_endpoint' });
  });

  test('a logout token is what the specification says, and by the server', async () => {
    const { script, server, claims, network, validate } = await start();
    for (const [changes, header, claim] of /** @type {[object, object, string][]} */ ([
      [{ iss: 'https://other.example' }, {}, 'iss'],
      [{ aud: 'other' }, {}, 'aud'],
      [{ nonce: 'n' }, {}, 'nonce'],
      [{ events: {} }, {}, 'events'],
      [{ events: undefined }, {}, 'events'],
      [{ sub: undefined }, {}, 'sid'],
      [{ jti: undefined }, {}, 'jti'],
      [{ iat: undefined }, {}, 'iat'],
      [{ exp: undefined }, {}, 'exp'],
      [{}, { typ: 'at+jwt' }, 'typ'],
    ])) {
      await assert.rejects(validate(changes, header), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim }, claim);
    }
    await assert.rejects(validate({ exp: script.now - 60 }), { code: 'ERR_JWT_EXPIRED' });
    await assert.rejects(validate({ iat: script.now - 120 }, {}, { maxTokenAge: 60 }), { code: 'ERR_JWT_EXPIRED', claim: 'iat' });
    await assert.rejects(validate({}, {}, { typ: 'logout+jwt' }), { claim: 'typ', reason: 'missing' });
    const { SignJWT } = await import('jose');
    const { key } = await clientKey(script.key.kid);
    const forged = await new SignJWT(/** @type {any} */ (claims)).setProtectedHeader({ alg: 'ES256', kid: script.key.kid }).sign(key.privateKey);
    const validateForged = oauth.validateLogoutToken(server, client, forged, {}, network);
    await assert.rejects(validateForged, { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    // None of those has used up the `jti`.
    assert.equal((await validate({}, { typ: 'logout+jwt' }, { typ: 'logout+jwt' })).sub, 'user-1');
    await assert.rejects(validate(), { claim: 'jti', reason: 'mismatch' });
    assert.equal((await validate({ sub: undefined, sid: 's', jti: 'logout-2' })).sid, 's');
    // Whoever looks for `sid` first must not find one that names no session.
    assert.ok(!('sid' in (await validate({ sid: null, jti: 'logout-3' }))));
    await assert.rejects(validate({}, {}, Object.create({ maxTokenAge: 60 })), TypeError, 'what is inherited would not be checked');
  });

  test('used tokens are remembered where the application says', async () => {
    const { script, network, server, claims, validate } = await start();
    /** @type {[string, number][]} */
    const added = [];
    const replay = { add: async (/** @type {string} */ id, /** @type {number} */ expiresAt) => added.push([id, expiresAt]) === 1 };
    await validate({}, {}, { replay });
    await assert.rejects(validate({}, {}, { replay }), { claim: 'jti' });
    assert.match(added[0][0], /^[\da-f]{64}$/);
    assert.deepEqual(added[0], added[1]);
    assert.equal(added[0][1], claims.exp + 30);
    const cause = new Error('down');
    const failing = { add: () => Promise.reject(cause) };
    await assert.rejects(validate({}, {}, { replay: failing }), { code: 'ERR_OAUTH_STORE_FAILED', cause });
    await assert.rejects(validate({}, {}, { replay: { add: () => 1 } }), { claim: 'jti' });
    await assert.rejects(validate({}, {}, { replay: {} }), TypeError);
    await validate({}, {}, { replay: false });
    await validate({}, {}, { replay: false });
    const shared = { aud: ['app', 'other'], jti: 'shared' };
    await validate(shared);
    const token = await script.sign({ ...claims, ...shared });
    await oauth.validateLogoutToken(server, { client_id: 'other' }, token, {}, network);
    await assert.rejects(validate(shared), { claim: 'jti' }, 'each client uses it once');
  });

  test('the request is a form with one logout token', async () => {
    const { script, server, claims, network } = await start();
    const token = await script.sign(claims);
    const validate = (/** @type {Request} */ request) => oauth.validateLogoutToken(server, client, request, {}, network);
    for (const [refused, reason] of /** @type {const} */ ([
      [request(''), 'missing'],
      [request(`logout_token=${token}&logout_token=${token}`), 'malformed'],
      [request(`logout_token=${token}`, { 'content-type': 'text/plain' }), 'malformed'],
      [request('', POSTED, 'GET'), 'malformed'],
      [request(`logout_token=${token}&padding=${'x'.repeat(1 << 20)}`), 'malformed'],
    ])) {
      await assert.rejects(validate(refused), { code: 'ERR_OPTION_INVALID', claim: 'logout_token', reason });
    }
    const used = request(`logout_token=${token}`);
    await used.text();
    await assert.rejects(validate(used), TypeError);
    const charset = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' };
    assert.equal((await validate(request(`logout_token=${token}&more=1`, charset))).sub, 'user-1');
  });

  test('a body that does not end does not outlast the signal', async () => {
    const { server, network } = await start();
    const cancel = mock.fn();
    const endless = new Request('https://client.example/logout', {
      method: 'POST',
      headers: POSTED,
      body: new ReadableStream({ cancel }),
      // @ts-expect-error: the types of the web do not know it yet
      duplex: 'half',
    });
    const reason = new Error('enough');
    const leaving = new AbortController();
    const validated = oauth.validateLogoutToken(server, client, endless, {}, { ...network, signal: leaving.signal });
    setTimeout(() => leaving.abort(reason), 10);
    await assert.rejects(validated, reason);
    assert.deepEqual(cancel.mock.calls[0]?.arguments, [reason], 'whoever sends it is told');
  });
});
