// @ts-check
// What runs inside the runtime that is measured: makes the subjects of a job, sees that each tells good tokens from bad ones, and runs
// as many turns of one of them as it is told.

import { interleave } from './measure.mjs';

/** @typedef {import('./subjects/index.mjs').Question} Question */
/** @typedef {import('./subjects/index.mjs').Subject} Subject */
/** @typedef {import('./subjects/index.mjs').Libraries} Libraries */

/**
 * `verify`: tokens by turns, with a verifier that was made before. `fresh`: a new verifier for each run, and `uses` tokens with it.
 * @typedef {object} Job
 * @property {string} id
 * @property {'verify' | 'fresh'} kind
 * @property {Question} question
 * @property {string[]} tokens
 * @property {string} [bad] a token that must be refused
 * @property {import('./cases.mjs').Mode} mode
 * @property {string[]} libraries
 * @property {string[]} [names] of the subjects; all by default
 * @property {number[]} [uses]
 * @property {number} budget milliseconds of measured work for each lane
 * @property {number} patience how many times as many it may become
 * @property {number} [step] runs that make a whole batch, or a part of one
 */

/** A job made ready. `run` makes `count` runs of a lane. @typedef {{ name: string, run: (count: number) => Promise<unknown> }} Runner */
/** @typedef {{ runners: Runner[], absent: Record<string, string> }} Ready */
/** @typedef {{ id: string, lanes: Record<string, import('./statistics.mjs').Summary>, absent: Record<string, string> }} Result */

/** @param {(token: string) => unknown} verify @param {string} token */
async function refuses(verify, token) {
  try {
    await verify(token);
    return false;
  } catch {
    return true;
  }
}

/** @param {(token: string) => unknown} verify @param {Job} job */
async function check(verify, { tokens, bad, mode }) {
  if (mode === 'refused') {
    for (const token of tokens) if (!(await refuses(verify, token))) throw new Error('it accepts a bad token');
    return;
  }
  for (const token of tokens) await verify(token);
  if (bad !== undefined && !(await refuses(verify, bad))) throw new Error('it accepts a token that was tampered with');
}

/** The loops: one that awaits what is no promise would measure that. @param {(token: string) => unknown} verify @param {Job} job @param {boolean} promises @returns {Runner['run']} */
function runner(verify, { tokens, mode }, promises) {
  let at = 0;
  const next = () => tokens[at++ % tokens.length];
  if (mode === 'refused') {
    return async (count) => {
      for (let run = 0; run < count; run++)
        if (!(await refuses(verify, next()))) throw new Error('it accepts a bad token');
    };
  }
  if (mode === 'together') {
    return async (count) => {
      for (let run = 0; run < count; run++) {
        if (promises) await Promise.all(tokens.map(verify));
        else tokens.forEach(verify);
      }
    };
  }
  if (promises) {
    return async (count) => {
      for (let run = 0; run < count; run++) await verify(next());
    };
  }
  return async (count) => {
    for (let run = 0; run < count; run++) verify(next());
  };
}

/** @param {Subject} subject @param {Job} job @returns {Promise<Runner[]>} */
async function runners({ name, setup }, job) {
  const { kind, question, tokens, mode, uses = [] } = job;
  const opened = await setup(question);
  const verify = (/** @type {string} */ token) => opened.verify(token);
  await check(verify, job);
  if (kind === 'verify') {
    const promises = mode !== 'refused' && verify(tokens[0]) instanceof Promise;
    return [{ name, run: runner(verify, job, promises) }];
  }
  opened.free?.();
  return uses.map((count) => ({
    name: `${name} ${count}`,
    async run(times) {
      for (let run = 0; run < times; run++) {
        const { verify, free } = await setup(question);
        for (let use = 0; use < count; use++) await verify(tokens[use]);
        free?.();
      }
    },
  }));
}

/** @param {any} error */
const reason = (error) => String(error?.message ?? error).split('\n')[0];

/** Makes a job ready. What a library does not have is named with its reason. @param {Job} job @param {Libraries} libraries @returns {Promise<Ready>} */
export async function prepare(job, libraries) {
  /** @type {Ready} */
  const ready = { runners: [], absent: {} };
  for (const library of job.libraries) {
    if (!libraries[library]) {
      ready.absent[library] = 'it is for Node.js';
      continue;
    }
    /** @type {Subject[]} */
    let subjects = [];
    try {
      ({ subjects } = await libraries[library]());
    } catch (error) {
      ready.absent[library] = reason(error);
    }
    for (const subject of subjects.filter(({ name }) => job.names?.includes(name) ?? true)) {
      try {
        ready.runners.push(...(await runners(subject, job)));
      } catch (error) {
        ready.absent[subject.name] = reason(error);
      }
    }
  }
  return ready;
}

/** Does a job where there is a clock. @param {Job} job @param {Libraries} libraries @returns {Promise<Result>} */
export async function perform(job, libraries) {
  const { runners, absent } = await prepare(job, libraries);
  const lanes = runners.map(({ name, run }) => ({
    name,
    step: job.step,
    async time(/** @type {number} */ count) {
      const start = performance.now();
      await run(count);
      return performance.now() - start;
    },
  }));
  return { id: job.id, lanes: await interleave(lanes, job), absent };
}
