// @ts-check
// A worker in workerd, the runtime of Cloudflare Workers: bundled by esbuild, the wasm an imported module.

import { spawn } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
// @ts-expect-error: it has no types
import workerd from 'workerd';
import { workspace } from '../install.mjs';

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

/** Other parts of a configuration, in Cap'n Proto: of the worker, and services. @typedef {{ worker?: string, services?: string[] }} Extra */

/** @param {Iterable<string>} wasm @param {string[]} flags @param {Extra} extra */
const config = (wasm, flags, { worker = '', services = [] }) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [(name = "worker", esModule = embed "bundle.mjs")${[...wasm].map((name) => `, (name = "${name}", wasm = embed "${name}")`).join('')}],
      compatibilityDate = "2025-09-01",
      compatibilityFlags = ${JSON.stringify(flags)},
      ${worker}
    )),
    (name = "internet", network = (allow = ["local"])),
    ${services.join(',\n    ')}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
`;

/** Bundles `worker.mjs` of a folder, and configures workerd there. @param {string} folder @param {string[]} [flags] @param {Extra} [extra] */
export async function bundleWorker(folder, flags = [], extra = {}) {
  /** @type {Map<string, string>} */
  const wasm = new Map();
  await build({
    absWorkingDir: folder,
    entryPoints: ['worker.mjs'],
    outfile: join(folder, 'bundle.mjs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker'],
    plugins: [wasmModules(wasm)],
    external: ['cloudflare:workers'],
    logLevel: 'error',
  });
  await Promise.all([...wasm].map(([name, file]) => copyFile(file, join(folder, name))));
  await writeFile(join(folder, 'config.capnp'), config(wasm.keys(), flags, extra));
}

/** Starts workerd with what was bundled in a folder. @param {string} folder */
export async function startWorker(folder) {
  const child = spawn(workerd.default, ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code} before it listened`)));
    const control = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdio[3]) });
    control.on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'listen') resolve(event.port);
    });
  });
  return { origin: `http://127.0.0.1:${port}`, close: () => void child.kill() };
}

/**
 * Serves the worker that is `worker.mjs` of `files`, which find the installed package. It may fetch from loopback.
 * @param {{ 'worker.mjs': string, [name: string]: string }} files
 * @param {string[]} [flags] compatibility flags
 * @param {Extra} [extra]
 */
export async function serveWorker(files, flags, extra) {
  const { folder, remove } = await workspace('workerd');
  await Promise.all(Object.entries(files).map(([name, source]) => writeFile(join(folder, name), source)));
  await bundleWorker(folder, flags, extra);
  const { origin, close } = await startWorker(folder);
  return {
    origin,
    async close() {
      close();
      await remove();
    },
  };
}
