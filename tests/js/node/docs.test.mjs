// @ts-check
// docs/verify.md and docs/jose.md: their numbers and names are those of the sources, and their blocks run.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { install, workspace } from '../install.mjs';
import { textOf, textsOf } from '../readme.mjs';
import { cellsOf, constant, number, numbers, quoted, source } from '../sources.mjs';
import { RAISED_BY } from '../suite/errors.mjs';
import { newSigner } from '../suite/tokens.mjs';
import { exportsOf, serve } from './blocks.mjs';

const { folder, remove } = await workspace('docs');
after(remove);

const page = await textOf('docs/verify.md');
/** The rows of every table, cell by cell. */
const rows = cellsOf(page);

/** The cells after the first of the one row that begins with `first`. @param {string} first */
function row(first) {
  const found = rows.filter(([cell]) => cell === first);
  assert.equal(found.length, 1, `one row of docs/verify.md begins with ${first}`);
  return found[0].slice(1).join(' | ');
}

const REMOTE = 'src/verify/remote.rs';
const FRESHNESS = 'src/verify/remote/freshness.rs';
const UNKNOWN = 'src/verify/remote/unknown.rs';
const OPTIONS = 'pkg/src/internal/options.ts';
const CACHE = 'pkg/src/verify/cache.ts';
const KERNEL = 'src/crypto/kernel.rs';

