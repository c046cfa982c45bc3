// @ts-check
// Verifying flattened and general JWSs, detached and unencoded payloads, and the examples of the RFCs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SECRET, b64, b64json, macOf, ours, pair, same, sameRefusal, stricter, theirs, utf8 } from './package.mjs';
import { RFC_7515, RFC_7520, RFC_7797 } from './rfc.mjs';

/** A flattened JWS. @param {object | undefined} protectedHeader @param {any} [header] @param {string} [payload] */
async function flattened(protectedHeader, header, payload = b64('payload')) {
  const encoded = protectedHeader ? b64json(protectedHeader) : undefined;
  const signature = (await macOf(`${encoded ?? ''}.${payload}`)).slice(-43);
  return { payload, signature, ...(encoded !== undefined && { protected: encoded }), ...(header !== undefined && { header }) };
}

describe('flattenedVerify', () => {
  test('accepts alike', async () => {
    for (const jws of [
      await flattened({ alg: 'HS256' }),
      await flattened(undefined, { alg: 'HS256' }),
      await flattened({ alg: 'HS256' }, { kid: 'k' }),
      await flattened({ typ: 'a' }, { alg: 'HS256' }),
      await flattened({ alg: 'HS256' }, {}),
      await flattened({ alg: 'HS256' }, undefined, ''),
      await flattened({ alg: 'HS256', crit: ['b64'], b64: true }),
      { ...(await flattened({ alg: 'HS256' })), other: 1 },
      Object.assign(Object.create(null), await flattened({ alg: 'HS256' })),
    ]) {
      assert.ok((await same(({ flattenedVerify }) => flattenedVerify(jws, SECRET))).value);
      await same(({ flattenedVerify }) => flattenedVerify(jws, () => SECRET));
      await same(({ generalVerify }) => {
        const { payload, ...signature } = jws;
        return generalVerify({ payload, signatures: [signature] }, SECRET);
      });
    }
    const understood = await flattened({ alg: 'HS256', crit: ['x'] }, { x: 1 });
    await same(({ flattenedVerify }) => flattenedVerify(understood, SECRET, { crit: { x: false } }));
    await sameRefusal(({ flattenedVerify }) => flattenedVerify(understood, SECRET, { crit: { x: true } }));
    await sameRefusal(({ flattenedVerify }) => flattenedVerify(understood, SECRET));
  });

  test('refuses alike', async () => {
    const good = await flattened({ alg: 'HS256' });
    const { payload, signature } = good;
    /** @type {any[]} */
    const inputs = [
      undefined,
      null,
      'a.b.c',
      [],
      {},
      { payload, signature },
      { ...good, protected: 1 },
      { ...good, protected: null },
      { ...good, protected: '' },
      { ...good, protected: '!' },
      { ...good, protected: b64('[]') },
      { ...good, payload: undefined },
      { ...good, payload: 1 },
      { ...good, payload: null },
      { ...good, payload: utf8(payload) },
      { ...good, payload: '!' },
      { ...good, payload: '\u00e9' },
      { ...good, signature: undefined },
      { ...good, signature: 1 },
      { ...good, signature: '!' },
      { ...good, signature: '' },
      { ...good, header: null },
      { ...good, header: [] },
      { ...good, header: 'a' },
      { ...good, header: { alg: 'HS256' } },
      await flattened({}, {}),
      await flattened(undefined, {}),
      await flattened(undefined, { alg: 'HS256', crit: ['x'], x: 1 }),
      await flattened({ typ: 'a' }, { alg: 'HS256', crit: ['x'], x: 1 }),
      await flattened({ alg: 'HS256', crit: ['b64'] }, { b64: false }),
    ];
    for (const jws of inputs) {
      await sameRefusal(({ flattenedVerify }) => flattenedVerify(jws, SECRET), JSON.stringify(jws));
    }
    await sameRefusal(({ flattenedVerify }) => flattenedVerify(good, SECRET, { algorithms: ['HS512'] }));
  });

  test('the token that a function is given does not change what is verified', async () => {
    const good = await flattened({ alg: 'HS256' });
    for (const jose of [theirs, ours]) {
      const { payload } = await jose.flattenedVerify({ ...good }, async (_, token) => {
        await null;
        Object.assign(good, { other: token });
        return SECRET;
      });
      assert.deepEqual(payload, new Uint8Array(utf8('payload')));
    }
  });
});

