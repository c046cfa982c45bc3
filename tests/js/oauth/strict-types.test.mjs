// @ts-check
// The types of the packed module, compiled by the consumer's compiler, as strict as it can be.

import assert from 'node:assert/strict';
import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { run, workspace } from '../install.mjs';

const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
const nodeTypes = dirname(require.resolve('@types/node/package.json'));
const sources = new URL('types/', import.meta.url);
const files = await readdir(sources);

const { folder, remove } = await workspace('oauth-types');
after(remove);
await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));

/** What the compiler has to say. @param {string} name @param {object} options */
async function complaints(name, options) {
  const config = join(folder, `tsconfig.${name}.json`);
  const compilerOptions = { target: 'es2022', strict: true, exactOptionalPropertyTypes: true, noEmit: true, ...options };
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  return run(process.execPath, [tsc, '-p', config]).then(
    () => '',
    ({ stdout }) => stdout,
  );
}

const BROWSER = { lib: ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'], types: [] };
const NODE = { lib: ['es2023'], types: [nodeTypes] };

for (const [name, platform] of Object.entries({ browser: BROWSER, node: NODE })) {
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    test(`types of ${name}, with moduleResolution ${moduleResolution}`, async () => {
      for (const file of files) await copyFile(new URL(file, sources), join(folder, file));
      const options = { module, moduleResolution, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true, ...platform };
      assert.equal(await complaints(`${name}.${module}`, options), '');
    });
  }
}

test('each mistake is found by itself', async () => {
  /** @type {string[]} */
  const expected = [];
  for (const file of files) {
    const text = await readFile(new URL(file, sources), 'utf8');
    await writeFile(join(folder, file), text.replaceAll('@ts-expect-error', ''));
    for (const [index, line] of text.split('\n').entries()) if (line.includes('@ts-expect-error:')) expected.push(`${file}(${index + 2}`);
  }
  const found = await complaints('mistakes', { module: 'nodenext', moduleResolution: 'nodenext', ...NODE });
  assert.ok(expected.length > 30);
  assert.deepEqual([...new Set([...found.matchAll(/([\w-]+\.ts\(\d+),/g)].map(([, place]) => place))].sort(), expected.sort());
});
