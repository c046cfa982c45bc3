// @ts-check
// The charts of a run, as SVG by file name. Pure.

import { ALGORITHMS } from '../cases.mjs';
import { cell, measured, ratio, ratioShown } from './numbers.mjs';
import { curve, seriesOf } from './sentences.mjs';
import { linePlot, ratioBars } from './svg.mjs';

/** @typedef {import('../collect.mjs').Results} Results */

/** Our time to jose's, of each algorithm in each runtime. @param {Results} results */
function overview(results) {
  const panels = measured(results).map(({ name, label }) => ({
    title: label,
    bars: ALGORITHMS.filter((algorithm) => cell(results, name, algorithm.name)).map((algorithm) => ({
      name: algorithm.name,
      ratio: ratio(cell(results, name, algorithm.name)?.lanes, 'tollgate verify', 'jose'),
    })),
  }));
  const title = `Time of verify() to that of jose ${results.versions.jose}: less than 1 is faster`;
  return ratioBars(
    title,
    `Tokens of 1 kB, one after the other; ${results.machine.cpu}, ${results.date}`,
    panels,
    ratioShown,
  );
}

/** @param {Results} results @param {string} plot @param {{ title: string, x: import('./svg.mjs').Axis, y: import('./svg.mjs').Axis, lanes: string[] }} how */
function scalePlot({ scale: { points } }, plot, { title, x, y, lanes }) {
  const series = seriesOf(points, plot).flatMap((name, colour) =>
    lanes.map((lane, at) => ({
      name: lanes.length > 1 ? `${lane}, ${name}` : name,
      points: curve(points, plot, name, lane),
      dashed: at > 0,
      colour,
    })),
  );
  return linePlot({ title, x, y, series });
}

const BOTH = ['tollgate verifySync', 'jose'];
const MICROSECONDS = 'µs for one token';

/** @param {Results} results */
function runPlots({ scale: { runs } }) {
  const series = (/** @type {(batch: import('../million.mjs').Batch) => number} */ of) =>
    Object.entries(runs).map(([name, batches]) => ({
      name: `tokens that are ${name}`,
      points: batches.map((batch) => /** @type {[number, number]} */ ([batch.count, of(batch)])),
    }));
  const x = { label: 'tokens so far' };
  return {
    'scale-million-time.svg': linePlot({
      title: 'A long run: time',
      x,
      y: { label: MICROSECONDS, logarithmic: true },
      series: series(({ microseconds }) => microseconds),
    }),
    'scale-million-memory.svg': linePlot({
      title: 'A long run: memory of wasm',
      x,
      y: { label: 'kB' },
      series: series(({ wasm }) => wasm / 1000),
    }),
  };
}

/** Every chart that there is data for. @param {Results} results @returns {Record<string, string>} */
export function charts(results) {
  const all = { 'chart.svg': overview(results) };
  if (results.scale.points.length === 0) return all;
  const letters = { label: 'letters of the token', logarithmic: true };
  return {
    ...all,
    'scale-length.svg': scalePlot(results, 'length', {
      title: 'Cost by the length of the token',
      x: letters,
      y: { label: MICROSECONDS, logarithmic: true },
      lanes: BOTH,
    }),
    'scale-keys.svg': scalePlot(results, 'keys', {
      title: 'Cost by the number of keys in the set, ES256',
      x: { label: 'keys', logarithmic: true },
      y: { label: MICROSECONDS },
      lanes: BOTH,
    }),
    'scale-issuers.svg': scalePlot(results, 'issuers', {
      title: 'Cost by the number of issuers, ES256',
      x: { label: 'issuers', logarithmic: true },
      y: { label: MICROSECONDS },
      lanes: BOTH,
    }),
    'scale-refused.svg': scalePlot(results, 'refused', {
      title: 'Cost of an input that is refused, by its length',
      x: letters,
      y: { label: 'µs for one input', logarithmic: true },
      lanes: ['tollgate verifySync'],
    }),
    ...runPlots(results),
  };
}