describe('generalVerify', () => {
  test('one good signature is enough, whichever it is', async () => {
    const { payload, ...one } = await flattened({ alg: 'HS256' }, { kid: '1' });
    const forged = { ...one, signature: b64(new Uint8Array(32)) };
    const malformed = [{}, { protected: '!' }, { protected: 1, signature: 'a' }, { ...one, header: 1 }];
    for (const signatures of [[one], [forged, one], [one, forged], [...malformed, one], [one, one]]) {
      assert.ok((await same(({ generalVerify }) => generalVerify(/** @type {any} */ ({ payload, signatures }), SECRET))).value);
    }
  });

  test('refuses alike', async () => {
    const { payload, ...one } = await flattened({ alg: 'HS256' });
    const unencoded = { ...one, protected: b64json({ alg: 'HS256', b64: false, crit: ['b64'] }) };
    /** @type {any[]} */
    const inputs = [
      undefined,
      [],
      {},
      { payload },
      { payload, signatures: {} },
      { payload, signatures: [] },
      { payload, signatures: [1] },
      { payload, signatures: [null] },
      { signatures: [one] },
      { payload: 1, signatures: [one] },
      { payload, signatures: [{ ...one, signature: b64(new Uint8Array(32)) }] },
      { payload, signatures: [one, unencoded] },
      { payload, signatures: [unencoded] },
    ];
    for (const jws of inputs) await sameRefusal(({ generalVerify }) => generalVerify(jws, SECRET), JSON.stringify(jws));
    await sameRefusal(({ generalVerify }) => generalVerify({ payload, signatures: [one] }, SECRET, { algorithms: /** @type {any} */ ('HS256') }));
    await sameRefusal(({ generalVerify }) => generalVerify({ payload, signatures: [one] }, () => Promise.reject(new Error('no key'))));
  });
});

describe('unencoded and detached payloads (RFC 7797)', () => {
  const header = { alg: 'HS256', b64: false, crit: ['b64'] };

  test('texts and bytes', async () => {
    for (const text of ['$.02', '', 'a.b', '\u00e9 \u{1f600}', 'a\nb\u0000']) {
      const jws = await new theirs.FlattenedSign(utf8(text)).setProtectedHeader(header).sign(SECRET);
      assert.equal(jws.payload, '');
      for (const payload of [text, utf8(text)]) {
        assert.ok((await same(({ flattenedVerify }) => flattenedVerify({ ...jws, payload }, SECRET))).value, text);
        await same(({ generalVerify }) => generalVerify({ payload, signatures: [{ protected: jws.protected, signature: jws.signature }] }, SECRET));
      }
      await sameRefusal(({ flattenedVerify }) => flattenedVerify({ ...jws, payload: `${text}!` }, SECRET));
    }
  });

  test('texts that not every reader writes as the same bytes', async () => {
    const jws = await new theirs.FlattenedSign(utf8('a')).setProtectedHeader(header).sign(SECRET);
    for (const payload of ['\ud800', 'a\udc00b', '\u0378']) {
      await sameRefusal(({ flattenedVerify }) => flattenedVerify({ ...jws, payload }, SECRET));
    }
  });

  test('a megabyte of them', async () => {
    const bytes = new Uint8Array(1 << 20).fill(7);
    const jws = await ours.flattenedVerify({ ...(await new ours.FlattenedSign(bytes).setProtectedHeader(header).sign(SECRET)), payload: bytes }, SECRET);
    assert.deepEqual(jws.payload, bytes);
    await assert.rejects(ours.flattenedVerify({ ...(await new ours.FlattenedSign(utf8('a')).setProtectedHeader(header).sign(SECRET)), payload: new Uint8Array((1 << 24) + 1) }, SECRET), { code: 'ERR_JWS_INVALID' });
  });

  test('a detached payload that is encoded (RFC 7515 appendix F)', async () => {
    const jws = await new theirs.FlattenedSign(utf8('apart')).setProtectedHeader({ alg: 'HS256' }).sign(SECRET);
    const compact = `${jws.protected}..${jws.signature}`;
    await sameRefusal(({ compactVerify }) => compactVerify(compact, SECRET));
    await same(({ compactVerify }) => compactVerify(compact.replace('..', `.${b64('apart')}.`), SECRET));
  });
});

