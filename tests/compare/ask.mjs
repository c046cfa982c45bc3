// @ts-check
// Asks one library, in a process of its own: `node ask.mjs <library> <file of cases> <index of the first>`. Prints one line of
// JSON for each case. Whoever started it sees a hang or a crash as a line that does not come.

import { readFileSync, writeSync } from 'node:fs';
import { mock } from 'node:test';
import { LIBRARIES, Unsupported } from './libraries.mjs';
import { NOW } from './signers.mjs';

/** @typedef {import('./cases.mjs').Case} Case */
/** @typedef {{ cell: string, code?: string }} Answer */

const [, , name, file, first] = process.argv;
/** @type {Case[]} */
const cases = JSON.parse(readFileSync(file, 'utf8'));
mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });

/** @param {import('./cases.mjs').Attempt} attempt @param {number} [later] @returns {Promise<Answer>} */
async function ask(attempt, later) {
  try {
    mock.timers.setTime(NOW * 1000);
    const verify = await LIBRARIES[name](attempt);
    await verify(attempt.token);
    if (later === undefined) return { cell: 'A' };
    mock.timers.setTime((NOW + later) * 1000);
    await verify(attempt.token);
    return { cell: 'A' };
  } catch (error) {
    if (error instanceof Unsupported) return { cell: '–' };
    const { code, name, message, constructor } = /** @type {any} */ (error);
    const type = name === 'Error' ? constructor.name : name;
    return { cell: 'R', code: typeof code === 'string' ? code : `${type}: ${message}`.slice(0, 60) };
  }
}

/** The controls that were asked already. @type {Map<string, Answer>} */
const known = new Map();
for (let index = Number(first); index < cases.length; index++) {
  const { attempt, control, later } = cases[index];
  const key = JSON.stringify(control);
  const sound = known.get(key) ?? (await ask(control));
  known.set(key, sound);
  const answer = sound.cell === 'A' ? await ask(attempt, later) : { cell: '–', code: sound.code };
  writeSync(1, `${JSON.stringify({ index, ...answer })}\n`);
}
