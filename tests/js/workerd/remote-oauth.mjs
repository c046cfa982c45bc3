// @ts-check
// `tollgate/oauth` as it is in workerd, for tests that run in Node: each call of a function runs there.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listen } from '../../../www/server/http.mjs';
import { bodyOf } from '../oauth/pages.mjs';
import { serveWorker } from './serve.mjs';

/** The worker, which is bundled beside the installed package. */
const WORKER = `
import * as oauth from 'tollgate/oauth';
import { answering } from ${JSON.stringify(fileURLToPath(new URL('oauth-calls.mjs', import.meta.url)))};

const answer = answering(oauth);
export default { fetch: async (request) => Response.json(await answer(await request.json())) };
`;

const worker = await serveWorker({ 'worker.mjs': WORKER });
after(worker.close);
const callbacks = await listen(0);
after(callbacks.close);
callbacks.server.unref();

/** The number of each object that the worker has under it. @type {WeakMap<object, number>} */
const numbers = new WeakMap();
let last = 0;

/** @param {object} object @returns {number} */
function numberOf(object) {
  const number = numbers.get(object) ?? ++last;
  numbers.set(object, number);
  return number;
}

/** The functions that were arguments, by number. @type {Map<number, Function>} */
const functions = new Map();
callbacks.server.on('request', async (request, response) => {
  const called = /** @type {Function} */ (functions.get(Number(request.url?.slice(1))));
  const value = await called(...JSON.parse(String(await bodyOf(request))));
  response.end(JSON.stringify({ value }));
});

/** @param {any} value @returns {Promise<unknown>} */
async function encoded(value) {
  if (value === undefined) return ['undefined'];
  if (typeof value === 'function') return encodedFunction(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return ['Array', await Promise.all(value.map(encoded))];
  if (value instanceof URL || value instanceof URLSearchParams) return [value.constructor.name, String(value)];
  if (value instanceof CryptoKey) {
    const { name, hash, namedCurve } = /** @type {any} */ (value.algorithm);
    const jwk = await crypto.subtle.exportKey('jwk', value);
    return ['CryptoKey', numberOf(value), jwk, { name, namedCurve, ...(hash && { hash: hash.name }) }, value.usages];
  }
  if (value instanceof Request) {
    const { url, method, headers } = value;
    return ['Request', url, { method, headers: Object.fromEntries(headers), ...(value.body && { body: await value.text() }) }];
  }
  if (value instanceof Response) {
    const { status, headers } = value;
    return ['Response', await value.clone().text(), { status, headers: Object.fromEntries(headers) }];
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype) throw new TypeError(`no ${prototype?.constructor.name} can be sent to the worker`);
  const members = Object.entries(value).map(async ([name, member]) => [name, await encoded(member)]);
  return ['Object', numberOf(value), await Promise.all(members)];
}

/** @param {any} called */
function encodedFunction(called) {
  if ('certificate' in called) return ['fetchWithCertificate', called.certificate];
  const number = numberOf(called);
  functions.set(number, called);
  return ['Function', number];
}

/** @param {any} value @returns {any} */
function frozen(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** @param {any} told */
const errorOf = ({ type, message, ...told }) => Object.assign(type === 'TypeError' ? new TypeError(message) : new Error(message), told);

/** The functions that have run in the worker. @type {Set<string>} */
export const called = new Set();

/** Calls a function of the worker, or a method of an object that it keeps. @param {string} name @param {number} [target] */
const remote = (name, target) => async (/** @type {unknown[]} */ ...args) => {
  const result = ++last;
  const call = { name, target, args: await Promise.all(args.map(encoded)), result, callbacks: callbacks.origin };
  const answer = await fetch(worker.origin, { method: 'POST', body: JSON.stringify(call) });
  if (!answer.ok) assert.fail(`the worker answered ${answer.status}: ${await answer.text()}`);
  /** @type {import('./oauth-calls.mjs').Answer} */
  const { runtime, value, methods = [], isFrozen, response, error } = await answer.json();
  assert.equal(runtime, 'Cloudflare-Workers');
  if (error) throw errorOf(error);
  called.add(name);
  if (response) return new Response(...response);
  if (typeof value !== 'object' || value === null) return value;
  numbers.set(value, result);
  for (const method of methods) value[method] = remote(method, result);
  return isFrozen ? frozen(value) : value;
};

/** Every function is asynchronous, `createIntrospector` and `parseChallenges` too. @type {any} */
export const oauth = new Proxy({}, { get: (_, name) => remote(String(name)) });
