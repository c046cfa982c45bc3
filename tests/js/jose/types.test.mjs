// @ts-check
// The types of the packed module, compiled beside jose's by the consumer's compiler.

import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../install.mjs';
import { folder } from './package.mjs';

const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
const nodeTypes = dirname(require.resolve('@types/node/package.json'));
const jose = fileURLToPath(new URL('../../../node_modules/jose/dist/types/index.d.ts', import.meta.url));

for (const [name, lib, types] of /** @type {[string, string[], string[]][]} */ ([
  ['a browser', ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'], []],
  ['Node.js', ['es2023'], [nodeTypes]],
])) {
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    test(`types are those of jose for ${name}, with moduleResolution ${moduleResolution}`, async () => {
      await copyFile(new URL('types.ts', import.meta.url), join(folder, 'types.ts'));
      const config = join(folder, `tsconfig.${module}.${types.length}.json`);
      await writeFile(
        config,
        JSON.stringify({
          compilerOptions: {
            module,
            moduleResolution,
            target: 'es2022',
            lib,
            types,
            paths: { jose: [jose] },
            strict: true,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
            skipLibCheck: types.length > 0,
            noEmit: true,
          },
          files: ['types.ts'],
        }),
      );
      await run(process.execPath, [tsc, '-p', config]).catch(({ stdout }) => assert.fail(stdout));
    });
  }
}
