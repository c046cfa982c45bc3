// @ts-check
// The code blocks of README.md: that each is run, that all hold under strict types, and the run of those that need
// nothing but Node.js.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { run, workspace } from '../install.mjs';
import { RUN_BY, blocks, textsOf } from '../readme.mjs';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const { folder, remove } = await workspace('readme');
after(remove);

describe('README.md', () => {
  test('has no code block that no test runs, and every test has its block', async () => {
    const names = (await blocks()).map(({ name }) => name);
    assert.deepEqual([...new Set(names)].sort(), Object.keys(RUN_BY).sort());
    for (const file of Object.values(RUN_BY)) assert.ok(existsSync(join(PROJECT, 'tests/js', file)), file);
  });

  test('links to files that are there', async () => {
    const text = await readFile(join(PROJECT, 'README.md'), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, path]) => path);
    for (const path of links) assert.ok(existsSync(join(PROJECT, path)), path);
  });

  test('has TypeScript that holds under strict', async () => {
    const sources = (await blocks()).filter(({ kind }) => kind === 'ts');
    const files = await Promise.all(
      sources.map(async ({ text }, index) => {
        await writeFile(join(folder, `block-${index}.ts`), text);
        return `block-${index}.ts`;
      }),
    );
    const compilerOptions = {
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
    await run(process.execPath, [tsc, '-p', folder]).catch(({ stdout }) => assert.fail(stdout));
  });

  test('shows an error with its code and advice', async () => {
    for (const text of await textsOf('Errors: ts')) {
      const { code } = await transform(text, { loader: 'ts' });
      await writeFile(join(folder, 'errors.mjs'), code);
      const { stdout } = await run(process.execPath, [join(folder, 'errors.mjs')]);
      assert.match(stdout, /^ERR_JWS_INVALID .+; .+\n$/);
    }
  });

  test('names commands that there are', { timeout: 600_000 }, async () => {
    for (const text of await textsOf('Try it, test it: sh')) {
      for (const line of text.trim().split('\n')) {
        const [program, ...args] = line.split(' ');
        const { stdout } = await run(program, [...args, '--help'], { cwd: PROJECT });
        assert.ok(stdout.includes(`Usage: ${line}`), stdout);
      }
    }
  });
});
