// @ts-check
// `tollgate/oauth` in workerd, where its wasm is an imported module: the suite, and logins at the real `oidc-provider`.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { exportJWK } from 'jose';
import { login } from '../oauth/browser.mjs';
import { REDIRECT_URI } from '../oauth/clients.mjs';
import { startProvider } from '../oauth/provider.mjs';
import { SUITE, testSuite } from '../oauth/suite-cases.mjs';
import { serveWorker } from './serve.mjs';

// What is learned of a server and the keys of a client outlive the request that brought them, as in a variable of a worker.
const WORKER = `
import * as oauth from 'tollgate/oauth';
import { TollgateError } from 'tollgate/errors';
import { outcome } from ${JSON.stringify(join(SUITE, 'index.mjs'))};

let server;
const clients = new Map();

async function clientOf({ jwk, dpop, ...client }) {
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = jwk && (await crypto.subtle.importKey('jwk', jwk, parameters, false, ['sign']));
  return { ...client, ...(key && { privateKey: { key, kid: jwk.kid } }), ...(dpop && { dpop: await oauth.generateDpopKey() }) };
}

const steps = {
  async begin({ issuer, client, parameters }) {
    server ??= await oauth.discover(issuer);
    clients.set(client.client_id, await clientOf(client));
    return oauth.authorizationUrl(server, clients.get(client.client_id), parameters);
  },
  async finish({ client_id, callback, transaction }) {
    const client = clients.get(client_id);
    const response = await oauth.validateAuthorizationResponse(server, client, callback, transaction);
    return oauth.authorizationCodeGrant(server, client, response);
  },
  refresh: ({ client_id, tokens }) => oauth.refreshTokenGrant(server, clients.get(client_id), tokens),
  credentials: ({ client_id, parameters }) => oauth.clientCredentialsGrant(server, clients.get(client_id), parameters),
};

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/suite') {
      return Response.json(await outcome(searchParams.get('group'), Number(searchParams.get('index')), { oauth, TollgateError }));
    }
    return steps[pathname.slice(1)](await request.json()).then(
      (result) => Response.json(result),
      ({ code, stack }) => Response.json({ code: code ?? stack }),
    );
  },
};
`;

const { origin, close } = await serveWorker({ 'worker.mjs': WORKER });
after(close);
const provider = await startProvider();
after(() => provider.close());

testSuite('workerd', async (group, index) => {
  const response = await fetch(`${origin}/suite?${new URLSearchParams({ group, index: String(index) })}`);
  const text = await response.text();
  return response.ok ? JSON.parse(text) : { failure: `workerd answered ${response.status}: ${text}`, raised: [] };
});

/** @param {string} step @param {object} given @returns {Promise<any>} */
async function worker(step, given) {
  const response = await fetch(`${origin}/${step}`, { method: 'POST', body: JSON.stringify(given) });
  return response.ok ? response.json() : assert.fail(await response.text());
}

/** The client of a registration, with its key as JWK. @param {import('../oauth/clients.mjs').RegisteredClient} registered */
async function portable({ metadata, key }) {
  const { client_id, client_secret, token_endpoint_auth_method } = metadata;
  return { client_id, client_secret, token_endpoint_auth_method, jwk: key && { ...(await exportJWK(key.privateKey)), kid: key.kid } };
}

const PARAMETERS = { redirect_uri: REDIRECT_URI, scope: 'openid offline_access', prompt: 'consent' };

/** @param {any} client @param {object} [parameters] */
async function logIn(client, parameters) {
  const { url, transaction } = await worker('begin', { issuer: provider.issuer, client, parameters: { ...PARAMETERS, ...parameters } });
  const callback = await login(url, { user: 'ada' });
  return { callback, transaction, tokens: await worker('finish', { client_id: client.client_id, callback, transaction }) };
}

describe('tollgate/oauth in workerd, at oidc-provider', () => {
  for (const name of /** @type {const} */ (['none', 'client_secret_basic', 'client_secret_jwt', 'private_key_jwt'])) {
    for (const par of [true, false]) {
      test(`code and refresh by a client of ${name}, ${par ? 'the request is pushed' : 'the request is in the URL'}`, async () => {
        const client = await portable(provider.clients[name]);
        const { client_id } = client;
        const { tokens, callback, transaction } = await logIn(client, { par });
        assert.equal(tokens.claims?.sub, 'ada', tokens.code);
        const refreshed = await worker('refresh', { client_id, tokens });
        assert.equal(refreshed.claims.sub, 'ada');
        assert.deepEqual(await worker('refresh', { client_id, tokens }), { code: 'ERR_OAUTH_INVALID_GRANT' });
        assert.deepEqual(await worker('finish', { client_id, callback, transaction }), { code: 'ERR_OAUTH_INVALID_GRANT' });
      });
    }
  }

  test('tokens are bound to a key of the worker, with the nonces that the server asks for', async () => {
    const client = { ...(await portable(provider.clients.dpop)), dpop: true };
    const { tokens } = await logIn(client);
    assert.equal(tokens.token_type, 'DPoP', tokens.code);
    assert.equal((await worker('refresh', { client_id: client.client_id, tokens })).token_type, 'DPoP');
  });

  for (const alg of /** @type {const} */ (['RS256', 'PS256', 'ES256', 'EdDSA'])) {
    test(`an ID token that is signed by ${alg}`, async () => {
      const { tokens } = await logIn(await portable(provider.clients[alg]));
      assert.equal(tokens.claims?.iss, provider.issuer, tokens.code);
    });
  }

  test('client credentials by private_key_jwt, after a login of the same client', async () => {
    const client = await portable(provider.clients.private_key_jwt);
    await logIn(client);
    const { access_token, token_type, code } = await worker('credentials', { client_id: client.client_id });
    assert.ok(access_token, code);
    assert.equal(token_type, 'Bearer');
  });

  test('a callback of another login is refused', async () => {
    const client = await portable(provider.clients.none);
    const { callback } = await logIn(client);
    const { transaction } = await worker('begin', { issuer: provider.issuer, client, parameters: PARAMETERS });
    const refused = await worker('finish', { client_id: client.client_id, callback, transaction });
    assert.deepEqual(refused, { code: 'ERR_OAUTH_STATE_MISMATCH' });
  });
});
