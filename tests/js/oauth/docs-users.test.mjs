// @ts-check
// The examples of docs/oauth in which a user signs in, run at `oidc-provider`.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { Browser, confirmDevice, login, loginByPost } from './browser.mjs';
import { LOGGED_OUT_URI, NOTIFICATION, REDIRECT_URI } from './clients.mjs';
import { example } from './docs-examples.mjs';
import { startProvider } from './provider.mjs';
import { clientOf, oauth, TollgateError } from './tollgate.mjs';

const { provider, server, logIn } = await atProvider();

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What the browser posts at last. @param {string} url */
async function posted(url) {
  const { url: callback, form } = await loginByPost(url);
  return new Request(callback, { method: 'POST', headers: FORM, body: String(form) });
}

suite('docs/oauth/authorization-code.md', () => {
  const page = 'docs/oauth/authorization-code.md';

  test('a login of one browser, once', async () => {
    const { begin, finish } = await example(page, 'Log in at a server');
    const client = clientOf(provider.clients.client_secret_basic);
    const waiting = new Map();
    const redirect = await begin(server, client, waiting, REDIRECT_URI);
    assert.equal(redirect.status, 303);
    const callback = await login(redirect.headers.get('location') ?? '');
    await assert.rejects(finish(server, client, new Map(), new Request(callback)), { code: 'ERR_OAUTH_STATE_UNKNOWN' });
    const tokens = await finish(server, client, waiting, new Request(callback));
    assert.deepEqual([tokens.claims.sub, typeof tokens.refresh_token], ['ada', 'string']);
    await assert.rejects(finish(server, client, waiting, new Request(callback)), { code: 'ERR_OAUTH_STATE_USED' });
  });

  test('a request that is signed and pushed, and a response that is signed', async () => {
    const { signed } = await example(page, 'Requests that nobody can change');
    const client = clientOf(provider.clients.signed);
    const { url, transaction } = await signed(server, client, REDIRECT_URI);
    assert.deepEqual([...new URL(url).searchParams.keys()].sort(), ['client_id', 'request_uri']);
    const callback = await login(url);
    assert.deepEqual([...callback.searchParams.keys()], ['response']);
    const response = await oauth.validateAuthorizationResponse(server, client, callback, transaction);
    assert.equal((await oauth.authorizationCodeGrant(server, client, response)).claims.sub, 'ada');
  });

  test('an ID token before the code', async () => {
    const { begin, finish } = await example(page, 'An ID token before the code');
    const client = clientOf(provider.clients.client_secret_post);
    const { url, transaction } = await begin(server, client, REDIRECT_URI);
    const { early, tokens } = await finish(server, client, await posted(url), transaction);
    assert.deepEqual([early, tokens.claims.sub], ['ada', 'ada']);
  });
});

test('docs/oauth/implicit.md: an ID token by a form', async () => {
  const { begin, finish } = await example('docs/oauth/implicit.md', 'If the server has nothing else');
  const client = clientOf(provider.clients.none);
  const { url, transaction } = await begin(server, client, REDIRECT_URI);
  const tokens = await finish(server, client, await posted(url), transaction);
  assert.deepEqual([tokens.claims.sub, tokens.access_token], ['ada', undefined]);
  const bound = { ...client, dpop: await oauth.generateDpopKey() };
  const parameters = { redirect_uri: REDIRECT_URI, scope: 'openid', response_type: 'id_token token' };
  await assert.rejects(oauth.implicitAuthorizationUrl(server, bound, parameters), { code: 'ERR_OPTION_INVALID', claim: 'dpop' });
});

test('docs/oauth/migrating.md: a login', async () => {
  const { begin, finish } = await example('docs/oauth/migrating.md', 'A login, before and after');
  const app = { ...provider.clients.none.metadata, client_id: 'app' };
  const own = await startProvider({ clients: [app] });
  try {
    const begun = await begin(own.issuer, REDIRECT_URI);
    assert.equal(await finish(begun, await login(begun.url)), 'ada');
  } finally {
    await own.close();
  }
});

