// @ts-check
// What every case is given: the package under test, and assertions that hold for each of its failures.

import { deepEqual, equal, failure, ok } from './assert.mjs';
import { EXPECTED, claims, signer } from './tokens.mjs';

/**
 * @typedef {{ code: string, claim?: string, reason?: string, status?: number }} Refusal
 * @typedef {ReturnType<typeof context>} Context
 * @typedef {{ name: string, run: (t: Context) => unknown }} Case
 */

/** @param {{ verify: any, errors: any }} modules `tollgate/verify` and `tollgate/errors` */
export function context({ verify, errors }) {
  const { TollgateError } = errors;

  /** Checks all that is true of every failure. @param {any} error @param {Refusal} expected @param {string[]} [secrets] */
  function refusal(error, expected, secrets = []) {
    ok(error instanceof TollgateError, `expected ${expected.code}, found ${error?.stack ?? error}`);
    ok(Error.prototype.isPrototypeOf(error), 'a TollgateError is an Error');
    equal(error.name, 'TollgateError', 'name');
    equal(error.code, expected.code, `code of "${error.message}"`);
    equal(error.claim, expected.claim, `claim of "${error.message}"`);
    equal(error.reason, expected.reason, `reason of "${error.message}"`);
    if (expected.status !== undefined) equal(error.status, expected.status, 'status');
    ok(/^[a-z"].+; .+/.test(error.message), `the message says what was wrong and what to do: ${error.message}`);
    const seen = `${error.message} ${error.claim} ${error.error_description} ${error.stack}`;
    for (const secret of secrets)
      ok(!seen.includes(secret), `the message holds no token or key text: ${error.message}`);
  }

  /** @param {() => unknown} action @param {Refusal} expected @param {string[]} [secrets] */
  async function fails(action, expected, secrets) {
    const error = await failure(action);
    refusal(error, expected, secrets);
    return error;
  }

  /** A verifier of `alg`, its key, and a token that is good. @param {string} [alg] @param {object} [options] @param {Record<string, unknown>} [changes] of the claims */
  async function subject(alg = 'HS256', options, changes) {
    const key = await signer(alg);
    const verifier = await verify.createVerifier({ ...EXPECTED, key: alg.startsWith('HS') ? key.raw : key.jwk, ...options });
    const good = await key.token(claims(changes));
    return {
      ...key,
      verifier,
      good,
      /** The token passes, both ways. @param {string} token @param {object} [expect] */
      async accepts(token, expect) {
        const verified = await verifier.verify(token, expect);
        deepEqual(verifier.verifySync(token, expect), verified, 'verifySync');
        return verified;
      },
      /** The token is refused, both ways, and the next good one passes. @param {string} token @param {Refusal} expected @param {object} [expect] */
      async refuses(token, expected, expect) {
        const secrets = token.split('.', 10).filter((part) => part.length >= 8);
        if (alg.startsWith('HS')) secrets.push(key.jwk.k);
        const error = await fails(() => verifier.verify(token, expect), expected, secrets);
        await fails(() => verifier.verifySync(token, expect), expected, secrets);
        equal((await verifier.verify(good)).protectedHeader.alg, alg, 'the next good token');
        return error;
      },
    };
  }

  return { ...verify, TollgateError, deepEqual, equal, failure, ok, fails, refusal, subject };
}
