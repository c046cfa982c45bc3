// @ts-check
// The Wycheproof vectors on the shipped wasm, by every kernel. `tests/wycheproof.rs` runs the same natively.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RELAXED_FLAGS, inEngine } from './engine.mjs';
import { RELAXED, WAYS, check, checkEach, expected, sets } from './vectors.mjs';

const title = (/** @type {import('./vectors.mjs').VectorSet} */ { alg, name, cases, valid }) =>
  `${alg} ${name}: ${cases} cases, of which ${valid} verify`;

test('every algorithm has vectors', () => {
  const families = ['HS', 'PS', 'RS'].flatMap((family) => [256, 384, 512].map((bits) => family + bits));
  const others = ['ES256', 'ES256K', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'];
  assert.deepEqual([...new Set(sets.map(({ alg }) => alg))].sort(), [...others, ...families].sort());
  for (const { name, cases } of sets) assert.ok(cases > 0, name);
});

describe('Wycheproof on the shipped wasm', () => {
  for (const set of sets) {
    test(title(set), async () => assert.deepEqual(await checkEach(set), expected(set)));
  }
});

for (const way of WAYS) {
  describe(`Wycheproof ${way.name}${way.hasTables ? ` of ${way.file}` : ''}`, () => {
    for (const set of sets.filter(({ alg }) => way.computes(alg))) {
      test(title(set), async () => assert.deepEqual(await check(set, way), expected(set, way)));
    }
  });
}

test(`Wycheproof ${RELAXED.name}, by flag where the engine has it not`, async () => {
  const suited = sets.filter(({ alg }) => RELAXED.computes(alg));
  const vectors = suited.map(({ name, alg }) => ({ set: name, alg, way: RELAXED.name }));
  const { found } = await inEngine(RELAXED_FLAGS, { vectors });
  assert.deepEqual(found, suited.map((set) => expected(set, RELAXED)));
  assert.ok(found.length > 0);
});
