// @ts-check
// Importing, exporting and making keys, and their thumbprints.

import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { describe, test } from 'node:test';
import { ASYMMETRIC, HMAC, SECRET, b64, ours, pair, same, sameRefusal, stricter, theirs, utf8 } from './package.mjs';

/** An X.509 certificate of an RSA key and one of a P-256 key, made with openssl; nothing of them is verified. */
const CERTIFICATES = {
  RS256: `-----BEGIN CERTIFICATE-----
MIIDEzCCAfugAwIBAgIUJ5hEcC/BGQL6/xYODMtp7z0whKUwDQYJKoZIhvcNAQEL
BQAwGDEWMBQGA1UEAwwNdG9sbGdhdGUgdGVzdDAgFw0yNjExMjQxMjExMDVaGA8y
MTI2MTAzMTEyMTEwNVowGDEWMBQGA1UEAwwNdG9sbGdhdGUgdGVzdDCCASIwDQYJ
KoZIhvcNAQEBBQADggEPADCCAQoCggEBAJLF8tYLsl3aC0EkubFtkqSFR6emhp35
KSvmvcFDmIEd5B+LeCkQWPDmi78BSGjdk/LrCRPOYdWa7wuF9TQ5Xg5avp0bHyDG
DTF+0CODqSNvkkVkcCe0r68JukJ2r1oSCJYT+mQPVPv99uz0iuR8cpnDIJqJjZS3
PHmzYG5VTUl7gL0zAMjQks9y8VdKCk0gRW8h7MkKVflHo2UfAGxuwAlipMuqeQQL
XJ8YvZsqIdA1+H5fL/kkbtFDIanAWowLl8NsY8/jty/KJ+lk0IoJ54SbPaZrHx/8
r2yrPzrHysfxAwG0aai6CHg6QO2cnDXxF8bB/ca39w2qEUAgVg5MW1sCAwEAAaNT
MFEwHQYDVR0OBBYEFOYcjx4uTiQcwKyB/pX2dQtGd4UTMB8GA1UdIwQYMBaAFOYc
jx4uTiQcwKyB/pX2dQtGd4UTMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEL
BQADggEBAIO+saGqdxjnrlS2WYXMiLbvYTey5Wpp6PkSXtdHhLPMV1dqpLJVfh0F
keV6H1/SM5qHedFS4e6nA6b7hD6NlUbn5/ho53exFPwJ9Jyioz1EL45WvT0sK1Y9
8BPxLsYXbE2SS7UMD6rFSJ36/jg6Y3BZ87/JAaT0FblM4dUa9/nkE8HOrRZ/rLKv
O5zZaWNUO2IkVVFyrKiAeSnnJfONmR7jASCWYI/I6zmVzwyLfIYPj8lXp5EEYn9x
pQXgfXLHZMqdoXvx3bWSuvUja63TN8Y3ou5RIDcPxJUDNgAKAErlzqtpwiWAHJVj
Z5G4nV3Iztih5dPe+wFY7PR1llNvekk=
-----END CERTIFICATE-----
`,
  ES256: `-----BEGIN CERTIFICATE-----
MIIBiDCCAS2gAwIBAgIUFeyXgq64/bCVujj/gDjgpY2xsakwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNdG9sbGdhdGUgdGVzdDAgFw0yNjExMjQxMjExMDVaGA8yMTI2
MTAzMTEyMTEwNVowGDEWMBQGA1UEAwwNdG9sbGdhdGUgdGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABGRaTY5jfgui7Rs+jgjwCr92ICHl6vL1qqji38P3miIg
Uy0dcGkL8pCwt1fS7n2oisr7+4+BGohoCW4Wi+qiCeWjUzBRMB0GA1UdDgQWBBRC
Npw0hS5mPrZC4KSKD7qznzwrBDAfBgNVHSMEGDAWgBRCNpw0hS5mPrZC4KSKD7qz
nzwrBDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDgtFmA5Q18
79uB/Y7DvhJJpNZsc8d0byPEwAayiZvpNQIhAPmkTk5UIiA+DvQ3oaALtGSq8SHu
lBxqCEs7FfPou5Ze
-----END CERTIFICATE-----
`,
};

const keyObjects = (/** @type {any} */ { publicJwk, privateJwk }) => [
  createPublicKey({ key: publicJwk, format: 'jwk' }),
  createPrivateKey({ key: privateJwk, format: 'jwk' }),
];

