// @ts-check
// Keys and tokens, made with node:crypto: what signs is none of what is measured.

import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import { TOKENS } from './cases.mjs';

/** @typedef {import('./cases.mjs').Algorithm} Algorithm */

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'https://api.example';

/**
 * A key: the public half as a library gets it, or the secret, and what it signs.
 * @typedef {object} Signer
 * @property {string} alg
 * @property {Record<string, any>} jwk
 * @property {(input: string) => Uint8Array} signature
 */

const base64url = (/** @type {string | Uint8Array} */ data) => Buffer.from(data).toString('base64url');

/** @type {Record<string, object>} */
const SCHEMES = {
  RS: { padding: constants.RSA_PKCS1_PADDING },
  PS: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ES: { dsaEncoding: 'ieee-p1363' },
};

/** @param {Algorithm} algorithm */
function generate({ alg, bits }) {
  if (bits) return generateKeyPairSync('rsa', { modulusLength: bits });
  if (alg.startsWith('ES')) return generateKeyPairSync('ec', { namedCurve: `P-${alg.slice(2)}` });
  return generateKeyPairSync('ed25519');
}

/** @param {Algorithm} algorithm @param {string} [kid] @returns {Signer} */
export function signer(algorithm, kid = 'key-1') {
  const { alg } = algorithm;
  const common = { kid, alg, use: 'sig' };
  if (alg === 'HS256') {
    const secret = randomBytes(32);
    const signature = (/** @type {string} */ input) => createHmac('sha256', secret).update(input).digest();
    return { alg, jwk: { kty: 'oct', k: base64url(secret), ...common }, signature };
  }
  const { privateKey } = /** @type {import('node:crypto').KeyPairKeyObjectResult} */ (generate(algorithm));
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  const scheme = { key: privateKey, ...SCHEMES[alg.slice(0, 2)] };
  return {
    alg,
    jwk: { ...createPublicKey(/** @type {any} */ (privateKey)).export({ format: 'jwk' }), ...common },
    signature: (input) => sign(hash, Buffer.from(input), /** @type {any} */ (scheme)),
  };
}

/** @param {Signer} by @param {string} payload the text of the claims */
function tokenOf(by, payload) {
  const input = `${base64url(JSON.stringify({ alg: by.alg, kid: by.jwk.kid }))}.${base64url(payload)}`;
  return `${input}.${base64url(by.signature(input))}`;
}

/** Claims that are good for a day. @param {string} issuer */
const claims = (issuer) => ({
  iss: issuer,
  aud: AUDIENCE,
  sub: randomBytes(4).toString('hex'),
  exp: Math.floor(Date.now() / 1000) + 86_400,
});

/** What tokens in the field have besides, as far as there is room. @type {[string, () => unknown][]} */
const MORE = [
  ['iat', () => Math.floor(Date.now() / 1000)],
  ['jti', () => randomUUID()],
  ['client_id', () => 'web-4f1c9a'],
  ['scope', () => 'openid profile email orders:read'],
  ['name', () => 'Ada Lovelace'],
  ['email', () => 'ada@example.com'],
  ['roles', () => ['reader', 'editor']],
];

/** A token of about `length` letters: claims as above, then groups, then a filler to the letter. @param {Signer} by @param {number} length @param {string} [issuer] */
export function token(by, length, issuer = ISSUER) {
  const basic = tokenOf(by, JSON.stringify(claims(issuer)));
  let room = Math.floor(((length - basic.length) * 3) / 4);
  /** @type {Record<string, unknown>} */
  const all = claims(issuer);
  for (const [name, value] of MORE) {
    const addition = { [name]: value() };
    const cost = JSON.stringify(addition).length - 1;
    if (cost > room) continue;
    Object.assign(all, addition);
    room -= cost;
  }
  const group = randomUUID().length + 3;
  const groups = Math.floor((room - ',"groups":[]'.length) / group);
  if (groups > 0) {
    all.groups = Array.from({ length: groups }, () => randomUUID());
    room -= groups * group - 1 + ',"groups":[]'.length;
  }
  const around = ',"x":""'.length;
  if (room >= around) all.x = 'x'.repeat(room - around);
  return tokenOf(by, JSON.stringify(all));
}

/** Different tokens of the same length. @param {Signer} by @param {number} length @param {number} [count] */
export const tokens = (by, length, count = TOKENS) => Array.from({ length: count }, () => token(by, length));

/** The same token with one letter of its signature changed. @param {string} token */
export function tampered(token) {
  const at = token.lastIndexOf('.') + 20;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

/** Inputs of about `length` letters that must be refused, each by another part of a verifier. @param {Signer} by @param {number} length @returns {Record<string, string>} */
export function refused(by, length) {
  const room = Math.floor(((length - tokenOf(by, '').length) * 3) / 4);
  const members = Array.from({ length: Math.max(1, Math.floor((room - 20) / 13)) }, (_, at) => `"m${1e6 + at}":1`);
  return {
    'another signature': tampered(token(by, length)),
    'no token at all': 'A'.repeat(length),
    'only dots': '.'.repeat(length),
    'nested arrays': tokenOf(by, '['.repeat(room)),
    'many members, the last one twice': tokenOf(by, `{${[...members, members.at(-1)].join(',')}}`),
    'a string of escapes': tokenOf(by, `{"a":"${'\\u0041'.repeat(Math.max(1, Math.floor((room - 10) / 6)))}"`),
  };
}
