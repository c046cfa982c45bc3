// @ts-check
// The suite of `tollgate/oauth` as node:test subtests, wherever it really runs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CODES } from './suite-codes.mjs';
import { groups } from './suite/index.mjs';

/** Where the suite is, for those who bundle it. */
export const SUITE = fileURLToPath(new URL('suite', import.meta.url));

/**
 * One subtest for each case, and one for the codes that they have seen together.
 * @param {string} runtime
 * @param {(group: string, index: number) => Promise<import('./suite/index.mjs').Outcome>} outcome
 */
export function testSuite(runtime, outcome) {
  /** @type {Set<string>} */
  const seen = new Set();
  for (const [group, cases] of Object.entries(groups)) {
    describe(`${runtime}: ${group}`, () => {
      for (const [index, { name }] of cases.entries()) {
        test(name, { timeout: 20_000 }, async () => {
          const { failure, raised } = await outcome(group, index);
          for (const code of raised) seen.add(code);
          if (failure !== null) throw new Error(failure);
        });
      }
    });
  }
  describe(`${runtime}: every code`, () => {
    for (const code of CODES) test(`${code} is raised`, () => assert.ok(seen.has(code)));
    test('no other is', () =>
      assert.deepEqual(
        [...seen].filter((code) => !CODES.includes(code)),
        [],
      ));
  });
}
