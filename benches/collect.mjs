// @ts-check
// Asks the runtimes, and files what they answer. Times are microseconds for one verification, or one run.

import { TOKENS } from './cases.mjs';
import { byTurns } from './measure.mjs';
import { FIRST, cells, freshJob, longRuns, memoryKeys, points } from './plan.mjs';

/** @typedef {import('./cases.mjs').Algorithm} Algorithm */
/** @typedef {import('./cases.mjs').Plan} Plan */
/** @typedef {import('./runtimes/index.mjs').Runtime} Runtime */
/** @typedef {import('./statistics.mjs').Summary} Summary */
/** @typedef {Record<string, Summary>} Lanes */

/** @typedef {{ runtime: string, algorithm: string, lanes: Lanes, absent: Record<string, string> }} Row */
/** @typedef {Row & { size: string, mode: string, length: number }} Cell */
/** @typedef {{ heap: number, wasm: number }} Bytes */
/** @typedef {{ runtime: string, algorithm: string, library: string, first: Bytes, each: Bytes, keys: number }} Memory `first`: of the library and one key */
/** @typedef {{ plot: string, series: string, x: number, lanes: Lanes }} ScalePoint */

/**
 * @typedef {object} Results
 * @property {string} date
 * @property {{ cpu: string, cores: number, load: number[] }} machine
 * @property {number} seconds
 * @property {Record<string, string>} versions
 * @property {Record<string, number>} downloads gzip bytes of each entry
 * @property {{ name: string, label: string, version: string, reason?: string }[]} runtimes
 * @property {Cell[]} cells
 * @property {Row[]} fresh
 * @property {Row[]} first
 * @property {Memory[]} memory
 * @property {{ points: ScalePoint[], runs: Record<string, import('./million.mjs').Batch[]> }} scale
 */

/** Memory is measured of these: a key of RSA costs the same at any use. */
const MEMORY = { algorithms: ['HS256', 'RS256', 'ES256', 'ES384', 'EdDSA'], libraries: ['tollgate', 'jose'] };

const progress = (/** @type {string} */ text) => void process.stderr.write(`${text}\n`);

const digits = (/** @type {number} */ value) => Number(value.toPrecision(4));

/** @param {Lanes} lanes in milliseconds @param {number} [runs] verifications that one run makes @returns {Lanes} in microseconds */
function microseconds(lanes, runs = 1) {
  const convert = (/** @type {number} */ value) => digits((value * 1000) / runs);
  return Object.fromEntries(
    Object.entries(lanes).map(([name, { min, median, halves, rounds }]) => [
      name,
      { min: convert(min), median: convert(median), halves: [convert(halves[0]), convert(halves[1])], rounds },
    ]),
  );
}

/** @param {Runtime} runtime @param {Algorithm} algorithm @param {Plan} plan @param {Results} results */
async function verifications(runtime, { name: algorithm, ...rest }, plan, results) {
  const measured = cells({ name: algorithm, ...rest }, plan);
  const fresh = freshJob({ name: algorithm, ...rest }, plan);
  const answers = await runtime.perform([...measured.map(({ job }) => job), fresh]);
  const common = { runtime: runtime.name, algorithm };
  measured.forEach(({ size, mode, length }, at) => {
    const { lanes, absent } = answers[at];
    const runs = mode === 'together' ? TOKENS : 1;
    results.cells.push({ ...common, size, mode, length, lanes: microseconds(lanes, runs), absent });
  });
  const { lanes, absent } = answers[measured.length];
  results.fresh.push({ ...common, lanes: microseconds(lanes), absent });
}

/** How far the minima of even and odd rounds of processes may differ, as a part. */
const PROCESS_TOLERANCE = 0.05;

/** Fresh processes or pages of each library by turns. @param {Runtime} runtime @param {Algorithm} algorithm @param {Plan} plan @param {Results} results */
async function firsts(runtime, algorithm, plan, results) {
  const first = await runtime.first(freshJob(algorithm, plan));
  /** @type {import('./measure.mjs').Lane[]} */
  const lanes = [];
  /** @type {Record<string, string>} */
  const absent = {};
  for (const name of [...FIRST.everywhere, ...(runtime.script ? FIRST.node : [])]) {
    try {
      await first(name);
      lanes.push({ name, time: () => first(name) });
    } catch (error) {
      absent[name] = String(/** @type {any} */ (error).message).split('\n')[0];
    }
  }
  const counts = lanes.map(() => 1);
  const measured = await byTurns(lanes, {
    counts,
    plan: plan.processes * lanes.length,
    patience: plan.patience,
    spent: () => 1,
    tolerance: PROCESS_TOLERANCE,
  });
  results.first.push({ runtime: runtime.name, algorithm: algorithm.name, lanes: microseconds(measured), absent });
}

/** @param {Runtime} runtime @param {Algorithm} algorithm @param {Plan} plan @param {Results} results */
async function memories(runtime, algorithm, plan, results) {
  if (!runtime.script || !MEMORY.algorithms.includes(algorithm.name)) return;
  const keys = memoryKeys(algorithm, plan);
  for (const library of MEMORY.libraries) {
    const { first, each } = await runtime.script('memory.mjs', { library, keys });
    const common = { runtime: runtime.name, algorithm: algorithm.name, library };
    results.memory.push({ ...common, first, each, keys: keys.length });
  }
}

/** @param {Runtime} runtime @param {Algorithm[]} algorithms @param {Plan} plan @param {Results} results */
export async function measureRuntime(runtime, algorithms, plan, results) {
  for (const algorithm of algorithms) {
    const start = performance.now();
    await verifications(runtime, algorithm, plan, results);
    await firsts(runtime, algorithm, plan, results);
    await memories(runtime, algorithm, plan, results);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    progress(`${runtime.label} ${algorithm.name}: ${seconds} s`);
  }
}

/** @param {Runtime} runtime where memory can be measured @param {Plan} plan @param {Results} results */
export async function measureScale(runtime, plan, results) {
  const start = performance.now();
  const all = points();
  const answers = await runtime.perform(all.map(({ job }) => job));
  results.scale.points = all.map(({ plot, series, x }, at) => ({
    plot,
    series,
    x,
    lanes: microseconds(answers[at].lanes),
  }));
  for (const [name, input] of Object.entries(longRuns(plan))) {
    results.scale.runs[name] = await runtime.script?.('million.mjs', input);
  }
  progress(`${runtime.label} scale: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
