// @ts-check
// All that somebody can see of a value, and whether a secret is in it.

import { utf8 } from '../../suite/tokens.mjs';

/** What a log, a debugger or an error reporter shows of a value: its text, its JSON, and every own property of it, all the way down. @param {any} value @returns {string} */
export function exposed(value) {
  /** @type {Set<unknown>} */
  const seen = new Set();
  const parts = (/** @type {any} */ it) => {
    if ((typeof it !== 'object' && typeof it !== 'function') || it === null) return [String(it)];
    if (seen.has(it)) return [];
    seen.add(it);
    /** @type {string[]} */
    const properties = Reflect.ownKeys(it).flatMap((name) => [String(name), ...parts(it[name])]);
    return [`${it}`, JSON.stringify(it) ?? '', ...properties];
  };
  return parts(value).join('\n');
}

/** Shorter texts than this stand in others by chance. */
const GUESSABLE = 8;

/** Whether `text` has `secret`, one part of it where it is a token, or an encoding of it. @param {string} text @param {string} secret */
export function revealing(text, secret) {
  const encoded = [
    encodeURIComponent(secret),
    String(new URLSearchParams({ '': secret })).slice(1),
    btoa(String.fromCharCode(...utf8(secret))),
  ];
  return [secret, ...secret.split('.').slice(1), ...encoded].some((part) => part.length >= GUESSABLE && text.includes(part));
}
