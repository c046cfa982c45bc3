// @ts-check
// What a key costs in memory, once it is warm: `node --expose-gc memory.mjs <file>`. Prints JSON.

import { memory } from './wasm-memory.mjs';
import { readFileSync } from 'node:fs';

/** @typedef {{ library: string, keys: { question: import('./subjects/index.mjs').Question, tokens: string[] }[] }} Input */

/** Uses of a key after which nothing more is made for it. */
const USES = 8;

/** @type {Input} */
const { library, keys } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
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
const before = memory();
for (const key of others) await use(key);
const after = memory();

/** @param {'heap' | 'wasm' | 'rss'} what */
const each = (what) => Math.round((after[what] - before[what]) / others.length);
console.log(JSON.stringify({ base: before, key: { heap: each('heap'), wasm: each('wasm'), rss: each('rss') } }));
