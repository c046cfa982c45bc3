// @ts-check
// The kernels that a verifier holds: when each is loaded, and the numbers of its keys.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { newSigner, pointOf, utf8 } from '../suite/tokens.mjs';
import { load } from './vectors.mjs';

const { Kernels } = await load('kernel/kernels.js');
const { kernelModules } = await load('kernel/modules.js');
const { importKey } = await load('signature.js');
/** @type {{ KEY_KINDS: string[], DEFAULT_TABLE_BYTES: number }} */
const { KEY_KINDS, DEFAULT_TABLE_BYTES } = await load('generated/algorithms.js');

const numberOf = (/** @type {string} */ kind) => KEY_KINDS.indexOf(kind);
const [P256, P521, ML_DSA_44, ML_DSA_65] = ['P256', 'P521', 'MlDsa44', 'MlDsa65'].map(numberOf);
const bits = (/** @type {number[]} */ ...kinds) => kinds.reduce((bits, kind) => bits | (1 << kind), 0);

/** The modules, and how often each was fetched and each kernel made. What is `broken` fails. */
function counted() {
  /** @type {{ fetched: string[], made: string[], rooms: number[] }} */
  const { fetched, made, rooms } = { fetched: [], made: [], rooms: [] };
  /** @type {{ fetching?: Error, instantiating?: Error }} */
  const broken = {};
  const modules = Object.fromEntries(
    Object.entries(kernelModules).map(([name, module]) => [
      name,
      async () => {
        fetched.push(name);
        if (broken.fetching) throw broken.fetching;
        const { kernel } = await module();
        return {
          async kernel() {
            if (broken.instantiating) throw broken.instantiating;
            const Kernel = await kernel();
            return class extends Kernel {
              /** @param {number} maxTableBytes */
              constructor(maxTableBytes) {
                super(maxTableBytes);
                made.push(name);
                rooms.push(maxTableBytes);
              }
            };
          },
        };
      },
    ]),
  );
  return { modules, fetched, made, rooms, broken };
}

describe('a kernel is loaded when a key needs it', () => {
  test('once, by loads one after the other and at once', async () => {
    const { modules, fetched, made } = counted();
    const kernels = new Kernels(modules);
    assert.equal(kernels.computes(P256), false);
    await Promise.all([kernels.load(bits(P256)), kernels.load(bits(P256)), kernels.load(bits(P256, P521))]);
    await kernels.load(bits(P256));
    assert.deepEqual([fetched.sort(), made.sort()], [['p256', 'rare'], ['p256', 'rare']]);
    assert.deepEqual(KEY_KINDS.filter((_, kind) => kernels.computes(kind)), ['P256', 'P521']);
  });

  test('once for all kinds of keys that it computes with', async () => {
    const { modules, made } = counted();
    const kernels = new Kernels(modules);
    await Promise.all([kernels.load(bits(ML_DSA_44, P521)), kernels.load(bits(ML_DSA_65))]);
    assert.deepEqual(made, ['rare']);
    const portable = new Kernels(modules, { isPortable: true });
    await Promise.all(KEY_KINDS.map((_, kind) => portable.load(bits(kind))));
    assert.deepEqual(made, ['rare', 'portable']);
    assert.ok(KEY_KINDS.every((_, kind) => portable.computes(kind)));
  });

  test('with the room for tables that was asked for, or that of the core', async () => {
    const { modules, rooms } = counted();
    await new Kernels(modules, { maxTableBytes: 5 }).load(bits(P256));
    await new Kernels(modules).load(bits(P256));
    assert.deepEqual(rooms, [5, DEFAULT_TABLE_BYTES]);
  });

  test('nothing is loaded for nothing', async () => {
    const { modules, fetched } = counted();
    await new Kernels(modules).load(0);
    assert.deepEqual(fetched, []);
  });

  for (const failing of /** @type {const} */ (['fetching', 'instantiating'])) {
    test(`a failure in ${failing} is not remembered`, async () => {
      const { modules, fetched, made, broken } = counted();
      const kernels = new Kernels(modules);
      const cause = new Error('once');
      broken[failing] = cause;
      const both = await Promise.allSettled([kernels.load(bits(P256)), kernels.load(bits(P256, P521))]);
      for (const result of both) {
        assert.ok(result.status === 'rejected');
        if (failing === 'instantiating') assert.equal(result.reason, cause);
        else assert.deepEqual([result.reason.code, result.reason.cause], ['ERR_FETCH_FAILED', cause]);
      }
      assert.deepEqual([kernels.computes(P256), kernels.import(P256, new Uint8Array(64))], [false, -1]);
      delete broken[failing];
      await kernels.load(bits(P256));
      assert.deepEqual([kernels.computes(P256), made], [true, ['p256']]);
      assert.equal(fetched.filter((name) => name === 'p256').length, 2);
    });
  }

  test('what fails leaves alone what does not', async () => {
    const { modules } = counted();
    const kernels = new Kernels({ ...modules, rare: () => Promise.reject(new Error('none')) });
    await assert.rejects(kernels.load(bits(P256, P521)), { code: 'ERR_FETCH_FAILED' });
    assert.deepEqual([kernels.computes(P256), kernels.computes(P521)], [true, false]);
  });
});

