// @ts-check
// Verifying compact JWSs and JWTs, with every kind of key.

import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { describe, test } from 'node:test';
import { ASYMMETRIC, HMAC, SECRET, b64, b64json, mac, macOf, ours, pair, same, sameRefusal, stricter, theirs, utf8 } from './package.mjs';

const NOW = 1_700_000_000;
const currentDate = new Date(NOW * 1000);
const CLAIMS = { iss: 'issuer', sub: 'subject', aud: ['one', 'two'], iat: NOW - 10, nbf: NOW - 10, exp: NOW + 300 };

/** @param {string} alg @param {any} key @param {object} [claims] @param {object} [header] */
const token = (alg, key, claims = CLAIMS, header) =>
  new theirs.SignJWT({ ...claims }).setProtectedHeader({ alg, typ: 'JWT', ...header }).sign(key);

// Before any `describe`: Node.js ends the suites that stand before an `await` of the module.
const jwt = await mac('{"alg":"HS256"}', '{}');
const es = await pair('ES256');
const rs = await pair('RS256');
const ps = await pair('PS256');
const es384 = await pair('ES384');
const signed = await token('ES256', es.privateKey);
const rsSigned = await token('RS256', rs.privateKey);
class Own {}
/** @type {[string, string, any][]} */
const cases = [
  ['a text as a secret', jwt, 'secret'],
  ['nothing', jwt, undefined],
  ['null', jwt, null],
  ['a number', jwt, 1],
  ['an instance', jwt, new Own()],
  ['a buffer', jwt, new ArrayBuffer(32)],
  ['an object without kty', jwt, {}],
  ['a public JWK for HMAC', jwt, { ...es.publicJwk }],
  ['an oct JWK without k', jwt, { kty: 'oct' }],
  ['an oct JWK that is not base64url', jwt, { kty: 'oct', k: '!' }],
  ['an oct JWK for encryption', jwt, { kty: 'oct', k: b64(SECRET), use: 'enc' }],
  ['an oct JWK of another alg', jwt, { kty: 'oct', k: b64(SECRET), alg: 'HS512' }],
  ['an oct JWK that may only sign', jwt, { kty: 'oct', k: b64(SECRET), key_ops: ['sign'] }],
  ['key_ops twice', jwt, { kty: 'oct', k: b64(SECRET), key_ops: ['verify', 'verify'] }],
  ['ext that is no boolean', jwt, { kty: 'oct', k: b64(SECRET), ext: 1 }],
  ['a public CryptoKey for HMAC', jwt, es.publicKey],
  ['bytes for a public key', signed, SECRET],
  ['a text for a public key', signed, '-----BEGIN PUBLIC KEY-----'],
  ['a private JWK', signed, { ...es.privateJwk }],
  ['a private CryptoKey', signed, es.privateKey],
  ['a private KeyObject', signed, createPrivateKey({ key: es.privateJwk, format: 'jwk' })],
  ['a secret KeyObject', signed, createSecretKey(SECRET)],
  ['an oct JWK for a public key', signed, { kty: 'oct', k: b64(SECRET) }],
  ['an RSA CryptoKey for ECDSA', signed, rs.publicKey],
  ['an RSA JWK for ECDSA', signed, { ...rs.publicJwk }],
  ['another curve', signed, es384.publicKey],
  ['a JWK of another alg', signed, { ...es.publicJwk, alg: 'ES384' }],
  ['a JWK for encryption', signed, { ...es.publicJwk, use: 'enc' }],
  ['a JWK that may not verify', signed, { ...es.publicJwk, key_ops: ['sign'] }],
  ['RSA-PSS for PKCS#1', rsSigned, ps.publicKey],
  ['another hash', rsSigned, (await pair('RS512')).publicKey],
  ['a CryptoKey that may not verify', signed, await crypto.subtle.importKey('jwk', es.publicJwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, [])],
];

