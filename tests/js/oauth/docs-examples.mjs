// @ts-check
// The code blocks of docs/oauth.md and docs/oauth, as modules beside the installed package.

import { after } from 'node:test';
import { workspace } from '../install.mjs';
import { exportsOf } from '../node/blocks.mjs';
import { blocks } from '../readme.mjs';

const { folder, remove } = await workspace('oauth-docs');
after(remove);

let modules = 0;

/** What the one block of TypeScript under a heading exports. @param {string} document in docs @param {string} heading @returns {Promise<any>} */
export async function example(document, heading) {
  const [{ text }, ...more] = await examples(document, heading);
  if (more.length > 0) throw new Error(`${document} has several blocks under "${heading}"`);
  return exportsOf(folder, `example-${++modules}`, text);
}

/** What each of several exports, in their order. @param {string} document @param {string} heading @returns {Promise<any[]>} */
export const exampleModules = async (document, heading) =>
  Promise.all((await examples(document, heading)).map(({ text }) => exportsOf(folder, `example-${++modules}`, text)));

/** All that a module of the package exports. @param {string} specifier */
export const packaged = (specifier) => exportsOf(folder, `example-${++modules}`, `export * from '${specifier}'`);

/** @param {string} document @param {string} heading */
async function examples(document, heading) {
  const found = (await blocks(document)).filter(({ name }) => name === `${heading}: ts`);
  if (found.length === 0) throw new Error(`${document} has no block under "${heading}"`);
  return found;
}