describe('the numbers of docs/verify.md are those of the sources', () => {
  /** What a row says, in order, and where that stands. @type {[string, ...Promise<number>[]][]} */
  const LIMITS = [
    ['a token', constant('src/jose/jws.rs', 'MAX_BYTES')],
    ['nesting of its JSON', constant('src/text/json.rs', 'MAX_DEPTH')],
    ['names in `crit`', constant('src/jose/jws.rs', 'MAX_CRIT')],
    ['a time (`exp`, `nbf`, `iat`, `auth_time`)', constant('src/text/json/number.rs', 'MAX')],
    ['`sub` of an ID token', constant('src/jose/claims/id_token.rs', 'MAX_SUB_LEN')],
    [
      'an RSA modulus',
      number('src/crypto/kernel/rsa_numbers.rs', /MODULUS_BITS: .+ = (\d+)\.\.=/g),
      constant('src/crypto/kernel/rsa_numbers.rs', 'MAX_MODULUS_BITS'),
    ],
    [
      'an RSA exponent',
      number('src/crypto/kernel/rsa_numbers.rs', /EXPONENTS: .+ = (\d+)\.\.=/g),
      number('src/crypto/kernel/rsa_numbers.rs', /EXPONENTS: .+\.\.=(.+);/g),
    ],
    ['keys in a set', constant('src/jose/jwks.rs', 'MAX_KEYS')],
    ['keys tried for one token', constant('src/jose/jwks.rs', 'MAX_CANDIDATES')],
    ['issuers', constant('pkg/src/verify/issuers.ts', 'MAX_ISSUERS')],
    ['a response, and an entry of `jwksCache`', constant('pkg/src/internal/exchange.ts', 'MAX_BODY')],
    ['an `ETag` that is used', constant(REMOTE, 'MAX_ETAG')],
    ['another header that is read (`Cache-Control`, `Age`)', constant('pkg/src/internal/exchange.ts', 'MAX_HEADER')],
    ['a `kid` that is remembered as unknown', constant(UNKNOWN, 'MAX_BYTES')],
    ['entries of `cache`', constant(CACHE, 'MAX_ENTRIES'), constant(CACHE, 'MAX_LENGTH')],
    ['the shortest time to live in Workers KV', constant('pkg/src/verify/jwks-store.ts', 'MIN_TTL')],
    [
      '`keyTables`',
      constant(KERNEL, 'DEFAULT_TABLE_BYTES'),
      Promise.resolve(0),
      number('pkg/src/verify/backend.ts', /MAX_TABLE_BYTES = 2 \*\* (\d+)/g).then((bits) => 2 ** bits),
    ],
    ['`timeout`', number(OPTIONS, /timeout: timeout \?\? (\d+)/g), constant(OPTIONS, 'MAX_TIMEOUT')],
    [
      '`jwksMaxAge`',
      constant('src/jose/jwks.rs', 'MAX_AGE'),
      constant(FRESHNESS, 'MIN_FRESH'),
      constant(FRESHNESS, 'MAX_LIMIT'),
    ],
    [
      '`jwksStaleIfError`',
      number(FRESHNESS, /max_age: MAX_AGE, stale_if_error: (\d+)/g),
      number(FRESHNESS, /"jwksStaleIfError", (\d+)/g),
      constant(FRESHNESS, 'MAX_LIMIT'),
    ],
  ];
  for (const [first, ...expected] of LIMITS) {
    test(`of ${first}`, async () => {
      assert.deepEqual(numbers(row(first)), await Promise.all(expected));
    });
  }

  test('of every row under Limits', () => {
    const [, limits] = page.split('\n## Limits\n');
    const named = [...limits.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, first]) => first);
    const known = ['what', '---', ...LIMITS.map(([first]) => first)];
    assert.deepEqual(
      named.filter((first) => !known.includes(first) && !first.startsWith('---')),
      [],
    );
  });

  test('of how often the server is asked', async () => {
    const [paragraph = ''] = /^How often is the server asked\?[^]+?\n\n/m.exec(page) ?? [];
    assert.deepEqual(numbers(paragraph), [
      await constant(REMOTE, 'COOLDOWN'),
      await constant(REMOTE, 'COOLDOWN_WITHOUT_KEYS'),
      await constant(UNKNOWN, 'ABSENT_FOR'),
      await constant(UNKNOWN, 'CAPACITY'),
      await constant(REMOTE, 'METADATA_MAX_AGE'),
    ]);
  });

  test('of README.md and SECURITY.md', async () => {
    const [readme, security] = [await textOf('README.md'), await textOf('SECURITY.md')];
    const [fresh, stale] = [
      await constant('src/jose/jwks.rs', 'MAX_AGE'),
      await number(FRESHNESS, /max_age: MAX_AGE, stale_if_error: (\d+)/g),
    ];
    const [few, none] = [await constant(REMOTE, 'COOLDOWN'), await constant(REMOTE, 'COOLDOWN_WITHOUT_KEYS')];
    assert.equal(stale, 3600);
    for (const words of [
      `within ${await constant(FRESHNESS, 'MIN_FRESH')} seconds and ${fresh / 60} minutes`,
      'last an hour longer',
      `one fetch in ${few} seconds, or in ${none} while`,
    ])
      assert.ok(readme.replaceAll('\n', ' ').includes(words), words);
    for (const words of [
      `${(await constant('src/jose/jws.rs', 'MAX_BYTES')) / 1024} KiB`,
      `${(await constant('pkg/src/internal/exchange.ts', 'MAX_BODY')) / 2 ** 20} MiB`,
      `${(await constant('src/jose/jwks.rs', 'MAX_KEYS')).toLocaleString('en')} keys`,
      `nesting at ${await constant('src/text/json.rs', 'MAX_DEPTH')}`,
      `${few} seconds, or in ${none} while`,
      `once in ${(await constant(UNKNOWN, 'ABSENT_FOR')) / 60} minutes`,
    ])
      assert.ok(security.replace(/\s+/g, ' ').includes(words), words);
  });
});