test('docs/oauth/fapi.md: a login by the profile', async () => {
  const { fapiClient, begin, finish } = await example('docs/oauth/fapi.md', 'A client of the profile');
  const { metadata, key } = provider.clients.fapi;
  const client = await fapiClient(metadata.client_id, { key: key?.privateKey, kid: key?.kid, alg: key?.alg });
  const { url, transaction } = await begin(server, client, REDIRECT_URI);
  const tokens = await finish(server, client, String(await login(url)), transaction);
  assert.deepEqual([tokens.claims.sub, tokens.token_type], ['ada', 'DPoP']);
  const withSecret = { client_id: 'x', client_secret: 's', profile: 'fapi2', dpop: client.dpop };
  await assert.rejects(begin(server, withSecret, REDIRECT_URI), { code: 'ERR_OAUTH_PROFILE_VIOLATION' });
});

test('docs/oauth/refresh.md: tokens that stay fresh, until the session ends', async () => {
  const { sessionOf } = await example('docs/oauth/refresh.md', 'Tokens that stay fresh');
  const client = clientOf(provider.clients.client_secret_basic);
  const first = await logIn(client);
  /** @type {any} */
  let stored = first;
  const kept = { read: async () => stored, write: async (/** @type {any} */ tokens) => void (stored = tokens) };
  const tokens = sessionOf(server, client, kept);
  assert.equal(await tokens(), first, 'nothing is asked while it is good');
  stored = { ...first, expires_at: 0 };
  const [one, other] = await Promise.all([tokens(), tokens()]);
  assert.equal(one, other, 'one request for both');
  assert.notEqual(one.refresh_token, first.refresh_token);
  assert.equal(stored, one);
  stored = { ...first, expires_at: 0 };
  assert.equal(await tokens(), undefined, 'the token of before was used');
  assert.equal(stored, undefined);
  stored = { ...first, expires_at: 0 };
  const elsewhere = sessionOf({ ...server, token_endpoint: 'https://localhost:1/token' }, client, kept);
  await assert.rejects(elsewhere(), { code: 'ERR_FETCH_FAILED' });
  assert.equal(stored.refresh_token, first.refresh_token, 'an outage ends no session');
});

test('docs/oauth/device.md: signed in on another device', async () => {
  const { signIn } = await example('docs/oauth/device.md', 'Sign in on another device');
  const client = clientOf(provider.clients.none);
  const confirm = async (/** @type {string} */ message, /** @type {string} */ qrCode) => {
    const [, uri, code] = /^Open (\S+) and type (\S+)$/.exec(message) ?? [];
    assert.ok(qrCode.startsWith(uri));
    await confirmDevice(uri, { userCode: code, user: 'ada' });
  };
  assert.equal((await signIn(server, client, confirm)).claims.sub, 'ada');
  const over = new AbortController();
  const waiting = signIn(server, client, () => over.abort('over'), over.signal);
  await assert.rejects(waiting, (reason) => reason === 'over');
});

