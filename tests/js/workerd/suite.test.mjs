// @ts-check
// The suite in workerd, the runtime of Cloudflare Workers: bundled by esbuild, the wasm an imported module.

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { build } from 'esbuild';
import { default as workerdPath } from 'workerd';
import { SUITE, testCases } from '../cases.mjs';
import { workspace } from '../install.mjs';

const WORKER = `
import * as verify from 'tollgate/verify';
import * as errors from 'tollgate/errors';
import { outcome } from ${JSON.stringify(join(SUITE, 'index.mjs'))};
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    return Response.json(await outcome(searchParams.get('group'), Number(searchParams.get('index')), { verify, errors }));
  },
};
`;

/** Leaves `.wasm` imports as they are, and remembers the files. @param {Map<string, string>} files */
const wasmModules = (files) => ({
  name: 'wasm-modules',
  setup(/** @type {import('esbuild').PluginBuild} */ { onResolve }) {
    onResolve({ filter: /\.wasm$/ }, ({ path, importer }) => {
      files.set(basename(path), join(dirname(importer), path));
      return { path: basename(path), external: true };
    });
  },
});

const { folder, remove } = await workspace('workerd');
after(remove);

/** @type {Map<string, string>} */
const wasm = new Map();
await writeFile(join(folder, 'worker.mjs'), WORKER);
await build({
  absWorkingDir: folder, entryPoints: ['worker.mjs'], outfile: join(folder, 'bundle.mjs'), bundle: true, format: 'esm', target: 'es2022',
  conditions: ['workerd', 'worker'], plugins: [wasmModules(wasm)], logLevel: 'error',
});
const modules = [...wasm].map(([name, file]) => `, (name = "${name}", wasm = embed "${file}")`).join('');
await writeFile(join(folder, 'config.capnp'), `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "suite", worker = (
    modules = [(name = "worker", esModule = embed "bundle.mjs")${modules}],
    compatibilityDate = "2025-09-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
`);

const worker = spawn(workerdPath, ['serve', 'config.capnp', '--control-fd=3'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
after(() => worker.kill());
const port = await new Promise((resolve, reject) => {
  worker.once('exit', (code) => reject(new Error(`workerd ended with ${code} before it listened`)));
  const control = createInterface({ input: /** @type {import('node:stream').Readable} */ (worker.stdio[3]) });
  control.on('line', (line) => {
    const event = JSON.parse(line);
    if (event.event === 'listen') resolve(event.port);
  });
});

testCases('workerd', async (group, index) => {
  const response = await fetch(`http://127.0.0.1:${port}/?group=${group}&index=${index}`);
  return response.ok ? /** @type {any} */ (response.json()) : `workerd answered ${response.status}: ${await response.text()}`;
});
