// @ts-check
// docs/verify.md, docs/jose.md and docs/kernels.md: their numbers and names are those of the sources, and their blocks run.

import assert from 'node:assert/strict';
import { access, readFile, readdir } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { install, workspace } from '../install.mjs';
import { textOf, textsOf } from '../readme.mjs';
import { RAISED_BY } from '../suite/errors.mjs';
import { newSigner } from '../suite/tokens.mjs';
import { exportsOf, serve } from './blocks.mjs';

const PROJECT = new URL('../../../', import.meta.url);
const { folder, remove } = await workspace('docs');
after(remove);

const page = await textOf('docs/verify.md');
/** @param {string} path */
const source = (path) => readFile(new URL(path, PROJECT), 'utf8');

/** The rows of every table, cell by cell. */
const rows = [...page.matchAll(/^\| (.+) \|$/gm)].map(([, row]) => row.split(' | ').map((cell) => cell.trim()));
/** The texts between backticks. @param {string} [cell] */
const quoted = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text);

/** The cells after the first of the one row that begins with `first`. @param {string} first */
function row(first) {
  const found = rows.filter(([cell]) => cell === first);
  assert.equal(found.length, 1, `one row of docs/verify.md begins with ${first}`);
  return found[0].slice(1).join(' | ');
}
/** Every whole number of a text, but those of `n-bit` names. @param {string} text */
const numbers = (text) => [...text.matchAll(/(?<![\w-])\d+(?!\w)/g)].map(([number]) => Number(number));

/** A number of the sources. @param {string} path @param {RegExp} pattern one group: digits, `a << b` or `aeb` */
async function number(path, pattern) {
  const found = [...(await source(path)).matchAll(pattern)];
  assert.equal(found.length, 1, `${pattern} in ${path}`);
  const text = found[0][1].replaceAll('_', '');
  const [base, shift] = text.split('<<').map(Number);
  return shift === undefined ? base : base * 2 ** shift;
}
/** @param {string} path @param {string} name */
const constant = (path, name) => number(path, new RegExp(`const ${name}(?:: \\w+)? = ([\\d_<e ]+);?$`, 'gm'));

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

/** What a table of a key is made of, by kind of key; for docs/kernels.md and docs/verify.md. */
async function keyTables() {
  /** @type {Record<string, { teeth: number, blocks: number, rows: number, entries: number, entry: number }>} */
  const tables = {};
  for (const curve of ['p256', 'p384']) {
    const file = `src/crypto/prime_curve/${curve}.rs`;
    const [teeth, blocks, rows] = await Promise.all(
      ['teeth', 'blocks', 'rows'].map((name) => number(file, new RegExp(`SHAPE: .+${name}: (\\d+)`, 'g'))),
    );
    const limbs = await number(file, /^impl Field<(\d+)>/gm);
    tables[curve.replace('p', 'P-')] = { teeth, blocks, rows, entries: blocks << (teeth - 1), entry: 2 * limbs * 4 };
  }
  const [teeth, blocks] = await Promise.all([
    number(EDWARDS, /Ed25519Key = VerifyingKey<(\d+), \d+>/g),
    number(EDWARDS, /Ed25519Key = VerifyingKey<\d+, (\d+)>/g),
  ]);
  const bits = (await constant('src/crypto/edwards25519/scalar.rs', 'BITS')) + 1;
  const limbs = await constant('src/crypto/edwards25519/field.rs', 'LIMBS');
  const rows = Math.ceil(bits / (teeth * blocks));
  tables['Ed25519'] = { teeth, blocks, rows, entries: blocks << (teeth - 1), entry: 3 * limbs * 4 };
  return tables;
}
const EDWARDS = 'src/crypto/edwards25519.rs';

/** What a level of RSA is, and what a modulus of so many bits takes with it. @param {string} name */
async function rsaLevel(name) {
  const [file, barrett] = [`src/crypto/rsa/${name}.rs`, 'src/crypto/rsa/barrett.rs'];
  const [limbBits, step, rows] = await Promise.all(['LIMB_BITS', 'STEP', 'MAX_ROWS'].map((each) => constant(file, each)));
  const vectors = name === 'scalar' ? 1 : await constant(file, 'VECTORS');
  const columns = vectors * (await number(file, /const COLUMNS: usize = (\d+)/g));
  const [rowLimbs, columnBits] = [await constant(file, 'ROW_LIMBS'), await number(file, /type Column = \w(\d+);/g)];
  assert.ok((await source(barrett)).includes('const PADDING: usize = K::COLUMNS + K::ROW_LIMBS * K::STEP;'));
  const padding = columns + rowLimbs * step;
  const spare = await constant(barrett, 'SPARE_BITS');
  /** Both have one column more than limbs, and mu has one limb more. @param {number} bits */
  const context = (bits) => (2 * (Math.ceil((bits + spare + 1) / limbBits) + 1 + 2 * padding) + 1) * (columnBits / 8) + bits / 8;
  return { limbBits, columns, rows, context };
}

