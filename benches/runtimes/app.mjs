// @ts-check
// The folder in which everything that is measured is found as a user's program finds it: the packed tarball, installed, and its peers.

import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../../tests/js/install.mjs';

const BENCHES = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

const PEERS = ['jose', 'fast-jwt', 'aws-jwt-verify', 'jsonwebtoken'];

/** @typedef {{ folder: string, runtimes: string, versions: Record<string, string> }} App */

/** @param {string} folder of the benchmark, in which `runtimes` may be installed @returns {Promise<App>} */
export async function prepareApp(folder) {
  const app = resolve(folder, 'app');
  await rm(app, { recursive: true, force: true });
  await cp(BENCHES, app, { recursive: true });
  const modules = join(app, 'node_modules');
  await mkdir(modules);
  /** @type {Record<string, string>} */
  const versions = {};
  const sources = { tollgate: join(await install(), 'node_modules/tollgate') };
  for (const name of PEERS) Object.assign(sources, { [name]: join(MODULES, name) });
  for (const [name, source] of Object.entries(sources)) {
    await symlink(source, join(modules, name));
    versions[name] = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')).version;
  }
  // Deno finds only what is named here.
  await writeFile(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: versions }));
  return { folder: app, runtimes: resolve(folder, 'runtimes/node_modules'), versions };
}

/** Writes a file of a job, or of several, and gives its path. @param {App} app @param {string} name @param {unknown} value */
export async function jobFile({ folder }, name, value) {
  const file = join(folder, 'jobs', `${name}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(value));
  return file;
}
