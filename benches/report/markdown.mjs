// @ts-check
// The report of a run, in Markdown. Pure.

import { MODES, SIZES, TOKENS } from '../cases.mjs';
import { instability, median } from '../statistics.mjs';
import { met, targets } from '../targets.mjs';
import { NONE, cell, distinct, measured, ratio, ratioShown, shown } from './numbers.mjs';
import { countSentence, lengthSentence, refusedSentence, runSentence } from './sentences.mjs';

/** @typedef {import('../collect.mjs').Results} Results */
/** @typedef {import('../collect.mjs').Lanes} Lanes */
/** @typedef {Results['runtimes'][0]} Runtime */

/** The ratios that stand first: ours, theirs. @type {[title: string, ours: string, theirs: string][]} */
const RATIOS = [
  ['verify / jose', 'tollgate verify', 'jose'],
  ['verifySync / fast-jwt', 'tollgate verifySync', 'fast-jwt'],
  ['cached / fast-jwt cached', 'tollgate cached', 'fast-jwt cached'],
];

/** @param {string[]} head @param {string[][]} rows */
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** @param {Lanes | undefined} lanes @param {string} name */
function time(lanes, name) {
  const lane = lanes?.[name];
  return lane ? `${shown(lane.min)} (${shown(lane.median)})` : NONE;
}

/** Columns in which nothing was measured are left out. @param {string[]} head @param {string[][]} rows */
function filled(head, rows) {
  const kept = head.map((_, at) => rows.some((row) => row[at] !== NONE));
  const keep = (/** @type {string[]} */ row) => row.filter((_, at) => kept[at]);
  return table(keep(head), rows.map(keep));
}

/** @param {Results} results @param {Runtime} runtime */
function verification(results, { name }) {
  const rows = results.cells.filter(
    ({ runtime, size, mode }) => runtime === name && size === '1 kB' && mode === 'sequential',
  );
  const subjects = distinct(rows.flatMap(({ lanes }) => Object.keys(lanes)));
  return filled(
    ['', ...RATIOS.map(([title]) => title), ...subjects],
    rows.map(({ algorithm, lanes }) => [
      algorithm,
      ...RATIOS.map(([, ours, theirs]) => `**${ratioShown(ratio(lanes, ours, theirs))}**`.replace(`**${NONE}**`, NONE)),
      ...subjects.map((subject) => time(lanes, subject)),
    ]),
  );
}

/** @param {Results} results @param {Runtime} runtime */
function sizesAndModes(results, { name }) {
  const columns = MODES.flatMap((mode) => Object.keys(SIZES).map((size) => ({ mode, size })));
  const algorithms = distinct(
    results.cells.filter(({ runtime }) => runtime === name).map(({ algorithm }) => algorithm),
  );
  const head = [
    'verify / jose',
    ...columns.map(({ mode, size }) => `${size}${mode === 'together' ? ', 64 at once' : ''}`),
  ];
  return filled(
    head,
    algorithms.map((algorithm) => [
      algorithm,
      ...columns.map(({ mode, size }) => {
        const lanes = cell(results, name, algorithm, size, mode)?.lanes;
        const value = ratio(lanes, 'tollgate verify', 'jose');
        return value === undefined ? NONE : `**${ratioShown(value)}** (${shown(lanes?.['tollgate verify'].min)} µs)`;
      }),
    ]),
  );
}

const FRESH = ['tollgate verifySync', 'jose', 'fast-jwt'];
const ORDINALS = ['new', '1st', '2nd', '3rd', '4th'];

/** The cost of each step of a fresh verifier: what one more use adds to the minimum. @param {Lanes} lanes @param {string} name */
function steps(lanes, name) {
  const totals = ORDINALS.map((_, uses) => lanes[`${name} ${uses}`]?.min);
  if (totals.includes(/** @type {any} */ (undefined))) return NONE;
  return totals.map((total, uses) => shown(Math.max(0, uses ? total - totals[uses - 1] : total))).join(', ');
}

