// @ts-check
// The cases of the comparison: what stands in the way of each token, really signed, and what the answer should be.

import { createPublicKey } from 'node:crypto';
import {
  AUDIENCE,
  ISSUER,
  KID,
  NOW,
  base64url,
  claims,
  ec,
  ed25519,
  mac,
  rawRsa,
  rsa,
  signed,
  signer,
  token,
  tokenOf,
} from './signers.mjs';

/**
 * @typedef {import('./signers.mjs').Signer} Signer
 * @typedef {import('./libraries.mjs').Question} Question
 * @typedef {Question & { token: string }} Attempt
 *
 * @typedef {object} Case
 * @property {string} group
 * @property {string} name
 * @property {'A' | 'R'} expected accepted or rejected
 * @property {Attempt} attempt
 * @property {Attempt} control the same without the defect: who refuses this too does not have what the case is about
 * @property {number} [later] seconds after which the same verifier is asked a second time, which is what counts
 */

/** @typedef {{ by?: Signer, key?: Question['key'], options?: object, expected?: 'A' | 'R', later?: number, good?: string, control?: { key: Question['key'], token: string } }} Rest */

/** Every case. Keys are fresh at each call. @returns {Case[]} */
export function cases() {
  /** @type {Case[]} */
  const all = [];
  const p256 = signer('ES256', ec('P-256'));
  const rsaKey = rsa(2048);
  const rs256 = signer('RS256', rsaKey);
  const ps256 = signer('PS256', rsaKey);
  const eddsa = signer('EdDSA', ed25519());
  const hs256 = mac('k'.repeat(32));
  let group = '';

  /** @param {string} name @param {string} text @param {Rest} [rest] */
  function add(
    name,
    text,
    { by = p256, key = by.key, options, expected = 'R', later, good = token(by), control } = {},
  ) {
    const question = { alg: by.alg, options: { issuer: ISSUER, audience: AUDIENCE, ...options } };
    all.push({
      group,
      name,
      expected,
      attempt: { ...question, key, token: text },
      control: { ...question, key: control?.key ?? key, token: control?.token ?? good },
      ...(later === undefined ? {} : { later }),
    });
  }

  const HEADER = JSON.stringify({ alg: 'ES256', kid: KID });
  const PAYLOAD = JSON.stringify(claims());
  const withMembers = (/** @type {string} */ members) => `${PAYLOAD.slice(0, -1)},${members}}`;
  const payload = (/** @type {string} */ name, /** @type {string | Uint8Array} */ text) =>
    add(`payload ${name}`, tokenOf(p256, HEADER, text));
  const header = (/** @type {string} */ name, /** @type {string | Uint8Array} */ text) =>
    add(`header ${name}`, tokenOf(p256, text, PAYLOAD));
  const claim = (/** @type {string} */ name, /** @type {Record<string, unknown>} */ changes, rest = {}) =>
    add(name, token(p256, {}, claims(changes)), rest);
  /** A claim whose value JavaScript would write otherwise. @param {string} name @param {string} claim @param {string} value */
  const number = (name, claim, value) =>
    add(
      name,
      tokenOf(p256, HEADER, `${JSON.stringify(claims({ [claim]: undefined })).slice(0, -1)},"${claim}":${value}}`),
    );
  const spliced = (/** @type {string} */ text, /** @type {number[]} */ ...bytes) => {
    const [before, after] = text.split('¦').map((part) => Buffer.from(part));
    return Buffer.from([...before, ...bytes, ...after]);
  };

  group = 'JSON';
  payload('with `sub` twice', withMembers('"sub":"admin"'));
  payload('with `exp` twice, the first in the past', `{"exp":1,${PAYLOAD.slice(1)}`);
  payload('with `sub` twice, once as `\\u0073ub`', withMembers('"\\u0073ub":"admin"'));
  payload('with a member twice within another', withMembers('"a":{"x":1,"x":2}'));
  payload('with `__proto__` twice', withMembers('"__proto__":1,"__proto__":2'));
  header('with `alg` twice', `{"alg":"none",${HEADER.slice(1)}`);
  header('with `kid` twice', `{"kid":"other",${HEADER.slice(1)}`);
  payload('with invalid UTF-8', spliced(withMembers('"x":"¦"'), 0xff));
  payload('with overlong UTF-8', spliced(withMembers('"x":"¦"'), 0xc0, 0xaf));
  payload('with a surrogate in UTF-8', spliced(withMembers('"x":"¦"'), 0xed, 0xa0, 0x80));
  header('with invalid UTF-8', spliced(`${HEADER.slice(0, -1)},"x":"¦"}`, 0xff));
  payload('after a byte order mark', `\ufeff${PAYLOAD}`);
  header('after a byte order mark', `\ufeff${HEADER}`);
  payload('with a lone surrogate, escaped', withMembers('"x":"\\ud800"'));
  payload('with NUL, escaped', withMembers('"x":"\\u0000"'));
  payload('with a bare NUL', withMembers('"x":"\u0000"'));
  payload('followed by NUL', `${PAYLOAD}\0`);
  payload('that is an array', `[${PAYLOAD}]`);
  payload('that is `null`', 'null');
  payload('that is a string', JSON.stringify(PAYLOAD));
  payload('that is two objects', `${PAYLOAD}{}`);
  payload('nested 10 000 deep', withMembers(`"x":${'['.repeat(10_000)}${']'.repeat(10_000)}`));
  header('nested 10 000 deep', `${HEADER.slice(0, -1)},"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
  add(
    '`__proto__` with `admin`, where `admin` is required',
    tokenOf(p256, HEADER, withMembers('"__proto__":{"admin":true}')),
    { options: { requiredClaims: ['admin'] }, good: token(p256, {}, claims({ admin: true })) },
  );
  add('no `toString`, where it is required', token(p256), {
    options: { requiredClaims: ['toString'] },
    good: token(p256, {}, { ...claims(), toString: 'x' }),
  });

  group = 'base64url';
  const good = token(p256);
  const [, goodPayload, goodSignature] = good.split('.');
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  /** The same bytes with other unused bits in the last character. @param {string} text */
  const respelled = (text) => `${text.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(text.slice(-1)) + 1]}`;
  const unaligned = (/** @type {string} */ text) => base64url(text.length % 3 === 0 ? `${text} ` : text);
  add('trailing bits in the header', signed(p256, respelled(unaligned(HEADER)), goodPayload));
  add('trailing bits in the payload', signed(p256, base64url(HEADER), respelled(unaligned(PAYLOAD))));
  add('trailing bits in the signature', good.slice(0, -goodSignature.length) + respelled(goodSignature));
  const padded = (/** @type {string} */ text) => `${text}${'='.repeat(4 - (text.length % 4))}`;
  add('padding of the header', signed(p256, padded(unaligned(HEADER)), goodPayload));
  add('padding of the payload', signed(p256, base64url(HEADER), padded(unaligned(PAYLOAD))));
  add(
    'padding of the signature',
    padded(good.slice(0, -goodSignature.length)).replace(/=*$/, '') + padded(goodSignature),
  );
  add('a line feed at the end', `${good}\n`);
  add('a space at the beginning', ` ${good}`);
  add(
    'a space within the payload',
    signed(p256, base64url(HEADER), `${goodPayload.slice(0, 8)} ${goodPayload.slice(8)}`),
  );
  // Text of which base64 has both letters that the alphabets do not share.
  const odd = tokenOf(p256, HEADER, withMembers('"x":"ÿ?>ÿ~?ÿ>~ÿ¾¿ÿÿþþ??>>~~"'));
  const standard = (/** @type {string} */ text) => text.replaceAll('-', '+').replaceAll('_', '/');
  add('the standard alphabet in the payload', signed(p256, odd.split('.')[0], standard(odd.split('.')[1])));
  let letters = token(p256);
  while (!/[-_][^.]*$/.test(letters)) letters = token(p256);
  add('the standard alphabet in the signature', letters.replace(/[^.]*$/, standard));
  add('four segments', `${good}.AAAA`);
  add('a dot at the end', `${good}.`);
  add('two segments', good.slice(0, good.lastIndexOf('.')));
  add('10 MB of dots', '.'.repeat(10_000_000));
  add('a million segments', `${good}${'.AA'.repeat(1_000_000)}`);

  group = 'Header';
  const extended = (/** @type {string} */ name, /** @type {object} */ members) => add(name, token(p256, members));
  extended('`crit` with an unknown extension', { crit: ['http://x.example/y'], 'http://x.example/y': true });
  extended('`crit` that is empty', { crit: [] });
  extended('`crit` that is a string', { crit: 'exp', exp: NOW });
  extended('`crit` that names an absent parameter', { crit: ['absent'] });
  extended('`crit` that names a parameter twice', { crit: ['x', 'x'], x: 1 });
  extended('`crit` that names a registered parameter', { crit: ['alg'] });
  extended('`b64: false`, in `crit`', { b64: false, crit: ['b64'] });
  const unencoded = `${base64url(JSON.stringify({ alg: 'ES256', kid: KID, b64: false, crit: ['b64'] }))}.`;
  const bare = JSON.stringify(claims()).replaceAll('.', '\\u002e');
  add(
    '`b64: false`, in `crit`, and the payload as it is',
    `${unencoded}${bare}.${base64url(p256.signature(unencoded + bare))}`,
  );
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
    const input = `${base64url(JSON.stringify({ alg, kid: KID }))}.${goodPayload}`;
    add(`\`alg: "${alg}"\`, without a signature`, `${input}.`);
    add(`\`alg: "${alg}"\`, with a signature`, `${input}.${base64url(p256.signature(input))}`);
  }
  add('`alg: "none"`, two segments', `${base64url('{"alg":"none"}')}.${goodPayload}`);
  header('without `alg`', JSON.stringify({ kid: KID }));
  header('with `alg` as an array', JSON.stringify({ alg: ['ES256'], kid: KID }));
  extended('`alg: "es256"`', { alg: 'es256' });

  const attacker = signer('ES256', ec('P-256'));
  const brought = (/** @type {string} */ name, /** @type {object} */ members) =>
    add(name, token(attacker, members), {});
  brought('`jwk` with the key that signed', { jwk: attacker.key.jwk });
  brought('`jku` of a set with the key that signed', { jku: 'https://evil.example/jwks' });
  brought('`x5c` with the key that signed', { x5c: [attacker.key.pem?.replace(/-----[^-]+-----|\n/g, '')] });
  const set = { jwks: [p256.key.jwk, { ...attacker.key.jwk, kid: 'other' }] };
  const named = (/** @type {string} */ shown, /** @type {unknown} */ kid) =>
    add(`\`kid\` that is ${shown}`, token(p256, { kid }), { key: set });
  named('of another key of the set', 'other');
  named('of no key of the set', 'unknown');
  named('`../../dev/null`', '../../dev/null');
  named("`' OR '1'='1`", "' OR '1'='1");
  named('`__proto__`', '__proto__');
  named('`constructor`', 'constructor');
  named('a number', 1);
  named('an array with a good one', [KID]);
  named('`null`', null);
  named('1 MB long', 'k'.repeat(1_000_000));
  add('a `typ` of `dpop+jwt`, where `at+jwt` is expected', token(p256, { typ: 'dpop+jwt' }), {
    options: { typ: 'at+jwt' },
    good: token(p256, { typ: 'at+jwt' }),
  });
  add('no `typ`, where `at+jwt` is expected', token(p256), {
    options: { typ: 'at+jwt' },
    good: token(p256, { typ: 'at+jwt' }),
  });
  add('a `typ` of `dpop+jwt`, where none is expected', token(p256, { typ: 'dpop+jwt' }), { expected: 'A' });

  group = 'Claims';
  claim('no `iss`, where one is expected', { iss: undefined });
  claim('no `aud`, where one is expected', { aud: undefined });
  claim('no `sub`, where one is expected', { sub: undefined }, { options: { subject: 'subject' } });
  claim('no `iat`, where a maximum age is', { iat: undefined }, { options: { maxTokenAge: 60 } });
  claim('no `exp`', { exp: undefined });
  claim('`iss` as an array with the expected one', { iss: [ISSUER] });
  claim('`iss` as an object', { iss: { [ISSUER]: true } });
  claim('`iss` that the expected one begins with', { iss: 'https://issuer.example' });
  claim('`iss` that begins with the expected one', { iss: `${ISSUER}.evil.example` });
  claim('`iss` with a slash more', { iss: `${ISSUER}/` });
  claim('`iss` in upper case', { iss: ISSUER.toUpperCase() });
  claim('`aud` as a number', { aud: 1 });
  claim('`aud` as an object with the expected one', { aud: { [AUDIENCE]: true } });
  claim('`aud` with the expected one and a number', { aud: [AUDIENCE, 1] });
  claim('`aud` with an array of the expected one', { aud: [[AUDIENCE]] });
  claim('`aud` that is empty', { aud: [] });
  claim('`aud` that the expected one begins with', { aud: 'https://api' });
  claim('`exp` that is now', { exp: NOW });
  claim('`exp` as a string', { exp: String(NOW + 300) });
  claim('`exp` as `null`', { exp: null });
  claim('`exp` as `true`', { exp: true });
  claim('`exp` as an array', { exp: [NOW + 300] });
  claim('`exp` of -1', { exp: -1 });
  claim('`exp` of 0', { exp: 0 });
  number('`exp` of 1e400', 'exp', '1e400');
  number('`exp` of -1e400', 'exp', '-1e400');
  number('`exp` of 2^63', 'exp', '9223372036854775808');
  number('`exp` of -2^63', 'exp', '-9223372036854775808');
  claim('`nbf` in the future', { nbf: NOW + 1 });
  claim('`nbf` as a string', { nbf: String(NOW + 300) });
  claim('`nbf` as `null`', { nbf: null });
  number('`nbf` of -1e400', 'nbf', '-1e400');
  claim('`iat` as a string', { iat: String(NOW) });
  claim('`iat` in the future, where a maximum age is', { iat: NOW + 200 }, { options: { maxTokenAge: 60 } });
  claim('`iat` too long ago', { iat: NOW - 61 }, { options: { maxTokenAge: 60 } });

  group = 'Keys';
  for (const [by, what] of /** @type {const} */ ([
    [rs256, 'RSA'],
    [p256, 'EC'],
  ])) {
    const { pem = '', jwk } = by.key;
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\n/g, ''), 'base64');
    const { kid: _, ...published } = jwk;
    for (const [form, bytes] of /** @type {Array<[string, string | Buffer]>} */ ([
      ['PEM', pem],
      ['DER', der],
      ['JWK', JSON.stringify(published)],
    ])) {
      const confused = `HS256 with the ${form} of the ${what} public key as secret`;
      add(`${confused}, where the key is a PEM`, token(mac(bytes)), { by, key: { pem } });
      add(`${confused}, where the key is a JWK`, token(mac(bytes)), { by, key: { jwk } });
      add(`${confused}, where the key is in a JWK Set`, token(mac(bytes)), { by, key: { jwks: [jwk] } });
    }
    for (const [form, bytes] of /** @type {Array<[string, string | Buffer]>} */ ([
      ['a PEM', pem],
      ['a line feed and a PEM', `\n${pem}`],
      ['a byte order mark, a comment and a PEM', `\ufeff# key\n${pem}`],
      ['the text of a JWK', JSON.stringify(jwk)],
      ['the text of a JWK Set', JSON.stringify({ keys: [jwk] }, null, 2)],
      ['a DER', der],
    ])) {
      const published = mac(bytes);
      add(`a secret that is ${form} of an ${what} public key`, token(published), {
        by: published,
        control: { key: hs256.key, token: token(hs256) },
      });
    }
  }
  for (const [bytes, what] of /** @type {const} */ ([
    [0, 'no bytes'],
    [1, '1 byte'],
    [31, '31 bytes'],
  ])) {
    const short = mac('k'.repeat(bytes));
    add(`a secret of ${what} for HS256`, token(short), { by: short, control: { key: hs256.key, token: token(hs256) } });
  }
  const weak = (/** @type {string} */ name, /** @type {Signer} */ by, /** @type {Signer} */ sound) =>
    add(name, token(by), { by, control: { key: sound.key, token: token(sound) } });
  weak('an RSA key of 1024 bits', signer('RS256', rsa(1024)), rs256);
  weak('an RSA key of 2047 bits', signer('RS256', rsa(2047)), rs256);
  weak('a P-384 key for ES256', signer('ES256', ec('P-384')), p256);
  weak('a secp256k1 key for ES256', signer('ES256', ec('secp256k1')), p256);
  const bound = (/** @type {string} */ name, /** @type {object} */ members) =>
    add(name, good, {
      key: { jwk: { ...p256.key.jwk, ...members } },
      control: { key: { jwk: p256.key.jwk }, token: good },
    });
  bound('a JWK with `use: "enc"`', { use: 'enc' });
  bound('a JWK with `key_ops: ["sign"]`', { key_ops: ['sign'] });
  bound('a JWK with `alg: "ES384"`', { alg: 'ES384' });
  add('a private key in a JWK Set', good, {
    key: { jwks: [{ ...p256.privateKey.export({ format: 'jwk' }), kid: KID }] },
    control: { key: { jwks: [p256.key.jwk] }, token: good },
  });
  add('a symmetric key in a JWK Set', token(hs256), {
    key: { jwks: [{ kty: 'oct', kid: KID, k: hs256.key.secret }] },
    control: { key: { jwks: [p256.key.jwk] }, token: good },
  });
  add('RS256 where the JWK is for PS256', token(rs256), {
    by: rs256,
    key: { jwk: { ...rs256.key.jwk, alg: 'PS256' } },
    control: { key: { jwk: { ...rs256.key.jwk, alg: 'RS256' } }, token: token(rs256) },
  });

  group = 'Signatures';
  const input = good.slice(0, -goodSignature.length);
  const signature = Buffer.from(goodSignature, 'base64url');
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
  const order = Buffer.from(ORDER, 'hex');
  const zero = Buffer.alloc(32);
  const other = Buffer.from(
    (BigInt(`0x${ORDER}`) - BigInt(`0x${s.toString('hex')}`)).toString(16).padStart(64, '0'),
    'hex',
  );
  const forged = (/** @type {string} */ name, /** @type {Uint8Array[]} */ ...parts) =>
    add(name, input + base64url(Buffer.concat(parts)));
  forged('ES256 with r = s = 0', zero, zero);
  forged('ES256 with r = 0', zero, s);
  forged('ES256 with s = 0', r, zero);
  forged('ES256 with r = s = n', order, order);
  forged('ES256 with r of all ones', Buffer.alloc(32, 0xff), s);
  forged('ES256 with a byte more', signature, Buffer.alloc(1));
  forged('ES256 with a byte less', signature.subarray(1));
  forged('ES256 with halves of 33 bytes', Buffer.alloc(1), r, Buffer.alloc(1), s);
  forged('ES256 without a signature');
  add('ES256 in DER', token(signer('ES256', p256.privateKey, { dsaEncoding: 'der' })));
  add('ES256 with n - s in place of s, which is a valid signature', input + base64url(Buffer.concat([r, other])), {
    expected: 'A',
  });

  const salted = (/** @type {number} */ saltLength) => signer('PS256', rsaKey, { saltLength });
  for (const salt of [0, 20, 64]) add(`PS256 with a salt of ${salt} bytes`, token(salted(salt)), { by: ps256 });
  add('PS256 header over an RS256 signature', token(rs256, { alg: 'PS256' }), { by: rs256 });
  add('RS256 header over a PS256 signature', token(ps256, { alg: 'RS256' }), { by: rs256 });
  const SHA256 = '3031300d060960864801650304020105000420';
  const encoded = (/** @type {string} */ name, /** @type {Parameters<typeof rawRsa>[1]} */ message) =>
    add(name, token(rawRsa(rsaKey, message)), { by: rs256, good: token(rawRsa(rsaKey, { prefix: SHA256 })) });
  encoded('RS256 whose DigestInfo has no NULL', { prefix: '302f300b06096086480165030402010420' });
  encoded('RS256 with bytes after the DigestInfo', { prefix: SHA256, after: 194 });
  encoded('RS256 with a byte in the DigestInfo too many', { prefix: '3032300e06096086480165030402010501000420' });
  encoded('RS256 over a SHA-1', { prefix: '3021300906052b0e03021a05000414', hash: 'sha1' });

  const [edInput, edSignature] = [
    token(eddsa).replace(/[^.]*$/, ''),
    Buffer.from(token(eddsa).split('.')[2], 'base64url'),
  ];
  const little = (/** @type {Uint8Array} */ bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const plusL = Buffer.from((little(edSignature.subarray(32)) + L).toString(16).padStart(64, '0'), 'hex').reverse();
  add('EdDSA with S + L', edInput + base64url(Buffer.concat([edSignature.subarray(0, 32), plusL])), { by: eddsa });
  const neutral = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]);
  const smallOrder = { kty: 'OKP', crv: 'Ed25519', x: base64url(neutral), kid: KID };
  add('EdDSA with a key of order 1, which verifies anything', edInput + base64url(Buffer.concat([neutral, zero])), {
    by: eddsa,
    key: {
      jwk: smallOrder,
      pem: String(createPublicKey({ key: smallOrder, format: 'jwk' }).export({ format: 'pem', type: 'spki' })),
    },
    control: { key: eddsa.key, token: token(eddsa) },
  });

  group = 'The same token again, after it was accepted';
  claim('a second before `exp`', { exp: NOW + 300 }, { later: 299, expected: 'A' });
  claim('at `exp`', { exp: NOW + 300 }, { later: 300 });
  claim('a second after `exp`', { exp: NOW + 300 }, { later: 301 });
  claim('a second after `exp`, without `iat`', { exp: NOW + 300, iat: undefined }, { later: 301 });
  claim('after the maximum age', { exp: NOW + 3000 }, { later: 120, options: { maxTokenAge: 60 } });
  return all;
}
