// @ts-check
// What of the benchmark computes and writes: statistics, turns, sentences, targets, tables and charts. Nothing here is fast or slow.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { ALGORITHMS } from '../../../benches/cases.mjs';
import { refused, signer, tampered, token } from '../../../benches/fixtures.mjs';
import { prepare } from '../../../benches/guest.mjs';
import { byTurns, interleave } from '../../../benches/measure.mjs';
import { charts } from '../../../benches/report/chart.mjs';
import { markdown } from '../../../benches/report/markdown.mjs';
import { ratioShown, shown } from '../../../benches/report/numbers.mjs';
import { countSentence, growth, lengthSentence, runSentence } from '../../../benches/report/sentences.mjs';
import { linear, logarithmic } from '../../../benches/report/svg.mjs';
import { exponent, instability, line, median, minimum, summary } from '../../../benches/statistics.mjs';
import { met, targets } from '../../../benches/targets.mjs';

const DOCUMENTS = new URL('../../../docs/benchmarks/', import.meta.url);

/** @param {number} min */
const lane = (min) => ({
  min,
  median: min * 2,
  halves: /** @type {[number, number]} */ ([min, min * 1.01]),
  rounds: 6,
});
/** @param {Record<string, number>} times */
const lanes = (times) => Object.fromEntries(Object.entries(times).map(([name, min]) => [name, lane(min)]));

/** A run of one runtime, in which ES256 takes us half of what it takes jose. @type {import('../../../benches/collect.mjs').Results} */
const RESULTS = {
  date: '2026-01-02',
  machine: { cpu: 'A <CPU> & more', cores: 2, load: [0.1, 1] },
  seconds: 60,
  versions: { tollgate: '1.0.0', jose: '6.0.0' },
  downloads: { 'tollgate/verify': 44_000, 'tollgate/client': 20_000 },
  runtimes: [
    { name: 'node', label: 'Node.js 20', version: '20.1.2' },
    { name: 'bun', label: 'bun', version: '', reason: 'it is not installed' },
  ],
  cells: [
    {
      runtime: 'node',
      algorithm: 'ES256',
      size: '1 kB',
      mode: 'sequential',
      length: 1000,
      lanes: lanes({
        'tollgate verify': 50,
        'tollgate verifySync': 48,
        jose: 100,
        'fast-jwt': 40,
        'subtle.verify': 80,
      }),
      absent: { 'aws-jwt-verify': 'it has a reason' },
    },
  ],
  fresh: [
    {
      runtime: 'node',
      algorithm: 'ES256',
      lanes: lanes(
        Object.fromEntries(
          ['tollgate verifySync', 'jose'].flatMap((name) =>
            [10, 30, 130, 150, 170].map((at, uses) => [`${name} ${uses}`, at]),
          ),
        ),
      ),
      absent: {},
    },
  ],
  first: [{ runtime: 'node', algorithm: 'ES256', lanes: lanes({ tollgate: 30_000, jose: 20_000 }), absent: {} }],
  memory: [],
  scale: {
    points: [300, 1000, 10_000, 60_000].flatMap((x) => [
      { plot: 'length', series: 'ES256', x, lanes: lanes({ 'tollgate verifySync': 20 + x / 200, jose: 100 }) },
      ...['keys', 'issuers'].map((plot) => ({
        plot,
        series: 'all in use',
        x: x / 60,
        lanes: lanes({ 'tollgate verifySync': 20, jose: x }),
      })),
      { plot: 'refused', series: 'only dots', x, lanes: lanes({ 'tollgate verifySync': x / 100 }) },
      { plot: 'refused', series: 'nested arrays', x, lanes: lanes({ 'tollgate verifySync': x ** 2 / 1e6 }) },
    ]),
    runs: {
      verified: [1, 2, 3].map((at) => ({ count: at * 1000, microseconds: 10 + at, heap: at * 5000, wasm: 65_536 })),
    },
  },
};

