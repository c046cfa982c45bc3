// @ts-check
// The device authorization grant: at `oidc-provider` to the end, and at a scripted server that says everything RFC 8628 §3.5 has.

import assert from 'node:assert/strict';
import { mock, suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { confirmDevice } from './browser.mjs';
import { ISSUER, USER, scriptedServer } from './scripted.mjs';
import { refuse } from './scripted-tokens.mjs';
import { SCRIPTED, clientOf, oauth } from './tollgate.mjs';

const { provider, server } = await atProvider();

suite('the device grant at oidc-provider', { concurrency: true }, () => {
  /** One that is asked every second. @param {any} client */
  const begin = async (client) => ({ ...(await oauth.deviceAuthorization(server, client, { scope: 'openid' })), interval: 1 });

  for (const name of /** @type {const} */ (['none', 'client_secret_basic', 'private_key_jwt'])) {
    test(`${name}: confirmed while the device waits`, async () => {
      const client = clientOf(provider.clients[name]);
      const device = await begin(client);
      const waiting = oauth.deviceCodeGrant(server, client, device);
      await confirmDevice(device.verification_uri_complete, { user: 'ada' });
      const tokens = await waiting;
      assert.equal(tokens.claims.sub, 'ada');
      assert.equal(tokens.scope, 'openid');
    });
  }

  test('the user types the code, and the token is bound to the key of the device', async () => {
    const client = { ...clientOf(provider.clients.dpop), dpop: await oauth.generateDpopKey() };
    const device = await begin(client);
    await confirmDevice(device.verification_uri, { userCode: device.user_code, user: 'grace' });
    const tokens = await oauth.deviceCodeGrant(server, client, device);
    assert.deepEqual([tokens.claims.sub, tokens.token_type], ['grace', 'DPoP']);
  });

  test('the user refuses', async () => {
    const client = clientOf(provider.clients.none);
    const device = await begin(client);
    await confirmDevice(device.verification_uri, { userCode: device.user_code, refuse: true });
    const refused = { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'access_denied', status: 400 };
    await assert.rejects(oauth.deviceCodeGrant(server, client, device), refused);
  });
});

suite('the device grant at a scripted server', SCRIPTED, () => {
  const CLIENT = { client_id: 'client' };
  /** The milliseconds that no wait has. */
  const TIMEOUT = 4999;

  /** A server whose clock is that of the client, and a device that waits for its user. */
  async function start() {
    const server = await scriptedServer();
    const options = { fetch: server.fetch, now: () => server.now, timeout: TIMEOUT };
    const metadata = await oauth.discover(ISSUER, options);
    const device = await oauth.deviceAuthorization(metadata, CLIENT, { scope: 'openid' }, options);
    const grant = (/** @type {object} */ more = {}) => oauth.deviceCodeGrant(metadata, CLIENT, device, {}, { ...options, ...more });
    return { server, metadata, device, grant };
  }

  /**
   * The result of `flow`, and the seconds of each wait in it, which pass at once.
   * @template T
   * @param {Awaited<ReturnType<typeof start>>['server']} server
   * @param {() => Promise<T>} flow
   */
  async function waiting(server, flow) {
    /** @type {number[]} */
    const waits = [];
    const { setTimeout } = globalThis;
    mock.method(globalThis, 'setTimeout', (/** @type {() => void} */ then, /** @type {number} */ milliseconds) => {
      if (milliseconds === TIMEOUT) return setTimeout(then, milliseconds);
      waits.push(milliseconds / 1000);
      server.now += milliseconds / 1000;
      return setTimeout(then, 0);
    });
    try {
      return { result: await flow().then((value) => ({ value }), (error) => ({ error })), waits };
    } finally {
      mock.restoreAll();
    }
  }

  test('pending, told to slow down, an outage, and approved', async () => {
    const { server, device, grant } = await start();
    assert.deepEqual([device.interval, device.expires_at - server.now, device.user_code], [5, 120, 'WDJB-MJHT']);
    assert.ok(Object.isFrozen(device));
    const answers = [
      () => refuse('authorization_pending'),
      () => refuse('slow_down'),
      () => Promise.reject(new TypeError('no network')),
      () => new Response('Bad Gateway', { status: 502 }),
    ];
    server.instead.token = (_request, honest) => (answers.shift() ?? honest)();
    const { result, waits } = await waiting(server, grant);
    assert.deepEqual(waits, [5, 5, 10, 20, 40]);
    assert.equal(result.value?.claims.sub, USER);
    assert.equal(server.at('token').length, 5);
  });

  test('nobody is asked after the end, and what happened last is the cause', async () => {
    const { server, grant } = await start();
    server.decision = 'pending';
    const { result, waits } = await waiting(server, grant);
    assert.equal(result.error.code, 'ERR_OAUTH_GRANT_EXPIRED');
    assert.equal(result.error.cause, undefined);
    assert.deepEqual([waits.length, server.at('token').length], [23, 23]);
    const again = await start();
    const lost = new TypeError('no network');
    again.server.instead.token = () => Promise.reject(lost);
    const offline = await waiting(again.server, again.grant);
    assert.deepEqual(offline.waits, [5, 10, 20, 40, 44]);
    assert.deepEqual([offline.result.error.code, offline.result.error.cause], ['ERR_OAUTH_GRANT_EXPIRED', lost]);
  });

  test('a signal ends the wait, before, meanwhile and while a request is under way', async () => {
    const { server, grant } = await start();
    await assert.rejects(grant({ signal: AbortSignal.abort('before') }), (reason) => reason === 'before');
    assert.equal(server.at('token').length, 0);
    const controller = new AbortController();
    const pending = grant({ signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort('meanwhile');
    await assert.rejects(pending, (reason) => reason === 'meanwhile');
    assert.equal(server.at('token').length, 0);
    const during = new AbortController();
    server.instead.token = () => {
      during.abort('under way');
      return new Promise(() => {});
    };
    const { result } = await waiting(server, () => grant({ signal: during.signal }));
    assert.equal(result.error, 'under way');
  });

  test('the page of the user is not one that anybody could have sent', async () => {
    const { server, metadata } = await start();
    server.instead.device = async (_request, honest) =>
      Response.json({ ...(await (await honest()).json()), verification_uri: 'http://as.example/activate' });
    await assert.rejects(oauth.deviceAuthorization(metadata, CLIENT, {}, { fetch: server.fetch }), {
      code: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID',
      claim: 'verification_uri',
    });
  });

  test('a server without the endpoint is not asked', async () => {
    const { server, metadata } = await start();
    const { device_authorization_endpoint, backchannel_authentication_endpoint, ...without } = metadata;
    assert.ok(device_authorization_endpoint && backchannel_authentication_endpoint);
    const asked = server.requests.length;
    const hinted = { scope: 'openid', login_hint: 'ada' };
    for (const [flow, parameters, claim] of [
      [oauth.deviceAuthorization, {}, 'device_authorization_endpoint'],
      [oauth.backchannelAuthentication, hinted, 'backchannel_authentication_endpoint'],
    ]) {
      const missing = { code: 'ERR_OAUTH_METADATA_INVALID', claim, reason: 'missing' };
      await assert.rejects(flow(without, CLIENT, parameters, { fetch: server.fetch }), missing);
    }
    assert.equal(server.requests.length, asked);
  });

  test('no failure shows a secret', async () => {
    const { server, device, grant } = await start();
    server.instead.token = () =>
      Response.json({ error: 'access_denied', error_description: `not for ${device.device_code}` }, { status: 400 });
    const { result } = await waiting(server, grant);
    assert.equal(result.error.error, 'access_denied');
    assert.deepEqual(server.leaks(`${result.error.stack} ${JSON.stringify(result.error)}`), []);
  });
});
