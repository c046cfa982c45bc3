// @ts-check
// The jobs of a file, one after the other, in Node.js, Deno or Bun: `process.mjs <file>`. Prints a line of JSON for each.

import { readFileSync, writeSync } from 'node:fs';
import process from 'node:process';
import { perform } from './guest.mjs';
import { LIBRARIES } from './subjects/node.mjs';

/** @param {string} text all of it: a pipe may take less at once */
function print(text) {
  const bytes = new TextEncoder().encode(`${text}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes.subarray(at));
}

/** @type {import('./guest.mjs').Job[]} */
const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const job of jobs) print(JSON.stringify(await perform(job, LIBRARIES)));
