// @ts-check
// The code blocks of README.md. Each is run by the test that is named here; a block that is not named fails one.

import { readFile } from 'node:fs/promises';

const README = new URL('../../README.md', import.meta.url);

/** Which test runs the block of a kind under a heading. */
export const RUN_BY = /** @type {const} */ ({
  'Check a token at the edge: ts': 'workerd/readme.test.mjs',
  'Log in from a single-page app: ts': 'browser/readme.browser.test.mjs',
  'Log in from a single-page app: http': 'browser/readme.browser.test.mjs',
  'Errors: ts': 'node/readme.test.mjs',
  'Try it, test it: sh': 'node/readme.test.mjs',
});

/** Every fenced block, with the heading above it. @returns {Promise<{ name: string, kind: string, text: string }[]>} */
export async function blocks() {
  const found = [];
  let heading = '';
  const pieces = (await readFile(README, 'utf8')).matchAll(
    /^#+ (?<heading>.+)$|^(?<fence>```+|~~~+)(?<kind>.*)\n(?<text>[^]*?)^\k<fence>$/gm,
  );
  for (const { groups = {} } of pieces) {
    if (groups.heading) heading = groups.heading;
    else found.push({ name: `${heading}: ${groups.kind}`, kind: groups.kind, text: groups.text });
  }
  return found;
}

/** The texts of the blocks called `name`; at least one. @param {keyof typeof RUN_BY} name */
export async function textsOf(name) {
  const texts = (await blocks()).filter((block) => block.name === name).map(({ text }) => text);
  if (texts.length === 0) throw new Error(`README.md has no block "${name}" any more`);
  return texts;
}
