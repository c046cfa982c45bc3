// @ts-check
// Signing in every serialization, and JWTs: what one makes the other verifies.

import assert from 'node:assert/strict';
import { createPrivateKey, createSecretKey } from 'node:crypto';
import { describe, test } from 'node:test';
import { ASYMMETRIC, HMAC, SECRET, b64, ours, pair, same, sameRefusal, theirs, utf8 } from './package.mjs';

/** Whether the same key makes the same signature twice. @param {string} alg */
const isDeterministic = (alg) => /^(HS|RS|Ed)/.test(alg);

describe('every algorithm signs', () => {
  for (const alg of [...ASYMMETRIC, ...HMAC]) {
    test(alg, async () => {
      const secret = alg.startsWith('HS');
      const { privateKey, privateJwk, publicJwk } = secret ? /** @type {any} */ ({}) : await pair(alg);
      const hmac = { name: 'HMAC', hash: `SHA-${alg.slice(2)}` };
      const keys = secret
        ? [SECRET, { kty: 'oct', k: b64(SECRET) }, createSecretKey(SECRET), await crypto.subtle.importKey('raw', SECRET, hmac, false, ['sign'])]
        : [privateKey, { ...privateJwk }, createPrivateKey({ key: privateJwk, format: 'jwk' })];
      const verifying = secret ? SECRET : publicJwk;
      for (const key of keys) {
        const made = await Promise.all(
          [theirs, ours].map((jose) => new jose.SignJWT({ a: 1 }).setProtectedHeader({ alg, kid: 'k' }).sign(key)),
        );
        if (isDeterministic(alg)) assert.equal(made[1], made[0]);
        for (const jwt of made) await same(({ jwtVerify }) => jwtVerify(jwt, verifying));
        // The second time the key is remembered.
        await ours.jwtVerify(await new ours.SignJWT({}).setProtectedHeader({ alg }).sign(key), verifying);
      }
    });
  }
});

