// @ts-check
// The suite of `tollgate/oauth` in Node.js, and that it meets every code of the protocol.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install } from '../install.mjs';
import { testSuite } from './suite-cases.mjs';
import { CODES, ELSEWHERE, FAMILIES } from './suite-codes.mjs';
import { outcome } from './suite/index.mjs';
import { oauth, TollgateError } from './tollgate.mjs';

testSuite('Node.js', (group, index) => outcome(group, index, { oauth, TollgateError }));

test('every code of the protocol is met by the suite, or elsewhere', async () => {
  const path = join(await install(), 'node_modules/tollgate/dist/generated/errors.js');
  const { VERIFY_MESSAGES, CLIENT_MESSAGES, OAUTH_MESSAGES } = await import(pathToFileURL(path).href);
  const ofProtocol = Object.keys({ ...VERIFY_MESSAGES, ...CLIENT_MESSAGES, ...OAUTH_MESSAGES }).filter((code) => FAMILIES.test(code));
  const named = [...CODES.filter((code) => FAMILIES.test(code)), ...Object.keys(ELSEWHERE)];
  assert.deepEqual(named.sort(), ofProtocol.sort());
});

test('what is met elsewhere is met there', async () => {
  for (const [code, place] of Object.entries(ELSEWHERE)) {
    if (place.endsWith('.mjs')) assert.ok((await readFile(new URL(place, import.meta.url), 'utf8')).includes(code), `${code} in ${place}`);
  }
});