describe('keys have numbers', async () => {
  const message = utf8('a message');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
  const [one, two, three] = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const { jwk, signature } = await newSigner('ES256');
      return { jwk, bytes: pointOf(jwk).slice(1), signature: await signature(message) };
    }),
  );
  /** @type {any} */
  let kernels;

  beforeEach(async () => {
    kernels = new Kernels(kernelModules);
    await kernels.load(bits(P256));
  });

  /** Which of the signatures verify with the key of a number. @param {number} number */
  const verified = (number) => [one, two, three].map(({ signature }) => kernels.verify(number, digest, signature));

  test('that of a released key is given to the next', () => {
    assert.deepEqual([kernels.import(P256, one.bytes), kernels.import(P256, two.bytes)], [0, 1]);
    assert.deepEqual(verified(0), [true, false, false]);
    kernels.release(0);
    assert.deepEqual(verified(1), [false, true, false]);
    assert.equal(kernels.import(P256, three.bytes), 0);
    assert.deepEqual([verified(0), verified(1)], [[false, false, true], [false, true, false]]);
    assert.equal(kernels.import(P256, one.bytes), 2);
  });

  test('a thousand keys that come and go take one number', () => {
    for (let round = 0; round < 1000; round++) {
      assert.equal(kernels.import(P256, one.bytes), 0);
      kernels.release(0);
    }
  });

  test('a released key verifies nothing', async () => {
    const number = kernels.import(P256, one.bytes);
    // Twice, so that it has a table too.
    assert.deepEqual([verified(number), verified(number)].flat(), [true, false, false, true, false, false]);
    kernels.release(number);
    assert.throws(() => kernels.verify(number, digest, one.signature), TypeError);
    assert.throws(() => kernels.power(number, one.signature, new Uint8Array(64)), TypeError);
    assert.throws(() => kernels.release(number), TypeError);

    const key = await importKey(JSON.stringify(one.jwk), 'ES256', kernels);
    assert.equal(key.verify(message, one.signature), true);
    key.free();
    assert.throws(() => key.verify(message, one.signature));
    assert.throws(() => kernels.verify(0, digest, one.signature), TypeError, 'it was the key of this number');
  });

  test('so it is in the wasm module', async () => {
    const Kernel = (await kernelModules.p256()).kernel();
    const kernel = new Kernel(1 << 20);
    const [a, b] = [kernel.import(P256, one.bytes), kernel.import(P256, two.bytes)];
    assert.deepEqual([a, b], [0, 1]);
    for (const key of [a, a, b, b]) kernel.verify(key, digest, [one, two][key]?.signature);
    const tables = kernel.table_bytes;
    assert.ok(tables > 0);
    kernel.release(a);
    assert.equal(kernel.table_bytes, tables / 2);
    assert.equal(kernel.verify(a, digest, one.signature), false);
    assert.equal(kernel.verify(7, digest, one.signature), false);
    kernel.release(a);
    assert.equal(kernel.import(P256, three.bytes), a);
    const verdicts = [one, two, three].map(({ signature }) => kernel.verify(a, digest, signature));
    assert.deepEqual(verdicts, [false, false, true]);
    kernel.free();
  });

  test('what is no key, or of another kernel, has none', () => {
    for (const bytes of [new Uint8Array(64), new Uint8Array(), one.bytes.slice(1), Uint8Array.of(...one.bytes, 0)])
      assert.equal(kernels.import(P256, bytes), -1);
    assert.equal(kernels.import(P521, one.bytes), -1);
    assert.equal(kernels.import(KEY_KINDS.length, one.bytes), -1);
    assert.equal(kernels.import(P256, one.bytes), 0);
  });

  test('only keys of RSA raise to a power', () => {
    const number = kernels.import(P256, one.bytes);
    assert.equal(kernels.power(number, one.signature, new Uint8Array(64)), false);
  });
});
