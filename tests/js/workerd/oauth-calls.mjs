// @ts-check
// Calls of `tollgate/oauth` on the wire, and the worker that answers them.
//
// Every value of a call travels as JSON: what is no JSON of itself as `[type, ...parts]`. An object has a number, and is made once: so it
// is the same object in the next call, as the variable of a program would be, with all that the library has learned of it. What cannot
// leave the worker, an `AuthorizationResponse` or a pair of keys, is there under its number alone.

import { fetchWithCertificate } from '../oauth/mutual-tls.mjs';

/**
 * @typedef {object} Call
 * @property {string} name of the function, or of the method of `target`
 * @property {number} [target] the number of the object
 * @property {unknown[]} args encoded
 * @property {number} result the number that an object gets that comes of it
 * @property {string} callbacks where functions are called that are arguments
 */

/**
 * @typedef {object} Answer
 * @property {string} [runtime] which one ran the call
 * @property {any} [value]
 * @property {string[]} [methods] what can be called of `value`
 * @property {boolean} [isFrozen] whether `value` is
 * @property {[string, ResponseInit]} [response] where that is the result
 * @property {any} [error] what was thrown
 */

/** What makes the values of a call, by type. @param {Map<number, any>} kept @param {string} callbacks */
function makers(kept, callbacks) {
  /** @type {(value: any) => any} */
  const made = (value) => (Array.isArray(value) ? types[value[0]](...value.slice(1)) : value);
  /** @param {number} number @param {() => any} make */
  const once = async (number, make) => {
    if (!kept.has(number)) kept.set(number, await make());
    return kept.get(number);
  };
  /** @type {Record<string, (...parts: any[]) => any>} */
  const types = {
    undefined: () => undefined,
    Array: (items) => Promise.all(items.map(made)),
    Object: (number, members) =>
      once(number, async () => {
        const pairs = members.map(async (/** @type {[string, any]} */ [name, value]) => [name, await made(value)]);
        return Object.fromEntries(await Promise.all(pairs));
      }),
    CryptoKey: (number, jwk, algorithm, usages) => once(number, () => crypto.subtle.importKey('jwk', jwk, algorithm, false, usages)),
    URL: (href) => new URL(href),
    URLSearchParams: (text) => new URLSearchParams(text),
    Request: (url, init) => new Request(url, init),
    Response: (body, init) => new Response(body, init),
    /** What shows a certificate sends its requests from here. */
    fetchWithCertificate: (certificate) => fetchWithCertificate(certificate),
    /** Everything else that is called is in the process of the test, and its result is JSON. */
    Function: (number) => async (/** @type {any[]} */ ...args) => {
      const response = await fetch(`${callbacks}/${number}`, { method: 'POST', body: JSON.stringify(args) });
      return (await response.json()).value;
    },
  };
  return made;
}

/** What is told of an error. @param {any} error */
const told = (error) => ({ ...error, type: error.constructor.name, name: error.name, message: error.message, stack: error.stack });

/**
 * What answers calls of the functions of `oauth`.
 * @param {any} oauth
 * @returns {(call: Call) => Promise<Answer>}
 */
export function answering(oauth) {
  /** Every object that a call has named or made. @type {Map<number, any>} */
  const kept = new Map();

  /** @param {Call} call @returns {Promise<Answer>} */
  async function answer({ name, target, args, result, callbacks }) {
    const made = await Promise.all(args.map(makers(kept, callbacks)));
    const value = await (target === undefined ? oauth : kept.get(target))[name](...made);
    if (value instanceof Response) {
      return { response: [await value.text(), { status: value.status, headers: Object.fromEntries(value.headers) }] };
    }
    if (typeof value !== 'object' || value === null) return { value };
    kept.set(result, value);
    const methods = Object.keys(value).filter((key) => typeof value[key] === 'function');
    // What a class has by getters is no JSON of itself.
    const shown = value instanceof oauth.AuthorizationResponse ? { claims: value.claims } : value;
    return { value: shown, methods, isFrozen: Object.isFrozen(value) };
  }

  return async (call) => ({
    runtime: navigator.userAgent,
    ...(await answer(call).catch((/** @type {unknown} */ error) => ({ error: told(error) }))),
  });
}