describe('SignJWT and UnsecuredJWT', () => {
  test('claims are set alike', async () => {
    await same(({ SignJWT }) =>
      new SignJWT({ a: { b: [1] }, iss: 'replaced' })
        .setIssuer('issuer')
        .setSubject('subject')
        .setAudience(['a', 'b'])
        .setJti('id')
        .setNotBefore(1)
        .setExpirationTime(new Date(5000))
        .setIssuedAt(2.5)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', jwk: { kty: 'EC' } })
        .sign(SECRET),
    );
    await same(({ UnsecuredJWT }) => new UnsecuredJWT({ a: undefined, b: new Date(0) }).setAudience('a').encode());
    await same(({ UnsecuredJWT }) => new UnsecuredJWT().encode());
  });

  test('times from now', async () => {
    const jwt = await new ours.SignJWT().setIssuedAt().setNotBefore('1 minute ago').setExpirationTime('2h').setProtectedHeader({ alg: 'HS256' }).sign(SECRET);
    const { iat = 0, nbf = 0, exp = 0 } = ours.decodeJwt(jwt);
    assert.ok(Math.abs(iat - Date.now() / 1000) < 2);
    assert.deepEqual([Math.round((nbf - iat) / 10), Math.round((exp - iat) / 10)], [-6, 720]);
  });

  test('the payload that was given is not changed, and not followed', async () => {
    const given = { a: { b: 1 } };
    const builder = new ours.UnsecuredJWT(given).setIssuer('i');
    given.a.b = 2;
    assert.deepEqual(ours.decodeJwt(builder.encode()), { a: { b: 1 }, iss: 'i' });
    assert.deepEqual(given, { a: { b: 2 } });
  });

  test('wrong values', async () => {
    for (const payload of [null, 1, 'a', [], new Map()]) await sameRefusal(({ SignJWT }) => new SignJWT(/** @type {any} */ (payload)));
    /** @type {[string, any[]][]} */
    const setters = [
      ['setIssuer', [1, undefined]],
      ['setSubject', [null]],
      ['setAudience', [1, [1], undefined, [,]]],
      ['setJti', [{}]],
      ['setNotBefore', [NaN, Infinity, new Date(NaN), 'soon', null, undefined]],
      ['setExpirationTime', [NaN, 'x', undefined]],
      ['setIssuedAt', [NaN, 'x', null]],
    ];
    for (const [setter, values] of setters) {
      for (const value of values) {
        await sameRefusal(({ SignJWT }) => /** @type {any} */ (new SignJWT())[setter](value), `${setter}(${value})`);
      }
    }
    for (const claim of ['exp', 'nbf', 'iat']) {
      await sameRefusal(({ UnsecuredJWT }) => new UnsecuredJWT({ [claim]: NaN }).encode());
    }
    await sameRefusal(({ SignJWT }) => new SignJWT({ a: 1n }).setProtectedHeader({ alg: 'HS256' }).sign(SECRET));
    await sameRefusal(({ SignJWT }) => new SignJWT({ a: () => {} }));
  });

  test('headers that cannot be', async () => {
    const circular = /** @type {any} */ ({ alg: 'HS256' });
    circular.self = circular;
    /** @type {any[]} */
    const headers = [undefined, {}, { alg: '' }, { alg: 1 }, { alg: 'none' }, { alg: 'HS257' }, null, [], 'a', () => {}, circular, { alg: 'HS256', a: 1n }, { alg: 'HS256', crit: [] }, { alg: 'HS256', crit: ['x'] }, { alg: 'HS256', crit: ['x'], x: 1 }, { alg: 'HS256', crit: ['b64', 'b64'], b64: true }, { alg: 'HS256', crit: ['b64'], b64: 0 }, { alg: 'HS256', crit: ['b64'], b64: false }];
    for (const header of headers) {
      await sameRefusal(async ({ SignJWT }) => new SignJWT().setProtectedHeader(header).sign(SECRET), String(header));
      await sameRefusal(async ({ CompactSign }) => new CompactSign(utf8('a')).setProtectedHeader(header).sign(SECRET));
    }
    await sameRefusal(({ SignJWT }) => new SignJWT().sign(SECRET));
    await sameRefusal(({ SignJWT }) => new SignJWT().setProtectedHeader({ alg: 'HS256' }).setProtectedHeader({ alg: 'HS256' }));
    await same(({ SignJWT }) => new SignJWT().setProtectedHeader({ alg: 'HS256', crit: ['x'], x: 1 }).sign(SECRET, { crit: { x: true } }));
  });

  test('keys that do not sign', async () => {
    const { publicKey, publicJwk, privateJwk } = await pair('ES256');
    for (const key of [SECRET, publicKey, publicJwk, 'text', undefined, null, {}, { kty: 'oct', k: b64(SECRET) }, { ...privateJwk, use: 'enc' }, { ...privateJwk, key_ops: ['verify'] }, { ...privateJwk, alg: 'ES384' }, (await pair('RS256')).privateKey, createSecretKey(SECRET)]) {
      await sameRefusal(({ SignJWT }) => new SignJWT().setProtectedHeader({ alg: 'ES256' }).sign(/** @type {any} */ (key)), JSON.stringify(key));
    }
    for (const key of [publicKey, publicJwk, 'text', undefined, { kty: 'oct' }, { kty: 'oct', k: b64(SECRET), use: 'enc' }]) {
      await sameRefusal(({ SignJWT }) => new SignJWT().setProtectedHeader({ alg: 'HS256' }).sign(/** @type {any} */ (key)));
    }
  });

  test('UnsecuredJWT.decode refuses alike', async () => {
    const good = new ours.UnsecuredJWT({ a: 1 }).encode();
    await same(({ UnsecuredJWT }) => UnsecuredJWT.decode(good));
    const header = (/** @type {unknown} */ value) => `${b64(JSON.stringify(value))}.e30.`;
    for (const jwt of [undefined, 1, utf8(good), '', 'a', 'a.b', 'a.b.c', 'a.b.', `${good}a`, `${good}.`, header({}), header([]), header({ alg: 'HS256' }), header({ alg: 'None' }), header({ alg: 'none', crit: ['b64'], b64: false }), header({ alg: 'none', crit: ['x'], x: 1 }), header({ alg: 'none', crit: [] }), good.replace('.', '.!'), header({ alg: 'none' }).replace('e30', '')]) {
      await sameRefusal(({ UnsecuredJWT }) => UnsecuredJWT.decode(/** @type {any} */ (jwt)), String(jwt));
    }
  });
});