describe('the names of docs/verify.md are those of the sources', () => {
  test('each algorithm stands once, with its file', async () => {
    const rust = await source('src/jose/algorithm.rs');
    const names = [...rust.matchAll(/Algorithm::new\("(\w+)"|=> "(ML-DSA-\d+)"/g)].map(([, name, other]) => name ?? other);
    const listed = rows.filter((cells) => /^`\w+\.wasm`$/.test(cells[2] ?? ''));
    assert.deepEqual(listed.flatMap(([cell]) => quoted(cell)).sort(), names.sort());
    const dist = join(await install(), 'node_modules/tollgate/dist');
    const { KEY_KIND } = await import(join(dist, 'generated/algorithms.js'));
    const { moduleOf } = await import(join(dist, 'kernel/kernels.js'));
    for (const [cell, , file] of listed)
      for (const alg of quoted(cell)) {
        const module = KEY_KIND[alg] === undefined ? 'verify' : moduleOf(KEY_KIND[alg]);
        assert.equal(file, `\`${module}.wasm\``, alg);
      }
  });

  test('each option of the types and of the core stands once', async () => {
    const types = `${await source('pkg/src/verify/types.ts')}\n${await source(OPTIONS)}`;
    const expected = ['Expectations', 'CallExpectations', 'KeySourceOptions', 'KeyFetchOptions', 'VerifierOptions', 'NetworkOptions'].flatMap(
      (name) => {
        const [, body = ''] = new RegExp(`^export interface ${name}\\b[^{]*(?:\\{[^}]*\\}[^{]*)??\\{\\n([^]+?)^\\}`, 'm').exec(types) ?? [];
        assert.ok(body, name);
        return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member);
      },
    );
    const core = await source('src/verify/options.rs');
    for (const [, list] of core.matchAll(/^const \w+: \[&str; \d+\] = \[([^\]]+)\]/gm))
      for (const [, name] of list.matchAll(/"(\w+)"/g)) assert.ok(expected.includes(name), name);
    const documented = new Set(
      rows
        .filter((cells) => cells.length >= 2 && /^`\w+`(: .+)?$/.test(cells[0]))
        .map(([cell]) => quoted(cell)[0])
        .filter((name) => !name.startsWith('ERR_') && !/^(alg|ES\d+|jwt|id_token)$/.test(name)),
    );
    assert.deepEqual([...documented].sort(), [...new Set(expected)].sort());
  });

  test('each profile requires what the core does', async () => {
    const rust = await source('src/jose/claims/profile.rs');
    const profiles = [...rust.matchAll(/Profile \{\s*name: "([^"]+)",[^]+?required: &\[([^\]]*)\]/g)];
    assert.equal(profiles.length, 4);
    for (const [, name, required] of profiles) {
      const claims = [...required.matchAll(/"(\w+)"/g)].map(([, claim]) => claim);
      const found = rows.find(([cell, , , , rule]) => cell === `\`${name}\`` && rule !== undefined);
      assert.ok(found, name);
      if (name !== 'jwt') assert.deepEqual(quoted(found[2]).slice(0, claims.length), claims);
    }
  });

  test('each error code of verification has one answer', () => {
    const codes = rows.map(([cell]) => /^`(ERR_\w+)`$/.exec(cell)?.[1]).filter((code) => code !== undefined);
    assert.deepEqual(codes.sort(), Object.keys(RAISED_BY).sort());
  });
});

