// @ts-check
// jose and `tollgate/jose` get the same calls, at random: both accept with the same result, or both refuse with the same
// code, claim and reason, or the difference is one of those that are meant. `DIFFERENTIAL_CALLS` and `DIFFERENTIAL_SEED`
// choose how many, and which.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import * as jose from 'jose';
import { call } from './cases.mjs';
import { DIFFERENCES } from './differences.mjs';
import { signers } from './keys.mjs';
import { outcome } from './outcome.mjs';
import { Random } from './random.mjs';
import { ours } from '../jose/package.mjs';

const CALLS = Number(process.env.DIFFERENTIAL_CALLS ?? 100_000);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20261124);

test(`${CALLS} calls have the outcome that they have with jose`, { timeout: 1_200_000 }, async (t) => {
  const random = new Random(SEED);
  const keys = signers();
  const counts = { accepted: 0, refused: 0 };
  /** @type {Map<string, number>} */
  const differences = new Map();
  for (let number = 0; number < CALLS; number++) {
    const made = call(random, keys);
    const theirs = await outcome(() => made.run(jose));
    const found = await outcome(() => made.run(ours));
    if (isDeepStrictEqual(essence(theirs), essence(found))) {
      counts['value' in theirs ? 'accepted' : 'refused']++;
      continue;
    }
    const listed = Object.entries(DIFFERENCES).find(([, difference]) => difference(made, /** @type {any} */ (theirs), /** @type {any} */ (found)));
    assert.ok(listed, `call ${number} of seed ${SEED}: ${describe(made)}\n jose:     ${text(theirs)}\n tollgate: ${text(found)}`);
    differences.set(listed[0], (differences.get(listed[0]) ?? 0) + 1);
  }
  t.diagnostic(`${counts.accepted} accepted by both, ${counts.refused} refused by both alike`);
  for (const [name, count] of differences) t.diagnostic(`${count} differ: ${name}`);
  assert.ok(counts.accepted > CALLS / 20 && counts.refused > CALLS / 5, 'the calls are a mixture');
  if (CALLS >= 100_000) assert.deepEqual(Object.keys(DIFFERENCES).filter((name) => !differences.has(name)), [], 'differences that no call shows');
});

/** What must be equal. A TypeError has no code, and its message is for people. @param {import('./outcome.mjs').Outcome} outcome */
function essence(outcome) {
  if ('value' in outcome) return outcome;
  const { error, code, claim, reason } = outcome;
  return { error, code, claim, reason };
}

/** @param {import('./cases.mjs').Call} made */
const describe = (made) => `${made.name}(${made.data.map(text).join(', ')}) [${[...new Set(made.tags)].join(' ')}]`;

/** @param {unknown} value */
const text = (value) => JSON.stringify(value, (_, inner) => (inner instanceof Uint8Array ? `bytes ${Buffer.from(inner).toString('hex')}` : inner));
