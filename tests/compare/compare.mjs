// @ts-check
// The comparison: `node tests/compare/compare.mjs [--codes] [--write <file>]`. Prints what each library answers to each case;
// fails when ours is not what it should be.

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';
import { column } from './column.mjs';
import { LIBRARIES, version } from './libraries.mjs';

const { codes = false, write } = parseArgs({
  options: { codes: { type: 'boolean' }, write: { type: 'string' } },
}).values;

const rows = cases();
const names = Object.keys(LIBRARIES);
/** @type {Record<string, import('./ask.mjs').Answer[]>} */
const columns = {};
for (const name of names) columns[name] = await column(name, rows);

/** @param {string} name @param {number} index @param {boolean} verbose */
function cell(name, index, verbose) {
  const { cell, code } = columns[name][index];
  const wrong = cell !== '–' && cell !== rows[index].expected;
  const shown = wrong ? `**${cell}**` : cell;
  return verbose && code ? `${shown} ${code.replaceAll('|', '\\|')}` : shown;
}

/** @param {boolean} verbose */
function tables(verbose) {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups.map((group) => {
    const lines = rows.flatMap((row, index) =>
      row.group === group
        ? [[row.name.replaceAll('|', '\\|'), ...names.map((name) => cell(name, index, verbose))]]
        : [],
    );
    const table = [[group, ...names], ['---', ...names.map(() => '---')], ...lines];
    return table.map((line) => `| ${line.join(' | ')} |`).join('\n');
  });
}

const summary = names.map((name) => {
  const wrong = columns[name].filter(({ cell }, at) => cell !== '–' && cell !== rows[at].expected).length;
  const absent = columns[name].filter(({ cell }) => cell === '–').length;
  return `| ${name} | ${rows.length - absent} | ${wrong} | ${absent} |`;
});

const versions = await Promise.all(names.map(async (name) => `${name} ${await version(name)}`));
const document = `# How strict each library is

Written by \`cargo xtask compare\`, from a real run of ${versions.join(', ')}, in Node.js ${process.versions.node.split('.')[0]}.

Every token is really signed with the key that the library is given, as its documentation says to call it, without options other than
those that the row names, the expected \`iss\` and the expected \`aud\`; the clock is the same for all. **A**: accepted. **R**: rejected.
–: the library has no such algorithm, option or form of key: it refuses the same token without the defect too. Bold: not the strict
answer. Most rows are a MUST of an RFC, or a forgery; where the RFCs leave a choice (duplicate members, a missing \`exp\`, short
secrets) the strict one is what an issuer that makes no mistakes never notices. tollgate and fast-jwt run with
their caches. \`cargo xtask compare --codes\` shows the error of each refusal.

| | cases | lenient answers | not applicable |
| --- | --- | --- | --- |
${summary.join('\n')}

${tables(false).join('\n\n')}
`;

console.log(codes ? tables(true).join('\n\n') : document);
if (write) await writeFile(write, document);

const failed = rows.filter(({ expected }, index) => columns.tollgate[index].cell !== expected);
for (const { group, name, expected } of failed) {
  const { cell, code } = columns.tollgate[rows.findIndex((row) => row.group === group && row.name === name)];
  console.error(`${group}: ${name}: expected ${expected}, found ${cell} ${code ?? ''}`);
}
if (failed.length > 0) process.exitCode = 1;