describe('importJWK', () => {
  for (const alg of ASYMMETRIC) {
    test(`${alg}, public and private`, async () => {
      const { publicJwk, privateJwk } = await pair(alg);
      for (const jwk of [publicJwk, privateJwk, { ...publicJwk, kid: 'k', use: 'sig' }, { ...privateJwk, ext: true }, { ...publicJwk, key_ops: ['verify'] }, { ...publicJwk, ext: false }]) {
        await same(({ importJWK }) => importJWK(jwk, alg));
        await same(({ importJWK }) => importJWK({ ...jwk, alg }));
        await same(({ importJWK }) => importJWK(jwk, alg, { extractable: true }));
        await same(({ importJWK }) => importJWK(jwk, alg, { extractable: false }));
      }
    });
  }

  test('a secret', async () => {
    await same(({ importJWK }) => importJWK({ kty: 'oct', k: b64(SECRET) }));
    await same(({ importJWK }) => importJWK({ kty: 'oct', k: '' }, 'HS256'));
  });

  test('what cannot be imported', async () => {
    const { publicJwk } = await pair('ES256');
    /** @type {any[][]} */
    const cases = [
      [],
      [null],
      ['text'],
      [[]],
      [{}],
      [{ kty: 'oct' }],
      [{ kty: 'oct', k: 1 }],
      [{ kty: 'oct', k: '!' }],
      [{ kty: 'RSA' }],
      [{ kty: 'AKP', pub: 'AA' }],
      [{ kty: 'AKP', pub: 'AA' }, 'ML-DSA-44'],
      [{ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }, 'ML-DSA-65'],
      [{ kty: 'unknown' }, 'ES256'],
      [{ alg: 'ES256' }],
      [publicJwk],
      [publicJwk, 'RS256'],
      [publicJwk, 'ES257'],
      [publicJwk, 'toString'],
      [publicJwk, 'ES256', { extractable: 1 }],
      [{ ...publicJwk, ext: 'true' }, 'ES256'],
      [{ ...publicJwk, key_ops: 'verify' }, 'ES256'],
      [{ ...publicJwk, key_ops: [1] }, 'ES256'],
    ];
    for (const parameters of cases) {
      await sameRefusal(({ importJWK }) => /** @type {any} */ (importJWK)(...parameters), JSON.stringify(parameters));
    }
  });

  test('malformed keys are JWKInvalid instead of what WebCrypto throws', async () => {
    const { publicJwk } = await pair('ES256');
    const { y: _, ...half } = publicJwk;
    for (const jwk of [half, { ...publicJwk, y: publicJwk.x }, { ...publicJwk, crv: 'P-384' }]) {
      await stricter(({ importJWK }) => importJWK(jwk, 'ES256'), { name: 'JWKInvalid', code: 'ERR_JWK_INVALID' }, JSON.stringify(jwk));
    }
  });
});