/** @param {Results} results @param {Runtime} runtime */
function freshVerifier(results, { name }) {
  return filled(
    ['', 'new: ours / jose', 'new and 1st: ours / jose', ...FRESH.map((lane) => `${lane}: ${ORDINALS.join(', ')}`)],
    results.fresh
      .filter(({ runtime }) => runtime === name)
      .map(({ algorithm, lanes }) => [
        algorithm,
        ...[0, 1].map((uses) => `**${ratioShown(ratio(lanes, `tollgate verifySync ${uses}`, `jose ${uses}`))}**`),
        ...FRESH.map((lane) => steps(lanes, lane)),
      ]),
  );
}

/** What could not be measured, once for each reason. @param {Results} results */
function absent({ cells, runtimes }) {
  const all = cells.flatMap(({ runtime, algorithm, absent }) =>
    Object.entries(absent).map(([what, reason]) => ({ runtime, algorithm, what, reason })),
  );
  const label = (/** @type {string} */ name) => runtimes.find((one) => one.name === name)?.label ?? name;
  return table(
    ['', 'algorithms', 'runtimes', 'reason'],
    distinct(all.map(({ what, reason }) => JSON.stringify([what, reason]))).map((pair) => {
      const [what, reason] = JSON.parse(pair);
      const found = all.filter((one) => one.what === what && one.reason === reason);
      const of = (/** @type {string[]} */ names) => distinct(names).join(', ');
      return [
        what,
        of(found.map(({ algorithm }) => algorithm)),
        of(found.map(({ runtime }) => label(runtime))),
        reason.replaceAll('|', '\\|'),
      ];
    }),
  );
}

/** @param {Results} results */
function firstTokens(results) {
  const names = distinct(results.first.flatMap(({ lanes }) => Object.keys(lanes)));
  const label = (/** @type {string} */ name) => results.runtimes.find((one) => one.name === name)?.label ?? name;
  return filled(
    ['', '', 'tollgate / jose', ...names],
    results.first.map(({ runtime, algorithm, lanes }) => [
      label(runtime),
      algorithm,
      `**${ratioShown(ratio(lanes, 'tollgate', 'jose'))}**`,
      ...names.map((name) =>
        lanes[name] ? `${shown(lanes[name].min / 1000)} (${shown(lanes[name].median / 1000)})` : NONE,
      ),
    ]),
  );
}

/** @param {Results} results */
function memory({ memory, runtimes }) {
  const kilobytes = (/** @type {number} */ bytes) => shown(bytes / 1000);
  return table(
    ['', '', 'library', 'heap, with one key', 'wasm, with one key', 'heap, each other key', 'wasm, each other key'],
    memory.map(({ runtime, algorithm, library, first, each }) => [
      runtimes.find(({ name }) => name === runtime)?.label ?? runtime,
      algorithm,
      library,
      ...[first.heap, first.wasm, each.heap, each.wasm].map(kilobytes),
    ]),
  );
}

/** @param {Results} results */
function targetTable(results) {
  const value = (/** @type {number} */ number, /** @type {string} */ unit) =>
    unit === 'kB' ? `${shown(number)} kB` : ratioShown(number);
  const all = targets(results);
  const count = (/** @type {boolean | undefined} */ verdict) => all.filter((target) => met(target) === verdict).length;
  const rows = all
    .filter(({ measured }) => measured !== undefined)
    .map((target) => {
      const { what, where, limit, unit, measured = NaN } = target;
      const by = limit > 0 ? `${(measured / limit).toFixed(2)} times the target` : `${value(measured, unit)} too much`;
      const verdict = met(target) ? 'met' : `not met: ${by}`;
      return [what, where, `≤ ${value(limit, unit)}`, value(measured, unit), verdict];
    });
  return `${count(true)} met, ${count(false)} not met, ${count(undefined)} not measured.\n\n${table(['target', '', 'at most', 'measured', ''], rows)}`;
}

/** Tokens whose signature leaves no room for claims are longer than they should be. @param {Results} results */
function longer({ cells }) {
  const found = cells
    .filter(({ size, length }) => length > SIZES[size])
    .map(({ algorithm, size, length }) => `${algorithm} at ${size} (${length} letters)`);
  return found.length ? `As short as their signature allows, but longer than that: ${distinct(found).join(', ')}.` : '';
}