describe('flattened and general', () => {
  test('signatures are made alike', async () => {
    await same(({ FlattenedSign }) => new FlattenedSign(utf8('a')).setProtectedHeader({ alg: 'HS256' }).sign(SECRET));
    await same(({ FlattenedSign }) => new FlattenedSign(utf8('a')).setUnprotectedHeader({ alg: 'HS256' }).sign(SECRET));
    await same(({ FlattenedSign }) => new FlattenedSign(new Uint8Array()).setProtectedHeader({ kid: 'a' }).setUnprotectedHeader({ alg: 'HS384', x: [1] }).sign(SECRET));
    await same(({ FlattenedSign }) => new FlattenedSign(utf8('$.02')).setProtectedHeader({ alg: 'HS256', b64: false, crit: ['b64'] }).sign(SECRET));
    await same(({ FlattenedSign }) => new FlattenedSign(utf8('a')).setProtectedHeader({ alg: 'HS256', crit: ['x'] }).setUnprotectedHeader({ x: 1 }).sign(SECRET, { crit: { x: false } }));
    const { privateKey } = await pair('RS256');
    await same(({ GeneralSign }) =>
      new GeneralSign(utf8('a')).addSignature(SECRET).setProtectedHeader({ alg: 'HS256' }).addSignature(privateKey).setProtectedHeader({ alg: 'RS256' }).setUnprotectedHeader({ kid: 'k' }).sign(),
    );
    await same(({ GeneralSign }) => new GeneralSign(utf8('a')).addSignature(SECRET).setProtectedHeader({ alg: 'HS256' }).done().sign());
    await same(({ GeneralSign }) => new GeneralSign(utf8('a')).addSignature(SECRET).setProtectedHeader({ alg: 'HS256', b64: false, crit: ['b64'] }).sign());
  });

  test('what cannot be made', async () => {
    await sameRefusal(({ FlattenedSign }) => new FlattenedSign(/** @type {any} */ ('a')));
    await sameRefusal(({ CompactSign }) => new CompactSign(/** @type {any} */ ('a')));
    await sameRefusal(({ GeneralSign }) => new GeneralSign(utf8('a')).sign());
    await sameRefusal(({ GeneralSign }) => new GeneralSign(/** @type {any} */ ('a')).addSignature(SECRET).setProtectedHeader({ alg: 'HS256' }).sign());
    await sameRefusal(({ FlattenedSign }) => new FlattenedSign(utf8('a')).sign(SECRET));
    await sameRefusal(({ FlattenedSign }) => new FlattenedSign(utf8('a')).setProtectedHeader({ alg: 'HS256' }).setUnprotectedHeader({ alg: 'HS256' }).sign(SECRET));
    await sameRefusal(({ FlattenedSign }) => new FlattenedSign(utf8('a')).setUnprotectedHeader({ alg: 'HS256', crit: ['x'], x: 1 }).sign(SECRET));
    await sameRefusal(({ FlattenedSign }) => new FlattenedSign(utf8('a')).setProtectedHeader({ alg: 'HS256', crit: ['x'] }).setUnprotectedHeader({ x: 1 }).sign(SECRET, { crit: { x: true } }));
    await sameRefusal(({ FlattenedSign }) => new FlattenedSign(utf8('a')).setUnprotectedHeader({}).setUnprotectedHeader({}));
    await sameRefusal(({ GeneralSign }) => new GeneralSign(utf8('a')).addSignature(SECRET).setProtectedHeader({}).setProtectedHeader({}));
    await sameRefusal(({ GeneralSign }) => new GeneralSign(utf8('a')).addSignature(SECRET).setUnprotectedHeader({}).setUnprotectedHeader({}));
    await sameRefusal(({ GeneralSign }) =>
      new GeneralSign(utf8('a')).addSignature(SECRET).setProtectedHeader({ alg: 'HS256' }).addSignature(SECRET).setProtectedHeader({ alg: 'HS256', b64: false, crit: ['b64'] }).sign(),
    );
  });
});
