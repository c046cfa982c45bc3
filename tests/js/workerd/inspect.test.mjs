// @ts-check
// `tollgate/inspect` in workerd, where its wasm is an imported module.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { EXPECTED, NOW, claims, signer } from '../suite/tokens.mjs';
import { serveWorker } from './serve.mjs';

const key = await signer('ES256');
const { now: _, ...expected } = EXPECTED;

const { origin, close } = await serveWorker({
  'worker.mjs': `
import { inspect } from 'tollgate/inspect';
const options = { ...${JSON.stringify({ ...expected, key: key.jwk })}, now: () => ${NOW} };
export default {
  async fetch(request) {
    const { verified, checks } = await inspect(new URL(request.url).searchParams.get('token'), options);
    const failed = checks.filter(({ outcome }) => outcome === 'failed').map(({ name, error }) => [name, error.code]);
    return Response.json({ verified, failed });
  },
};
`,
});
after(close);

/** @param {string} token */
const inspect = async (token) => (await fetch(`${origin}/?token=${token}`)).json();

test('a good token passes in workerd, and a bad one fails where it is bad', async () => {
  assert.deepEqual(await inspect(await key.token(claims())), { verified: true, failed: [] });
  assert.deepEqual(await inspect(await key.token(claims({ exp: NOW }))), {
    verified: false,
    failed: [['exp', 'ERR_JWT_EXPIRED']],
  });
});
