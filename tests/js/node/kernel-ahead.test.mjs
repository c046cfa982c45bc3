// @ts-check
// The kernel that the options make sure of is fetched before there is a key that needs it; no other is.

import assert from 'node:assert/strict';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install, workspace } from '../install.mjs';
import { serve } from '../suite/server.mjs';
import { EXPECTED, claims, signer } from '../suite/tokens.mjs';

const { folder, remove } = await workspace('kernel-ahead');
after(remove);
const URI = 'https://issuer.example/jwks';

/** The kernels whose files were run since the last look. @type {string[]} */
const run = (/** @type {any} */ (globalThis).kernelsThatRan = []);

let copies = 0;

/** A copy of the package, of which no kernel was fetched yet, and that tells which are. @param {string} [missing] */
async function fresh(missing) {
  const copy = join(folder, String(++copies));
  const kernels = join(copy, 'dist/kernel');
  await cp(join(await install(), 'node_modules/tollgate/dist'), join(copy, 'dist'), { recursive: true });
  await cp(join(await install(), 'node_modules/tollgate/package.json'), join(copy, 'package.json'));
  for (const file of (await readdir(kernels)).filter((file) => /^(rsa-\w+|p\d+|ed25519|rare|portable)\.js$/.test(file) && file !== 'rsa-levels.js')) {
    const code = await readFile(join(kernels, file), 'utf8');
    await writeFile(join(kernels, file), `${code}\nglobalThis.kernelsThatRan.push('${file.slice(0, -3)}');\n`);
  }
  if (missing) await rm(join(kernels, `${missing}.js`));
  return (await import(pathToFileURL(join(copy, 'dist/verify.js')).href)).createVerifier;
}

/** What was fetched, when all that was begun has ended. */
async function fetched() {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return run.splice(0);
}

beforeEach(() => {
  run.length = 0;
});

describe('before the keys are there', async () => {
  const remote = { ...EXPECTED, jwksUri: URI, fetch: serve({}).fetch };
  for (const [options, expected] of /** @type {[object, RegExp[]][]} */ ([
    [{ algorithms: ['ES384'] }, [/^p384$/]],
    [{ algorithms: ['EdDSA', 'Ed25519'] }, [/^ed25519$/]],
    [{ algorithms: ['RS256', 'PS512'] }, [/^rsa-(relaxed|simd|scalar)$/]],
    [{ algorithms: ['RS256', 'ES256'] }, []],
    [{}, []],
    [{ algorithms: ['ES384'], backend: 'webcrypto' }, []],
    [{ algorithms: ['ES384'], backend: 'portable' }, [/^portable$/]],
  ])) {
    test(`${JSON.stringify(options)} fetches ${expected.join() || 'nothing'}`, async () => {
      const createVerifier = await fresh();
      (await createVerifier({ ...remote, ...options })).free();
      const found = await fetched();
      assert.equal(found.length, expected.length, String(found));
      for (const [at, name] of found.entries()) assert.match(name, /** @type {RegExp} */ (expected[at]));
    });
  }

  test('a secret fetches nothing, and neither does an option that is none', async () => {
    const createVerifier = await fresh();
    const { raw } = await signer('HS256');
    (await createVerifier({ ...EXPECTED, key: raw, algorithms: ['HS256'] })).free();
    for (const given of [{ key: null }, { key: { kty: 5, crv: Symbol('P-256') } }, { algorithms: 'ES256', jwksUri: URI }, { algorithms: [null], jwksUri: URI }])
      await assert.rejects(async () => createVerifier({ ...EXPECTED, ...given }));
    assert.deepEqual(await fetched(), []);
  });
});

test('the kernel of a key that is given is fetched before the core is compiled', async () => {
  const { Module } = WebAssembly;
  const createVerifier = await fresh();
  const { jwk, token } = await signer('ES256');
  /** @type {Promise<any>} */
  let creating;
  let compiled = 0;
  try {
    // Where the core cannot be compiled, nothing behind it is reached.
    WebAssembly.Module = /** @type {any} */ (class {
      constructor() {
        compiled += 1;
        throw new Error('not today');
      }
    });
    creating = createVerifier({ ...EXPECTED, key: jwk });
    await assert.rejects(creating, { message: 'not today' });
    assert.deepEqual(await fetched(), ['p256']);
    assert.equal(compiled, 2, 'the core, and the kernel, of which nobody hears');
  } finally {
    WebAssembly.Module = Module;
  }
  const verifier = await createVerifier({ ...EXPECTED, key: jwk });
  assert.equal(verifier.verifySync(await token(claims())).key.alg, 'ES256');
  assert.deepEqual(await fetched(), [], 'it is not fetched again');
});

test('a kernel that is missing is of no matter before a key needs it', async () => {
  const { jwk, token } = await signer('ES256');
  const createVerifier = await fresh('p256');
  const { fetch } = serve({ [URI]: { keys: [jwk] } });
  const verifier = await createVerifier({ ...EXPECTED, jwksUri: URI, fetch, algorithms: ['ES256'] });
  await assert.rejects(verifier.verify(await token(claims())), { code: 'ERR_FETCH_FAILED' });
  await assert.rejects(createVerifier({ ...EXPECTED, key: jwk }), { code: 'ERR_FETCH_FAILED' });
});