suite('docs/oauth/ciba.md', () => {
  test('a user who is asked on their device, by poll', async () => {
    const { signIn } = await example('docs/oauth/ciba.md', 'Ask, and wait');
    /** @type {string | undefined} */
    let shown;
    const approve = provider.device.decide;
    provider.device.decide = (pending) => ((shown = pending.bindingMessage), pending.approve());
    const show = (/** @type {string} */ message) => assert.ok(shown && message.includes(shown), message);
    const tokens = await signIn(server, clientOf(provider.clients.client_secret_basic), 'ada', show);
    provider.device.decide = approve;
    assert.equal(tokens.claims.sub, 'ada');
    assert.match(String(shown), /^\d{5}$/);
  });

  test('by ping', async () => {
    const { ask, notified } = await example('docs/oauth/ciba.md', 'Be told, and do not wait');
    const client = clientOf(provider.clients.ping);
    const waiting = new Map();
    await ask(server, client, waiting, 'ada');
    const { headers, body } = await provider.notifications.take(NOTIFICATION.ciba);
    const ping = (authorization = headers.authorization ?? '') =>
      new Request('https://client.example/ciba', { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
    /** @type {Promise<any> | undefined} */
    let outcome;
    const done = (/** @type {Promise<any>} */ tokens) => void (outcome = tokens);
    assert.equal((await notified(server, client, waiting, ping('Bearer guessed'), done)).status, 401);
    assert.equal(outcome, undefined);
    assert.equal((await notified(server, client, waiting, ping(), done)).status, 204);
    assert.equal((await outcome)?.claims.sub, 'ada');
    assert.equal((await notified(server, client, waiting, ping(), done)).status, 401, 'nobody waits for it any more');
  });
});

test('docs/oauth/token-exchange.md: a token for the next service', async () => {
  const { onwards } = await example('docs/oauth/token-exchange.md', 'A token for the next service');
  const client = clientOf(provider.clients.private_key_jwt);
  const { access_token } = await logIn(client);
  const exchanged = await onwards(server, client, access_token, 'https://next.example');
  assert.deepEqual([exchanged.token_type, exchanged.scope], ['Bearer', 'openid']);
  assert.notEqual(exchanged.access_token, access_token);
  await assert.rejects(onwards(server, client, 'guessed', 'https://next.example'), { code: 'ERR_OAUTH_INVALID_GRANT' });
});

test('docs/oauth/userinfo.md and revocation.md: a profile, until the tokens are revoked', async () => {
  const { profile } = await example('docs/oauth/userinfo.md', 'The profile of a user');
  const { signOut } = await example('docs/oauth/revocation.md', 'Sign out');
  const client = clientOf(provider.clients.client_secret_basic);
  const tokens = await logIn(client);
  assert.equal((await profile(server, client, tokens)).sub, 'ada');
  const other = { ...tokens, claims: { ...tokens.claims, sub: 'grace' } };
  await assert.rejects(profile(server, client, other), { code: 'ERR_OIDC_USER_INFO_INVALID' });
  await signOut(server, client, tokens);
  await assert.rejects(profile(server, client, tokens), { code: 'ERR_OAUTH_ACCESS_TOKEN_REJECTED', error: 'invalid_token' });
  await assert.rejects(oauth.refreshTokenGrant(server, client, tokens), { code: 'ERR_OAUTH_INVALID_GRANT' });
  await signOut(server, client, tokens);
});

test('docs/oauth/logout.md: the server ends its session, and tells the others', async () => {
  const { signOut } = await example('docs/oauth/logout.md', 'End the session at the server');
  const { backChannelLogout } = await example('docs/oauth/logout.md', 'Be told that a session has ended');
  const client = clientOf(provider.clients.logout);
  const browser = new Browser({ user: 'ada' });
  const tokens = await logIn(client, {}, { browser });
  const redirect = await signOut(server, client, tokens, LOGGED_OUT_URI);
  const { url } = await browser.visit(redirect.headers.get('location'));
  assert.equal(url.origin + url.pathname, LOGGED_OUT_URI);

  const { body } = await provider.notifications.take(NOTIFICATION.logout);
  const told = (text = body) => new Request('https://client.example/logout', { method: 'POST', headers: FORM, body: text });
  /** @type {string[]} */
  const ended = [];
  const sessions = { endSession: async (/** @type {string} */ sid) => ended.push(sid), endAllOf: async () => assert.fail('it has a sid') };
  const used = new Set();
  const replay = { add: (/** @type {string} */ id) => !used.has(id) && Boolean(used.add(id)) };
  const answer = async (/** @type {any} */ store, /** @type {Request} */ request) =>
    (await backChannelLogout(server, client, sessions, store, request)).status;
  const down = { add: () => Promise.reject(new TollgateError('ERR_FETCH_FAILED')) };
  assert.equal(await answer(down, told()), 503);
  assert.equal(await answer(replay, told('logout_token=e30.e30.e30')), 400);
  assert.equal(await answer(replay, told('')), 400);
  assert.deepEqual(ended, []);
  assert.equal(await answer(replay, told()), 200);
  assert.deepEqual(ended, [tokens.claims.sid]);
  assert.equal(await answer(replay, told()), 400, 'it was used');
});
