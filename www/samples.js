// @ts-check
// Sample tokens, made in this page from fresh keys: some good, some that a verifier must refuse.

import { now } from './time.js';

/**
 * @typedef {object} Sample
 * @property {string} label
 * @property {string} about
 * @property {string} token
 * @property {string} key
 * @property {string} [profile] the kind of token that is expected
 */

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'https://api.example';

/** @returns {Promise<Sample[]>} */
export async function makeSamples() {
  const [signer, rare] = await Promise.all([createSigner('ES256', 'P-256', 'SHA-256'), createSigner('ES384', 'P-384', 'SHA-384')]);
  const key = JSON.stringify(signer.jwk, null, 2);
  const claims = {
    iss: ISSUER, sub: 'ada', aud: AUDIENCE, iat: now(), exp: now() + 3600, jti: crypto.randomUUID(), scope: 'toll:read toll:write',
  };
  const header = { alg: 'ES256', typ: 'JWT', kid: signer.jwk.kid };
  const valid = await signer.sign(header, JSON.stringify(claims));
  const [head, , signature] = valid.split('.');
  return [
    { label: 'Valid', about: 'Signed with ES256; good for an hour.', token: valid, key },
    {
      label: 'ES384',
      about: 'Signed with an algorithm that few issuers use.',
      token: await rare.sign({ alg: 'ES384', typ: 'JWT', kid: rare.jwk.kid }, JSON.stringify(claims)),
      key: JSON.stringify(rare.jwk, null, 2),
    },
    {
      label: 'Access token',
      about: 'With all that RFC 9068 asks of an access token, its type first.',
      token: await signer.sign({ ...header, typ: 'at+jwt' }, JSON.stringify({ ...claims, client_id: 'demo-app' })),
      key,
      profile: 'at+jwt',
    },
    {
      label: 'Wrong kind',
      about: 'An ID token where an access token is expected: correctly signed, and not meant for this.',
      token: await signer.sign(header, JSON.stringify({ ...claims, nonce: crypto.randomUUID(), auth_time: now() - 5 })),
      key,
      profile: 'at+jwt',
    },
    {
      label: 'Expired',
      about: 'The signature is good, but its time passed an hour ago.',
      token: await signer.sign(header, JSON.stringify({ ...claims, iat: now() - 7200, exp: now() - 3600 })),
      key,
    },
    {
      label: 'Tampered',
      about: 'Someone made themselves admin, and kept the signature.',
      token: [head, base64url(JSON.stringify({ ...claims, sub: 'admin' })), signature].join('.'),
      key,
    },
    {
      label: 'alg: none',
      about: 'Claims to need no signature, and has none.',
      token: `${base64url(JSON.stringify({ alg: 'none', typ: 'JWT' }))}.${base64url(JSON.stringify({ ...claims, sub: 'admin' }))}.`,
      key,
    },
    {
      label: 'Key confusion',
      about: 'Signed with HMAC, with the public key as the secret.',
      token: await signHmac(signer.pem, { alg: 'HS256', typ: 'JWT' }, JSON.stringify({ ...claims, sub: 'admin' })),
      key: signer.pem,
    },
    {
      label: 'All wrong',
      about: 'From another issuer, for another audience, expired, and with the signature of another token.',
      token: [
        base64url(JSON.stringify(header)),
        base64url(JSON.stringify({ ...claims, iss: 'https://evil.example', aud: 'https://elsewhere.example', exp: now() - 60 })),
        signature,
      ].join('.'),
      key,
    },
    {
      label: 'Two subjects',
      about: 'Correctly signed, but “sub” stands twice, and parsers disagree.',
      token: await signer.sign(header, JSON.stringify(claims).replace('{', '{"sub":"admin",')),
      key,
    },
  ];
}

/**
 * @param {string} alg
 * @param {string} namedCurve
 * @param {string} hash
 */
async function createSigner(alg, namedCurve, hash) {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const jwk = { kty, crv, x, y, kid: `demo-${crypto.randomUUID().slice(0, 8)}`, alg, use: 'sig' };
  const pem = `-----BEGIN PUBLIC KEY-----\n${base64(spki).replace(/.{1,64}/g, '$&\n')}-----END PUBLIC KEY-----\n`;
  return {
    jwk,
    pem,
    /**
     * @param {object} header
     * @param {string} payload
     */
    sign: (header, payload) => seal(header, payload, (input) =>
      crypto.subtle.sign({ name: 'ECDSA', hash }, privateKey, input)),
  };
}

/**
 * @param {string} secret
 * @param {object} header
 * @param {string} payload
 */
async function signHmac(secret, header, payload) {
  const key = await crypto.subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return seal(header, payload, (input) => crypto.subtle.sign('HMAC', key, input));
}

/**
 * A compact JWS (RFC 7515 §3.1).
 * @param {object} header
 * @param {string} payload
 * @param {(input: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>} sign
 */
async function seal(header, payload, sign) {
  const input = `${base64url(JSON.stringify(header))}.${base64url(payload)}`;
  return `${input}.${base64url(new Uint8Array(await sign(utf8(input))))}`;
}

/** @param {string} text */
function utf8(text) {
  return new TextEncoder().encode(text);
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string | Uint8Array} data */
function base64url(data) {
  return base64(typeof data === 'string' ? utf8(data) : data).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
