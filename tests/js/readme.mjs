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
    'OAuth without a browser: ts': 'oauth/docs.test.mjs',
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
  'docs/oauth.md': {
    'The shape of it: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/authorization-code.md': {
    'Log in at a server: ts': 'oauth/docs-users.test.mjs',
    'Requests that nobody can change: ts': 'oauth/docs-users.test.mjs',
    'An ID token before the code: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/ciba.md': {
    'Ask, and wait: ts': 'oauth/docs-users.test.mjs',
    'Be told, and do not wait: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/client-credentials.md': {
    'A token when one is needed: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/device.md': {
    'Sign in on another device: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/discovery.md': {
    'Find a server: ts': 'oauth/docs.test.mjs',
    'From a resource to its servers: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/dpop.md': {
    'Tokens that are bound to a key: ts': 'oauth/docs.test.mjs',
    'What a resource demands: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/fapi.md': {
    'A client of the profile: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/implicit.md': {
    'If the server has nothing else: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/introspection.md': {
    'Guard a resource: ts': 'oauth/docs.test.mjs',
    'Signed answers: ts': 'oauth/docs.test.mjs',
    'Both kinds at one resource: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/logout.md': {
    'End the session at the server: ts': 'oauth/docs-users.test.mjs',
    'Be told that a session has ended: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/migrating.md': {
    'A login, before and after: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/password.md': {
    'If the server has nothing else: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/refresh.md': {
    'Tokens that stay fresh: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/registration.md': {
    'Register, change, and leave: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/revocation.md': {
    'Sign out: ts': 'oauth/docs-users.test.mjs',
  },
  'docs/oauth/token-exchange.md': {
    'A token for the next service: ts': 'oauth/docs-users.test.mjs',
    'An assertion for a token: ts': 'oauth/docs.test.mjs',
    'Any other grant: ts': 'oauth/docs.test.mjs',
  },
  'docs/oauth/userinfo.md': {
    'The profile of a user: ts': 'oauth/docs-users.test.mjs',
  },
});

/** Every document for users. @returns {Promise<string[]>} */
export async function documents() {
  const pages = ['docs', 'docs/oauth'].map(async (folder) => {
    const names = (await readdir(new URL(`${folder}/`, PROJECT))).filter((name) => name.endsWith('.md'));
    return names.sort().map((name) => `${folder}/${name}`);
  });
  return ['README.md', 'SECURITY.md', ...(await Promise.all(pages)).flat()];
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
