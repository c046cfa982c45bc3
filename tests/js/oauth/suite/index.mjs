// @ts-check
// The suite of `tollgate/oauth`: the same cases on every runtime. It uses nothing but the web platform, and what it is given.

import { injection, mixUp, parameters, state } from './callback.mjs';
import calls from './calls.mjs';
import { idToken, keys } from './conformance.mjs';
import { context } from './context.mjs';
import disruptions from './disruptions.mjs';
import dpop from './dpop.mjs';
import fapi from './fapi.mjs';
import flows from './flows.mjs';
import metadata from './metadata.mjs';
import pkce from './pkce.mjs';
import pushed from './pushed.mjs';
import refresh from './refresh.mjs';
import registration from './registration.mjs';
import secrets from './secrets.mjs';
import tokens from './tokens.mjs';

/** The cases, by the name of their group. @type {Record<string, import('./context.mjs').Case[]>} */
export const groups = {
  flows,
  state,
  parameters,
  'mix-up': mixUp,
  injection,
  pkce,
  pushed,
  metadata,
  tokens,
  'ID token': idToken,
  keys,
  refresh,
  dpop,
  fapi,
  registration,
  disruptions,
  calls,
  secrets,
};

/** What a case came to, as data: it can cross to another process. @typedef {{ failure: string | null, raised: string[] }} Outcome `failure` is why it failed; `raised` are the codes that were seen */

const CONSOLE = /** @type {const} */ (['debug', 'error', 'info', 'log', 'trace', 'warn']);

/** @param {string} group @param {number} index @param {import('./context.mjs').Modules} modules @returns {Promise<Outcome>} */
export async function outcome(group, index, modules) {
  const t = context(modules);
  const written = CONSOLE.map((name) => ({ name, write: console[name] }));
  let failure = null;
  try {
    // Nothing is logged, so nothing secret is.
    for (const { name } of written) {
      console[name] = (...parts) => {
        failure ??= `console.${name}: ${parts.join(' ')}`;
      };
    }
    await groups[group][index].run(t);
  } catch (error) {
    failure = String(error instanceof Error ? (error.stack ?? error) : error);
  } finally {
    for (const { name, write } of written) console[name] = write;
  }
  return { failure, raised: [...t.raised] };
}
