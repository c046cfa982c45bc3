// @ts-check
// Which level of RSA is chosen, and that none is where each computes wrong results: nothing verifies then.

import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install, workspace } from '../install.mjs';
import { EXPECTED, claims, signer } from '../suite/tokens.mjs';

const { folder, remove } = await workspace('rsa-levels');
after(remove);
/** A copy, which has instances of its own. @param {string} name */
async function copyOf(name) {
  const dist = join(folder, name, 'dist');
  await cp(join(await install(), 'node_modules/tollgate/dist'), dist, { recursive: true });
  await cp(join(await install(), 'node_modules/tollgate/package.json'), join(folder, name, 'package.json'));
  /** @param {string} file @returns {Promise<any>} */
  const load = (file) => import(pathToFileURL(join(dist, file)).href);
  return { dist, load };
}
const { load } = await copyOf('whole');

const { choiceOf, firstThatWorks } = await load('kernel/rsa-levels.js');
const { createVerifier } = await load('verify.js');
const { verifySignature } = await load('signature.js');

const LEVELS = ['rsa', 'rsa_simd', 'rsa_relaxed'];
const WRONG = {
  name: 'TollgateError',
  code: 'ERR_JOSE_NOT_SUPPORTED',
  cause: new Error('this WebAssembly engine computes wrong results'),
};

/** The smallest module there is, and one of a version that no engine knows. */
const [KNOWN, UNKNOWN] = [1, 0xff].map((version) => Uint8Array.of(0, 0x61, 0x73, 0x6d, version, 0, 0, 0));

/**
 * Levels of these names, and which of them were loaded: not those that fail to be, nor to be compiled.
 * @param {{ name: string, works?: boolean, needs?: Uint8Array, fails?: Error, breaks?: Error }[]} given
 */
function levelsOf(given) {
  /** @type {string[]} */
  const loaded = [];
  const levels = given.map(({ name, works = true, needs, fails, breaks }) => ({
    needs,
    async load() {
      loaded.push(name);
      if (fails) throw fails;
      const kernel = () => {
        if (breaks) throw breaks;
        return { name, self_test: () => works };
      };
      return { kernel };
    },
  }));
  return { levels, loaded };
}

describe('the level of RSA is the first that the engine has and that works', () => {
  test('what comes after it is not loaded', async () => {
    const { levels, loaded } = levelsOf([{ name: 'a', needs: KNOWN }, { name: 'b' }]);
    assert.equal((await firstThatWorks(levels)).name, 'a');
    assert.deepEqual(loaded, ['a']);
  });

  test('what the engine has not is not loaded', async () => {
    const { levels, loaded } = levelsOf([{ name: 'a', needs: UNKNOWN }, { name: 'b', needs: UNKNOWN }, { name: 'c' }]);
    assert.equal((await firstThatWorks(levels)).name, 'c');
    assert.deepEqual(loaded, ['c']);
  });

  test('what computes wrong results is passed over', async () => {
    const { levels, loaded } = levelsOf([{ name: 'a', works: false }, { name: 'b', works: false }, { name: 'c' }]);
    assert.equal((await firstThatWorks(levels)).name, 'c');
    assert.deepEqual(loaded, ['a', 'b', 'c']);
  });

  test('the last is asked too', async () => {
    const { levels, loaded } = levelsOf([
      { name: 'a', works: false },
      { name: 'b', needs: UNKNOWN },
      { name: 'c', works: false },
    ]);
    await assert.rejects(firstThatWorks(levels), WRONG);
    assert.deepEqual(loaded, ['a', 'c']);
    await assert.rejects(firstThatWorks([]), WRONG);
  });

  test('what cannot be fetched or compiled is passed over', async () => {
    const error = new Error('not today');
    const { levels, loaded } = levelsOf([{ name: 'a', fails: error }, { name: 'b', breaks: error }, { name: 'c' }]);
    assert.equal((await firstThatWorks(levels)).name, 'c');
    assert.deepEqual(loaded, ['a', 'b', 'c']);
  });

  test('where none is left, what could not be loaded says so: it may be there the next time', async () => {
    const [fails, breaks] = [new Error('no network'), new Error('not allowed')];
    const unfetched = levelsOf([{ name: 'a', works: false }, { name: 'b', fails }, { name: 'c', breaks }]);
    await assert.rejects(firstThatWorks(unfetched.levels), { code: 'ERR_FETCH_FAILED', cause: fails });
    const uncompiled = levelsOf([{ name: 'a', breaks }, { name: 'b', fails }, { name: 'c', works: false }]);
    await assert.rejects(firstThatWorks(uncompiled.levels), breaks);
    assert.deepEqual([unfetched.loaded, uncompiled.loaded], [['a', 'b', 'c'], ['a', 'b', 'c']]);
  });

  test('a choice is remembered, and a failure is not', async () => {
    /** @type {{ name: string, fails?: Error }[]} */
    const given = [{ name: 'a', fails: new Error('no network') }];
    const loaded = /** @type {string[][]} */ ([]);
    const kernel = choiceOf(() => {
      const made = levelsOf(given);
      loaded.push(made.loaded);
      return made.levels;
    });
    const both = await Promise.allSettled([kernel(), kernel()]);
    assert.deepEqual(both.map((result) => result.status === 'rejected' && result.reason.code), ['ERR_FETCH_FAILED', 'ERR_FETCH_FAILED']);
    delete given[0]?.fails;
    assert.deepEqual([(await kernel()).name, (await kernel()).name], ['a', 'a']);
    assert.deepEqual(loaded, [['a'], ['a']]);
  });
});

