// @ts-check
// Our column of the comparison, on the packed tarball; and that the page that shows it has a row for each case.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cases } from '../../compare/cases.mjs';
import { column } from '../../compare/column.mjs';
import { install } from '../install.mjs';

const dist = join(await install(), 'node_modules/tollgate/dist');

describe('the comparison with other libraries', () => {
  test('our column is the strict one, in every row', async () => {
    const rows = cases();
    const answers = await column('tollgate', rows, { TOLLGATE_VERIFY: pathToFileURL(join(dist, 'verify.js')).href });
    const shown = (/** @type {(at: number) => string | undefined} */ cell) =>
      rows.map(({ group, name }, at) => `${group}: ${name}: ${cell(at)}`);
    assert.deepEqual(
      shown((at) => answers[at].cell),
      shown((at) => rows[at].expected),
    );
  });

  test('docs/compare.md has these rows', async () => {
    const text = await readFile(new URL('../../../docs/compare.md', import.meta.url), 'utf8');
    const written = [...text.matchAll(/^\| (.+?) \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$/gm)].map(
      ([, name]) => name,
    );
    const rows = cases();
    const headings = [...new Set(rows.map(({ group }) => group))];
    assert.deepEqual(
      written.filter((name) => name !== '---' && !headings.includes(name)),
      rows.map(({ name }) => name),
      'run `cargo xtask compare`',
    );
  });
});
