// @ts-check
// The unprotected header, which nobody signed (RFC 7515 §7.2.1, §10.7): it may name what the key says too, and decides nothing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ASYMMETRIC, SECRET, b64, b64json, macOf, ours, pair, sameRefusal, theirs, utf8 } from './package.mjs';

const PAYLOAD = b64('payload');

/** A flattened JWS whose signature is made by `sign`. @param {object | undefined} protectedHeader @param {object | undefined} header @param {(input: string) => Promise<string>} sign */
async function flattened(protectedHeader, header, sign) {
  const encoded = protectedHeader && b64json(protectedHeader);
  const signature = await sign(`${encoded ?? ''}.${PAYLOAD}`);
  return { payload: PAYLOAD, signature, ...(encoded && { protected: encoded }), ...(header && { header }) };
}

/** Signs with a secret, with HS256. @param {Uint8Array} secret */
const hs256 = (secret) => async (/** @type {string} */ input) => (await macOf(input, secret)).slice(-43);

/** The same in the general form. @param {any} jws */
function general({ payload, ...signature }) {
  return { payload, signatures: [signature] };
}

/** Asserts that both forms are refused, by ours as by npm's. @param {any} jws @param {any} key @param {any} [options] */
async function refused(jws, key, options) {
  const what = JSON.stringify(jws.header);
  await sameRefusal(({ flattenedVerify }) => flattenedVerify(jws, key, options), what);
  await sameRefusal(({ generalVerify }) => generalVerify(general(jws), key, options), what);
}

describe('the unprotected header', () => {
  test('an alg in both headers is refused, also where they agree', async () => {
    for (const [inside, outside] of [
      ['HS256', 'HS256'],
      ['HS256', 'none'],
      ['HS256', 'HS512'],
      ['none', 'HS256'],
    ]) {
      await refused(await flattened({ alg: inside }, { alg: outside }, hs256(SECRET)), SECRET);
    }
  });

  test('an alg that only the unprotected header has selects nothing that the key is not for', async () => {
    for (const alg of ASYMMETRIC) {
      const { publicKey, publicJwk } = await pair(alg);
      const spki = await theirs.exportSPKI(publicKey);
      // Whoever has the public key can make these.
      for (const published of [utf8(spki), utf8(JSON.stringify(publicJwk)), utf8(spki.trim())]) {
        await refused(await flattened(undefined, { alg: 'HS256' }, hs256(published)), publicKey);
        await refused(await flattened({ typ: 'JWT' }, { alg: 'HS256' }, hs256(published)), { ...publicJwk, alg });
      }
      for (const other of ['none', 'None', '', 'HS512', alg === 'ES256' ? 'ES384' : 'ES256']) {
        await refused(await flattened(undefined, { alg: other }, async () => ''), publicKey);
      }
    }
  });

  test('an alg that only the unprotected header has must be one of algorithms', async () => {
    const jws = await flattened(undefined, { alg: 'HS256' }, hs256(SECRET));
    assert.equal(Buffer.from((await ours.flattenedVerify(jws, SECRET)).payload).toString(), 'payload', 'as jose does');
    await refused(jws, SECRET, { algorithms: ['HS512'] });
    await refused(jws, SECRET, { algorithms: [] });
  });

  test('crit and b64 in the unprotected header are refused, alone and beside others', async () => {
    for (const [inside, outside] of [
      [undefined, { alg: 'HS256', crit: ['x'], x: 1 }],
      [{ alg: 'HS256' }, { crit: ['x'], x: 1 }],
      [{ alg: 'HS256', x: 1 }, { crit: ['x'] }],
      [{ alg: 'HS256' }, { crit: [] }],
      [{ alg: 'HS256' }, { crit: ['b64'], b64: true }],
      [{ alg: 'HS256', crit: ['x'], x: 1 }, { crit: ['x'] }],
      [{ alg: 'HS256', crit: ['b64'] }, { b64: false }],
    ]) {
      await refused(await flattened(inside, outside, hs256(SECRET)), SECRET, { crit: { x: true } });
      await refused(await flattened(inside, outside, hs256(SECRET)), SECRET, { crit: { x: false } });
    }
  });

  test('a JWT has no unprotected header', async () => {
    const jws = await flattened(undefined, { alg: 'HS256' }, hs256(SECRET));
    for (const jwt of [jws, general(jws), JSON.stringify(jws), `.${PAYLOAD}.${jws.signature}`]) {
      await sameRefusal(({ jwtVerify }) => jwtVerify(/** @type {any} */ (jwt), SECRET), JSON.stringify(jwt));
      await sameRefusal(({ compactVerify }) => compactVerify(/** @type {any} */ (jwt), SECRET), JSON.stringify(jwt));
    }
  });
});
