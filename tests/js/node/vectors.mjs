// @ts-check
// The Wycheproof vectors, and the ways in which the installed package verifies them: by each kernel, with a table and
// without.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from '../install.mjs';

/** @typedef {{ id: number, comment: string, message: string, signature: string, valid: boolean }} Vector */
/** @typedef {{ jwk: string, weakKey: boolean, cases: Vector[] }} Group */
/** @typedef {{ name: string, alg: string, cases: number, valid: number, groups: Group[] }} VectorSet */

const folder = process.env.TOLLGATE_VECTORS;
if (!folder) throw new Error('TOLLGATE_VECTORS must name the folder of the vectors; run `cargo xtask test`');
/** @type {VectorSet[]} */
export const sets = JSON.parse(await readFile(join(folder, 'wycheproof.json'), 'utf8'));

export const dist = join(await install(), 'node_modules/tollgate/dist');
/** @param {string} file @returns {Promise<any>} */
export const load = (file) => import(pathToFileURL(join(dist, file)).href);

const { importKey, verifySignature } = await load('signature.js');
const { Kernels } = await load('kernel/kernels.js');
const { kernelModules } = await load('kernel/modules.js');
const { inFile } = await load('kernel/instance.js');

const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, 'base64url'));

/**
 * A way to verify the signatures of a key.
 * @typedef {object} Way
 * @property {string} name
 * @property {string} file of the kernel
 * @property {(alg: string) => boolean} computes
 * @property {boolean} [isPortable]
 * @property {boolean} [hasTables]
 */

const isRsa = (/** @type {string} */ alg) => /^[RP]S/.test(alg);

/** @type {(level: string) => Way} */
const rsaLevel = (level) => ({ name: `by ${level}`, file: level, computes: isRsa });

export const RELAXED = rsaLevel('rsa-relaxed');

/** Those of every engine that has SIMD. @type {Way[]} */
export const WAYS = [
  { name: 'with tables', file: 'p256', computes: (alg) => alg === 'ES256', hasTables: true },
  { name: 'with tables', file: 'p384', computes: (alg) => alg === 'ES384', hasTables: true },
  { name: 'with tables', file: 'ed25519', computes: (alg) => alg.startsWith('Ed'), hasTables: true },
  rsaLevel('rsa-simd'),
  rsaLevel('rsa-scalar'),
  { name: 'by portable', file: 'portable', computes: (alg) => !alg.startsWith('HS'), isPortable: true },
];

/** Kernels of one file, and those of them that were made. @param {Way} way */
function kernelsOf({ file, isPortable = false }) {
  /** @type {any[]} */
  const made = [];
  const inOwnFile = inFile(() => load(`kernel/${file}.js`));
  const module = async () => {
    const Kernel = (await inOwnFile()).kernel();
    const kernel = () =>
      class extends Kernel {
        /** @param {number} maxTableBytes */
        constructor(maxTableBytes) {
          super(maxTableBytes);
          made.push(this);
        }
      };
    return { kernel };
  };
  const modules = Object.fromEntries(Object.keys(kernelModules).map((name) => [name, module]));
  return { kernels: new Kernels(modules, { isPortable }), made };
}

/**
 * What was verified: cases, those of them with a good signature, and keys with a table.
 * @typedef {{ cases: number, valid: number, tables: number }} Found
 */

/**
 * The groups of a set, those of one key together: bad signatures need not stand beside good ones.
 * @param {VectorSet} set
 */
function keysOf({ groups }) {
  /** @type {Map<string, Group>} */
  const keys = new Map();
  for (const { jwk, weakKey, cases } of groups) {
    const known = keys.get(jwk);
    keys.set(jwk, { jwk, weakKey, cases: [...(known?.cases ?? []), ...cases] });
  }
  return [...keys.values()];
}

/** Verifies the cases of a set, each with its key anew. @param {VectorSet} set @returns {Promise<Found>} */
export async function checkEach({ alg, groups }) {
  const found = { cases: 0, valid: 0, tables: 0 };
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
  return found;
}

/**
 * Verifies the cases of a set in one way, those of a key without importing it anew.
 * @param {VectorSet} set @param {Way} way @returns {Promise<Found>}
 */
export async function check(set, way) {
  const found = { cases: 0, valid: 0, tables: 0 };
  for (const { jwk, weakKey, cases } of keysOf(set)) {
    const { kernels, made } = kernelsOf(way);
    found.cases += cases.length;
    if (weakKey) {
      await assert.rejects(importKey(jwk, set.alg, kernels), { code: 'ERR_JWK_INVALID' }, 'the key is refused');
      continue;
    }
    const key = await importKey(jwk, set.alg, kernels);
    const verify = (/** @type {Vector} */ { message, signature }) => key.verify(bytes(message), bytes(signature));
    assert.equal(made.length, 1, 'one kernel');
    const good = cases.find(({ valid }) => valid);
    if (way.hasTables && good) {
      // The second use computes the table.
      assert.deepEqual([verify(good), verify(good)], [true, true]);
      assert.ok(made[0].table_bytes > 0, 'the key has a table');
      found.tables += 1;
    }
    for (const vector of cases) {
      assert.equal(verify(vector), vector.valid, `case ${vector.id}: ${vector.comment}`);
      found.valid += Number(vector.valid);
    }
    key.free();
    assert.equal(made[0].table_bytes, 0, 'the table went with the key');
  }
  return found;
}

/** What `check` finds when all is well. @param {VectorSet} set @param {Way} [way] @returns {Found} */
export const expected = (set, way) => ({
  cases: set.cases,
  valid: set.valid,
  tables: way?.hasTables ? keysOf(set).filter(({ cases }) => cases.some(({ valid }) => valid)).length : 0,
});
