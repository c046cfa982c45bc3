// @ts-check
// The suite in Chromium, from what Vite builds.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { build } from 'vite';
import { SUITE, testCases } from '../cases.mjs';
import { workspace } from '../install.mjs';
import { open, runner } from './page.mjs';

const APP = `
import * as verify from 'tollgate/verify';
import * as errors from 'tollgate/errors';
import { outcome } from ${JSON.stringify(join(SUITE, 'index.mjs'))};
globalThis.runCase = (group, index) => outcome(group, index, { verify, errors });
`;

const { folder, remove } = await workspace('vite');
after(remove);
const root = join(folder, 'app');
await mkdir(root);
await writeFile(
  join(root, 'index.html'),
  '<!doctype html><title>Vite</title><script type="module" src="/app.js"></script>',
);
await writeFile(join(root, 'app.js'), APP);
await build({ root, configFile: false, logLevel: 'error' });

const opened = await open({ '/': join(root, 'dist') });
after(opened.close);
testCases('Chromium, Vite', await runner(opened));

test('the browser had nothing to complain of, under a policy that allows only wasm', () => {
  assert.deepEqual(opened.complaints, []);
});
