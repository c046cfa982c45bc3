// @ts-check
// What the package is meant to reach, and whether a run shows it.

import { cell, ratio } from './report/numbers.mjs';
import { exponent } from './statistics.mjs';

/** @typedef {import('./collect.mjs').Results} Results */

/** Of `verify`, from the text of the token to its claims, to jose's `jwtVerify`, by runtime. @type {[algorithm: string, limits: Record<string, number>][]} */
const TO_JOSE = [
  ['ES256', { node: 0.3, 'node-latest': 0.3, chromium: 0.3, workerd: 0.55 }],
  ['EdDSA', { node: 0.25, 'node-latest': 0.25, chromium: 0.45, workerd: 0.45 }],
  ['RS256', { node: 0.4, 'node-latest': 0.4, chromium: 0.6, workerd: 0.9 }],
  ['PS256', { node: 0.4, 'node-latest': 0.4, chromium: 0.6, workerd: 0.9 }],
  ['HS256', { node: 0.1, 'node-latest': 0.1, chromium: 0.4, workerd: 0.4 }],
  ['ES384', { node: 0.3, 'node-latest': 0.3, deno: 0.3, bun: 0.3, chromium: 0.3, workerd: 0.3 }],
];
/** Of `verifySync` to fast-jwt without its cache, and of the cache to fast-jwt's. */
const TO_FAST_JWT = { runtimes: ['node', 'node-latest'], limit: 1 };
/** From import to the first verified token, to jose. */
const FIRST = { runtimes: ['node', 'node-latest'], limit: 1 };
/** Kilobytes, gzip, of an entry. @type {Record<string, number>} */
const DOWNLOADS = { 'tollgate/verify': 45, 'tollgate/client': 17.5 };
/** Growth over the long runs: kilobytes of wasm memory, and of live JavaScript objects, which come and go. */
const GROWTH = { wasm: 0, heap: 1000 };
/** The power of its length with which the cost of any bad input may grow; what is above 1 is for noise. */
const POWER = 1.1;
/** Letters from which on that power is fitted: below, what does not depend on the length prevails. */
const LONG = 4000;

/** Met when `measured` is at most `limit`. @typedef {{ what: string, where: string, limit: number, unit: 'ratio' | 'kB' | 'power', measured: number | undefined }} Target */

/** @param {Results} results @returns {Target[]} */
function ratios(results) {
  const label = (/** @type {string} */ name) =>
    results.runtimes.find((runtime) => runtime.name === name)?.label ?? name;
  /** @param {string} what @param {string} runtime @param {number} limit @param {number | undefined} measured @returns {Target} */
  const target = (what, runtime, limit, measured) => ({ what, where: label(runtime), limit, unit: 'ratio', measured });
  const lanes = (/** @type {string} */ runtime, /** @type {string} */ alg) => cell(results, runtime, alg)?.lanes;
  return [
    ...TO_JOSE.flatMap(([alg, limits]) =>
      Object.entries(limits).map(([runtime, limit]) =>
        target(`${alg}, \`verify\` to jose`, runtime, limit, ratio(lanes(runtime, alg), 'tollgate verify', 'jose')),
      ),
    ),
    ...TO_FAST_JWT.runtimes.flatMap((runtime) =>
      TO_JOSE.flatMap(([alg]) => [
        target(
          `${alg}, \`verifySync\` to fast-jwt`,
          runtime,
          TO_FAST_JWT.limit,
          ratio(lanes(runtime, alg), 'tollgate verifySync', 'fast-jwt'),
        ),
      ]),
    ),
    ...TO_FAST_JWT.runtimes.map((runtime) =>
      target(
        'a remembered token to one that fast-jwt remembers, ES256',
        runtime,
        TO_FAST_JWT.limit,
        ratio(lanes(runtime, 'ES256'), 'tollgate cached', 'fast-jwt cached'),
      ),
    ),
    ...FIRST.runtimes.flatMap((runtime) =>
      results.first
        .filter((row) => row.runtime === runtime)
        .map(({ algorithm, lanes }) =>
          target(
            `${algorithm}, import to first verified token, to jose`,
            runtime,
            FIRST.limit,
            ratio(lanes, 'tollgate', 'jose'),
          ),
        ),
    ),
  ];
}

/** @param {Results} results @returns {Target[]} */
function others({ downloads, scale }) {
  const sizes = Object.entries(DOWNLOADS).map(([entry, limit]) => ({
    what: `\`${entry}\`, gzip`,
    where: 'download',
    limit,
    unit: /** @type {const} */ ('kB'),
    measured: downloads[entry] === undefined ? undefined : downloads[entry] / 1000,
  }));
  const growth = Object.entries(scale.runs).flatMap(([name, batches]) =>
    Object.entries(GROWTH).map(([what, limit]) => {
      const memory = batches.map((batch) => batch[/** @type {'wasm' | 'heap'} */ (what)]);
      return {
        what: `${what === 'wasm' ? 'wasm memory' : 'JavaScript objects'}, growth over the long run: ${name}`,
        where: 'Node.js',
        limit,
        unit: /** @type {const} */ ('kB'),
        measured: memory.length > 1 ? (memory[memory.length - 1] - memory[0]) / 1000 : undefined,
      };
    }),
  );
  const kinds = new Set(scale.points.flatMap(({ plot, series }) => (plot === 'refused' ? [series] : [])));
  const powers = [...kinds].map((kind) => ({
    what: `a bad input, time by length: ${kind}`,
    where: 'Node.js',
    limit: POWER,
    unit: /** @type {const} */ ('power'),
    measured: exponent(
      scale.points
        .filter(({ plot, series, x }) => plot === 'refused' && series === kind && x >= LONG)
        .map(({ x, lanes }) => [x, lanes['tollgate verifySync'].min]),
    ),
  }));
  return [...sizes, ...growth, ...powers];
}

/** Every target, with what a run measured of it. @param {Results} results @returns {Target[]} */
export const targets = (results) => [...ratios(results), ...others(results)];

/** @param {Target} target @returns {boolean | undefined} `undefined` when it was not measured */
export const met = ({ limit, measured }) => (measured === undefined ? undefined : measured <= limit);
