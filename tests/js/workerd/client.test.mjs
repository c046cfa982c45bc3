// @ts-check
// The client where its wasm is an imported module and there is no page: with a store of the app, and WebCrypto alone.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serveWorker } from './serve.mjs';

const here = (/** @type {string} */ name) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

const WORKER = `
import { createClient } from 'tollgate/client';
import { authorizationServer, CLIENT_ID, ISSUER } from ${here('../client/server.mjs')};
import { newSigner } from ${here('../suite/tokens.mjs')};

async function login({ searchParams }) {
  const server = await authorizationServer({ alg: searchParams.get('alg') });
  const records = new Map();
  const store = { get: (key) => records.get(key), set: (key, record) => records.set(key, record), remove: (key) => records.delete(key) };
  const client = await createClient({
    issuer: ISSUER, client_id: CLIENT_ID, redirect_uri: 'https://app.example/callback', fetch: server.fetch, now: () => server.now, store,
  });
  const left = [];
  // What an app of its own does with the URL, in a worker or a native shell.
  globalThis.location = { href: 'https://app.example/', assign: (url) => left.push(url) };
  await client.signIn();
  if (searchParams.has('forged')) server.key = await newSigner(searchParams.get('alg'));
  const url = server.consent(left[0]);
  if (searchParams.has('broken')) crypto.subtle.importKey = () => Promise.reject(new DOMException('broken', 'OperationError'));
  return client.handleRedirect(url);
}

export default {
  fetch: (request) => login(new URL(request.url)).then(
    ({ claims }) => Response.json({ sub: claims.sub }),
    ({ code, stack }) => Response.json({ code: code ?? stack }),
  ),
};
`;

const { origin, close } = await serveWorker({ 'worker.mjs': WORKER });
after(close);

describe('a login in workerd', () => {
  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
    test(`verifies the ID token under ${alg}`, async () => {
      assert.deepEqual(await (await fetch(`${origin}/?alg=${alg}`)).json(), { sub: 'user-1' });
      const forged = await (await fetch(`${origin}/?alg=${alg}&forged`)).json();
      assert.deepEqual(forged, { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    });
  }

  test('is refused when WebCrypto fails, as nothing else can verify there', async () => {
    const broken = await (await fetch(`${origin}/?alg=ES256&broken`)).json();
    assert.deepEqual(broken, { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });
});
