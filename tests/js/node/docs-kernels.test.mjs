// @ts-check
// docs/kernels.md: its numbers are those of the sources, and the tests, functions and files that it names are there.

import assert from 'node:assert/strict';
import { access, readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { textOf } from '../readme.mjs';
import { cellsOf, constant, number, numbers, quoted, source } from '../sources.mjs';

const PROJECT = new URL('../../../', import.meta.url);
const EDWARDS = 'src/crypto/edwards25519.rs';
const KERNEL = 'src/crypto/kernel.rs';

const text = await textOf('docs/kernels.md');

/** The numbers of the rows of the one table whose header begins so, by their first cell. @param {string} header */
function table(header) {
  const found = text.split('\n\n').filter((block) => block.startsWith(`| ${header} |`));
  assert.equal(found.length, 1, header);
  const [, , ...lines] = (found[0] ?? '').trim().split('\n');
  return Object.fromEntries(lines.map((line) => [line.split(' | ')[0]?.slice(2) ?? '', numbers(line.replace(/^\| .+? \|/, ''))]));
}

/** What a comb is. @param {number} teeth @param {number} blocks @param {number} bits @param {number} entry */
function combOf(teeth, blocks, bits, entry) {
  const places = Math.ceil(bits / teeth);
  return { teeth, blocks, rows: Math.ceil(places / blocks), entries: blocks << (teeth - 1), places, entry };
}

/** What the tables of the base point and of a key are made of, by kind of key. */
async function combs() {
  /** @type {Record<string, { base: ReturnType<typeof combOf>, key: ReturnType<typeof combOf> }>} */
  const tables = {};
  /** @param {string} file @param {string} before @param {string} after */
  const two = async (file, before, after) =>
    /** @type {[number, number]} */ (
      await Promise.all(['(\\d+), \\d+', '\\d+, (\\d+)'].map((pair) => number(file, new RegExp(`${before}${pair}${after}`, 'g'))))
    );
  for (const curve of ['p256', 'p384']) {
    const file = `src/crypto/prime_curve/${curve}.rs`;
    const bits = Number(curve.slice(1));
    const entry = 2 * (await number(file, /^impl Field<(\d+)>/gm)) * 4;
    const [base, key] = await Promise.all(['BASE_SHAPE', ' SHAPE'].map((name) => two(file, `${name}: Shape = Shape::new\\(`, `, ${bits}\\)`)));
    tables[curve.replace('p', 'P-')] = { base: combOf(...base, bits, entry), key: combOf(...key, bits, entry) };
  }
  const bits = (await constant('src/crypto/edwards25519/scalar.rs', 'BITS')) + 1;
  const entry = 3 * (await constant('src/crypto/edwards25519/field.rs', 'LIMBS')) * 4;
  const [base, key] = [await two(EDWARDS, 'BaseTable = Comb<', '>'), await two(EDWARDS, 'Ed25519Key = VerifyingKey<', '>')];
  tables['Ed25519'] = { base: combOf(...base, bits, entry), key: combOf(...key, bits, entry) };
  return tables;
}

/** How many pairs, further additions and doublings a sum by two combs takes. @param {ReturnType<typeof combOf>[]} both */
function sumOf(both) {
  const rows = Math.max(...both.map((comb) => comb.rows));
  const pointsOf = (row) => both.reduce((sum, { places, rows }) => sum + (row < rows ? Math.ceil((places - row) / rows) : 0), 0);
  const points = Array.from({ length: rows }, (_, row) => pointsOf(row));
  const pairs = points.reduce((sum, count) => sum + Math.floor(count / 2), 0);
  return [pairs, points.reduce((sum, count) => sum + count) - pairs - 1, rows - 1];
}

/** What a level of RSA is, and what a modulus of so many bits takes with it. @param {string} name */
async function rsaLevel(name) {
  const [file, barrett, layout] = [name, 'barrett', 'layout'].map((each) => `src/crypto/rsa/${each}.rs`);
  const [limbBits, step, rows] = await Promise.all(['LIMB_BITS', 'STEP', 'MAX_ROWS'].map((each) => constant(file, each)));
  const vectors = name === 'scalar' ? 1 : await constant(file, 'VECTORS');
  const columns = vectors * (await number(file, /const COLUMNS: usize = (\d+)/g));
  const [rowLimbs, columnBits] = [await constant(file, 'ROW_LIMBS'), await number(file, /type Column = \w(\d+);/g)];
  assert.ok((await source(layout)).includes('K::COLUMNS + K::ROW_LIMBS * K::STEP'));
  const padding = columns + rowLimbs * step;
  const [spare, guards] = await Promise.all(['SPARE_BITS', 'GUARDS'].map((each) => constant(barrett, each)));
  const sweepBytes = await constant(layout, 'SWEEP_BYTES');

  /** How many sweeps there are for so many rows of each group of columns. @param {number} end @param {(column: number) => number} rowsOf */
  const sweeps = (from, end, atOnce, rowsOf, least = 0) => {
    let count = 0;
    for (let column = from; column < end; column += columns) {
      count += Math.max(least, Math.ceil((Math.ceil(rowsOf(column) / step) * step) / atOnce));
    }
    return count;
  };
  const ofProduct = (rowsOf, columnsOf) => (column) =>
    Math.ceil(Math.min(column + columns, rowsOf) / rowLimbs) - Math.floor(Math.max(0, column + 1 - columnsOf) / rowLimbs);
  const ofSquare = (limbs) => (column) => Math.ceil(Math.max(0, column / 2 - Math.max(0, column + 1 - limbs)) / rowLimbs);
  const doubled = Math.floor((rows / 2 - columns / 2 / rowLimbs) / step) * step;
  const plans = (limbs) =>
    sweeps(0, 2 * limbs, rows, ofProduct(limbs, limbs)) +
    sweeps(0, 2 * limbs, doubled, ofSquare(limbs), 1) +
    sweeps(limbs + 1, 2 * limbs + 1 + guards, rows, ofProduct(limbs + guards, limbs + 1));

  /** Both have one column more than limbs, and mu has one limb more. @param {number} bits */
  const context = (bits) => {
    const limbs = Math.ceil((bits + spare + 1) / limbBits);
    return (2 * (limbs + 1 + 2 * padding) + 1) * (columnBits / 8) + plans(limbs) * sweepBytes + bits / 8;
  };
  const slack = name === 'fma51' ? 2 ** (63 - limbBits) : await constant(file, 'SLACK');
  return { limbBits, columns, rows, slack, context };
}

describe('the numbers of docs/kernels.md are those of the sources', () => {
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
    const tables = await combs();
    const { Ed25519: edwards, ...curves } = tables;
    const shape = ({ teeth, blocks, rows, entries, places }) => [teeth, blocks, rows, entries, places];
    const ofCurve = Object.entries(curves).flatMap(([name, { base, key }]) => [[`${name}, \`G\``, shape(base)], [`${name}, \`Q\``, shape(key)]]);
    assert.deepEqual(table('comb'), Object.fromEntries(ofCurve));
    const sums = Object.entries(curves).map(([name, { base, key }]) => [name, sumOf([base, key])]);
    assert.deepEqual(table('curve'), Object.fromEntries(sums));
    const [ofBase, ofKey] = [edwards.base, edwards.key].map((comb) => [...shape(comb), comb.rows - 1]);
    assert.deepEqual(table('point'), { '`B`': ofBase, '`-A`': ofKey });
    const room = await constant(KERNEL, 'DEFAULT_TABLE_BYTES');
    assert.match(text, new RegExp(`\\| keys with a table in ${room} bytes \\|`));
    const memory = Object.entries(tables).map(([name, { key: { entries, entry } }]) => {
      const bytes = entries * entry;
      return [name, [entries, entry, bytes, Math.floor(room / bytes)]];
    });
    assert.deepEqual(table('key | entries'), Object.fromEntries(memory));
    const documented = cellsOf(await textOf('docs/verify.md')).filter(([key, bytes]) => /^\d+ bytes$/.test(bytes ?? '') && key in tables);
    assert.deepEqual(documented, memory.map(([name, [, , bytes]]) => [name, `${bytes} bytes`]));
    const multiples = 1 << ((await constant('src/crypto/prime_curve/wnaf.rs', 'WIDTH')) - 2);
    const odd = ['P-256', 'P-384'].map((name) => multiples * curves[name].key.entry);
    const words = text.replace(/\s+/g, ' ');
    const [base256, base384, baseEdwards] = Object.values(tables).map(({ base }) => base.entries * base.entry);
    assert.ok(words.includes(`takes ${base256} bytes on P-256, ${base384} on P-384 and ${baseEdwards} for Ed25519`));
    assert.ok(words.includes(`keep ${multiples} odd multiples of it, ${odd[0]} and ${odd[1]} bytes`));
    assert.ok(words.includes(`has verified ${await constant('src/crypto/kernel/keys.rs', 'USES_TO_REPLACE')} times`));
  });

  test('of the levels of RSA', async () => {
    const levels = await Promise.all(['scalar', 'dot16', 'fma51'].map(rsaLevel));
    const names = Object.keys(table('level'));
    assert.deepEqual(names, ['scalar', 'dot16', 'fma51'].map((name) => `\`src/crypto/rsa/${name}.rs\``));
    assert.deepEqual(Object.values(table('level')), levels.map(({ limbBits, slack, columns, rows }) => [limbBits, slack, columns, rows]));
    for (const [bits, sizes] of Object.entries(table('RSA, bits')))
      assert.deepEqual(sizes, levels.map(({ context }) => context(Number(bits))), bits);
  });

  test('of bounds', async () => {
    const bounds = table('what | bound');
    assert.deepEqual(bounds['inverses']?.slice(0, 2), [2, await constant('src/crypto/inverse.rs', 'MATRIX_BITS')]);
    assert.equal(bounds['RSA, modulus']?.[0], await constant('src/crypto/kernel/rsa_numbers.rs', 'MAX_MODULUS_BITS'));
  });

  test('of cases', async () => {
    const cases = table('gate');
    const gate = (name) => cases[Object.keys(cases).find((cell) => cell.includes(name)) ?? ''] ?? [];
    const [curves, edwards, rsa] = ['prime_curve/tests', 'edwards25519/tests', 'rsa'].map((directory) => `src/crypto/${directory}`);
    const sets = [...(await source(`${curves}/vectors.rs`)).matchAll(/"ecdsa_secp\w+_p1363", (\d+), \d+/g)];
    assert.deepEqual(gate('P-256 and P-384').slice(0, 4), sets.map(([, count]) => Number(count)));
    const usual = await number('src/crypto/tests.rs', /cases_or\(([\d_]+)\)/g);
    const thorough = await number('xtask/src/test.rs', /THOROUGH_CASES: &str = "(\d+)"/g);
    assert.ok(text.includes(`\`n\` is the number of cases: ${usual}, or ${thorough} with`));
    assert.deepEqual(numbers(text.split('\n').find((line) => line.includes('the arithmetic once more')) ?? ''), [thorough, thorough]);
    /** By gate: where the one part of `n` stands that it has. @type {[string, string, RegExp][]} */
    const parts = [
      ['`signatures_of_chosen_scalars_on_every_shape`', `${curves}/walks.rs`, /verify[^;]+cases\(\) \/ ([\d_]+), 100\)/g],
      ['`small_keys`', `${curves}/sums.rs`, /cases\(\) \/ ([\d_]+)/g],
      ['`the_equation_holds_for', `${edwards}/equation.rs`, /fn the_equation[^}]+?cases\(\) \/ ([\d_]+)/g],
      ['`random_equations', `${edwards}/equation.rs`, /fn random_equations[^}]+?cases\(\) \/ ([\d_]+)/g],
      ['`powers_are_those_of_the_crate_rsa_at_every_length`', `${rsa}/modulus/tests.rs`, /fn powers_\w+_at_every_length[^}]+?cases\(\) \/ ([\d_]+)/g],
      ['`cubes', `${rsa}/modulus/tests.rs`, /fn cubes[^}]+?cases\(\) \/ ([\d_]+)/g],
    ];
    for (const [name, file, pattern] of parts) {
      const part = await number(file, pattern);
      const [first, ...rest] = gate(name);
      assert.deepEqual([first, rest.at(-1)], [usual / part, part], name);
    }
    for (const name of ['`additions_and_doublings`', '`signatures_of_chosen_scalars`', 'signatures of chosen scalars on Ed25519', '`sums_and_products'])
      assert.deepEqual(gate(name), [usual], name);
    assert.equal(gate('`field_operations`')[0], usual);
    assert.deepEqual(gate('`hashes_are_reduced`'), [usual / 2, 2]);
    /** Kinds that have fewer by default. @type {[string, string][]} */
    const fewer = [
      ['the same signatures, without a table', `${curves}/walks.rs`],
      ['the same on Ed25519, without a table', `${edwards}/walks.rs`],
      ['`powers_of_hostile_limbs_without_simd`', `${rsa}/tests/limbs.rs`],
    ];
    for (const [name, file] of fewer) assert.deepEqual(gate(name), [await number(file, /cases_or\(([\d_]+)\)/g)], name);
  });
});

describe('the names of docs/kernels.md are those of the sources', async () => {
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
