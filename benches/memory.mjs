// @ts-check
// What a library and each key cost in memory, once they are warm: `node --expose-gc memory.mjs <file>`. Prints JSON.

import { memory } from './wasm-memory.mjs';
import { readFileSync } from 'node:fs';

/** @typedef {{ library: string, keys: { question: import('./subjects/index.mjs').Question, tokens: string[] }[] }} Input */

/** Uses of a key after which nothing more is made for it. */
const USES = 8;

/** @type {Input} */
const { library, keys } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const nothing = memory();
const { subjects } = await import(`./subjects/${library}.mjs`);
const kept = [];

/** @param {Input['keys'][0]} key */
async function use({ question, tokens }) {
  const opened = await subjects[0].setup(question);
  for (let use = 0; use < USES; use++) await opened.verify(tokens[use % tokens.length]);
  kept.push(opened);
}

const [first, ...others] = keys;
await use(first);
const one = memory();
for (const key of others) await use(key);
const all = memory();

/** @param {ReturnType<typeof memory>} from @param {ReturnType<typeof memory>} to @param {number} [parts] */
const growth = (from, to, parts = 1) => ({
  heap: Math.round((to.heap - from.heap) / parts),
  wasm: Math.round((to.wasm - from.wasm) / parts),
});
console.log(JSON.stringify({ first: growth(nothing, one), each: growth(one, all, others.length) }));
