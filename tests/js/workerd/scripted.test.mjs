// @ts-check
// The scripted authorization server of the OAuth tests runs in workerd too: the reference client logs in at it there.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundleWorker, startWorker } from './serve.mjs';

const here = (/** @type {string} */ name) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

const WORKER = `
import * as oauth from ${JSON.stringify(fileURLToPath(import.meta.resolve('oauth4webapi')))};
import { referenceClient } from ${here('../oauth/reference.mjs')};
import { USER, scriptedServer } from ${here('../oauth/scripted.mjs')};

const metadata = { client_id: 'worker', redirect_uris: ['https://client.example/callback'], token_endpoint_auth_method: 'none' };

async function logIn(alg) {
  const server = await scriptedServer({ alg, now: Math.floor(Date.now() / 1000) });
  const through = { [oauth.customFetch]: server.fetch };
  const issuer = new URL(server.issuer);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, through));
  const reference = referenceClient(as, { metadata }, through);
  const { verifier, state, nonce, parameters } = await reference.authorization();
  const callback = new URL(await server.authorize(reference.url(parameters)));
  const tokens = await reference.exchange(oauth.validateAuthResponse(as, reference.client, callback, state), { verifier, nonce });
  const { sub } = await reference.userinfo(tokens.access_token, USER);
  return { sub, calls: server.requests.map(({ endpoint }) => endpoint) };
}

export default {
  fetch: (request) => logIn(new URL(request.url).searchParams.get('alg')).then(Response.json, ({ stack }) => Response.json({ stack })),
};
`;

const folder = await mkdtemp(join(tmpdir(), 'tollgate-scripted-'));
after(() => rm(folder, { recursive: true }));
await writeFile(join(folder, 'worker.mjs'), WORKER);
await bundleWorker(folder);
const { origin, close } = await startWorker(folder);
after(close);

for (const alg of ['RS256', 'ES256', 'PS256', 'EdDSA']) {
  test(`the scripted server logs a user in under ${alg} in workerd`, async () => {
    const answer = await (await fetch(`${origin}/?alg=${alg}`)).json();
    assert.deepEqual(answer, { sub: 'user-1', calls: ['openidConfiguration', 'token', 'userinfo'] });
  });
}