describe('the numbers of docs/kernels.md are those of the sources', async () => {
  const text = await textOf('docs/kernels.md');
  /** The numbers of the rows of the one table whose header begins so, by their first cell. @param {string} header */
  function table(header) {
    const found = text.split('\n\n').filter((block) => block.startsWith(`| ${header} |`));
    assert.equal(found.length, 1, header);
    const [, , ...lines] = (found[0] ?? '').trim().split('\n');
    return Object.fromEntries(lines.map((line) => [line.split(' | ')[0]?.slice(2) ?? '', numbers(line.replace(/^\| .+? \|/, ''))]));
  }

  test('of fields', async () => {
    /** @type {Record<string, number[]>} */
    const expected = {};
    for (const curve of ['p256', 'p384']) {
      const file = `src/crypto/prime_curve/${curve}.rs`;
      const [limbs, bits] = [await number(file, /^impl Field<(\d+)>/gm), await constant(file, 'LIMB_BITS')];
      const terms = [...(await source(file)).matchAll(/Term::\w+\((\d+)\)/g)].flatMap(([, exponent]) => [2, Number(exponent)]);
      expected[curve.replace('p', 'P-')] = [limbs, bits, 2, limbs * bits, ...terms];
    }
    assert.deepEqual(table('field'), expected);
    const field = 'src/crypto/edwards25519/field.rs';
    const [limbs, bits, top] = await Promise.all(['LIMBS', 'LIMB_BITS', 'TOP_BITS'].map((name) => constant(field, name)));
    const fold = await constant(field, 'FOLD');
    assert.deepEqual(numbers(/^\| limbs \| .+$/m.exec(text)?.[0] ?? ''), [limbs, bits, top]);
    assert.deepEqual(numbers(/^\| nine limbs up \| .+$/m.exec(text)?.[0] ?? ''), [fold << (bits - top), fold, 1 << (bits - top)]);
  });

  test('of combs and of the tables of keys', async () => {
    const { Ed25519: edwards, ...curves } = await keyTables();
    const work = ({ teeth, blocks, rows, entries }) => [teeth, blocks, rows, entries, 2 * blocks * rows, rows - 1];
    const ofCurve = Object.entries(curves).map(([name, curve]) => [name, work(curve).map((value, at) => (at === 4 ? value - 1 : value))]);
    assert.deepEqual(table('curve'), Object.fromEntries(ofCurve));
    const [[teeth, others]] = Object.entries(table('teeth'));
    assert.deepEqual([Number(teeth), ...others], work(edwards));
    const room = await constant(KERNEL, 'DEFAULT_TABLE_BYTES');
    assert.match(text, new RegExp(`\\| keys with a table in ${room} bytes \\|`));
    const memory = Object.entries(await keyTables()).map(([name, { entries, entry }]) => {
      const bytes = entries * entry;
      return [name, [entries, entry, bytes, Math.floor(room / bytes)]];
    });
    assert.deepEqual(table('key | entries'), Object.fromEntries(memory));
    for (const [name, [, , bytes]] of memory) assert.deepEqual(numbers(row(name)), [bytes], `${name} in docs/verify.md`);
    const multiples = 1 << ((await constant('src/crypto/prime_curve/wnaf.rs', 'WIDTH')) - 2);
    const odd = ['P-256', 'P-384'].map((name) => multiples * curves[name].entry);
    const words = text.replace(/\s+/g, ' ');
    assert.ok(words.includes(`keep ${multiples} odd multiples of it, ${odd[0]} and ${odd[1]} bytes`));
    assert.ok(words.includes(`has verified ${await constant('src/crypto/kernel/keys.rs', 'USES_TO_REPLACE')} times`));
  });

  test('of the levels of RSA', async () => {
    const levels = await Promise.all(['scalar', 'dot16', 'fma51'].map(rsaLevel));
    const names = Object.keys(table('level'));
    assert.deepEqual(names, ['scalar', 'dot16', 'fma51'].map((name) => `\`src/crypto/rsa/${name}.rs\``));
    assert.deepEqual(Object.values(table('level')), levels.map(({ limbBits, columns, rows }) => [limbBits, columns, rows]));
    for (const [bits, sizes] of Object.entries(table('RSA, bits')))
      assert.deepEqual(sizes, levels.map(({ context }) => context(Number(bits))), bits);
  });

  test('of bounds', async () => {
    const bounds = table('what | bound');
    /** Theorem 11.2. @param {number} bits @param {number} steps */
    const batches = (bits, steps) => Math.ceil(Math.floor((49 * bits + 57) / 17) / steps);
    const [, , ...others] = [...bounds['division steps on P-256, P-384']];
    assert.deepEqual(bounds['division steps on P-256, P-384'], [batches(261, 29), batches(392, 28), ...others]);
    assert.equal(bounds['division steps modulo 2^255 - 19'][0], batches(255, 29));
    assert.deepEqual(bounds['RSA, limb'], [await number('src/crypto/rsa/kernel.rs', /const SLACK: u128 = (\d+);/g)]);
    assert.equal(bounds['RSA, modulus'][0], await constant('src/crypto/rsa/barrett.rs', 'MAX_BITS'));
  });

  test('of cases', async () => {
    const cases = table('gate');
    const gate = (name) => cases[Object.keys(cases).find((cell) => cell.includes(name)) ?? ''] ?? [];
    const tests = 'src/crypto/prime_curve/tests';
    assert.deepEqual(gate('`field_operations`').slice(1, 3), [
      await number(`${tests}/field.rs`, /fn field_operations[^]+?cases\(([\d_]+)\)/g),
      await number(`${tests}/field.rs`, /fn quotients_and_products[^]+?cases\(([\d_]+)\)/g),
    ]);
    const sets = [...(await source(`${tests}/vectors.rs`)).matchAll(/"ecdsa_secp\w+_p1363", (\d+), \d+/g)];
    assert.deepEqual(gate('P-256 and P-384').slice(0, 4), sets.map(([, count]) => Number(count)));
    const edwards = await number(`${EDWARDS.replace('.rs', '')}/tests.rs`, /unwrap_or\(([\d_]+)\)/g);
    assert.equal(gate('`sums_and_products')[0], edwards / 20);
    assert.equal(gate('`random_equations')[0], edwards / 10_000);
    const rsa = await number('src/crypto/rsa/modulus/tests.rs', /unwrap_or\(([\d_]+)\)/g);
    assert.deepEqual([gate('`powers_are_those_of_the_crate_rsa_at_every_length`')[0], gate('`cubes')[0]], [rsa, rsa / 50]);
    assert.equal(gate('the arithmetic once more')[0], await number('xtask/src/test.rs', /THOROUGH_CASES: &str = "(\d+)"/g));
  });
});

