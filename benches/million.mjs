// @ts-check
// A long run with one verifier: `node --expose-gc million.mjs <file>`. Prints, as JSON, time and memory of each batch.

import { memory } from './wasm-memory.mjs';
import { readFileSync } from 'node:fs';

/** @typedef {{ question: import('./subjects/index.mjs').Question, tokens: string[], refused: boolean, total: number, longest: number }} Input */
/** @typedef {{ count: number, microseconds: number, heap: number, wasm: number }} Batch */

const BATCHES = 10;

/** @type {Input} */
const { question, tokens, refused, total, longest } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { subjects } = await import('./subjects/tollgate.mjs');
const subject = subjects.find(({ name }) => name === 'tollgate verifySync');
if (!subject) throw new Error('tollgate has no verifySync');
const { verify } = await subject.setup(question);

/** @param {number} count */
function run(count) {
  for (let at = 0; at < count; at++) {
    try {
      verify(tokens[at % tokens.length]);
    } catch (error) {
      if (!refused) throw error;
      continue;
    }
    if (refused) throw new Error('it accepts a bad token');
  }
}

const batch = total / BATCHES;
run(batch / 50);
/** @type {Batch[]} */
const batches = [];
const begun = performance.now();
const baseline = memory();
while (batches.length < BATCHES && performance.now() - begun < longest) {
  const start = performance.now();
  run(batch);
  const microseconds = ((performance.now() - start) * 1000) / batch;
  const { heap, wasm } = memory();
  batches.push({ count: batch * (batches.length + 1), microseconds, heap: heap - baseline.heap, wasm });
}
console.log(JSON.stringify(batches));
