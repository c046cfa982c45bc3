// @ts-check
// Which keys have a table before their first signature: those of `preload` and of `load()`, as far as there is room.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { serve } from '../suite/server.mjs';
import { EXPECTED, claims, newSigner, signer } from '../suite/tokens.mjs';
import { load } from './vectors.mjs';

const { createVerifier } = await load('verify.js');
/** @type {Record<string, { Kernel: any }>} */
const glues = Object.fromEntries(
  await Promise.all(['p256', 'p384', 'ed25519', 'rsa_relaxed', 'portable'].map(async (name) => [name, await load(`generated/${name}/tollgate_${name}.js`)])),
);

const URI = 'https://issuer.example/jwks';
/** What one takes. */
const [P256, P384, ED25519] = [36_864, 57_344, 27_648];

/** The kernels that were asked for a table, and how often. @type {Map<any, number>} */
const asked = new Map();
const whole = Object.values(glues).map(({ Kernel }) => Kernel.prototype.build_table);

beforeEach(() => {
  asked.clear();
  for (const [at, { Kernel }] of Object.values(glues).entries())
    Kernel.prototype.build_table = function (/** @type {number} */ key) {
      asked.set(this, (asked.get(this) ?? 0) + 1);
      return whole[at].call(this, key);
    };
});

afterEach(() => {
  for (const [at, { Kernel }] of Object.values(glues).entries()) Kernel.prototype.build_table = whole[at];
});

/** The bytes of all tables. */
const bytes = () => [...asked.keys()].reduce((sum, kernel) => sum + kernel.table_bytes, 0);

/** Three signers with these `kid`s. @param {string} alg */
const signers = (alg, kids = ['a', 'b', 'c']) =>
  Promise.all(kids.map(async (kid) => {
    const made = await newSigner(alg);
    return { jwk: { ...made.jwk, kid }, token: () => made.token(claims(), { kid }) };
  }));

/** @param {{ jwk: object }[]} signers */
const setOf = (signers) => ({ keys: signers.map(({ jwk }) => jwk) });

describe('tables are built before the first signature', () => {
  for (const [alg, size] of /** @type {const} */ ([['ES256', P256], ['ES384', P384], ['EdDSA', ED25519]])) {
    test(`by preload, of ${alg}`, async () => {
      const made = await signers(alg);
      const verifier = await createVerifier({ ...EXPECTED, jwks: setOf(made), preload: true });
      assert.equal(bytes(), 3 * size);
      for (const { jwk, token } of made) assert.equal(verifier.verifySync(await token()).key.kid, jwk.kid);
      assert.equal(bytes(), 3 * size);
      verifier.free();
      assert.equal(bytes(), 0);
    });
  }

  test('by load, of the one key', async () => {
    const verifier = await createVerifier({ ...EXPECTED, key: (await signer('ES256')).jwk });
    assert.equal(asked.size, 0, 'not by itself');
    await verifier.load();
    assert.equal(bytes(), P256);
    await verifier.load();
    assert.equal(bytes(), P256, 'once');
  });

  test('of all kinds of keys, each in its own room', async () => {
    const made = (await Promise.all(['ES256', 'ES384', 'EdDSA'].map((alg) => signers(alg, [alg])))).flat();
    await createVerifier({ ...EXPECTED, jwks: setOf(made), preload: true, keyTables: { maxBytes: P384 } });
    assert.equal(bytes(), P256 + P384 + ED25519);
  });
});

