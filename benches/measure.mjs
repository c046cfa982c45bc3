// @ts-check
// Interleaved batches. mitata and tinybench measure one task after the other, so that a machine that slows down meanwhile favours the
// first; and their clocks stand still in workerd. Ratios need turns, and a clock that may be elsewhere: hence this loop.

import { summary } from './statistics.mjs';

/**
 * What is timed: `time` runs it `count` times and gives the milliseconds. `step` runs belong together, where each costs something else: the fastest batch would
 * else be the one of the cheapest.
 * @typedef {{ name: string, time: (count: number) => Promise<number>, step?: number }} Lane
 */
/** @typedef {import('./statistics.mjs').Summary} Summary */

/** Milliseconds of a batch: long beside the resolution of every clock, short beside the time slice of a scheduler. */
const BATCH = 4;
/** Milliseconds for which each lane runs first, so that its code is compiled. */
const WARM_UP = 30;
/** Rounds at least. */
const ROUNDS = 6;
/** Minima are settled when those of the even and of the odd rounds differ by no more than this part. */
const TOLERANCE = 0.02;

/** How many runs make a batch. @param {Lane} lane @param {number} batch */
async function calibrate({ time, step = 1 }, batch) {
  let [count, spent, took] = [1, 0, 0];
  while (spent < WARM_UP) {
    took = Math.max(await time(count), 1e-3);
    spent += took;
    if (took < batch) count = Math.max(count + 1, Math.ceil(count * Math.min(8, (batch / took) * 0.9)));
  }
  const runs = Math.max(1, Math.round((count * batch) / Math.max(took, batch / 4)));
  return Math.ceil(runs / step) * step;
}

/** @param {number[][]} samples @param {number} tolerance */
const settled = (samples, tolerance) =>
  samples.every((taken) => {
    const [even, odd] = summary(taken).halves;
    return Math.abs(even / odd - 1) <= tolerance;
  });

/**
 * Runs each lane by turns, beginning with another one each time, until `plan` units of work are done and the minima are settled, or
 * `patience` times as many.
 * @param {Lane[]} lanes
 * @param {{ counts: number[], plan: number, patience: number, spent: (took: number) => number, tolerance?: number }} options `counts`: runs in a batch; `spent`: units of a batch that took so long
 * @returns {Promise<Record<string, Summary>>} milliseconds for one run
 */
export async function byTurns(lanes, { counts, plan, patience, spent, tolerance = TOLERANCE }) {
  /** @type {number[][]} */
  const samples = lanes.map(() => []);
  let done = 0;
  const enough = () => done >= plan * patience || (done >= plan && settled(samples, tolerance));
  for (let round = 0; round < ROUNDS || !enough(); round++) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const at = (round + turn) % lanes.length;
      const took = await lanes[at].time(counts[at]);
      samples[at].push(took / counts[at]);
      done += spent(took);
    }
  }
  return Object.fromEntries(lanes.map(({ name }, at) => [name, summary(samples[at])]));
}

/** Batches by turns, with about `budget` milliseconds of measured work for each lane. @param {Lane[]} lanes @param {{ budget: number, patience: number, batch?: number }} options */
export async function interleave(lanes, { budget, patience, batch = BATCH }) {
  const counts = [];
  for (const lane of lanes) counts.push(await calibrate(lane, batch));
  return byTurns(lanes, { counts, plan: budget * lanes.length, patience, spent: (took) => took });
}