describe('examples of the RFCs', () => {
  const examples = Object.entries({ 'RFC 7515': RFC_7515, 'RFC 7797': RFC_7797, 'RFC 7520': RFC_7520 });
  for (const { name, jws, key, payload } of examples.flatMap(([rfc, list]) =>
    list.map((example) => ({ ...example, name: `${rfc} ${example.name}` })),
  )) {
    test(name, async () => {
      /** @param {typeof theirs} jose */
      const verify = (jose) =>
        typeof jws === 'string'
          ? jose.compactVerify(jws, key)
          : 'signatures' in jws
            ? jose.generalVerify(jws, key)
            : jose.flattenedVerify(jws, key);
      assert.equal(Buffer.from((await verify(ours)).payload).toString(), payload);
      await same(verify);
    });
  }

  test('RFC 7515 A.5, an unsecured JWS', async () => {
    const jwt = 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.';
    const currentDate = new Date(1300819379000);
    await same(({ UnsecuredJWT }) => UnsecuredJWT.decode(jwt, { currentDate }));
    await sameRefusal(({ jwtVerify }) => jwtVerify(jwt, SECRET));
  });
});

describe('stricter on purpose (docs/jose.md)', () => {
  test('an unprotected header as the protected one', async () => {
    const invalid = { name: 'JWSInvalid', code: 'ERR_JWS_INVALID' };
    const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`);
    for (const header of [{ kid: 1 }, { typ: 1 }, { x: deep }, { b64: false }]) {
      const jws = await flattened({ alg: 'HS256' }, header);
      await stricter(({ flattenedVerify }) => flattenedVerify(jws, SECRET), invalid, JSON.stringify(header));
    }
  });

  test('an unprotected header that is too deep to be JSON of ours, or too long', async () => {
    const invalid = { code: 'ERR_JWS_INVALID', message: 'JOSE Header is not valid JSON' };
    for (const x of ['x'.repeat(1 << 20), JSON.parse('['.repeat(33) + ']'.repeat(33)), JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))]) {
      const jws = await flattened({ alg: 'HS256' }, { x });
      await stricter(({ flattenedVerify }) => flattenedVerify(jws, SECRET), invalid);
    }
  });

  test('more than 32 signatures', async () => {
    const { payload, ...good } = await flattened({ alg: 'HS256' });
    const signatures = [...Array(31).fill({ ...good, signature: 'AA' }), good];
    await same(({ generalVerify }) => generalVerify({ payload, signatures }, SECRET));
    const more = { payload, signatures: [good, ...signatures] };
    await stricter(({ generalVerify }) => generalVerify(more, SECRET), { code: 'ERR_JWS_INVALID', message: 'JWS Signatures are too many' });
  });

  test('a key that is not for it hides in a general JWS for both', async () => {
    const { payload, ...one } = await flattened({ alg: 'HS256' });
    await sameRefusal(async ({ generalVerify }) => generalVerify({ payload, signatures: [one] }, (await pair('ES256')).publicKey));
  });
});