describe('what has room', () => {
  /** The `kid`s of the keys with a table: a signature with another is what builds nothing. @param {any} verifier @param {any[]} made */
  async function withTables(verifier, made) {
    const [kernel] = [...asked.keys()];
    const verify = kernel.constructor.prototype.verify;
    const found = [];
    for (const { jwk, token } of made) {
      // The number of the key, to look whether there would be a table without a use.
      let number = -1;
      kernel.verify = function (/** @type {number} */ key, /** @type {any[]} */ ...others) {
        number = key;
        return verify.call(this, key, ...others);
      };
      verifier.verifySync(await token());
      delete kernel.verify;
      const before = kernel.table_bytes;
      kernel.release(number);
      if (kernel.table_bytes < before) found.push(jwk.kid);
    }
    return found;
  }

  test('is that of the first keys of the set which may be used', async () => {
    const made = await signers('ES256', ['a', 'b', 'c', 'd']);
    Object.assign(/** @type {any} */ (made[0]).jwk, { use: 'enc' });
    const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'z' }, ...setOf(made).keys] };
    const verifier = await createVerifier({ ...EXPECTED, jwks, preload: true, keyTables: { maxBytes: 2 * P256 + 1 } });
    assert.deepEqual([...asked.values()], [3], 'the third finds that there is no room');
    assert.equal(bytes(), 2 * P256);
    assert.deepEqual(await withTables(verifier, made.slice(1)), ['b', 'c']);
  });

  test('is that of the first issuers, whichever answers first', async () => {
    const [slow, quick] = await Promise.all(['slow', 'quick'].map((kid) => signers('ES256', [kid])));
    const later = () => new Promise((resolve) => setTimeout(resolve, 50, Response.json(setOf(/** @type {any} */ (slow)))));
    const { fetch } = serve({ [`${URI}/slow`]: later, [`${URI}/quick`]: setOf(/** @type {any} */ (quick)) });
    const { issuer: _, ...expected } = EXPECTED;
    const issuer = ['slow', 'quick'].map((name) => ({ issuer: `https://${name}.example`, jwksUri: `${URI}/${name}` }));
    await createVerifier({ ...expected, issuer, fetch, preload: true, keyTables: { maxBytes: P256 } });
    assert.deepEqual([[...asked.values()], bytes()], [[2], P256]);
  });

  test('is none where there is none, for RSA, and with another backend', async () => {
    const ec = await signer('ES256');
    const rsa = { ...(await signer('RS256')).jwk, kid: 'rsa' };
    const jwks = { keys: [{ ...ec.jwk, kid: 'ec' }, rsa] };
    for (const given of [{ keyTables: { maxBytes: 0 } }, { backend: 'portable' }, { backend: 'webcrypto' }]) {
      const verifier = await createVerifier({ ...EXPECTED, jwks, preload: true, ...given });
      assert.equal(bytes(), 0);
      assert.equal((await verifier.verify(await ec.token(claims(), { kid: 'ec' }))).key.kid, 'ec');
    }
    await createVerifier({ ...EXPECTED, key: rsa, preload: true });
    assert.equal(bytes(), 0);
  });
});

describe('tables of fetched keys', () => {
  test('are built by load, again after a rotation, and those of the keys that went go with them', async () => {
    const [old, next] = [await signers('ES256', ['a', 'b', 'c']), await signers('ES256', ['d', 'e'])];
    const { fetch, routes } = serve({ [URI]: setOf(old) });
    const verifier = await createVerifier({ ...EXPECTED, jwksUri: URI, fetch });
    assert.equal(asked.size, 0);
    await verifier.load();
    assert.equal(bytes(), 3 * P256);
    routes[URI] = setOf(next);
    await verifier.load();
    assert.deepEqual([asked.size, bytes()], [1, 2 * P256]);
    for (const { token } of next) verifier.verifySync(await token());
    assert.equal(bytes(), 2 * P256);
  });

  test('are built by use where the keys changed beside', async () => {
    const [old, next] = [await signers('ES256', ['a']), await signers('ES256', ['b'])];
    const { fetch, routes } = serve({ [URI]: setOf(old) });
    let now = EXPECTED.now();
    const verifier = await createVerifier({ ...EXPECTED, now: () => now, jwksUri: URI, fetch, preload: true });
    assert.equal(bytes(), P256);
    routes[URI] = setOf(next);
    now += 31;
    const token = await /** @type {any} */ (next[0]).token();
    await verifier.verify(token);
    assert.equal(bytes(), 0);
    await verifier.verify(token);
    assert.equal(bytes(), P256);
  });

  test('are those of the issuers that answered, where one does not', async () => {
    const good = await signers('ES256', ['a']);
    const { fetch } = serve({ [`${URI}/good`]: setOf(good) });
    const { issuer: _, ...expected } = EXPECTED;
    const issuer = ['bad', 'good'].map((name) => ({ issuer: `https://${name}.example`, jwksUri: `${URI}/${name}` }));
    const verifier = await createVerifier({ ...expected, issuer, fetch });
    await assert.rejects(verifier.load(), { code: 'ERR_FETCH_STATUS' });
    assert.equal(bytes(), P256);
  });

  test('are not built for a verifier that was freed meanwhile', async () => {
    const { fetch } = serve({ [URI]: setOf(await signers('ES256', ['a'])) });
    const verifier = await createVerifier({ ...EXPECTED, jwksUri: URI, fetch });
    const loading = verifier.load();
    verifier.free();
    await loading.catch(() => {});
    assert.equal(asked.size, 0);
  });
});
