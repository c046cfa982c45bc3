// @ts-check
// The column of a library: its answer to each case.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** @typedef {import('./cases.mjs').Case} Case */
/** @typedef {import('./ask.mjs').Answer} Answer */

const ASK = fileURLToPath(new URL('ask.mjs', import.meta.url));
/** Milliseconds for one case. */
const LIMIT = 20_000;

/** Answers to all `cases`: accepted, rejected, `–` for what the library does not have, `hang` or `crash`. @param {string} library @param {Case[]} cases @param {Record<string, string>} [env] @returns {Promise<Answer[]>} */
export async function column(library, cases, env) {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-compare-'));
  try {
    const file = join(folder, 'cases.json');
    await writeFile(file, JSON.stringify(cases));
    /** @type {Answer[]} */
    const answers = [];
    while (answers.length < cases.length) {
      const { found, end } = await from([library, file, String(answers.length)], env);
      answers.push(...found);
      if (answers.length < cases.length) answers.push({ cell: end });
    }
    return answers;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Asks from case `first` on, in a new process, as long as it answers. @param {string[]} args @param {Record<string, string>} [env] @returns {Promise<{ found: Answer[], end: string }>} */
async function from(args, env) {
  const child = spawn(process.execPath, ['--no-warnings', ASK, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  /** @type {Answer[]} */
  const found = [];
  let end = 'crash';
  const hang = () => {
    end = 'hang';
    child.kill('SIGKILL');
  };
  let timer = setTimeout(hang, LIMIT);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(timer);
    timer = setTimeout(hang, LIMIT);
    const { cell, code } = JSON.parse(line);
    found.push({ cell, code });
  }
  clearTimeout(timer);
  return { found, end };
}
