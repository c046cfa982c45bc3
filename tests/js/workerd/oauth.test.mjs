// @ts-check
// The suite of `tollgate/oauth` in workerd, where its wasm is an imported module. The flows at real servers are in `flows.test.mjs`.

import { join } from 'node:path';
import { after } from 'node:test';
import { SUITE, testSuite } from '../oauth/suite-cases.mjs';
import { serveWorker } from './serve.mjs';

const WORKER = `
import * as oauth from 'tollgate/oauth';
import { TollgateError } from 'tollgate/errors';
import { outcome } from ${JSON.stringify(join(SUITE, 'index.mjs'))};

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    return Response.json(await outcome(searchParams.get('group'), Number(searchParams.get('index')), { oauth, TollgateError }));
  },
};
`;

const { origin, close } = await serveWorker({ 'worker.mjs': WORKER });
after(close);

testSuite('workerd', async (group, index) => {
  const response = await fetch(`${origin}/?${new URLSearchParams({ group, index: String(index) })}`);
  const text = await response.text();
  return response.ok ? JSON.parse(text) : { failure: `workerd answered ${response.status}: ${text}`, raised: [] };
});
