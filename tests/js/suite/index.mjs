// @ts-check
// The suite: the same cases on every runtime. It uses nothing but the web platform, and what it is given.

import algorithms from './algorithms.mjs';
import backend from './backend.mjs';
import certificates from './certificates.mjs';
import cache from './cache.mjs';
import check from './check.mjs';
import claims from './claims.mjs';
import { context } from './context.mjs';
import decode from './decode.mjs';
import discovery from './discovery.mjs';
import errors from './errors.mjs';
import expectations from './expectations.mjs';
import issuers from './issuers.mjs';
import jwksCache from './jwks-cache.mjs';
import jwksStore from './jwks-store.mjs';
import jwksUnknown from './jwks-unknown.mjs';
import jwks from './jwks.mjs';
import keys from './keys.mjs';
import lifecycle from './lifecycle.mjs';
import options from './options.mjs';
import pem from './pem.mjs';
import platformKeys from './platform-keys.mjs';
import rare from './rare.mjs';
import profiles from './profiles.mjs';
import rfc from './rfc.mjs';
import signatures from './signatures.mjs';
import strict from './strict.mjs';
import syntax from './syntax.mjs';

/** The cases, by the name of their group. @type {Record<string, import('./context.mjs').Case[]>} */
export const groups = {
  rfc,
  keys,
  pem,
  certificates,
  'platform keys': platformKeys,
  algorithms,
  backend,
  rare,
  signatures,
  syntax,
  claims,
  expectations,
  profiles,
  check,
  cache,
  strict,
  options,
  jwks,
  'jwks-cache': jwksCache,
  'jwks-unknown': jwksUnknown,
  'jwks-store': jwksStore,
  issuers,
  discovery,
  decode,
  lifecycle,
  errors,
};

/** Runs one case; rejects when it fails. @param {string} group @param {number} index @param {{ verify: any, errors: any }} modules */
export const run = async (group, index, modules) => groups[group][index].run(context(modules));

/** The same, with the outcome as data: a result can cross to another process. @param {string} group @param {number} index @param {{ verify: any, errors: any }} modules @returns {Promise<string | null>} null, or why it failed */
export async function outcome(group, index, modules) {
  try {
    await run(group, index, modules);
    return null;
  } catch (error) {
    return String(error instanceof Error ? (error.stack ?? error) : error);
  }
}