describe('where every level computes wrong results', async () => {
  const [rs256, es256] = [await signer('RS256'), await signer('ES256')];
  const keys = [
    { ...rs256.jwk, kid: 'rsa' },
    { ...es256.jwk, kid: 'ec' },
  ];
  const rsa = await rs256.token(claims(), { kid: 'rsa' });
  const ec = await es256.token(claims(), { kid: 'ec' });

  /**
   * Runs `action` while the self-tests of these levels fail.
   * @param {string[]} broken @param {() => Promise<void>} action
   */
  async function withBroken(broken, action) {
    const glues = await Promise.all(broken.map((name) => load(`generated/${name}/tollgate_${name}.js`)));
    const kernels = glues.map(({ Kernel }) => Kernel);
    const whole = kernels.map(({ self_test: selfTest }) => selfTest);
    for (const Kernel of kernels) Kernel.self_test = () => false;
    try {
      await action();
    } finally {
      for (const [at, Kernel] of kernels.entries()) Kernel.self_test = whole[at];
    }
  }

  test('a verifier with such a key is not made', () =>
    withBroken(LEVELS, async () => {
      await assert.rejects(createVerifier({ ...EXPECTED, key: rs256.jwk }), WRONG);
      await assert.rejects(createVerifier({ ...EXPECTED, jwks: { keys } }), WRONG);
      const message = new Uint8Array();
      await assert.rejects(verifySignature(JSON.stringify(rs256.jwk), 'RS256', message, new Uint8Array(256)), WRONG);
    }));

  test('tokens of such a fetched key do not verify, and others do', () =>
    withBroken(LEVELS, async () => {
      const fetch = async () => Response.json({ keys });
      const source = { jwksUri: 'https://issuer.example/jwks', fetch, preload: true };
      const verifier = await createVerifier({ ...EXPECTED, ...source });
      for (let round = 0; round < 2; round++) {
        await assert.rejects(verifier.verify(rsa), WRONG);
        assert.throws(() => verifier.verifySync(rsa), { code: 'ERR_JOSE_NOT_SUPPORTED' });
        assert.equal((await verifier.verify(ec)).key.kid, 'ec');
      }
    }));

  test('one whose file is there is enough', async () => {
    const { dist, load } = await copyOf('incomplete');
    for (const level of ['rsa-relaxed', 'rsa-simd']) await rm(join(dist, `kernel/${level}.js`));
    const { createVerifier } = await load('verify.js');
    const verifier = await createVerifier({ ...EXPECTED, jwks: { keys } });
    assert.equal(verifier.verifySync(rsa).key.kid, 'rsa');
  });

  test('one level that works is enough', () =>
    withBroken(LEVELS.slice(1), async () => {
      const verifier = await createVerifier({ ...EXPECTED, jwks: { keys } });
      assert.equal(verifier.verifySync(rsa).key.kid, 'rsa');
    }));

  test('RustCrypto and WebCrypto do without them', () =>
    withBroken(LEVELS, async () => {
      for (const backend of ['portable', 'webcrypto']) {
        const verifier = await createVerifier({ ...EXPECTED, key: rs256.jwk, backend });
        assert.deepEqual((await verifier.verify(rsa)).claims, claims());
      }
    }));
});
