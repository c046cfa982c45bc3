// @ts-check
// docs/oauth.md and the pages in docs/oauth: their names, codes and numbers are those of the sources.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import * as oauth4webapi from 'oauth4webapi';
import { documents, textOf } from '../readme.mjs';
import { cellsOf, constant, number, numbers, quoted, source } from '../sources.mjs';
import { packaged } from './docs-examples.mjs';

const index = await textOf('docs/oauth.md');
const rows = cellsOf(index);
const pages = (await documents()).filter((name) => name.startsWith('docs/oauth/'));
const exported = Object.keys(await packaged('tollgate/oauth')).sort();
/** Every error code. */
const codes = [...(await source('src/error.rs')).matchAll(/"(ERR_\w+)"/g)].map(([, code]) => code);

describe('docs/oauth.md', () => {
  test('links to every page, and names all that is exported beside its page, which names it too', async () => {
    const listed = rows.filter(([cell]) => /^\[[\w-]+\.md\]\(oauth\/[\w-]+\.md\)/.test(cell ?? ''));
    const contents = new Map(listed.map(([cell, functions]) => [`docs/${/\((.+)\)/.exec(cell)?.[1]}`, quoted(functions)]));
    assert.deepEqual([...contents.keys()].sort(), pages);
    assert.deepEqual([...contents.values()].flat().sort(), exported);
    for (const [page, functions] of contents) {
      const text = await textOf(page);
      for (const name of functions) assert.ok(name === 'AuthorizationResponse' || text.includes(name), `${page} has ${name}`);
    }
  });

  test('has every error code that the functions document, once', async () => {
    const files = (await readdir(new URL('../../../pkg/src/oauth', import.meta.url))).filter((name) => name.endsWith('.ts'));
    const text = (await Promise.all(files.map((name) => source(`pkg/src/oauth/${name}`)))).join('\n');
    const families = [...text.matchAll(/ERR_\w+_(?=\*)/g)].map(([family]) => family);
    const named = [...text.matchAll(/ERR_\w+\b(?!\*)/g)].map(([code]) => code).filter((code) => !code.endsWith('_'));
    const ofFetch = codes.filter((code) => code.startsWith('ERR_FETCH_'));
    const listed = rows.map(([cell]) => /^`(ERR_\w+)`$/.exec(cell ?? '')?.[1]).filter((code) => code !== undefined);
    assert.deepEqual([...new Set(listed)], listed, 'each once');
    for (const code of new Set([...named, ...ofFetch])) assert.ok(listed.includes(code), `${code} is missing`);
    for (const code of listed) {
      assert.ok(codes.includes(code), `${code} does not exist`);
      assert.ok(named.includes(code) || families.some((family) => code.startsWith(family)), `${code} is thrown by no function`);
    }
  });

  test('says what the sources say', async () => {
    const oauth = 'src/oauth';
    const introspection = 'pkg/src/oauth/introspection.ts';
    /** @type {[string, ...Promise<number>[]][]} */
    const bounds = [
      ['a response', constant('pkg/src/internal/exchange.ts', 'MAX_BODY')],
      ['a header that is read (`WWW-Authenticate`, `DPoP-Nonce`, `Retry-After`, …)', constant('pkg/src/internal/exchange.ts', 'MAX_HEADER')],
      ['`error_description` that is passed on', constant(`${oauth}/error_response.rs`, 'MAX_DESCRIPTION')],
      ['from the Authorization Request to its response', constant(`${oauth}/transaction.rs`, 'LIFETIME')],
      ['a request object can be used for', constant(`${oauth}/request_object.rs`, 'LIFETIME')],
      ['a client assertion can be used for', constant(`${oauth}/registered_client.rs`, 'ASSERTION_LIFETIME')],
      ['`clockTolerance`, when it is not said', constant(`${oauth}/client.rs`, 'CLOCK_TOLERANCE')],
      [
        'between two polls, when the server does not say',
        constant(`${oauth}/polling.rs`, 'DEFAULT_INTERVAL'),
        constant(`${oauth}/polling.rs`, 'SLOW_DOWN'),
      ],
      ['origins of which DPoP nonces are kept', constant(`${oauth}/dpop.rs`, 'MAX_ORIGINS')],
      [
        'challenges in one response, and parameters of each',
        constant(`${oauth}/challenge.rs`, 'MAX_CHALLENGES'),
        constant(`${oauth}/challenge.rs`, 'MAX_PARAMETERS'),
      ],
      ['tokens that an introspector remembers', stated(introspection, 'maxEntries'), constant(introspection, 'MAX_ENTRIES')],
      ['seconds for which it does', stated(introspection, 'maxAge'), constant(introspection, 'MAX_AGE')],
      ['logout tokens that are remembered as used, in memory', stated('pkg/src/internal/replay.ts', 'maxEntries')],
    ];
    const table = rows.slice(rows.findIndex(([cell, next]) => cell === 'what' && next === 'bound') + 1);
    for (const [what, ...expected] of bounds) {
      const found = table.filter(([cell]) => cell === what);
      assert.equal(found.length, 1, what);
      assert.deepEqual(numbers(found[0][1]), await Promise.all(expected), what);
    }
  });
});

