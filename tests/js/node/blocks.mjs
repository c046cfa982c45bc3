// @ts-check
// Running the code blocks of the documents in Node.js, as modules of a folder where the packed package is installed.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { run } from '../install.mjs';

/** Writes a block as a JavaScript module. @param {string} folder @param {string} name @param {string} text */
async function moduleOf(folder, name, text) {
  const { code } = await transform(text, { loader: 'ts' });
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, code);
  return file;
}

/** What a block prints, run as a program. @param {string} folder @param {string} name @param {string} text */
export async function printedBy(folder, name, text) {
  const { stdout, stderr } = await run(process.execPath, [await moduleOf(folder, name, text)]);
  if (stderr) throw new Error(stderr);
  return stdout;
}

/** What a block exports, run in this process. @param {string} folder @param {string} name @param {string} text @returns {Promise<any>} */
export const exportsOf = async (folder, name, text) => import(pathToFileURL(await moduleOf(folder, name, text)).href);

/** Answers the `fetch` of this process from `documents`, by URL, until the end. @param {Record<string, unknown>} documents */
export function serve(documents) {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (input) => {
    const { url } = new Request(input);
    asked.push(url);
    return url in documents ? Response.json(documents[url]) : new Response(null, { status: 404 });
  };
  return asked;
}
