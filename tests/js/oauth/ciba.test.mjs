// @ts-check
// CIBA by poll and by ping, at `oidc-provider` to the end.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { atProvider } from './at-provider.mjs';
import { NOTIFICATION } from './clients.mjs';
import { clientOf, oauth } from './tollgate.mjs';

const { provider, server } = await atProvider();
const approve = provider.device.decide;

const PARAMETERS = { scope: 'openid', login_hint: 'ada', binding_message: 'W4SCT' };

suite('CIBA by poll', () => {
  /** One that is asked every second. @param {any} client @param {object} [more] */
  const begin = async (client, more) => ({
    ...(await oauth.backchannelAuthentication(server, client, { ...PARAMETERS, ...more })),
    interval: 1,
  });

  for (const name of /** @type {const} */ (['client_secret_basic', 'private_key_jwt'])) {
    test(`${name}: approved while the client waits`, async (t) => {
      const client = clientOf(provider.clients[name]);
      t.after(() => (provider.device.decide = approve));
      provider.device.decide = (pending) => void setTimeout(() => pending.approve(), 100);
      const tokens = await oauth.cibaGrant(server, client, await begin(client, { acr_values: 'phr' }));
      assert.deepEqual([tokens.claims.sub, tokens.claims.acr, tokens.scope], ['ada', 'phr', 'openid']);
    });
  }

  test('the hint is an ID token', async () => {
    const client = clientOf(provider.clients.client_secret_basic);
    // The user has decided when the request is acknowledged.
    const decided = async (/** @type {object} */ more) => ({ ...(await begin(client, more)), notified: true });
    const { id_token } = await oauth.cibaGrant(server, client, await decided({ requested_expiry: 60 }));
    const again = await decided({ login_hint: undefined, id_token_hint: id_token });
    assert.equal((await oauth.cibaGrant(server, client, again)).claims.sub, 'ada');
  });

  test('the user refuses, and one who is not known cannot be asked', async (t) => {
    const client = clientOf(provider.clients.client_secret_basic);
    t.after(() => (provider.device.decide = approve));
    provider.device.decide = ({ deny }) => deny();
    await assert.rejects(oauth.cibaGrant(server, client, await begin(client)), {
      code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
      error: 'access_denied',
    });
    await assert.rejects(begin(client, { login_hint: 'nobody' }), { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'unknown_user_id' });
    await assert.rejects(begin(client, { binding_message: 'x'.repeat(21) }), { error: 'invalid_binding_message' });
    await assert.rejects(begin(client, { id_token_hint: 'e30' }), { code: 'ERR_OPTION_INVALID', claim: 'login_hint' });
  });
});

suite('CIBA by ping', () => {
  /** The requests that wait, by their `auth_req_id`. @type {Map<string, any>} */
  const waiting = new Map();
  const find = (/** @type {string} */ id) => waiting.get(id);

  /** A request that waits, and the notification that came. @param {any} client */
  async function begin(client) {
    const client_notification_token = randomBytes(32).toString('base64url');
    const request = await oauth.backchannelAuthentication(server, client, { ...PARAMETERS, client_notification_token });
    // It is kept as JSON.
    waiting.set(request.auth_req_id, JSON.parse(JSON.stringify(request)));
    const { headers, body } = await provider.notifications.take(NOTIFICATION.ciba);
    return { request, headers: { authorization: headers.authorization ?? '', 'content-type': headers['content-type'] ?? '' }, body };
  }

  /** @param {Record<string, string>} headers @param {string} body @param {string} [method] */
  const posted = (headers, body, method = 'POST') => new Request('https://client.example/ciba', { method, headers, body });

  test('the server says that the user has decided', async () => {
    const client = clientOf(provider.clients.ping);
    const { request, headers, body } = await begin(client);
    const notified = await oauth.cibaNotification(server, client, posted(headers, body), find);
    assert.equal(notified.auth_req_id, request.auth_req_id);
    const began = performance.now();
    const tokens = await oauth.cibaGrant(server, client, notified);
    assert.ok(performance.now() - began < 1000, 'it did not wait');
    assert.equal(tokens.claims.sub, 'ada');
    waiting.delete(request.auth_req_id);
    await assert.rejects(oauth.cibaNotification(server, client, posted(headers, body), find), {
      code: 'ERR_OAUTH_NOTIFICATION_INVALID',
      claim: 'auth_req_id',
    });
  });

  test('what is not such a notification is refused', async () => {
    const client = clientOf(provider.clients.ping);
    const { request, headers, body } = await begin(client);
    const keep = async () => request;
    const refused = async (/** @type {Request} */ notification, /** @type {string | undefined} */ claim) => {
      const error = await oauth.cibaNotification(server, client, notification, keep).catch((/** @type {any} */ thrown) => thrown);
      assert.deepEqual([error.code, error.claim], ['ERR_OAUTH_NOTIFICATION_INVALID', claim]);
      assert.ok(!String(error.stack).includes(request.client_notification_token));
    };
    await refused(posted({}, body), 'authorization');
    await refused(posted({ authorization: `Bearer ${randomBytes(32).toString('base64url')}` }, body), 'authorization');
    await refused(posted(headers, body, 'PUT'), 'method');
    await refused(new Request('https://client.example/ciba', { headers }), 'method');
    await refused(posted(headers, JSON.stringify({ auth_req_id: 'another' })), 'auth_req_id');
    await refused(posted(headers, 'auth_req_id='), undefined);
    await refused(posted(headers, `{"auth_req_id":"${request.auth_req_id}","access_token":"at"}`), 'access_token');
    await refused(posted(headers, ' '.repeat(2 << 20)), undefined);
    const { length } = await oauth.cibaNotification(server, client, posted(headers, body), keep).then(Object.keys);
    assert.equal(length, 6);
  });
});
