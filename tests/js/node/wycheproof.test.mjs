// @ts-check
// The Wycheproof vectors on the shipped wasm. `tests/wycheproof.rs` runs the same natively.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install } from '../install.mjs';

/** @typedef {{ id: number, comment: string, message: string, signature: string, valid: boolean }} Vector */
/** @typedef {{ name: string, alg: string, cases: number, valid: number, groups: { jwk: string, weakKey: boolean, cases: Vector[] }[] }} VectorSet */

const folder = process.env.TOLLGATE_VECTORS;
if (!folder) throw new Error('TOLLGATE_VECTORS must name the folder of the vectors; run `cargo xtask test`');
/** @type {VectorSet[]} */
const sets = JSON.parse(await readFile(join(folder, 'wycheproof.json'), 'utf8'));
const dist = join(await install(), 'node_modules/tollgate/dist');
const { verifySignature } = await import(pathToFileURL(join(dist, 'signature.js')).href);

const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, 'base64url'));

describe('Wycheproof on the shipped wasm', () => {
  test('every algorithm has vectors', () => {
    const families = ['HS', 'PS', 'RS'].flatMap((family) => [256, 384, 512].map((bits) => family + bits));
    const others = ['ES256', 'ES256K', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'];
    assert.deepEqual([...new Set(sets.map(({ alg }) => alg))].sort(), [...others, ...families].sort());
  });
  for (const { name, alg, cases, valid, groups } of sets) {
    test(`${alg} ${name}: ${cases} cases, of which ${valid} verify`, async () => {
      const found = { cases: 0, valid: 0 };
      for (const { jwk, weakKey, cases } of groups) {
        for (const { id, comment, message, signature, valid } of cases) {
          found.cases += 1;
          const verify = () => verifySignature(jwk, alg, bytes(message), bytes(signature));
          if (weakKey) {
            await assert.rejects(verify, { code: 'ERR_JWK_INVALID' }, `case ${id}: the key is refused`);
            continue;
          }
          assert.equal(await verify(), valid, `case ${id}: ${comment}`);
          found.valid += Number(valid);
        }
      }
      assert.deepEqual(found, { cases, valid });
      assert.ok(cases > 0);
    });
  }
});