describe('the numbers in the text', () => {
  const introspection = 'pkg/src/oauth/introspection.ts';
  /** Where a page says a number, and where that stands. @type {[string, RegExp, Promise<number>][]} */
  const said = [
    ['docs/oauth.md', /^\| `timeout` \| (\d+) milliseconds/m, number('pkg/src/internal/options.ts', /timeout \?\? (\d+)/g)],
    ['docs/oauth.md', /^\| `timeout` .+ at most (\d+) \|$/m, constant('pkg/src/internal/options.ts', 'MAX_TIMEOUT')],
    ['docs/oauth.md', /`clockTolerance` \((\d+) seconds\)/, constant('src/oauth/client.rs', 'CLOCK_TOLERANCE')],
    ['docs/oauth.md', /is used once, and ends after (\d+) seconds/, constant('src/oauth/registered_client.rs', 'ASSERTION_LIFETIME')],
    ['docs/oauth/authorization-code.md', /can be used for (\d+) seconds/, constant('src/oauth/request_object.rs', 'LIFETIME')],
    ['docs/oauth/device.md', /every `interval` seconds \((\d+) where/, constant('src/oauth/polling.rs', 'DEFAULT_INTERVAL')],
    ['docs/oauth/device.md', /(\d+) seconds less often/, constant('src/oauth/polling.rs', 'SLOW_DOWN')],
    ['docs/oauth/introspection.md', /`maxAge` seconds \((\d+) if not said/, stated(introspection, 'maxAge')],
    ['docs/oauth/introspection.md', /if not said, at most (\d+)\)/, constant(introspection, 'MAX_AGE')],
    ['docs/oauth/introspection.md', /(\d+) of them if `maxEntries`/, stated(introspection, 'maxEntries')],
  ];
  for (const [page, pattern, expected] of said) {
    test(`${page}: ${pattern.source}`, async () => {
      const [, found] = pattern.exec((await textOf(page)).replace(/(?<=[^|\n])\n *(?=[^|\n ])/g, ' ')) ?? [];
      assert.equal(Number(found), await expected);
    });
  }
});

/** The default of a parameter. @param {string} path @param {string} name */
async function stated(path, name) {
  const [, text = ''] = new RegExp(`\\b${name} = ([\\d_]+)[,)]`).exec(await source(path)) ?? [];
  assert.ok(text, `${name} in ${path}`);
  return Number(text.replaceAll('_', ''));
}

describe('docs/oauth', () => {
  test('names no error code that does not exist', async () => {
    for (const page of pages) {
      for (const [code] of (await textOf(page)).matchAll(/ERR_[A-Z_]+[A-Z]/g)) {
        assert.ok(codes.some((known) => known === code || known.startsWith(`${code}_`)), `${page}: ${code}`);
      }
    }
  });

  test('the pages of deprecated grants say so first, and their functions do too', async () => {
    for (const [page, functions] of Object.entries({ implicit: ['implicitAuthorizationUrl', 'implicitResponse'], password: ['passwordGrant'] })) {
      const [title, , warning] = (await textOf(`docs/oauth/${page}.md`)).split('\n');
      assert.match(title, /^# .+: deprecated$/);
      assert.match(warning, /^> \*\*Do not use it\.\*\* RFC 9700 /);
      const text = await source(`pkg/src/oauth/${page === 'implicit' ? 'implicit' : 'grants'}.ts`);
      for (const name of functions) assert.match(text, new RegExp(`@deprecated (?:(?!\\*/)[^])+\\*/\\nexport async function ${name}\\b`));
    }
  });

  test('migrating.md has the names of oauth4webapi and of this package', async () => {
    const table = cellsOf(await textOf('docs/oauth/migrating.md')).slice(1);
    const theirs = Object.keys(oauth4webapi);
    const left = table.flatMap(([cell]) => quoted(cell));
    for (const name of left) assert.ok(theirs.includes(name), `oauth4webapi has no ${name}`);
    const requests = theirs.filter((name) => /Request$|^process\w+Response$|^validate/.test(name));
    for (const name of requests) assert.ok(left.includes(name), `${name} has no row`);
    const right = table.flatMap(([, , cell]) => quoted(cell));
    for (const name of exported.filter((name) => name !== 'AuthorizationResponse' && name !== 'dpopProof' && name !== 'passwordGrant')) {
      assert.ok(right.includes(name), `${name} is in no row`);
    }
  });
});
