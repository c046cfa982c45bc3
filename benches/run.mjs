// @ts-check
// The benchmark: `node benches/run.mjs --folder <folder> [--quick] [--runtime <name>]… [--alg <name>]… [--write <folder>]`. Prints the
// report; `--write` puts it, its charts and its data into a folder. `--render <folder>` writes the report of the data that is there.

import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ALGORITHMS, FULL, QUICK, RUNTIMES } from './cases.mjs';
import { measureRuntime, measureScale } from './collect.mjs';
import { charts } from './report/chart.mjs';
import { markdown } from './report/markdown.mjs';
import { prepareApp } from './runtimes/app.mjs';
import { openRuntime } from './runtimes/index.mjs';

/** @typedef {import('./collect.mjs').Results} Results */

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    quick: { type: 'boolean', default: false },
    runtime: { type: 'string', multiple: true },
    alg: { type: 'string', multiple: true },
    write: { type: 'string' },
    render: { type: 'string' },
  },
});

/** @template T @param {T[]} all @param {string[] | undefined} wanted @param {(item: T) => string} name */
function chosen(all, wanted, name) {
  for (const one of wanted ?? []) {
    if (!all.some((item) => name(item) === one))
      throw new Error(`there is no ${one}; there are ${all.map(name).join(', ')}`);
  }
  return all.filter((item) => !wanted || wanted.includes(name(item)));
}

/** The sizes of the entries, gzip, as they were accepted. @returns {Promise<Record<string, number>>} */
async function downloads() {
  const text = await readFile(new URL('../sizes.snap', import.meta.url), 'utf8');
  const rows = text.split('\n').map((line) => /^(.+?) +(\d+) +(\d+) +(\d+)$/.exec(line));
  return Object.fromEntries(rows.flatMap((row) => (row ? [[row[1], Number(row[3])]] : [])));
}

/** @returns {Promise<Results>} */
async function measure() {
  if (!values.folder) throw new Error('--folder must say where to install what is measured');
  const plan = values.quick ? QUICK : FULL;
  const names = chosen(RUNTIMES, values.runtime ?? (values.quick ? ['node'] : undefined), (name) => name);
  const algorithms = chosen(ALGORITHMS, values.alg, ({ name }) => name);
  const app = await prepareApp(values.folder);
  const begun = Date.now();
  /** @type {Results} */
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: { cpu: cpus()[0].model, cores: availableParallelism(), load: [loadavg()[0]] },
    seconds: 0,
    versions: app.versions,
    downloads: await downloads(),
    runtimes: [],
    cells: [],
    fresh: [],
    first: [],
    memory: [],
    scale: { points: [], runs: {} },
  };
  for (const name of names) {
    try {
      const runtime = await openRuntime(name, app);
      try {
        await measureRuntime(runtime, algorithms, plan, results);
        if (plan.scale && name === 'node' && !values.alg) await measureScale(runtime, plan, results);
        results.runtimes.push({ name, label: runtime.label, version: runtime.version });
      } finally {
        await runtime.close();
      }
    } catch (error) {
      const reason = String(/** @type {any} */ (error)?.message ?? error).split('\n')[0];
      process.stderr.write(`${name}: ${reason}\n`);
      results.runtimes.push({ name, label: name, version: '', reason });
    }
  }
  results.machine.load.push(loadavg()[0]);
  results.seconds = Math.round((Date.now() - begun) / 1000);
  return results;
}

/** JSON with a line for each row, so that two runs can be compared. @param {Results} results */
function dataText(results) {
  const value = (/** @type {unknown} */ part) =>
    Array.isArray(part) ? `[\n${part.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]` : JSON.stringify(part);
  return `{\n${Object.entries(results)
    .map(([name, part]) => `${JSON.stringify(name)}: ${value(part)}`)
    .join(',\n')}\n}\n`;
}

/** @param {string} folder @param {Results} results */
async function write(folder, results) {
  await writeFile(join(folder, 'results.json'), dataText(results));
  await render(folder, results);
}

/** @param {string} folder @param {Results} results */
async function render(folder, results) {
  await writeFile(join(folder, 'README.md'), markdown(results));
  for (const [name, svg] of Object.entries(charts(results))) await writeFile(join(folder, name), svg);
}

if (values.render !== undefined) {
  await render(values.render, JSON.parse(await readFile(join(values.render, 'results.json'), 'utf8')));
} else {
  const results = await measure();
  console.log(markdown(results));
  if (values.write) await write(values.write, results);
}
