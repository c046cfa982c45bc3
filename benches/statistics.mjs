// @ts-check
// The statistics of the benchmark. All are pure.

/** @param {number[]} values */
export const minimum = (values) => values.reduce((least, value) => Math.min(least, value), Infinity);

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What is kept of the samples of one subject. Whatever disturbs a run only ever makes it slower, so the minimum is nearest to the truth;
 * `halves`, the minima of the even and of the odd rounds, show how far it can be trusted.
 * @typedef {{ min: number, median: number, halves: [number, number], rounds: number }} Summary
 */

/** @param {number[]} samples @returns {Summary} */
export function summary(samples) {
  const half = (/** @type {number} */ parity) => minimum(samples.filter((_, at) => at % 2 === parity));
  return { min: minimum(samples), median: median(samples), halves: [half(0), half(1)], rounds: samples.length };
}

/** How much the ratio of two minima differs between the even and the odd rounds, as a factor of 1 or more. @param {Summary} ours @param {Summary} theirs */
export function instability(ours, theirs) {
  const [even, odd] = [0, 1].map((half) => ours.halves[half] / theirs.halves[half]);
  return Math.max(even / odd, odd / even);
}

/** @typedef {[x: number, y: number]} Point */

/** The line of least squares. @param {Point[]} points */
export function line(points) {
  const mean = (/** @type {0 | 1} */ at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { slope, intercept: meanY - slope * meanX };
}

/** The power of x with which y grows: the slope of the line through the logarithms. 0 is constant, 1 linear. @param {Point[]} points */
export const exponent = (points) => line(points.map(([x, y]) => [Math.log(x), Math.log(y)])).slope;