describe('every algorithm verifies', () => {
  for (const alg of ASYMMETRIC) {
    test(`${alg} with a CryptoKey, a JWK, a KeyObject and a function`, async () => {
      const { publicKey, privateKey, publicJwk } = await pair(alg);
      const jwt = await token(alg, privateKey);
      const keyObject = createPublicKey({ key: publicJwk, format: 'jwk' });
      for (const key of [publicKey, { ...publicJwk }, keyObject]) {
        await same(({ jwtVerify }) => jwtVerify(jwt, key, { currentDate }));
        await same(({ jwtVerify }) => jwtVerify(jwt, async () => key, { currentDate }));
        await same(({ compactVerify }) => compactVerify(utf8(jwt), key));
        const forged = `${jwt.slice(0, jwt.lastIndexOf('.') + 1)}${b64(new Uint8Array(64))}`;
        const error = await sameRefusal(({ compactVerify }) => compactVerify(forged, key));
        assert.equal(error.code, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
      }
    });

    test(`${alg} with a CryptoKey that may not be exported`, async () => {
      const { privateKey, publicJwk } = await pair(alg);
      const jwt = await token(alg, privateKey);
      const key = /** @type {any} */ (await theirs.importJWK(publicJwk, alg, { extractable: false }));
      const { value } = await same(({ jwtVerify }) => jwtVerify(jwt, key, { currentDate }));
      assert.ok(value);
      await sameRefusal(({ jwtVerify }) => jwtVerify(`${jwt.slice(0, -4)}AAAA`, key, { currentDate }));
    });
  }

  for (const alg of HMAC) {
    test(`${alg} with bytes, a JWK, a CryptoKey and a KeyObject`, async () => {
      const jwt = await token(alg, SECRET);
      const hash = `SHA-${alg.slice(2)}`;
      const keys = [SECRET, { kty: 'oct', k: b64(SECRET) }, createSecretKey(SECRET)];
      for (const extractable of [true, false]) {
        keys.push(/** @type {any} */ (await crypto.subtle.importKey('raw', SECRET, { name: 'HMAC', hash }, extractable, ['verify'])));
      }
      for (const key of keys) {
        await same(({ jwtVerify }) => jwtVerify(jwt, key, { currentDate }));
        await same(({ jwtVerify }) => jwtVerify(jwt, () => key, { currentDate }));
        await sameRefusal(({ jwtVerify }) => jwtVerify(`${jwt.slice(0, -8)}AAAAAAAA`, key, { currentDate }));
      }
    });
  }

  test('a secret whose bytes change is another key', async () => {
    const secret = SECRET.slice();
    const jwt = await token('HS256', secret);
    assert.ok(await ours.compactVerify(jwt, secret));
    secret[0] = 255;
    await sameRefusal(({ compactVerify }) => compactVerify(jwt, secret));
    secret[0] = 0;
    assert.ok(await ours.compactVerify(jwt, secret));
  });
});

describe('a malformed JWS is refused alike', () => {
  const good = '{"alg":"HS256"}';
  /** @type {[string, any][]} */
  const inputs = [
    ['no string', 1],
    ['nothing', undefined],
    ['empty', ''],
    ['one part', 'a'],
    ['two parts', 'a.b'],
    ['four parts', 'a.b.c.d'],
    ['a JWE', 'a.b.c.d.e'],
    ['a header that is not base64url', '!.b.c'],
    ['a header that is not JSON', `${b64('{')}.b.c`],
    ['a header that is an array', `${b64('[]')}.b.c`],
    ['a header that is a text', `${b64('"a"')}.b.c`],
    ['a header that is null', `${b64('null')}.b.c`],
    ['a header that is empty', `.${b64('{}')}.c`],
    ['no alg', `${b64('{}')}.b.c`],
    ['an empty alg', `${b64('{"alg":""}')}.b.c`],
    ['an alg that is a number', `${b64('{"alg":1}')}.b.c`],
    ['alg none', `${b64('{"alg":"none"}')}.${b64('{}')}.`],
    ['an unknown alg', `${b64('{"alg":"HS257"}')}.${b64('{}')}.AA`],
    ['an alg of a prototype', `${b64('{"alg":"constructor"}')}.${b64('{}')}.AA`],
    ['a signature that is not base64url', `${b64(good)}.${b64('{}')}.!`],
    ['an empty signature', `${b64(good)}.${b64('{}')}.`],
    ['a payload that is not ASCII', `${b64(good)}.\u00e9.AA`],
    ['crit that is no array', `${b64('{"alg":"HS256","crit":"x"}')}.b.c`],
    ['crit that is null', `${b64('{"alg":"HS256","crit":null}')}.b.c`],
    ['crit that is empty', `${b64('{"alg":"HS256","crit":[]}')}.b.c`],
    ['crit with an empty name', `${b64('{"alg":"HS256","crit":[""]}')}.b.c`],
    ['crit with a number', `${b64('{"alg":"HS256","crit":[1]}')}.b.c`],
    ['an unknown extension', `${b64('{"alg":"HS256","crit":["x"],"x":1}')}.b.c`],
    ['an extension of a prototype', `${b64('{"alg":"HS256","crit":["toString"]}')}.b.c`],
    ['a registered name in crit', `${b64('{"alg":"HS256","crit":["alg"]}')}.b.c`],
    ['b64 that is missing', `${b64('{"alg":"HS256","crit":["b64"]}')}.b.c`],
    ['b64 that is no boolean', `${b64('{"alg":"HS256","crit":["b64"],"b64":"false"}')}.b.c`],
  ];
  for (const [name, jws] of inputs) {
    test(name, async () => {
      await sameRefusal(({ compactVerify }) => compactVerify(jws, SECRET), 'compactVerify');
      await sameRefusal(({ jwtVerify }) => jwtVerify(jws, SECRET), 'jwtVerify');
    });
  }

  test('a payload that is not base64url, signed', async () => {
    const jws = await macOf(`${b64(good)}.!`);
    await sameRefusal(({ compactVerify }) => compactVerify(jws, SECRET));
  });

  test('a payload that is not encoded is no JWT', async () => {
    const header = b64json({ alg: 'HS256', b64: false, crit: ['b64'] });
    const jws = await macOf(`${header}.{}`);
    await same(({ compactVerify }) => compactVerify(jws, SECRET));
    await sameRefusal(({ jwtVerify }) => jwtVerify(jws, SECRET));
    await sameRefusal(async ({ compactVerify }) => compactVerify(`${header}.\u00e9.AA`, SECRET));
  });

  test('10 MB of dots, and of anything, at once', async () => {
    for (const jws of ['.'.repeat(10_000_000), 'a'.repeat(10_000_000), `${b64(good)}.${'A'.repeat(17_000_000)}.AA`]) {
      const start = performance.now();
      await assert.rejects(ours.jwtVerify(jws, SECRET), { code: 'ERR_JWS_INVALID' });
      assert.ok(performance.now() - start < 500);
    }
  });
});

describe('options are checked alike', () => {
  test('algorithms', async () => {
    const jwt = await mac('{"alg":"HS256"}', '{}');
    await same(({ jwtVerify }) => jwtVerify(jwt, SECRET, { algorithms: ['HS512', 'HS256'] }));
    for (const algorithms of [['HS512'], [], 'HS256', [1], null, {}]) {
      await sameRefusal(({ jwtVerify }) => jwtVerify(jwt, SECRET, { algorithms: /** @type {any} */ (algorithms) }));
    }
    const unsecured = new ours.UnsecuredJWT({}).encode();
    await sameRefusal(({ jwtVerify }) => jwtVerify(unsecured, SECRET, { algorithms: ['none'] }));
  });

  test('crit', async () => {
    const jws = await mac('{"alg":"HS256","crit":["x"],"x":1}', '{}');
    await same(({ compactVerify }) => compactVerify(jws, SECRET, { crit: { x: true } }));
    await same(({ jwtVerify }) => jwtVerify(jws, SECRET, { crit: { x: false } }));
    await sameRefusal(({ compactVerify }) => compactVerify(jws, SECRET, { crit: { y: true } }));
    const missing = await mac('{"alg":"HS256","crit":["x"]}', '{}');
    await sameRefusal(({ compactVerify }) => compactVerify(missing, SECRET, { crit: { x: true } }));
  });
});

describe('keys that are not for it are refused alike', () => {
  for (const [name, jws, key] of cases) {
    test(name, async () => {
      const error = await sameRefusal(({ jwtVerify }) => jwtVerify(jws, key, { currentDate }));
      assert.match(String(error.name), /^(TypeError|JOSENotSupported)$/);
      await sameRefusal(({ jwtVerify }) => jwtVerify(jws, () => key, { currentDate }), 'found by a function');
    });
  }

  test('what a function throws is thrown', async () => {
    await sameRefusal(({ jwtVerify }) =>
      jwtVerify(jwt, () => {
        throw new RangeError('no such key');
      }),
    );
  });

  test('a function is given the header and the token', async () => {
    /** @type {any[]} */
    const seen = [];
    for (const jose of [theirs, ours]) {
      await jose.jwtVerify(signed, (...given) => (seen.push(given), es.publicKey), { currentDate });
    }
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(Object.keys(seen[1][1]).sort(), ['payload', 'protected', 'signature']);
  });

  test('small RSA keys', async () => {
    const small = /** @type {any} */ (
      await crypto.subtle.generateKey(
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) },
        true,
        ['sign', 'verify'],
      )
    );
    const jwk = await theirs.exportJWK(small.publicKey);
    for (const key of [small.publicKey, { ...jwk }, createPublicKey({ key: /** @type {any} */ (jwk), format: 'jwk' })]) {
      await sameRefusal(({ jwtVerify }) => jwtVerify(rsSigned, key));
    }
    await sameRefusal(({ SignJWT }) => new SignJWT({}).setProtectedHeader({ alg: 'RS256' }).sign(small.privateKey));
  });
});