/** What other work on the machine does to the figures. @param {Results} results */
function warning({ machine: { cores, load } }) {
  if (load[0] <= cores / 2) return '';
  return `**The machine did other work meanwhile.** In most runtimes WebCrypto hands each signature to another thread, which then waits for a core: ratios to jose, and to
whatever else is built on it, are better for us than on a machine at rest. Those to fast-jwt, in the same thread, hold.`;
}

/** How far the ratios can be trusted. @param {Results} results */
function stability({ cells }) {
  const factors = cells
    .filter(({ lanes }) => lanes['tollgate verify'] && lanes.jose)
    .map(({ lanes }) => instability(lanes['tollgate verify'], lanes.jose) - 1)
    .filter(Number.isFinite);
  if (factors.length === 0) return '';
  const percent = (/** @type {number} */ part) => `${(part * 100).toFixed(1)} %`;
  return `Taken from the even rounds and from the odd rounds alone, the ratio to jose differs by ${percent(median(factors))} in the median cell, and by ${percent(Math.max(...factors))} in the worst of ${factors.length}.`;
}

/** @param {Results} results */
function scale({ scale: { points, runs } }) {
  if (points.length === 0) return '';
  const plot = (/** @type {string} */ name, /** @type {string} */ alt) => `![${alt}](scale-${name}.svg)`;
  const sentences = Object.entries(runs).map(([what, batches]) => runSentence(what, batches));
  return `
## How it scales

${lengthSentence(points)}

${plot('length', 'Cost by the length of the token')}

${countSentence(points, 'keys')}

${plot('keys', 'Cost by the number of keys in the set')}

${countSentence(points, 'issuers')}

${plot('issuers', 'Cost by the number of issuers')}

${refusedSentence(points)}

${plot('refused', 'Cost of an input that is refused, by its length')}

${sentences.join('\n')}

${plot('million-time', 'Time over a long run')}
${plot('million-memory', 'Memory over a long run')}
`;
}

/** @param {Results} results */
export function markdown(results) {
  const { machine, versions, date, seconds, runtimes } = results;
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const missing = runtimes.filter(({ reason }) => reason !== undefined);
  const sections = measured(results).map(
    (runtime) => `### ${runtime.label}

Version ${runtime.version}. Tokens of 1 kB, one after the other:

${verification(results, runtime)}

By size, and 64 at once:

${sizesAndModes(results, runtime)}

A new verifier, then its first uses, each in µs. Where a use is the one that makes tables, it shows:

${freshVerifier(results, runtime)}
`,
  );
  return `# Benchmarks

Written by \`cargo xtask bench\` on ${date}, in ${shown(seconds)} s. ${machine.cpu}, ${machine.cores} cores, load average ${machine.load.map((load) => load.toFixed(1)).join(' at the start, ')} at the end.
${libraries.join(', ')}; ${measured(results)
    .map(({ label, version }) =>
      label.startsWith('Node.js') ? `Node.js ${version}` : `${label.split(' ')[0]} ${version}`,
    )
    .join(', ')}.
${missing.map(({ name, reason }) => `Not measured: ${name}: ${reason}.`).join('\n')}

![Time of verify() to that of jose, by algorithm and runtime](chart.svg)

Every library gets the same ${TOKENS} tokens by turns, checks \`iss\`, \`aud\` and \`exp\`, has its key imported before, and is called as its documentation says is
fastest; before, each has to verify them all and to refuse one that was tampered with. \`subtle.verify\` is the signature alone, of bytes that are ready. Batches
of all libraries run by turns. A time is the minimum over the batches, in µs for one token, with the median in brackets; **a ratio is ours to theirs, of the
minima: below 1 we are faster**. ${stability(results)}

${[warning(results), longer(results)].filter(Boolean).join('\n\n')}

## Targets

${targetTable(results)}

## By runtime

${sections.join('\n')}
## The first token of a process

Milliseconds from the import of the library to the first verified token, in a fresh process or page; in workerd from its start to the answer.

${firstTokens(results)}

## What is not there

${absent(results)}

## Memory

Kilobytes that are added after warm-up: by the library with one key, and by each key more. Heap is JavaScript's, with its buffers; what OpenSSL
holds for a key of WebCrypto is not seen.

${memory(results)}
${scale(results)}`;
}
