// @ts-check
// The suite of `tollgate/oauth` in Node.js, and that it meets every code of the protocol.

import assert from 'node:assert/strict';
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
  /** @type {{ ERRORS: { code: string }[] }} */
  const { ERRORS } = await import(pathToFileURL(path).href);
  const ofProtocol = ERRORS.map(({ code }) => code).filter((code) => FAMILIES.test(code));
  const named = [...CODES.filter((code) => FAMILIES.test(code)), ...Object.keys(ELSEWHERE)];
  assert.deepEqual(named.sort(), ofProtocol.sort());
});
