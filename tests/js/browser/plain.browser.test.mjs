// @ts-check
// The suite in Chromium, from a plain `<script type="module">`: no bundler, no import map.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { SUITE, testCases } from '../cases.mjs';
import { install, workspace } from '../install.mjs';
import { open, runner } from './page.mjs';

const APP = `
import * as verify from '/tollgate/verify.js';
import * as errors from '/tollgate/errors.js';
import { outcome } from '/suite/index.mjs';
globalThis.runCase = (group, index) => outcome(group, index, { verify, errors });
`;

const { folder, remove } = await workspace('plain');
after(remove);
const root = join(folder, 'site');
await mkdir(root);
await writeFile(
  join(root, 'index.html'),
  '<!doctype html><title>Plain</title><script type="module" src="/app.js"></script>',
);
await writeFile(join(root, 'app.js'), APP);
const folders = { '/': root, '/tollgate/': join(await install(), 'node_modules/tollgate/dist'), '/suite/': SUITE };

const opened = await open(folders);
after(opened.close);
testCases('Chromium, plain', await runner(opened));

test('the browser had nothing to complain of, under a policy that allows only wasm', () => {
  assert.deepEqual(opened.complaints, []);
});
