// @ts-check
// The suite in workerd.

import { join } from 'node:path';
import { after } from 'node:test';
import { SUITE, testCases } from '../cases.mjs';
import { serveWorker } from './serve.mjs';

const { origin, close } = await serveWorker({
  'worker.mjs': `
import * as verify from 'tollgate/verify';
import * as errors from 'tollgate/errors';
import { outcome } from ${JSON.stringify(join(SUITE, 'index.mjs'))};
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    return Response.json(await outcome(searchParams.get('group'), Number(searchParams.get('index')), { verify, errors }));
  },
};
`,
});
after(close);

testCases('workerd', async (group, index) => {
  const response = await fetch(`${origin}/?group=${group}&index=${index}`);
  return response.ok
    ? /** @type {any} */ (response.json())
    : `workerd answered ${response.status}: ${await response.text()}`;
});
