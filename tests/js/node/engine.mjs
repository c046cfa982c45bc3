// @ts-check
// Other modes of the engine: Node.js processes with flags of V8, in which tokens and vectors are verified.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { dist } from './vectors.mjs';

/**
 * What a process is to verify: tokens, each with its public key and with tokens that are not to verify; and sets of
 * vectors, each in the way of that name or, without one, by what the engine gets of itself. Without SIMD,
 * `WebAssembly.validate` denies it; what has no SIMD is compiled all the same.
 * @typedef {{ jwk: object, good: string, bad: string[] }} Tokens
 * @typedef {{ hasSimd?: boolean, tokens?: Tokens[], vectors?: { set: string, alg: string, way?: string }[] }} Job
 */

/**
 * What a process found: the levels of RSA in the order in which they were asked whether they work, those that
 * computed, the curves with tables, and what was verified of each set.
 * @typedef {object} Report
 * @property {[string, boolean][]} asked
 * @property {string[]} computed
 * @property {string[]} tables
 * @property {import('./vectors.mjs').Found[]} found
 */

const wasm = join(dist, 'generated/rsa_relaxed/tollgate_rsa_relaxed_bg.wasm');

/** Whether this version of the engine has relaxed SIMD without being told to. */
export const HAS_RELAXED = WebAssembly.validate(await readFile(wasm));
export const RELAXED_FLAGS = HAS_RELAXED ? [] : ['--experimental-wasm-relaxed-simd'];

/**
 * Does a job in a process of its own with these flags.
 * @param {string[]} flags @param {Job} job @returns {Promise<Report>}
 */
export async function inEngine(flags, job) {
  const script = fileURLToPath(new URL('engine-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [...flags, script], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(job));
  const [out, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal))),
  ]);
  if (code !== 0) throw new Error(`node ${flags.join(' ')} ended with ${code}: ${errors}`);
  return JSON.parse(out);
}
