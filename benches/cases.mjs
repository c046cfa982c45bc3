// @ts-check
// What is measured: algorithms, sizes, ways to call, and how long each may take.

/** An algorithm, and the size of its key where it has a choice. @typedef {{ name: string, alg: string, bits?: number }} Algorithm */

/** @type {Algorithm[]} */
export const ALGORITHMS = [
  { name: 'HS256', alg: 'HS256' },
  { name: 'RS256', alg: 'RS256', bits: 2048 },
  { name: 'PS256', alg: 'PS256', bits: 2048 },
  { name: 'RS256-4096', alg: 'RS256', bits: 4096 },
  { name: 'ES256', alg: 'ES256' },
  { name: 'ES384', alg: 'ES384' },
  { name: 'EdDSA', alg: 'EdDSA' },
];

// Letters of a whole token. One of an algorithm whose signature leaves no room for claims is as short as it gets.
/** @type {Record<string, number>} */
export const SIZES = { '300 B': 300, '1 kB': 1000, '8 kB': 8000 };
/** The size of everything that is measured at one size only. */
export const SIZE = '1 kB';

/** How many tokens a cell takes by turns, and how many are verified at once. */
export const TOKENS = 64;

/**
 * One after the other; `TOKENS` at once, by `Promise.all`; or tokens that must be refused, one after the other.
 * @typedef {'sequential' | 'together' | 'refused'} Mode
 */

/** @type {Mode[]} */
export const MODES = ['sequential', 'together'];

/** The runtimes, in the order of the report. */
export const RUNTIMES = ['node', 'node-latest', 'deno', 'bun', 'workerd', 'chromium'];

/**
 * How much work a run does.
 * @typedef {object} Plan
 * @property {{ main: number, other: number }} budget milliseconds of measured work for each library, in the main cell (`SIZE`, sequential) and in the others
 * @property {number} patience how many times as long as planned it may take until the minima are settled, on a machine that does other things too
 * @property {number} processes fresh processes for each library
 * @property {number} keys whose memory is measured
 * @property {number} million verifications of the long run
 * @property {number} longest milliseconds that the long run may take; it is shorter where it would take longer
 * @property {string[]} sizes
 * @property {Mode[]} modes
 * @property {boolean} scale
 */

/** @type {Plan} */
export const FULL = {
  budget: { main: 110, other: 24 },
  patience: 1.5,
  processes: 5,
  keys: 24,
  million: 1_000_000,
  longest: 40_000,
  sizes: Object.keys(SIZES),
  modes: MODES,
  scale: true,
};

/** @type {Plan} */
export const QUICK = {
  budget: { main: 90, other: 30 },
  patience: 1.5,
  processes: 5,
  keys: 8,
  million: 100_000,
  longest: 4_000,
  sizes: [SIZE],
  modes: MODES,
  scale: false,
};

/** Points of the scale plots. */
export const LENGTHS = [300, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000];
export const COUNTS = [1, 3, 10, 30, 100, 300, 1000];
