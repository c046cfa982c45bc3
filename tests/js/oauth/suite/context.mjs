// @ts-check
// What every case is given: the package under test, a client at a scripted server, and assertions that hold for each failure.

import { deepEqual, equal, failure, ok } from '../../suite/assert.mjs';
import { scriptedServer } from '../scripted.mjs';
import { exposed, revealing } from './exposure.mjs';

/**
 * @typedef {{ oauth: any, TollgateError: any }} Modules `tollgate/oauth`, and `TollgateError` of `tollgate/errors`
 * @typedef {{ code: string, claim?: string, reason?: string, error?: string, error_description?: string, status?: number }} Refusal
 * @typedef {ReturnType<typeof context>} Context
 * @typedef {Awaited<ReturnType<Context['at']>>} Scene
 * @typedef {{ name: string, run: (t: Context) => unknown }} Case
 */

export const REDIRECT_URI = 'https://client.example/callback';

/** A public client, and what its logins ask for. */
export const CLIENT = { client_id: 'client' };
const PARAMETERS = { redirect_uri: REDIRECT_URI, scope: 'openid offline_access' };

/** What makes a refusal of a claim. @param {string} code @returns {(claim: string, reason: 'missing' | 'malformed' | 'mismatch') => Refusal} */
export const refusalOf = (code) => (claim, reason) => ({ code, claim, reason });

/** @param {Modules} modules */
export function context({ oauth, TollgateError }) {
  /** The codes of the failures that were seen. @type {Set<string>} */
  const raised = new Set();

  /**
   * Checks all that is true of every failure, also that it reveals none of `secrets`.
   * @param {any} error
   * @param {Refusal} expected
   * @param {Iterable<string>} [secrets]
   */
  function refusal(error, expected, secrets = []) {
    ok(error instanceof TollgateError, `expected ${expected.code}, found ${error?.stack ?? error}`);
    raised.add(error.code);
    for (const name of /** @type {const} */ (['code', 'claim', 'reason']))
      equal(error[name], expected[name], `${name} of "${error.message}"`);
    for (const name of /** @type {const} */ (['error', 'error_description', 'status'])) {
      if (name in expected) equal(error[name], expected[name], `${name} of "${error.message}"`);
    }
    const text = exposed(error);
    for (const secret of secrets) ok(!revealing(text, secret), `${error.code} reveals ${secret}:\n${text}`);
  }

  /** @param {() => unknown} action @param {Refusal} expected @param {Iterable<string>} [secrets] */
  async function fails(action, expected, secrets) {
    const error = await failure(action);
    refusal(error, expected, secrets);
    return error;
  }

  /** Wrong types are no failures of the protocol. @param {() => unknown} action @param {RegExp} [message] */
  async function mistakes(action, message = /./) {
    const error = await failure(action);
    ok(error instanceof TypeError && message.test(error.message), `expected a TypeError, found ${error?.stack ?? error}`);
  }

  /**
   * A client at a scripted server that it has discovered.
   * @param {import('../scripted.mjs').ScriptedOptions & { client?: any, call?: any }} [options]
   */
  async function at({ client = CLIENT, call: given, ...options } = {}) {
    const server = await scriptedServer(options);
    const call = { fetch: server.fetch, now: () => server.now, ...given };
    const metadata = await oauth.discover(server.issuer, { fetch: server.fetch });
    server.requests.length = 0;
    for (const secret of [client.client_secret]) if (secret) server.secrets.add(secret);

    const scene = {
      server,
      client,
      call,
      metadata,

      /** A request, which the user has agreed to. @param {object} [parameters] @param {Record<string, string | undefined>} [changes] of the response */
      async authorize(parameters, changes) {
        const { url, transaction } = await oauth.authorizationUrl(metadata, client, { ...PARAMETERS, ...parameters }, call);
        server.secrets.add(transaction.code_verifier);
        return { url, transaction, callback: await server.authorize(url, changes) };
      },

      /** @param {string | URL} callback @param {any} transaction */
      validate: (callback, transaction) => oauth.validateAuthorizationResponse(metadata, client, callback, transaction, call),

      /** @param {any} response @param {object} [parameters] */
      exchange: (response, parameters) => oauth.authorizationCodeGrant(metadata, client, response, parameters, call),

      /** The whole code flow. @param {object} [parameters] @param {Record<string, string | undefined>} [changes] */
      async logIn(parameters, changes) {
        const { callback, transaction } = await scene.authorize(parameters, changes);
        return scene.exchange(await scene.validate(callback, transaction));
      },

      /** @param {any} tokens @param {object} [parameters] */
      refresh: (tokens, parameters) => oauth.refreshTokenGrant(metadata, client, tokens, parameters, call),

      /** @param {object} [parameters] */
      credentials: (parameters) => oauth.clientCredentialsGrant(metadata, client, parameters, call),

      /** The action is refused, and shows nothing that the server calls secret. @param {() => unknown} action @param {Refusal} expected */
      refuses: (action, expected) => fails(action, expected, server.secrets),
    };
    return scene;
  }

  return { oauth, TollgateError, raised, deepEqual, equal, failure, ok, fails, mistakes, refusal, at };
}
