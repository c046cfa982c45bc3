// @ts-check
// The code blocks of README.md and of the pages in docs. Each is run by the test that is named here; a block that is not
// named fails one.

import { readFile, readdir } from 'node:fs/promises';

const PROJECT = new URL('../../', import.meta.url);

/** Which test runs the block of a kind under a heading, for each document that has blocks. */
export const RUN_BY = /** @type {const} */ ({
  'README.md': {
    'Check a token at the edge: ts': 'workerd/readme.test.mjs',
    'Several issuers: ts': 'node/readme.test.mjs',
    'Keys that stay fresh: ts': 'workerd/readme.test.mjs',
    'See why a token is refused: ts': 'node/readme.test.mjs',
    'Coming from jose: ts': 'node/readme.test.mjs',
    'Log in from a single-page app: ts': 'browser/readme.browser.test.mjs',
    'Log in from a single-page app: http': 'browser/readme.browser.test.mjs',
    'Errors: ts': 'node/readme.test.mjs',
    'Try it, test it: sh': 'node/readme.test.mjs',
  },
  'docs/jose.md': {
    '`tollgate/jose`: switching from jose: diff': 'node/docs.test.mjs',
  },
  'docs/verify.md': {
    'The shape of it: ts': 'node/docs.test.mjs',
    'What a token must be: ts': 'node/docs.test.mjs',
    'A store of your own: ts': 'node/docs.test.mjs',
    'What to answer: ts': 'node/docs.test.mjs',
  },
});

/** Every document for users. @returns {Promise<string[]>} */
export async function documents() {
  const pages = (await readdir(new URL('docs/', PROJECT))).filter((name) => name.endsWith('.md'));
  return ['README.md', 'SECURITY.md', ...pages.sort().map((name) => `docs/${name}`)];
}

/** @param {string} document its path in the project */
export const textOf = (document) => readFile(new URL(document, PROJECT), 'utf8');

/** Every fenced block, with the heading above it. @param {string} document @returns {Promise<{ name: string, kind: string, text: string }[]>} */
export async function blocks(document) {
  const found = [];
  let heading = '';
  const pieces = (await textOf(document)).matchAll(
    /^#+ (?<heading>.+)$|^(?<fence>```+|~~~+)(?<kind>.*)\n(?<text>[^]*?)^\k<fence>$/gm,
  );
  for (const { groups = {} } of pieces) {
    if (groups.heading) heading = groups.heading;
    else found.push({ name: `${heading}: ${groups.kind}`, kind: groups.kind, text: groups.text });
  }
  return found;
}

/**
 * The texts of the blocks called `name`; at least one.
 * @template {keyof typeof RUN_BY} D
 * @param {D} document @param {keyof (typeof RUN_BY)[D]} name
 * @returns {Promise<[string, ...string[]]>}
 */
export async function textsOf(document, name) {
  const [first, ...others] = (await blocks(document)).filter((block) => block.name === name).map(({ text }) => text);
  if (first === undefined) throw new Error(`${document} has no block "${String(name)}" any more`);
  return [first, ...others];
}