describe('the names of docs/kernels.md are those of the sources', async () => {
  const text = await textOf('docs/kernels.md');
  const files = (await readdir(new URL('src/crypto', PROJECT), { recursive: true })).filter((file) => file.endsWith('.rs'));
  const rust = new Map(await Promise.all(files.map(async (file) => /** @type {const} */ ([`src/crypto/${file}`, await source(`src/crypto/${file}`)]))));

  test('each file is there', async () => {
    const paths = quoted(text).filter((name) => /^(?:src|tests|pkg|xtask|docs)\/[\w./-]+$/.test(name));
    assert.ok(paths.length > 40);
    for (const path of paths) await access(new URL(path, PROJECT)).catch(() => assert.fail(`${path} is not there`));
    const lists = await readdir(new URL('tests/mutations', PROJECT));
    assert.deepEqual(lists.filter((list) => !paths.includes(`tests/mutations/${list}`)), []);
  });

  test('each test and function is there', () => {
    const functions = new Set([...rust.values()].flatMap((code) => [...code.matchAll(/fn (\w+)/g)].map(([, name]) => name)));
    // Of other projects, and modules of the package.
    const others = ['verify_strict', 'relaxed_madd', 'rsa_simd', 'rsa_relaxed'];
    const names = quoted(text).filter((name) => /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(name) && !others.includes(name));
    assert.ok(names.length > 30);
    assert.deepEqual(names.filter((name) => !functions.has(name)), []);
  });

  test('what is said to be in a file is in it', () => {
    const said = [...text.matchAll(/`(\w+)` in `(src\/crypto\/[^`]+)`/g)];
    assert.ok(said.length > 6);
    for (const [, name, file] of said) assert.ok(new RegExp(`\\b(?:const|fn) ${name}\\b`).test(rust.get(file) ?? ''), `${name} in ${file}`);
  });

  test('unsafe code is where it is said to be', () => {
    const [paragraph = ''] = /^\*\*Unsafe code\*\*[^]+?\n\n/m.exec(text) ?? [];
    assert.ok(paragraph);
    const unsafe = [...rust].filter(([, code]) => /^(?!\s*\/\/).*\bunsafe\b/m.test(code)).map(([file]) => file);
    assert.deepEqual(quoted(paragraph).filter((name) => /^src\/crypto\/.+\.rs$/.test(name)).sort(), unsafe.sort());
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
