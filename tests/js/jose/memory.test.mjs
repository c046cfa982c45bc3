// @ts-check
// What one token leaves behind: nothing, whether it is good, bad or large.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { folder } from './package.mjs';

const run = promisify(execFile);

/** Grows wasm memory must not; the heap of JavaScript may by what is remembered of keys that are still there. */
const PROGRAM = `
import * as jose from 'tollgate/jose';
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...parameters) {
  const instance = new Instance(...parameters);
  memories.push(instance.exports.memory);
  return instance;
};
const { publicKey, privateKey } = await jose.generateKeyPair('EdDSA', { extractable: true });
const jwk = await jose.exportJWK(publicKey);
const jwt = await new jose.SignJWT({ a: 1 }).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
const secret = new Uint8Array(32);
const mac = await new jose.SignJWT({ a: 1 }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
const refused = (promise) => promise.then(() => { throw new Error('accepted'); }, () => {});
const round = async (count) => {
  for (let at = 0; at < count; at++) {
    await jose.jwtVerify(jwt, publicKey);
    // Each JWK and each secret is a key that was never seen before.
    await jose.jwtVerify(jwt, { ...jwk });
    await jose.jwtVerify(mac, secret.slice());
    await refused(jose.jwtVerify(jwt.slice(0, -8) + 'AAAAAAAA', publicKey));
    await refused(jose.jwtVerify('a.b.c', publicKey));
    await refused(jose.jwtVerify(jwt, { ...jwk, x: 'A'.repeat(43) }));
    await refused(jose.jwtVerify(mac, secret.slice(1)));
    // Finalizers run between tasks.
    if (at % 100 === 0) {
      gc();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
};
await round(300);
const bytes = () => memories.map((memory) => memory.buffer.byteLength);
const before = bytes();
await round(1500);
console.log(JSON.stringify({ before, after: bytes() }));
`;

test('12,000 verifications with 6,000 keys leave no memory behind', async () => {
  await writeFile(join(folder, 'memory.mjs'), PROGRAM);
  const { stdout } = await run(process.execPath, ['--expose-gc', '--no-warnings', 'memory.mjs'], { cwd: folder });
  const { before, after } = JSON.parse(stdout);
  assert.equal(after.length, 2, 'the core and one kernel');
  for (const [module, bytes] of after.entries()) {
    assert.ok(bytes <= before[module] + 2 * 65_536, `module ${module} from ${before[module]} to ${bytes} bytes`);
  }
});
