// @ts-check
// `tollgate/jose` of the installed package beside npm's jose, and comparisons of the two.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as npm from 'jose';
import { workspace } from '../install.mjs';

const { folder, remove } = await workspace('jose');
after(remove);

const app = join(folder, 'app.mjs');
await writeFile(app, `export * from 'tollgate/jose';\n`);

/** npm's jose. */
export const theirs = npm;

/** Ours: its types are jose's, as `types.test.mjs` shows. @type {typeof npm & { importPKCS1: typeof npm.importPKCS8, importSEC1: typeof npm.importPKCS8 }} */
export const ours = await import(pathToFileURL(app).href);

/** Where a consumer's files find the package. */
export { folder };

/** What an action did, as data: its result, or what it threw. @typedef {{ value?: unknown, error?: Record<string, unknown> }} Outcome */

/** @param {unknown} value @returns {unknown} */
function plain(value) {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof CryptoKey) {
    const { type, extractable, usages } = value;
    return { type, extractable, usages, algorithm: plain(value.algorithm) };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
  }
  return value;
}

/** @param {() => unknown} action @returns {Promise<Outcome>} */
export async function outcome(action) {
  try {
    return { value: plain(await action()) };
  } catch (error) {
    const { name, code, claim, reason, payload, message } = /** @type {any} */ (error);
    return { error: { name, code, claim, reason, payload: plain(payload), message } };
  }
}

/**
 * Does the same with both, and finds the same: the same result, or the same class, code, claim, reason, payload and message.
 * @param {(jose: typeof npm) => unknown} action
 * @param {string} [what]
 */
export async function same(action, what) {
  const [expected, actual] = [await outcome(() => action(theirs)), await outcome(() => action(ours))];
  assert.deepEqual(actual, expected, what);
  return actual;
}

/**
 * The same, and both refuse.
 * @param {(jose: typeof npm) => unknown} action
 * @param {string} [what]
 */
export async function sameRefusal(action, what) {
  const { error } = await same(action, what);
  assert.ok(error, `nothing was thrown: ${what ?? ''}`);
  return error;
}

/**
 * Where ours is stricter on purpose (docs/jose.md): npm's jose accepts, or refuses otherwise, and ours refuses as `expected`.
 * @param {(jose: typeof npm) => unknown} action
 * @param {{ name: string, code?: string, message?: string }} expected
 * @param {string} [what]
 */
export async function stricter(action, expected, what) {
  const [{ error: npmError }, { error }] = [await outcome(() => action(theirs)), await outcome(() => action(ours))];
  assert.notDeepEqual(error, npmError, `there is no difference: ${what ?? ''}`);
  assert.ok(error, `nothing was thrown: ${what ?? ''}`);
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value, `${name}: ${what ?? ''}`);
}

/** @param {string | Uint8Array} data */
export const b64 = (data) => Buffer.from(data).toString('base64url');

/** @param {unknown} value */
export const b64json = (value) => b64(JSON.stringify(value));

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** A secret that is long enough for every HMAC. */
export const SECRET = Uint8Array.from({ length: 64 }, (_, index) => index);

/** A compact JWS with an HMAC, of exactly these texts. @param {string} header @param {string | Uint8Array} payload @param {Uint8Array} [secret] */
export async function mac(header, payload, secret = SECRET) {
  return macOf(`${b64(header)}.${b64(payload)}`, secret);
}

/** @param {string} input @param {Uint8Array} [secret] */
export async function macOf(input, secret = SECRET) {
  const key = await crypto.subtle.importKey('raw', /** @type {any} */ (secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return `${input}.${b64(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(input))))}`;
}

/** The algorithms with which both jose on this runtime and we sign. */
export const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
export const HMAC = ['HS256', 'HS384', 'HS512'];

/** @type {Map<string, Promise<{ publicKey: any, privateKey: any, publicJwk: any, privateJwk: any }>>} */
const pairs = new Map();

/** A key pair of `alg`, made once, in both forms. @param {string} alg */
export function pair(alg) {
  const known = pairs.get(alg) ?? make(alg);
  pairs.set(alg, known);
  return known;
}

/** @param {string} alg */
async function make(alg) {
  const { publicKey, privateKey } = await theirs.generateKeyPair(alg, { extractable: true });
  return { publicKey, privateKey, publicJwk: await theirs.exportJWK(publicKey), privateJwk: await theirs.exportJWK(privateKey) };
}