describe('PEM', () => {
  for (const alg of ASYMMETRIC) {
    test(`${alg}, out and in`, async () => {
      const keys = await pair(alg);
      const [publicObject, privateObject] = keyObjects(keys);
      for (const key of [keys.publicKey, publicObject]) {
        const { value } = await same(({ exportSPKI }) => exportSPKI(key));
        await same(({ importSPKI }) => importSPKI(String(value), alg));
        await same(({ importSPKI }) => importSPKI(`${value}\n`.replaceAll('\n', '\r\n'), alg, { extractable: false }));
      }
      for (const key of [keys.privateKey, privateObject]) {
        const { value } = await same(({ exportPKCS8 }) => exportPKCS8(key));
        await same(({ importPKCS8 }) => importPKCS8(String(value), alg));
        await same(({ importPKCS8 }) => importPKCS8(String(value), alg, { extractable: true }));
      }
    });
  }

  test('certificates', async () => {
    for (const [alg, pem] of Object.entries(CERTIFICATES)) {
      const { value } = await same(({ importX509 }) => importX509(pem, alg), alg);
      assert.ok(value);
      await same(async ({ exportSPKI, importX509 }) => exportSPKI(await importX509(pem, alg)), alg);
      await sameRefusal(({ importX509 }) => importX509(`-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----`, alg));
      await sameRefusal(({ importX509 }) => importX509(pem, 'HS256'));
    }
  });

  test('what cannot be imported', async () => {
    const { publicKey, privateKey } = await pair('ES256');
    const [spki, pkcs8] = [await theirs.exportSPKI(publicKey), await theirs.exportPKCS8(privateKey)];
    for (const pem of [undefined, 1, '', 'text', ` ${spki}`, spki, pkcs8]) {
      for (const name of /** @type {const} */ (['importSPKI', 'importPKCS8', 'importX509'])) {
        if ((name === 'importSPKI' && pem === spki) || (name === 'importPKCS8' && pem === pkcs8)) continue;
        await sameRefusal((jose) => jose[name](/** @type {any} */ (pem), 'ES256'), `${name} ${pem}`);
      }
    }
    for (const alg of ['HS256', 'none', '', undefined, 'toString']) {
      await sameRefusal(({ importSPKI }) => importSPKI(spki, /** @type {any} */ (alg)));
      await sameRefusal(({ importPKCS8 }) => importPKCS8(pkcs8, /** @type {any} */ (alg)));
    }
    await sameRefusal(({ importSPKI }) => importSPKI(spki, 'ES256', /** @type {any} */ ({ extractable: 'yes' })));
  });

  test('malformed texts and wrong curves have a code instead of what WebCrypto throws', async () => {
    const { publicKey } = await pair('ES256');
    const spki = await theirs.exportSPKI(publicKey);
    const notSupported = { name: 'JOSENotSupported', code: 'ERR_JOSE_NOT_SUPPORTED', message: 'Invalid or unsupported key format' };
    await stricter(({ importSPKI }) => importSPKI(spki, 'ES384'), notSupported);
    await stricter(({ importSPKI }) => importSPKI(spki, 'RS256'), notSupported);
    await stricter(({ importSPKI }) => importSPKI('-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----', 'ES256'), notSupported);
    await stricter(({ importSPKI }) => importSPKI('-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----', 'ES256'), { name: 'TypeError' });
  });

  test('PKCS#1 and SEC 1, which jose does not read', async () => {
    for (const [alg, type, read] of /** @type {const} */ ([
      ['RS256', 'pkcs1', ours.importPKCS1],
      ['ES256', 'sec1', ours.importSEC1],
      ['ES384', 'sec1', ours.importSEC1],
      ['ES512', 'sec1', ours.importSEC1],
    ])) {
      const { privateJwk, publicJwk } = await pair(alg);
      const pem = createPrivateKey({ key: privateJwk, format: 'jwk' }).export({ format: 'pem', type });
      const key = await read(String(pem), alg);
      const jws = await new ours.CompactSign(utf8('a')).setProtectedHeader({ alg }).sign(key);
      await theirs.compactVerify(jws, publicJwk);
      await assert.rejects(read('text', alg), TypeError);
      await assert.rejects(read(String(pem).slice(0, 80), alg), TypeError);
      await assert.rejects(read(String(pem), 'HS256'), { code: 'ERR_JOSE_NOT_SUPPORTED' });
    }
  });
});

