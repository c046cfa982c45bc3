// @ts-check
// node bundle.mjs PACKAGE: puts the modules of PACKAGE/dist together in few files, since each costs a process its time to load.
// What is generated for a module stays as it is: glue, wasm, and wasm as text, which is loaded where it is needed.

import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';

const [, , folder = ''] = process.argv;
const [dist, bundled] = [join(folder, 'dist'), join(folder, 'dist-bundled')];

/** What users import, what is imported where a key needs it, and what the tests of the package look into. */
const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const entries = Object.values(exports)
  .flatMap((entry) => [entry.default, entry.workerd])
  .filter((file) => file?.endsWith('.js'))
  .map((file) => relative('dist', file));
const kernels = readdirSync(join(dist, 'kernel')).filter((file) => file.endsWith('.js') && !/^(modules\.workerd|rsa)\./.test(file));
const files = [...entries, ...kernels.map((file) => `kernel/${file}`)];

/** @param {string[]} paths below dist */
const of = (...paths) => new RegExp(`/dist/(${paths.join('|')})\\.js$`);

/** @param {string[]} files @param {RegExp[]} external @param {import('rolldown').OutputOptions} [options] */
async function write(files, external, options) {
  const bundle = await rolldown({
    input: Object.fromEntries(files.map((file) => [file.slice(0, -'.js'.length), join(dist, file)])),
    external,
    treeshake: { moduleSideEffects: false },
  });
  await bundle.write({ dir: bundled, format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js', ...options });
}

await write(files, [/\/generated\/\w+\//, of('signature')], {
  codeSplitting: {
    groups: [
      { name: 'base', test: of('errors', 'generated/\\w+', 'internal/[\\w-]+', 'verify/(platform-key|source)'), priority: 3 },
      { name: 'kernel', test: of('kernel/(kernels|instance|rsa-levels)'), priority: 2 },
      { name: 'signatures', test: of('client/signature'), priority: 2 },
      ...['verify', 'client', 'oauth', 'jose', 'inspect'].map((name) => ({ name, test: of(`${name}/.+`), priority: 1 })),
    ],
  },
});
// What few sign-ins need has all of its own but what is large. What it shared with the entry that imports it, a bundler
// would take out of both and put in one more file.
await write(['signature.js'], [/\/generated\/\w+\//, of('kernel/(p256|p384|ed25519|rare|portable|rsa-(scalar|simd|relaxed))')]);

for (const name of readdirSync(dist, { recursive: true }).map(String)) {
  if (name.endsWith('.js') && !name.startsWith('generated')) rmSync(join(dist, name));
}
cpSync(bundled, dist, { recursive: true });
rmSync(bundled, { recursive: true });
