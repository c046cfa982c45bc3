// @ts-check
// Runtimes that run a file in a process: Node.js, Deno and Bun.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jobFile } from './app.mjs';

const run = promisify(execFile);

/** @typedef {import('../guest.mjs').Job} Job */
/** @typedef {import('../guest.mjs').Result} Result */

/** How each is started. @type {Record<string, { label: string, binary: (runtimes: string) => string, args: string[] }>} */
const KINDS = {
  node: { label: 'Node.js', binary: () => process.execPath, args: ['--no-warnings'] },
  'node-latest': { label: 'Node.js', binary: (at) => join(at, 'node-latest/bin/node'), args: ['--no-warnings'] },
  deno: {
    label: 'Deno',
    binary: (at) => join(at, '@deno/linux-x64-glibc/deno'),
    args: ['run', '--quiet', '--allow-all', '--no-remote', '--node-modules-dir=manual'],
  },
  bun: { label: 'Bun', binary: (at) => join(at, '@oven/bun-linux-x64/bin/bun'), args: ['run'] },
};

export const PROCESSES = Object.keys(KINDS);

/** Runs a program to its end, and gives the lines that it printed. @param {string} binary @param {string[]} args @param {string} cwd */
async function lines(binary, args, cwd) {
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };
  try {
    const { stdout } = await run(binary, args, { cwd, env, maxBuffer: 2 ** 26 });
    return stdout.trim().split('\n');
  } catch (error) {
    const { stderr, message } = /** @type {any} */ (error);
    const said = /^.*Error.*$/m.exec(stderr)?.[0] ?? message;
    throw new Error(`${args.find((arg) => arg.endsWith('.mjs'))}: ${said}`);
  }
}

/** @param {string} name @param {import('./app.mjs').App} app @returns {Promise<import('./index.mjs').Runtime>} */
export async function openProcess(name, app) {
  const { label, binary, args } = KINDS[name];
  const path = binary(app.runtimes);
  if (!existsSync(path)) throw new Error('it is not installed: no package for this machine, or no network');
  const { stdout } = await run(path, ['--version']);
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'unknown';
  const start = (/** @type {string[]} */ more, /** @type {string[]} */ flags = []) =>
    lines(path, [...args, ...flags, ...more], app.folder);
  return {
    name,
    label: `${label} ${version.split('.')[0]}`,
    version,
    async perform(jobs) {
      const file = await jobFile(app, `${name}-jobs`, jobs);
      return (await start(['process.mjs', file])).map((line) => /** @type {Result} */ (JSON.parse(line)));
    },
    async first(job) {
      const file = await jobFile(app, `${name}-${job.id}`, job);
      return async (library) => Number((await start(['first.mjs', library, file])).at(-1));
    },
    ...(label === 'Node.js' && {
      async script(script, input) {
        const file = await jobFile(app, `${name}-${script}`, input);
        return JSON.parse((await start([script, file], ['--expose-gc'])).at(-1) ?? '');
      },
    }),
    async close() {},
  };
}