describe('the blocks of docs/verify.md', () => {
  const AUDIENCE = 'https://api.example.com';
  const ISSUER = 'https://as.example.com';
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + 60;

  test('verify at once with a key of WebCrypto', async () => {
    const [text] = await textsOf('docs/verify.md', 'The shape of it: ts');
    // Node.js 20 has no `using`.
    const { open } = await exportsOf(folder, 'shape', text.replace('using verifier', 'const verifier'));
    const key = await newSigner('ES256');
    const token = await key.token({ aud: AUDIENCE, sub: 'someone', exp, scope: 'read write' });
    const { sub, alg, thumbprint } = await open(key.jwk, token);
    assert.deepEqual([sub, alg, thumbprint?.length], ['someone', 'ES256', 43]);
    await assert.rejects(open(key.jwk, await key.token({ aud: AUDIENCE, exp, scope: 'write' })), { claim: 'scope' });
  });

  test('hold a token to a policy, a check and the expectations of the call', async () => {
    const key = await newSigner('RS256');
    serve({
      [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` },
      [`${ISSUER}/jwks`]: { keys: [key.jwk] },
    });
    const [text] = await textsOf('docs/verify.md', 'What a token must be: ts');
    const { verifier, mayWrite } = await exportsOf(folder, 'policy', text);
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: 's', iat, exp, jti: 'j', client_id: 'c', scope: 'read', tenant: 'acme' };
    /** @param {object} [changes] */
    const token = (changes) => key.token({ ...claims, ...changes }, { typ: 'at+jwt' });
    assert.equal((await verifier.verify(await token())).claims.sub, 's');
    await assert.rejects(verifier.verify(await token({ tenant: 'other' })), /not of this tenant/);
    await assert.rejects(mayWrite(await token()), { claim: 'scope', reason: 'mismatch' });
    assert.equal((await mayWrite(await token({ scope: 'read write' }))).claims.scope, 'read write');
  });

  test('share keys through a store', async () => {
    const key = await newSigner('ES256');
    const asked = serve({ [`${ISSUER}/jwks`]: { keys: [key.jwk] } });
    const [text] = await textsOf('docs/verify.md', 'A store of your own: ts');
    // The timer of an hour would keep this process alive.
    const { verifier, store } = await exportsOf(folder, 'store', text.replace(/^ {4}setTimeout\((.+)\)$/m, '    setTimeout($1).unref()'));
    const token = await key.token({ aud: AUDIENCE, exp });
    await verifier.verify(token);
    const { createVerifier } = await exportsOf(folder, 'other', "export { createVerifier } from 'tollgate/verify'");
    const other = await createVerifier({ audience: AUDIENCE, jwksUri: `${ISSUER}/jwks`, jwksCache: store });
    await other.verify(token);
    assert.deepEqual(asked, [`${ISSUER}/jwks`], 'the other took them from the store');
  });

  test('answer each error as the table says', async () => {
    const [text] = await textsOf('docs/verify.md', 'What to answer: ts');
    const { answer } = await exportsOf(folder, 'answer', text);
    const { TollgateError } = await exportsOf(folder, 'errors', "export { TollgateError } from 'tollgate/errors'");
    for (const code of Object.keys(RAISED_BY)) {
      const said = row(`\`${code}\``).split(' | ').at(-1) ?? '';
      const [status] = numbers(said);
      const response = answer(new TollgateError(code));
      assert.equal(response.status, status, code);
      const challenge = status === 401 ? 'Bearer error="invalid_token"' : null;
      assert.equal(response.headers.get('www-authenticate'), challenge, code);
    }
    for (const [claim, status, error] of [
      ['scope', 403, 'insufficient_scope'],
      ['acr', 401, 'insufficient_user_authentication'],
      ['auth_time', 401, 'insufficient_user_authentication'],
      ['aud', 401, 'invalid_token'],
    ]) {
      const response = answer(new TollgateError('ERR_JWT_CLAIM_VALIDATION_FAILED', { claim, reason: 'mismatch' }));
      assert.equal(response.status, status);
      assert.equal(response.headers.get('www-authenticate'), `Bearer error="${error}"`);
    }
    assert.throws(() => answer(new RangeError('other')), RangeError);
  });
});

describe('docs/jose.md', () => {
  test('changes one import line, of names that both modules have', async () => {
    const [text] = await textsOf('docs/jose.md', '`tollgate/jose`: switching from jose: diff');
    const [before, after] = text.trim().split('\n');
    assert.equal(before.slice(1).replace("'jose'", "'tollgate/jose'"), after.slice(1));
    const names = (/\{(.+)\}/.exec(after)?.[1] ?? '').split(',').map((name) => name.trim());
    const ours = await exportsOf(folder, 'ours', "export * from 'tollgate/jose'");
    const theirs = await import(createRequire(import.meta.url).resolve('jose'));
    for (const name of names) assert.ok(name in ours && name in theirs, name);
  });
});
