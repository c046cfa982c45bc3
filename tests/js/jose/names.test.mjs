// @ts-check
// The names of the module, and the functions that stand by themselves.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { SECRET, b64, folder, ours, same, sameRefusal, stricter, theirs, utf8 } from './package.mjs';

describe('names', () => {
  test('every name of jose is there, and of the same type', () => {
    const kinds = (/** @type {any} */ jose) => Object.fromEntries(Object.entries(jose).map(([name, value]) => [name, typeof value]));
    const { importPKCS1, importSEC1, ...names } = kinds(ours);
    assert.deepEqual(names, kinds(theirs));
    assert.deepEqual([importPKCS1, importSEC1], ['function', 'function']);
    assert.equal(ours.cryptoRuntime, theirs.cryptoRuntime);
  });

  test('the errors have an entry of their own', async () => {
    const app = join(folder, 'errors.mjs');
    await writeFile(app, `export * from 'tollgate/jose/errors';\n`);
    assert.deepEqual({ ...(await import(pathToFileURL(app).href)) }, { ...ours.errors });
  });

  test('JWE is refused by a code', async () => {
    const jwe = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA';
    for (const name of /** @type {const} */ (['compactDecrypt', 'flattenedDecrypt', 'generalDecrypt', 'jwtDecrypt'])) {
      const promise = /** @type {any} */ (ours[name])(jwe, SECRET);
      assert.ok(promise instanceof Promise, 'it does not throw, it rejects');
      await assert.rejects(promise, { name: 'JOSENotSupported', code: 'ERR_JOSE_NOT_SUPPORTED' });
    }
    for (const name of /** @type {const} */ (['CompactEncrypt', 'FlattenedEncrypt', 'GeneralEncrypt', 'EncryptJWT'])) {
      assert.throws(() => new /** @type {any} */ (ours[name])(SECRET), { name: 'JOSENotSupported', code: 'ERR_JOSE_NOT_SUPPORTED' });
    }
  });
});

describe('errors', () => {
  test('are classes as jose has them', async () => {
    assert.deepEqual(Object.keys(ours.errors).sort(), Object.keys(theirs.errors).sort());
    for (const name of Object.keys(theirs.errors)) {
      await same(({ errors }) => {
        const Class = /** @type {any} */ (errors)[name];
        const cause = new Error('cause');
        return [[], ['message'], ['message', { cause }], ['message', { a: 1 }, 'claim', 'reason']].map((parameters) => {
          const error = new Class(...parameters);
          assert.ok(error instanceof errors.JOSEError && error instanceof Error && error instanceof Class);
          const { message, code, claim, reason, payload } = error;
          return [Class.code, error.name, String(error), message, code, claim, reason, payload, error.cause === cause, Object.keys(error).sort()];
        });
      }, name);
    }
  });

  test('several matching keys of nothing are none', async () => {
    for await (const key of new ours.errors.JWKSMultipleMatchingKeys()) assert.fail(String(key));
  });

  test('hold no token, key or secret', async () => {
    const jwt = await new ours.SignJWT({ a: 1 }).setProtectedHeader({ alg: 'HS256' }).sign(SECRET);
    const wrong = SECRET.slice().reverse();
    const error = /** @type {any} */ (await ours.jwtVerify(jwt, wrong).catch((error) => error));
    for (const part of [...jwt.split('.'), b64(SECRET), b64(wrong)]) assert.ok(!`${error.stack}${error.cause}`.includes(part));
  });
});

describe('base64url', () => {
  test('encodes alike, and decodes what it encoded', async () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
      const { value } = await same(({ base64url }) => base64url.encode(bytes));
      await same(({ base64url }) => base64url.decode(String(value)));
      await same(({ base64url }) => base64url.decode(utf8(String(value))));
    }
    for (const text of ['', 'a', '\u00e9 \u{1f600}', '\ud800']) await same(({ base64url }) => base64url.encode(text));
  });

  test('refuses alike', async () => {
    for (const text of ['!', 'A', '+/==', 'AB+/', '\u00e9', 'AAAAA', 'AA=A']) {
      await sameRefusal(({ base64url }) => base64url.decode(text), text);
    }
  });

  test('stricter: padding, white space and trailing bits', async () => {
    for (const text of ['YQ==', 'YQ\n', ' YQ', 'Y Q', 'YR']) {
      await stricter(({ base64url }) => base64url.decode(text), { name: 'TypeError', message: 'The input to be decoded is not correctly encoded.' }, text);
    }
  });
});

describe('decoding', () => {
  const header = b64('{"alg":"HS256"}');

  test('decodeJwt', async () => {
    for (const payload of ['{}', '{"a":1}', ' {"__proto__":1}']) await same(({ decodeJwt }) => decodeJwt(`${header}.${b64(payload)}.`));
    /** @type {any[]} */
    const inputs = [undefined, 1, utf8('a'), '', 'a', 'a.b', 'a.b.c.d', 'a.b.c.d.e', 'a.b.c.d.e.f', 'a..c', 'a.!.c', ...['', '[]', '1', 'null', '{', '\ud800{}'].map((text) => `${header}.${b64(text)}.`)];
    for (const jwt of inputs) await sameRefusal(({ decodeJwt }) => decodeJwt(jwt), String(jwt));
    for (const payload of ['{"a":1,"a":1}', '\ufeff{}']) {
      await stricter(({ decodeJwt }) => decodeJwt(`${header}.${b64(payload)}.`), { name: 'JWTInvalid', code: 'ERR_JWT_INVALID' });
    }
  });

  test('decodeProtectedHeader', async () => {
    for (const token of [`${header}.a.b`, `${header}.a.b.c.d`, { protected: header }, { protected: header, payload: 1 }]) {
      assert.ok((await same(({ decodeProtectedHeader }) => decodeProtectedHeader(token))).value);
    }
    /** @type {any[]} */
    const inputs = [undefined, null, 1, '', 'a', 'a.b', 'a.b.c', 'a.b.c.d', '.b.c', '!.b.c', {}, [], { protected: 1 }, { protected: '' }, { protected: '!' }, ...['[]', '1', 'null', '{'].map((text) => `${b64(text)}.b.c`)];
    for (const token of inputs) await sameRefusal(({ decodeProtectedHeader }) => decodeProtectedHeader(token), String(token));
    await stricter(({ decodeProtectedHeader }) => decodeProtectedHeader(`${b64('{"alg":"a","alg":"b"}')}.b.c`), { name: 'TypeError', message: 'Invalid Token or Protected Header formatting' });
  });
});
