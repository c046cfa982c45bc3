// @ts-check
// The suite as node:test subtests, wherever it really runs.

import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { groups } from './suite/index.mjs';

/** Where the suite is, for those who bundle or serve it. */
export const SUITE = fileURLToPath(new URL('suite', import.meta.url));

/**
 * One subtest for each case.
 * @param {string} runtime
 * @param {(group: string, index: number) => Promise<string | null>} outcome null, or why the case failed
 */
export function testCases(runtime, outcome) {
  for (const [group, cases] of Object.entries(groups)) {
    describe(`${runtime}: ${group}`, () => {
      for (const [index, { name }] of cases.entries()) {
        test(name, { timeout: 60_000 }, async () => {
          const failure = await outcome(group, index);
          if (failure !== null) throw new Error(failure);
        });
      }
    });
  }
}