describe('exportJWK', () => {
  test('every kind of key', async () => {
    for (const alg of ASYMMETRIC) {
      const keys = await pair(alg);
      for (const key of [keys.publicKey, keys.privateKey, ...keyObjects(keys)]) await same(({ exportJWK }) => exportJWK(key), alg);
    }
    const hmac = await crypto.subtle.importKey('raw', SECRET, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
    for (const key of [SECRET, createSecretKey(SECRET), hmac]) await same(({ exportJWK }) => exportJWK(/** @type {any} */ (key)));
  });

  test('what cannot be exported', async () => {
    const hidden = (await theirs.generateKeyPair('ES256')).privateKey;
    const { publicKey, privateKey, ...jwks } = await pair('ES256');
    const [publicObject, privateObject] = keyObjects(jwks);
    for (const key of [hidden, publicKey, privateKey, publicObject, privateObject, SECRET, createSecretKey(SECRET), 'text', null, undefined, 1, {}, [], class Key {}]) {
      await same(({ exportJWK }) => exportJWK(/** @type {any} */ (key)));
      await same(({ exportSPKI }) => exportSPKI(/** @type {any} */ (key)));
      await same(({ exportPKCS8 }) => exportPKCS8(/** @type {any} */ (key)));
    }
  });
});

describe('new keys', () => {
  // RSA keys take long to make, and differ in nothing but their hash.
  for (const alg of ASYMMETRIC.filter((alg) => !/^[RP]S\d/.test(alg) || /^(RS256|PS512)$/.test(alg))) {
    test(alg, async () => {
      await same(({ generateKeyPair }) => generateKeyPair(alg));
      await same(({ generateKeyPair }) => generateKeyPair(alg, { extractable: true }));
      if (/^[RP]S/.test(alg)) return;
      await same(({ generateKeyPair }) => generateKeyPair(alg, { crv: 'P-256' }));
    });
  }

  test('secrets', async () => {
    for (const alg of HMAC) {
      await same(({ generateSecret }) => generateSecret(alg));
      await same(({ generateSecret }) => generateSecret(alg, { extractable: true }));
    }
  });

  test('what cannot be made', async () => {
    for (const alg of ['HS256', 'none', 'ES257', '', undefined, 'constructor']) {
      await sameRefusal(({ generateKeyPair }) => generateKeyPair(/** @type {any} */ (alg)));
    }
    for (const alg of ['ES256', 'none', '', undefined]) {
      await sameRefusal(({ generateSecret }) => generateSecret(/** @type {any} */ (alg)));
    }
    for (const modulusLength of [2047, 1024, 0, 2048.5, '2048', NaN]) {
      await sameRefusal(({ generateKeyPair }) => generateKeyPair('RS256', { modulusLength: /** @type {any} */ (modulusLength) }));
    }
    await sameRefusal(({ generateKeyPair }) => generateKeyPair('ES256', { extractable: /** @type {any} */ (1) }));
    await sameRefusal(({ generateSecret }) => generateSecret('HS256', { extractable: /** @type {any} */ (1) }));
  });

  test('keys for JWE are not supported', async () => {
    const notSupported = { name: 'JOSENotSupported', code: 'ERR_JOSE_NOT_SUPPORTED' };
    await stricter(({ generateKeyPair }) => generateKeyPair('ECDH-ES'), notSupported);
    await stricter(({ generateSecret }) => generateSecret('A128GCM'), notSupported);
    const { publicJwk } = await pair('RS256');
    await stricter(({ importJWK }) => importJWK(publicJwk, 'RSA-OAEP'), notSupported);
  });
});

describe('thumbprints', () => {
  test('RFC 7638 §3.1 and RFC 8037 appendix A.3', async () => {
    const rsa = {
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
    };
    assert.equal(await ours.calculateJwkThumbprint(rsa), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
    const okp = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    assert.equal(await ours.calculateJwkThumbprint(okp), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  test('every kind of key and digest', async () => {
    for (const alg of ['RS256', 'ES256', 'ES384', 'Ed25519']) {
      const keys = await pair(alg);
      for (const key of [keys.publicJwk, keys.privateJwk, keys.publicKey, keys.privateKey, ...keyObjects(keys)]) {
        for (const digest of /** @type {const} */ ([undefined, 'sha256', 'sha384', 'sha512'])) {
          await same(({ calculateJwkThumbprint }) => calculateJwkThumbprint(key, digest));
          await same(({ calculateJwkThumbprintUri }) => calculateJwkThumbprintUri(key, digest));
        }
      }
    }
    await same(({ calculateJwkThumbprint }) => calculateJwkThumbprint({ kty: 'oct', k: '' }));
    await same(({ calculateJwkThumbprint }) => calculateJwkThumbprint({ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }));
  });

  test('what has none', async () => {
    const hidden = (await theirs.generateKeyPair('ES256')).privateKey;
    for (const key of [undefined, null, 'text', 1, [], {}, SECRET, hidden, { kty: 1 }, { kty: 'x' }, { kty: 'toString' }, { kty: 'RSA' }, { kty: 'RSA', e: 'AQAB' }, { kty: 'EC', crv: 'P-256', x: '' }, { kty: 'EC' }, { kty: 'EC', crv: 'P-256' }, { kty: 'EC', crv: 'P-256', x: 'a' }, { kty: 'OKP' }, { kty: 'OKP', crv: 'Ed25519' }, { kty: 'oct' }, { kty: 'oct', k: 1 }, { kty: 'AKP' }, { kty: 'AKP', alg: 'x' }]) {
      await sameRefusal(({ calculateJwkThumbprint }) => calculateJwkThumbprint(/** @type {any} */ (key)), JSON.stringify(key));
    }
    for (const digest of ['sha1', '', null, 'toString']) {
      await same(({ calculateJwkThumbprint }) => calculateJwkThumbprint({ kty: 'oct', k: 'AA' }, /** @type {any} */ (digest)));
    }
  });
});
