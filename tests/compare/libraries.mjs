// @ts-check
// What is compared: each library as its documentation says to call it, with nothing but what a case asks for.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/**
 * What a library is asked: to make a verifier of a key and options, and to verify.
 * @typedef {object} Question
 * @property {{ jwk?: any, pem?: string, secret?: string, jwks?: any[] }} key one key, in each form that it has, or a JWK Set
 * @property {string} alg of the key
 * @property {{ issuer: string, audience: string, subject?: string, typ?: string, maxTokenAge?: number, requiredClaims?: string[] }} options
 *
 * @typedef {(question: Question) => Promise<(token: string) => unknown>} Library gives what verifies a token, or throws
 */

/** A library has no such option, algorithm or form of key. */
export class Unsupported extends Error {}

const require = createRequire(import.meta.url);
const bytes = (/** @type {string} */ text) => Buffer.from(text, 'base64url');

/** @param {boolean} supported @param {string} what */
function need(supported, what) {
  if (!supported) throw new Unsupported(what);
}

/** The PEM text of a public key, or the bytes of a secret. @param {Question['key']} key */
function pemOrSecret({ pem, secret }) {
  if (secret !== undefined) return bytes(secret);
  need(pem !== undefined, 'a JWK, a JWK Set');
  return pem;
}

/** `undefined` is an option that is not there. @param {object} options */
const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** @type {Record<string, Library>} */
export const LIBRARIES = {
  async tollgate({ key: { jwk, pem, secret, jwks }, options }) {
    // The tests of the packed tarball say where they unpacked it.
    const { createVerifier } = await import(process.env.TOLLGATE_VERIFY ?? 'tollgate/verify');
    const key = jwk ?? pem ?? (secret !== undefined && new Uint8Array(bytes(secret)));
    const keys = jwks ? { jwks: { keys: jwks } } : { key };
    const verifier = await createVerifier({ ...options, ...keys, cache: { maxEntries: 1000 } });
    return (token) => verifier.verifySync(token);
  },

  async jose({ key: { jwk, pem, secret, jwks }, alg, options }) {
    const { jwtVerify, createLocalJWKSet, importSPKI } = await import('jose');
    const key = jwks
      ? createLocalJWKSet({ keys: jwks })
      : (jwk ?? (secret === undefined ? await importSPKI(pem ?? '', alg) : new Uint8Array(bytes(secret))));
    return (token) => jwtVerify(token, key, options);
  },

  async 'fast-jwt'({ key, options: { issuer, audience, subject, typ, maxTokenAge, requiredClaims } }) {
    const { createVerifier } = require('fast-jwt');
    return createVerifier(
      given({
        key: pemOrSecret(key),
        cache: true,
        allowedIss: issuer,
        allowedAud: audience,
        allowedSub: subject,
        checkTyp: typ,
        maxAge: maxTokenAge && maxTokenAge * 1000,
        requiredClaims,
      }),
    );
  },

  async 'aws-jwt-verify'({ key: { jwk, jwks }, options: { issuer, audience, ...others } }) {
    const { JwtVerifier } = await import('aws-jwt-verify');
    for (const option of Object.keys(others)) need(false, option);
    need(jwk !== undefined || jwks !== undefined, 'a key that is no JWK');
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri: 'https://issuer.example/jwks' });
    verifier.cacheJwks({ keys: jwks ?? [jwk] });
    return (token) => verifier.verifySync(token);
  },

  async jsonwebtoken({ key, options: { typ, requiredClaims, maxTokenAge, ...options } }) {
    const jsonwebtoken = require('jsonwebtoken');
    need(typ === undefined, 'typ');
    need(requiredClaims === undefined, 'requiredClaims');
    const secretOrPublicKey = pemOrSecret(key);
    return (token) => jsonwebtoken.verify(token, secretOrPublicKey, given({ ...options, maxAge: maxTokenAge }));
  },
};

/** The version of a library that is compared. @param {string} name */
export async function version(name) {
  const folder = name === 'tollgate' ? '../../pkg' : `../../node_modules/${name}`;
  return JSON.parse(await readFile(new URL(`${folder}/package.json`, import.meta.url), 'utf8')).version;
}
