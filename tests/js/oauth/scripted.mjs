// @ts-check
// An authorization server behind the `fetch` option, without sockets: honest by itself, and whatever a test says in place of that.

import { NOW, newSigner, signer } from '../suite/tokens.mjs';
import { endpoints } from './scripted-endpoints.mjs';
import { recorded, secretsOf } from './scripted-record.mjs';

export { brokenOff, notJson } from './scripted-record.mjs';
export { RESOURCE } from './scripted-endpoints.mjs';
export { hang, huge } from '../suite/server.mjs';

export const ISSUER = 'https://as.example';
export const USER = 'user-1';

/** @typedef {import('./scripted-record.mjs').Recorded} Recorded */
/** @typedef {import('./scripted-endpoints.mjs').Endpoint} Endpoint */
/** @typedef {import('./scripted-endpoints.mjs').AuthorizationResponse} AuthorizationResponse */
/** @typedef {import('../suite/tokens.mjs').Signer} Signer */

/**
 * Answers in place of an endpoint; `honest` gives what it would have answered.
 * @typedef {(request: Request, honest: () => Promise<Response>) => Response | Promise<Response>} Override
 */

/**
 * @typedef {object} ScriptedOptions
 * @property {string} [issuer]
 * @property {'RS256' | 'ES256' | 'PS256' | 'EdDSA'} [alg] that everything is signed with
 * @property {number} [now] seconds of the epoch
 * @property {Record<string, unknown>} [metadata] in place of that of the server, of every document; `undefined` leaves a member out
 * @property {Partial<Record<Endpoint, Override>>} [instead] by endpoint
 */

/** @param {ScriptedOptions} [options] */
export async function scriptedServer({ issuer = ISSUER, alg = 'ES256', now = NOW, metadata = {}, instead = {} } = {}) {
  let kids = 0;
  const named = (/** @type {Signer} */ key) => ({ kid: `${alg}-${++kids}`, ...key });

  const server = {
    issuer,
    alg,
    /** What its clock says, in seconds of the epoch. */
    now,
    metadata,
    instead,
    /** Who logs in. */
    sub: USER,
    /** Every request, oldest first. @type {Recorded[]} */
    requests: [],
    /** Everything that must not be seen outside: codes, tokens, verifiers, secrets. @type {Set<string>} */
    secrets: new Set(),
    /** Changes the claims of ID tokens. @type {(claims: any) => any} */
    idToken: (claims) => claims,
    /** Changes the header of ID tokens. @type {(header: any) => any} */
    idTokenHeader: (header) => header,
    /** Changes the successful answers of the token endpoint. @type {(answer: any) => any} */
    tokenResponse: (answer) => answer,
    /** Whether userinfo is a JWT. */
    signedUserinfo: false,
    /** The nonce that DPoP proofs must have, if any. @type {string | undefined} */
    dpopNonce: undefined,
    /** Whether the user of a device or of CIBA has decided. @type {'pending' | 'approved' | 'denied'} */
    decision: 'approved',
    /** The keys of the JWK set, the signing one last. @type {Array<Signer & { kid: string }>} */
    keys: [named(await signer(alg))],

    get key() {
      return /** @type {Signer & { kid: string }} */ (server.keys.at(-1));
    },

    /** A new key; those before it stay in the JWK set if `keep`. @param {{ keep?: boolean }} [options] */
    async rotate({ keep = false } = {}) {
      server.keys = [...(keep ? server.keys : []), named(await newSigner(alg))];
    },

    /** Signs as the server does. @param {object} claims @param {object} [header] @returns {Promise<string>} */
    sign: (claims, header) => server.key.token(claims, { alg, kid: server.key.kid, ...header }),

    /** The requests at an endpoint. @param {Endpoint | 'unknown'} endpoint @returns {Recorded[]} */
    at: (endpoint) => server.requests.filter((request) => request.endpoint === endpoint),

    /** What of its secrets a text shows. @param {string} text @returns {string[]} */
    leaks: (text) => [...server.secrets].filter((secret) => text.includes(secret)),

    /**
     * Where the browser is sent once the user has consented.
     * @param {string | URL} url the authorization request
     * @param {Record<string, string | undefined>} [changes] of the parameters of the response; `undefined` leaves one out
     * @returns {Promise<string>} the callback, of `response_mode=form_post` too, then without parameters
     */
    async authorize(url, changes) {
      const { redirectUri, parameters, mode } = await server.respond(url, changes);
      const callback = new URL(redirectUri);
      if (mode.startsWith('form_post')) return callback.href;
      if (mode.startsWith('fragment')) callback.hash = String(parameters);
      else for (const [name, value] of parameters) callback.searchParams.append(name, value);
      return callback.href;
    },

    /**
     * The same, not put together.
     * @param {string | URL} url
     * @param {Record<string, string | undefined>} [changes]
     * @returns {Promise<AuthorizationResponse>}
     */
    respond: async (url, changes) => state.respond(new URL(url).searchParams, changes),

    /** @param {any} input @param {any} [init] as of `fetch` @returns {Promise<Response>} */
    async fetch(input, init) {
      const request = new Request(input, init);
      const { handler, endpoint } = state.route(request);
      const seen = await recorded(request.clone(), endpoint);
      server.requests.push(seen);
      for (const secret of secretsOf(seen)) server.secrets.add(secret);
      const honest = async () => handler(seen);
      const override = endpoint === 'unknown' ? undefined : server.instead[endpoint];
      const answer = Promise.resolve(override ? override(request, honest) : honest());
      return follow(request, await Promise.race([answer, aborted(request.signal)]));
    },
  };

  /** What `fetch` makes of a redirect (Fetch §4.4). @param {Request} request @param {Response} answer */
  async function follow({ redirect, url, signal }, answer) {
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    if (location === null || redirect === 'manual') return answer;
    if (redirect === 'error') throw new TypeError('unexpected redirect');
    return server.fetch(new URL(location, url), { signal });
  }

  const state = endpoints(server);
  return server;
}

/** @typedef {Awaited<ReturnType<typeof scriptedServer>>} ScriptedServer */

/** Rejects when `signal` does. @param {AbortSignal} signal @returns {Promise<never>} */
const aborted = (signal) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