describe('the statistics', () => {
  test('minimum and median', () => {
    assert.equal(minimum([3, 1, 2]), 1);
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  test('the halves of a summary are the minima of even and of odd rounds', () => {
    assert.deepEqual(summary([4, 9, 2, 7, 3]), { min: 2, median: 4, halves: [2, 7], rounds: 5 });
  });

  test('instability is how far the ratios of the halves are apart', () => {
    const one = { ...lane(1), halves: /** @type {[number, number]} */ ([1, 1]) };
    assert.equal(instability({ ...one, halves: [1, 2] }, one), 2);
    assert.equal(instability({ ...one, halves: [2, 1] }, one), 2);
    assert.equal(instability(one, one), 1);
  });

  test('a line and a power are found again', () => {
    const { slope, intercept } = line([1, 2, 5, 9].map((x) => [x, 3 * x + 7]));
    assert.ok(Math.abs(slope - 3) < 1e-9 && Math.abs(intercept - 7) < 1e-9);
    assert.ok(Math.abs(exponent([1, 10, 1000].map((x) => [x, 5 * x ** 1.5])) - 1.5) < 1e-9);
  });
});

describe('the turns', () => {
  test('every round takes each lane once, beginning with another one', async () => {
    /** @type {string[]} */
    const order = [];
    const lane = (/** @type {string} */ name) => ({ name, time: async () => (order.push(name), 1) });
    await byTurns(['a', 'b', 'c'].map(lane), { counts: [1, 1, 1], plan: 0, patience: 1, spent: () => 1 });
    assert.deepEqual(order.slice(0, 9).join(''), 'abcbcacab');
    assert.equal(order.length, 18);
  });

  test('go on while the halves differ, but not for ever', async () => {
    let turn = 0;
    let rounds = 0;
    const options = { counts: [1], plan: 10, patience: 3, spent: () => 1 };
    const settles = { name: 'a', time: async () => (turn++ < 13 && turn % 2 ? 5 : 4) };
    const never = { name: 'b', time: async () => (rounds++ % 2 ? 5 : 4) };
    await byTurns([settles], options);
    assert.equal(turn, 15);
    await byTurns([never], options);
    assert.equal(rounds, 30);
  });

  test('batches are as long as they should be, and times are for one run', async () => {
    const counts = new Set();
    const lanes = [{ name: 'a', time: async (/** @type {number} */ count) => (counts.add(count), count * 0.5) }];
    const { a } = await interleave(lanes, { budget: 40, patience: 1, batch: 4 });
    assert.ok(counts.has(8));
    assert.deepEqual([a.min, a.median], [0.5, 0.5]);
  });

  test('a batch is a whole number of steps', async () => {
    /** @type {number[]} */
    const counts = [];
    const time = async (/** @type {number} */ count) => (counts.push(count), count * 0.5);
    await interleave([{ name: 'a', time, step: 100 }], { budget: 1, patience: 1, batch: 4 });
    assert.ok(counts.slice(-6).every((count) => count === 100));
  });
});

describe('what is measured', () => {
  const good = { verify: async (/** @type {string} */ token) => assert.equal(token, 'good') };
  const job = {
    id: 'x',
    kind: /** @type {const} */ ('verify'),
    question: { alg: 'ES256', issuer: 'i', audience: 'a', jwk: {} },
    tokens: ['good'],
    bad: 'bad',
    mode: /** @type {const} */ ('sequential'),
    libraries: ['one', 'two', 'three', 'four', 'five'],
    budget: 1,
    patience: 1,
  };
  const library =
    (/** @type {() => Promise<any>} */ setup, name = 'subject') =>
    async () => ({ subjects: [{ name, setup }] });

  test('is only what verifies the tokens and refuses the one that was tampered with; the rest has its reason', async () => {
    const { runners, absent } = await prepare(job, {
      one: library(async () => good, 'sound'),
      two: library(async () => ({ verify() {} }), 'gullible'),
      three: library(() => Promise.reject(new Error('no such algorithm')), 'poor'),
      five: () => Promise.reject(new Error('no such module')),
    });
    assert.deepEqual(
      runners.map(({ name }) => name),
      ['sound'],
    );
    assert.deepEqual(absent, {
      gullible: 'it accepts a token that was tampered with',
      poor: 'no such algorithm',
      four: 'it is for Node.js',
      five: 'no such module',
    });
  });

  test('a fresh verifier is made for each run, used as often as it says, and freed', async () => {
    /** @type {string[]} */
    const calls = [];
    const setup = async () => {
      calls.push('new');
      return {
        verify: (/** @type {string} */ token) => assert.equal(calls.push('use') && token, 'good'),
        free: () => calls.push('free'),
      };
    };
    const fresh = {
      ...job,
      kind: /** @type {const} */ ('fresh'),
      libraries: ['one'],
      tokens: ['good', 'good'],
      uses: [0, 2],
    };
    const { runners } = await prepare(fresh, { one: library(setup) });
    assert.deepEqual(
      runners.map(({ name }) => name),
      ['subject 0', 'subject 2'],
    );
    calls.length = 0;
    await runners[1].run(2);
    assert.deepEqual(calls, ['new', 'use', 'use', 'free', 'new', 'use', 'use', 'free']);
  });

  test('tokens have the length that they should, unless the signature leaves no room', () => {
    for (const algorithm of ALGORITHMS.filter(({ bits = 0 }) => bits < 4096)) {
      const by = signer(algorithm);
      for (const length of [1000, 8000]) {
        const found = token(by, length).length;
        assert.ok(found <= length && found > length - 3, `${algorithm.name}: ${found} for ${length}`);
      }
      if (!algorithm.bits) assert.ok(token(by, 300).length <= 300, algorithm.name);
    }
  });

  test('bad inputs have about the length that they should', () => {
    const by = signer(ALGORITHMS[0]);
    for (const [kind, text] of Object.entries(refused(by, 4000)))
      assert.ok(Math.abs(text.length - 4000) < 40, `${kind}: ${text.length}`);
    const text = token(by, 300);
    const changed = [...tampered(text)].filter((letter, at) => letter !== text[at]);
    assert.equal(changed.length, 1);
  });
});

describe('the sentences', () => {
  const { points, runs } = RESULTS.scale;

  test('name the growth by the power', () => {
    assert.deepEqual([-0.01, 0.5, 1, 1.5].map(growth), [
      'does not grow',
      'grows slower than linearly',
      'grows linearly',
      'grows faster than linearly',
    ]);
  });

  test('say what a token costs, and each letter more', () => {
    assert.equal(
      lengthSentence(points),
      'With ES256, `verifySync` takes 20 µs and 5 µs for each 1,000 letters; jose takes 100 µs and 0 µs for each 1,000 letters.',
    );
  });

  test('say how the number of keys counts', () => {
    assert.equal(
      countSentence(points, 'keys'),
      'With all in use, from 5 to 1,000 keys the cost of `verifySync` does not grow (power 0.00): it goes from 20 to 20 µs, that of jose from 300 to 60,000 µs.',
    );
  });

  test('say what a long run adds', () => {
    assert.match(
      runSentence('verified', runs.verified),
      /^Over 3,000 tokens that are verified, the last batch of 1,000 takes 1\.18 times .* adds 0 kB of wasm memory and 5 kB of JavaScript objects .* 65\.5 kB at the end\.$/,
    );
  });
});

describe('the targets', () => {
  const all = targets(RESULTS);
  const of = (/** @type {string} */ what, where = 'Node.js 20') =>
    all.find((target) => target.what === what && target.where === where) ?? assert.fail(what);

  test('are met at the limit or below, and not above', () => {
    assert.equal(of('ES256, `verify` to jose').measured, 0.5);
    assert.equal(met(of('ES256, `verify` to jose')), false);
    assert.equal(met({ ...of('ES256, `verify` to jose'), measured: 0.3 }), true);
    assert.equal(of('ES256, `verifySync` to fast-jwt').measured, 1.2);
    assert.equal(met(of('`tollgate/verify`, gzip', 'download')), true);
    assert.equal(met(of('`tollgate/client`, gzip', 'download')), false);
    assert.equal(met(of('wasm memory, growth over the long run: verified', 'Node.js')), true);
    assert.equal(met(of('a bad input, time by length: only dots', 'Node.js')), true);
    assert.equal(met(of('a bad input, time by length: nested arrays', 'Node.js')), false);
  });

  test('say when they were not measured', () => {
    assert.equal(met(of('EdDSA, `verify` to jose')), undefined);
    assert.equal(met(of('ES384, `verify` to jose', 'bun')), undefined);
  });
});

describe('the report', () => {
  test('shows numbers with three digits, and ratios with two decimals or more', () => {
    assert.deepEqual([0.0777777, 12.345, 999.9, 1234.5, undefined].map(shown), [
      '0.0778',
      '12.3',
      '1,000',
      '1,235',
      '–',
    ]);
    assert.deepEqual([0.0123, 0.5, 12.3456, undefined].map(ratioShown), ['0.012', '0.50', '12.35', '–']);
  });

  test('has the ratio first, the machine, the versions, and what is missing with its reason', () => {
    const text = markdown(RESULTS);
    assert.ok(text.includes('| ES256 | **0.50** | **1.20** | 50 (100) | 48 (96) |'), text);
    assert.ok(
      text.includes('| ES256, `verify` to jose | Node.js 20 | ≤ 0.30 | 0.50 | not met: 1.67 times the target |'),
    );
    assert.ok(text.includes('| ES256 | **1.00** | **1.00** | 10, 20, 100, 20, 20 |'), 'the cost of each use');
    for (const part of ['A <CPU> & more, 2 cores', 'jose 6.0.0', 'Node.js 20.1.2', '2026-01-02'])
      assert.ok(text.includes(part));
    assert.ok(text.includes('Not measured: bun: it is not installed.'));
    assert.ok(text.includes('| aws-jwt-verify | ES256 | Node.js 20 | it has a reason |'));
    assert.doesNotMatch(text, /NaN|undefined|Infinity/);
  });

  test('warns when the machine was not at rest', () => {
    const busy = { ...RESULTS, machine: { ...RESULTS.machine, load: [3, 3] } };
    assert.ok(markdown(busy).includes('**The machine did other work meanwhile.**'));
    assert.ok(!markdown(RESULTS).includes('did other work'));
  });

  test('has charts without scripts, that say what they show and are well-formed', () => {
    const all = charts(RESULTS);
    assert.deepEqual(Object.keys(all).sort(), [
      'chart.svg',
      ...['issuers', 'keys', 'length', 'million-memory', 'million-time', 'refused'].map((name) => `scale-${name}.svg`),
    ]);
    for (const [name, svg] of Object.entries(all)) {
      assert.doesNotMatch(svg, /NaN|undefined|Infinity|<script/, name);
      /** @type {string[]} */
      const open = [];
      for (const [, closing, tag, own] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
        if (closing) assert.equal(open.pop(), tag, name);
        else if (!own) open.push(tag);
      }
      assert.deepEqual(open, [], name);
    }
    assert.ok(all['chart.svg'].includes('A &#60;CPU&#62; &#38; more'));
    assert.match(all['chart.svg'], /class="faster"[^>]*>\n<text[^>]*>0\.50</);
  });

  test('places values on its scales', () => {
    const { place, ticks } = logarithmic([0.1, 10], [0, 200]);
    assert.deepEqual(
      [0.1, 1, 10].map((value) => Math.round(place(value))),
      [0, 100, 200],
    );
    assert.deepEqual(ticks, [0.1, 0.2, 0.5, 1, 2, 5, 10]);
    assert.deepEqual(linear(1000, [0, 100]).ticks, [0, 200, 400, 600, 800, 1000]);
    assert.equal(linear(1000, [0, 100]).place(500), 50);
  });

  test('in docs/benchmarks is that of the data beside it', async () => {
    const read = (/** @type {string} */ name) => readFile(new URL(name, DOCUMENTS), 'utf8');
    assert.ok(existsSync(new URL('results.json', DOCUMENTS)), 'run `cargo xtask bench`');
    const results = JSON.parse(await read('results.json'));
    const written = { 'README.md': markdown(results), ...charts(results) };
    for (const [name, text] of Object.entries(written))
      assert.equal(await read(name), text, `${name}: run \`cargo xtask bench --render\``);
  });
});
