// @ts-check
// The packed tarball, installed as a user would, once for each tarball.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/** The path of the tarball under test. */
export function tarball() {
  const path = process.env.TOLLGATE_TARBALL;
  if (!path || !existsSync(path))
    throw new Error('TOLLGATE_TARBALL must name the packed package; run `cargo xtask test`');
  return path;
}

/** A folder outside the project in which the tarball, and nothing else, is installed. @returns {Promise<string>} */
export async function install() {
  const path = tarball();
  const digest = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 16);
  const folder = join(tmpdir(), `tollgate-${digest}`);
  if (existsSync(folder)) return folder;
  const fresh = await mkdtemp(`${folder}-`);
  await writeFile(join(fresh, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-package-lock', path], { cwd: fresh });
  await rename(fresh, folder).catch(async (error) => {
    // Another test file was faster.
    if (!existsSync(folder)) throw error;
    await rm(fresh, { recursive: true });
  });
  return folder;
}

/** A folder for one test file, from which the installed package is found; removed by `remove`. @param {string} name */
export async function workspace(name) {
  const folder = await mkdtemp(join(await install(), `${basename(name)}-`));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
