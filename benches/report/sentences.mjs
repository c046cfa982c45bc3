// @ts-check
// How costs grow, said in words that follow from the numbers.

import { exponent, line } from '../statistics.mjs';
import { distinct, shown } from './numbers.mjs';

/** @typedef {import('../collect.mjs').ScalePoint} ScalePoint */
/** @typedef {import('../million.mjs').Batch} Batch */
/** @typedef {import('../statistics.mjs').Point} Point */

/** @param {ScalePoint[]} points @param {string} plot @param {string} series @param {string} lane @returns {Point[]} */
export const curve = (points, plot, series, lane) =>
  points.flatMap((point) =>
    point.plot === plot && point.series === series && point.lanes[lane] ? [[point.x, point.lanes[lane].min]] : [],
  );

/** The series of a plot. @param {ScalePoint[]} points @param {string} plot */
export const seriesOf = (points, plot) =>
  distinct(points.filter((point) => point.plot === plot).map(({ series }) => series));

/** @param {number} power of n with which a cost grows */
export function growth(power) {
  if (power < 0.05) return 'does not grow';
  if (power < 0.9) return 'grows slower than linearly';
  return power <= 1.1 ? 'grows linearly' : 'grows faster than linearly';
}

/** Two decimals, without a negative zero. @param {number} power */
const powerShown = (power) => (Math.round(power * 100) / 100 + 0).toFixed(2);

/** @param {Point[]} points */
function fitted(points) {
  const { slope, intercept } = line(points);
  return `${shown(Math.max(0, intercept))} µs and ${shown(slope * 1000)} µs for each 1,000 letters`;
}

/** The cost of a token by its length. @param {ScalePoint[]} points */
export function lengthSentence(points) {
  return seriesOf(points, 'length')
    .map((algorithm) => {
      const of = (/** @type {string} */ lane) => fitted(curve(points, 'length', algorithm, lane));
      return `With ${algorithm}, \`verifySync\` takes ${of('tollgate verifySync')}; jose takes ${of('jose')}.`;
    })
    .join(' ');
}

/** @param {Point[]} points */
function ends(points) {
  const [[, first], [, last]] = [points[0], points[points.length - 1]];
  return `from ${shown(first)} to ${shown(last)} µs`;
}

/** The cost of a token by how many keys, or issuers, a verifier has. @param {ScalePoint[]} points @param {'keys' | 'issuers'} plot */
export function countSentence(points, plot) {
  return seriesOf(points, plot)
    .map((series) => {
      const [ours, theirs] = ['tollgate verifySync', 'jose'].map((lane) => curve(points, plot, series, lane));
      const power = exponent(ours);
      const [least, most] = [ours[0], ours[ours.length - 1]].map(([count]) => shown(count));
      return (
        `With ${series}, from ${least} to ${most} ${plot} the cost of \`verifySync\` ${growth(power)} (power ${powerShown(power)}): ` +
        `it goes ${ends(ours)}, that of jose ${ends(theirs)}.`
      );
    })
    .join(' ');
}

/** The cost of inputs that are refused, by their length. @param {ScalePoint[]} points */
export function refusedSentence(points) {
  const last = (/** @type {Point[]} */ curve) => curve[curve.length - 1];
  const curves = seriesOf(points, 'refused').map((series) => ({
    series,
    points: curve(points, 'refused', series, 'tollgate verifySync'),
  }));
  const [worst] = curves.sort((a, b) => last(b.points)[1] - last(a.points)[1]);
  const [length, cost] = last(worst.points);
  return `The costliest bad input is “${worst.series}”: ${shown(cost)} µs at ${shown(length)} letters, ${fitted(worst.points)}.`;
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${shown(bytes / 1000)} kB`;

/** A long run: whether it becomes slower, or takes more memory. @param {string} what @param {Batch[]} batches */
export function runSentence(what, batches) {
  const [first, last] = [batches[0], batches[batches.length - 1]];
  const perBatch = (/** @type {'heap' | 'wasm'} */ of) =>
    kilobytes(line(batches.map((batch) => [batch.count, batch[of]])).slope * first.count);
  return (
    `Over ${last.count.toLocaleString('en-US')} tokens that are ${what}, the last batch of ${first.count.toLocaleString('en-US')} takes ` +
    `${(last.microseconds / first.microseconds).toFixed(2)} times as long as the first; each batch adds ${perBatch('wasm')} of wasm memory and ` +
    `${perBatch('heap')} of JavaScript objects (fitted), and the wasm memory is ${kilobytes(last.wasm)} at the end.`
  );
}
