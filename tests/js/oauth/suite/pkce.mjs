// @ts-check
// Proof Key for Code Exchange (RFC 7636): S256, and never less.

import { base64url, utf8 } from '../../suite/tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const METHODS = 'code_challenge_methods_supported';

/** @type {Case[]} */
export default [
  ...[['plain'], [], ['s256'], 'plain', ['plain', 'S512']].map((methods) => ({
    name: `a server that announces ${JSON.stringify(methods)} alone is asked for nothing`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      const { server, refuses, authorize } = await t.at({ metadata: { [METHODS]: methods } });
      for (const par of [true, false]) await refuses(() => authorize({ par }), { code: 'ERR_PKCE_NOT_SUPPORTED' });
      t.deepEqual(server.requests, [], 'requests');
    },
  })),
  ...[undefined, ['plain', 'S256'], ['S256']].map((methods) => ({
    name: `a server that announces ${JSON.stringify(methods) ?? 'nothing'} is asked for S256`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      const { authorize } = await t.at({ metadata: { [METHODS]: methods } });
      const { url, transaction } = await authorize({ par: false });
      const { searchParams } = new URL(url);
      t.deepEqual(searchParams.getAll('code_challenge_method'), ['S256'], 'code_challenge_method');
      const hash = await crypto.subtle.digest('SHA-256', utf8(transaction.code_verifier));
      t.deepEqual(searchParams.getAll('code_challenge'), [base64url(new Uint8Array(hash))], 'code_challenge');
      t.ok(/^[\w.~-]{43,128}$/.test(transaction.code_verifier), 'the verifier is as RFC 7636 §4.1 says');
    },
  })),
  {
    name: 'no parameter of an extension replaces what the library speaks for',
    async run(t) {
      const { refuses, authorize, credentials, server } = await t.at();
      for (const name of [
        'code_challenge_method',
        'code_challenge',
        'state',
        'nonce',
        'redirect_uri',
        'response_type',
        'client_id',
        'client_secret',
      ]) {
        for (const par of [true, false]) {
          await refuses(() => authorize({ par, parameters: { [name]: 'plain' } }), {
            code: 'ERR_OPTION_INVALID',
            claim: name,
            reason: 'mismatch',
          });
        }
      }
      for (const name of ['grant_type', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type']) {
        await refuses(() => credentials({ parameters: { [name]: 'x' } }), { code: 'ERR_OPTION_INVALID', claim: name, reason: 'mismatch' });
      }
      t.deepEqual(server.requests, [], 'requests');
    },
  },
  {
    name: 'the verifier is in no URL, and is sent to the token endpoint alone, once',
    async run(t) {
      for (const par of [true, false]) {
        const { server, authorize, validate, exchange } = await t.at();
        const { url, callback, transaction } = await authorize({ par });
        await exchange(await validate(callback, transaction));
        const holding = server.requests.filter(({ body, headers }) => JSON.stringify([body, headers]).includes(transaction.code_verifier));
        t.deepEqual(
          holding.map(({ endpoint }) => endpoint),
          ['token'],
          'requests with the verifier',
        );
        const urls = [url, callback, ...server.requests.map((request) => request.url)];
        for (const text of urls) t.ok(!text.includes(transaction.code_verifier), `the verifier is in ${text}`);
      }
    },
  },
  {
    name: 'state, nonce and verifier are never used twice',
    async run(t) {
      const { authorize } = await t.at();
      const seen = new Set();
      for (let index = 0; index < 20; index += 1) {
        const { transaction } = await authorize({ par: index % 2 === 0 });
        for (const name of ['state', 'nonce', 'code_verifier']) seen.add(transaction[name]);
      }
      t.equal(seen.size, 60, 'values');
    },
  },
];
