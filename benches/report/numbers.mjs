// @ts-check
// Numbers as the report shows them, and the ratios it is about.

/** @typedef {import('../collect.mjs').Results} Results */
/** @typedef {import('../collect.mjs').Lanes} Lanes */

/** What a number that was not measured looks like. */
export const NONE = '–';

/** Three digits, and all of a whole number. @param {number | undefined} value */
export function shown(value) {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  if (Math.abs(value) >= 999.5) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** A ratio: two decimals, and more where it is small. @param {number | undefined} value */
export function ratioShown(value) {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  if (value >= 100) return shown(value);
  return value >= 0.095 ? value.toFixed(2) : value.toFixed(3);
}

/** @param {Lanes | undefined} lanes @param {string} ours @param {string} theirs @returns {number | undefined} of the minima */
export function ratio(lanes, ours, theirs) {
  const [mine, other] = [lanes?.[ours]?.min, lanes?.[theirs]?.min];
  return mine === undefined || other === undefined ? undefined : mine / other;
}

/** @param {Results} results @param {string} runtime @param {string} algorithm @param {string} [size] @param {string} [mode] */
export const cell = ({ cells }, runtime, algorithm, size = '1 kB', mode = 'sequential') =>
  cells.find((one) => one.runtime === runtime && one.algorithm === algorithm && one.size === size && one.mode === mode);

/** Runtimes that were measured, with the names of their rows. @param {Results} results */
export const measured = ({ runtimes }) => runtimes.filter(({ reason }) => reason === undefined);

/** Each once, in the order of their first. @template T @param {T[]} values */
export const distinct = (values) => [...new Set(values)];
