// @ts-check
// A verifier of keys that are fetched, with its server and its clock.

import { serve } from './server.mjs';
import { EXPECTED, NOW, claims, newSigner } from './tokens.mjs';

/** @typedef {import('./context.mjs').Context} Context */

export const URI = 'https://issuer.example/jwks';

/** Seconds after which any limit on fetching has passed; keys are refetched when they are older. */
export const LATER = 3600;

/** A verifier of fetched keys, its server and its clock. @param {Context} t @param {unknown} route @param {object} [options] */
export async function remote(t, route, options) {
  const clock = { now: NOW };
  const server = serve({ [URI]: route });
  const verifier = await t.createVerifier({
    ...EXPECTED,
    jwksUri: URI,
    fetch: server.fetch,
    now: () => clock.now,
    ...options,
  });
  return { verifier, clock, ...server };
}

/** A key set of the keys of `kids`, and a token of each. @param {...string} kids */
export async function keysOf(...kids) {
  const made = await Promise.all(kids.map(async (kid) => ({ kid, ...(await newSigner('ES256')) })));
  const tokens = await Promise.all(made.map(({ kid, token }) => token(claims({ exp: NOW + 10 * LATER }), { kid })));
  return { set: { keys: made.map(({ kid, jwk }) => ({ ...jwk, kid, alg: 'ES256', use: 'sig' })) }, tokens };
}

export const NO_KEY = { code: 'ERR_JWKS_NO_MATCHING_KEY' };

/** What has been begun beside comes to its end. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A route that answers with `set` and `headers`. @param {unknown} set @param {Record<string, string>} headers */
export const withHeaders = (set, headers) => () => Response.json(set, { headers });
