// @ts-check
// The process that `engine.mjs` starts: does the job that it reads, and writes what it found.

import assert from 'node:assert/strict';
import { json } from 'node:stream/consumers';
import { EXPECTED, claims } from '../suite/tokens.mjs';
import { RELAXED, WAYS, check, checkEach, load, sets } from './vectors.mjs';

const NO_SIGNATURE = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
/** So often that a key with a table is used with it. */
const ROUNDS = 5;

/** @type {import('./engine.mjs').Job} */
const { tokens = [], vectors = [], hasSimd = true } = /** @type {any} */ (await json(process.stdin));
if (!hasSimd) WebAssembly.validate = () => false;

/** Whether each level works, in the order in which they were first asked. @type {Map<string, boolean>} */
const asked = new Map();
/** @type {[Set<string>, Set<string>]} */
const [computed, tables] = [new Set(), new Set()];

/** @param {string} name @returns {Promise<any>} the kernel of a module, before it is instantiated */
const kernelOf = async (name) => (await load(`generated/${name}/tollgate_${name}.js`)).Kernel;

for (const level of ['rsa', 'rsa_simd', 'rsa_relaxed']) {
  const Kernel = await kernelOf(level);
  const { self_test: selfTest } = Kernel;
  Kernel.self_test = () => {
    const works = selfTest();
    assert.equal(asked.get(level) ?? works, works, 'an answer stays');
    asked.set(level, works);
    return works;
  };
  const { power } = Kernel.prototype;
  Kernel.prototype.power = function (/** @type {unknown[]} */ ...given) {
    computed.add(level);
    return power.apply(this, given);
  };
}

for (const curve of ['p256', 'p384', 'ed25519']) {
  const { prototype } = await kernelOf(curve);
  const { verify } = prototype;
  prototype.verify = function (/** @type {unknown[]} */ ...given) {
    const verifies = verify.apply(this, given);
    if (this.table_bytes > 0) tables.add(curve);
    return verifies;
  };
}

/** @param {import('./engine.mjs').Tokens} tokens */
async function checkTokens({ jwk, good, bad }) {
  const { createVerifier } = await load('verify.js');
  const verifier = await createVerifier({ ...EXPECTED, key: jwk });
  for (let round = 0; round < ROUNDS; round++) {
    assert.deepEqual((await verifier.verify(good)).claims, claims());
    for (const token of bad) await assert.rejects(verifier.verify(token), NO_SIGNATURE);
  }
  verifier.free();
}

for (const each of tokens) await checkTokens(each);
// What vectors are told to use says nothing about what the engine gets of itself.
const report = { asked: [...asked], computed: [...computed], tables: [...tables] };

const found = [];
for (const { set: name, alg, way: wayName } of vectors) {
  const set = sets.find((set) => set.name === name && set.alg === alg);
  assert.ok(set, name);
  const way = [...WAYS, RELAXED].find((way) => way.name === wayName && way.computes(alg));
  assert.equal(way?.name, wayName);
  found.push(await (way ? check(set, way) : checkEach(set)));
}
process.stdout.write(JSON.stringify({ ...report, found }));