describe('stricter on purpose (docs/jose.md)', () => {
  const invalid = { name: 'JWSInvalid', code: 'ERR_JWS_INVALID' };
  const invalidJwt = { name: 'JWTInvalid', code: 'ERR_JWT_INVALID' };
  /** @type {[string, string, string, object][]} */
  const headers = [
    ['duplicate header parameters', '{"alg":"none","alg":"HS256"}', '{}', invalid],
    ['duplicate header parameters by escapes', '{"kid":"a","\\u006bid":"b","alg":"HS256"}', '{}', invalid],
    ['a lone surrogate in the header', '{"alg":"HS256","x":"\\ud800"}', '{}', invalid],
    ['a deep header', `{"alg":"HS256","x":${'['.repeat(40)}${']'.repeat(40)}}`, '{}', invalid],
    ['a byte order mark before the header', '\ufeff{"alg":"HS256"}', '{}', invalid],
    ['a kid that is no text', '{"alg":"HS256","kid":1}', '{}', invalid],
    ['a typ that is no text', '{"alg":"HS256","typ":null}', '{}', invalid],
    ['b64 false without crit', '{"alg":"HS256","b64":false}', '{}', invalid],
    ['duplicate claims', '{"alg":"HS256"}', '{"sub":"a","sub":"b"}', invalidJwt],
    ['a byte order mark before the claims', '{"alg":"HS256"}', '\ufeff{}', invalidJwt],
    ['deep claims', '{"alg":"HS256"}', `{"x":${'['.repeat(40)}${']'.repeat(40)}}`, invalidJwt],
  ];
  for (const [name, header, payload, expected] of headers) {
    test(name, async () => {
      const jwt = await mac(header, payload);
      await stricter(({ jwtVerify }) => jwtVerify(jwt, SECRET), /** @type {any} */ (expected));
    });
  }

  test('crit twice, and a registered name that the caller claims to understand', async () => {
    const twice = await mac('{"alg":"HS256","crit":["x","x"],"x":1}', '{}');
    await stricter(({ compactVerify }) => compactVerify(twice, SECRET, { crit: { x: true } }), invalid);
    const registered = await mac('{"alg":"HS256","crit":["alg"]}', '{}');
    await stricter(({ compactVerify }) => compactVerify(registered, SECRET, { crit: { alg: true } }), {
      name: 'JOSENotSupported',
      code: 'ERR_JOSE_NOT_SUPPORTED',
    });
  });

  test('base64url with padding, white space and trailing bits', async () => {
    const good = await mac('{"alg":"HS256"}', 'ab');
    const [header, payload, signature] = good.split('.');
    const changed = `${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)}`;
    for (const other of [`${signature}=`, `${signature}\n`, ` ${signature}`, changed]) {
      await stricter(({ compactVerify }) => compactVerify(`${header}.${payload}.${other}`, SECRET), invalid, other);
    }
    const padded = await macOf(`${header}.YWI=`);
    await stricter(({ compactVerify }) => compactVerify(padded, SECRET), invalid);
    const bits = await macOf(`${header}.YWJ`);
    await stricter(({ compactVerify }) => compactVerify(bits, SECRET), invalid);
  });

  test('short HMAC keys, and published keys as secrets', async () => {
    for (const length of [0, 1, 31]) {
      const secret = new Uint8Array(length);
      const error = { name: 'TypeError', message: 'HS256 requires key length to be 256 bits or larger' };
      const jwt = length ? await mac('{"alg":"HS256"}', '{}', secret) : await mac('{"alg":"HS256"}', '{}');
      await stricter(({ jwtVerify }) => jwtVerify(jwt, secret), error);
      await stricter(({ SignJWT }) => new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(secret), error);
    }
    const { publicKey } = await pair('RS256');
    const pem = utf8(await theirs.exportSPKI(publicKey));
    const confused = await mac('{"alg":"HS256"}', '{}', pem);
    await stricter(({ jwtVerify }) => jwtVerify(confused, pem), { name: 'TypeError' });
  });

  test('a header or claims of more than a MiB', async () => {
    const x = 'x'.repeat(1 << 20);
    const [header, claims] = [await mac(JSON.stringify({ alg: 'HS256', x }), '{}'), await mac('{"alg":"HS256"}', JSON.stringify({ x }))];
    await stricter(({ jwtVerify }) => jwtVerify(header, SECRET), { code: 'ERR_JWS_INVALID', message: 'JWS Protected Header is invalid' });
    await stricter(({ jwtVerify }) => jwtVerify(claims, SECRET), { code: 'ERR_JWT_INVALID' });
    await stricter(({ decodeJwt }) => decodeJwt(claims), { code: 'ERR_JWT_INVALID' });
  });

  test('malformed JWKs', async () => {
    const { publicJwk, privateKey } = await pair('ES256');
    const jwt = await token('ES256', privateKey);
    const { x, y, ...rest } = publicJwk;
    const expected = { name: 'JWKInvalid', code: 'ERR_JWK_INVALID' };
    for (const jwk of [{ ...rest, x }, { ...rest, x, y: x }, { ...publicJwk, crv: 'P-384' }, { ...rest, x: 1, y }]) {
      await stricter(({ jwtVerify }) => jwtVerify(jwt, jwk), expected, JSON.stringify(jwk));
    }
  });
});
