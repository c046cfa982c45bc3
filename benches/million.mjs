// @ts-check
// A long run with one verifier: `node --expose-gc million.mjs <file>`. Prints, as JSON, time and memory of each batch.

import { memory } from './wasm-memory.mjs';
import { readFileSync } from 'node:fs';

/** @typedef {{ question: import('./subjects/index.mjs').Question, tokens: string[], refused: boolean, total: number, longest: number }} Input `longest` is in milliseconds */
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

/** Milliseconds of `count` turns. @param {number} count */
function timed(count) {
  const start = performance.now();
  run(count);
  return performance.now() - start;
}

const WARM_UP = 1000;
run(WARM_UP);
// Where `total` would take longer than it may, each batch is smaller.
const affordable = (longest / timed(WARM_UP)) * WARM_UP;
const batch = Math.ceil(Math.min(total, affordable) / BATCHES / WARM_UP) * WARM_UP;
/** @type {Batch[]} */
const batches = [];
const baseline = memory();
for (let done = 1; done <= BATCHES; done++) {
  const microseconds = (timed(batch) * 1000) / batch;
  const { heap, wasm } = memory();
  batches.push({ count: batch * done, microseconds, heap: heap - baseline.heap, wasm });
}
console.log(JSON.stringify(batches));
