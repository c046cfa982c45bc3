// @ts-check
// From import to the first verified token, in a process of its own: `first.mjs <library> <file of one job>`. Prints milliseconds.

import { readFileSync } from 'node:fs';
import process from 'node:process';

const [, , library, file] = process.argv;
/** @type {import('./guest.mjs').Job} */
const { question, tokens } = JSON.parse(readFileSync(file, 'utf8'));

const start = performance.now();
const { subjects } = await import(`./subjects/${library}.mjs`);
const { verify } = await subjects[0].setup(question);
await verify(tokens[0]);
console.log(performance.now() - start);
