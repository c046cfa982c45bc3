// @ts-check
// Tokens that are bound to a key (RFC 9449): nonces are asked for once, and nothing less is taken.

import { json } from '../../client/server.mjs';
import { CLIENT } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

/** A client with a key, at a server. @param {Context} t @param {object} [options] */
const bound = async (t, options) => t.at({ client: { ...CLIENT, dpop: await t.oauth.generateDpopKey() }, ...options });

/** Asks for another nonce, however often it is asked: until it is clear that there is no end. @param {object} body @param {number} status @param {Record<string, string>} [headers] */
function insatiable(body, status, headers) {
  let nonces = 0;
  return () => (nonces > 50 ? json(500, {}) : json(status, body, { 'dpop-nonce': `nonce-${(nonces += 1)}`, ...headers }));
}

const NONCE = { error: 'use_dpop_nonce' };
const REFUSED = { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'use_dpop_nonce' };

/** @type {Case[]} */
const loops = [
  {
    name: 'a token endpoint that always asks for another nonce is asked twice, and not three times',
    async run(t) {
      const { server, credentials, logIn, refresh, refuses } = await bound(t);
      const tokens = await logIn();
      server.instead.token = insatiable(NONCE, 400);
      for (const action of [credentials, logIn, () => refresh(tokens)]) {
        server.requests.length = 0;
        await refuses(action, { ...REFUSED, status: 400 });
        t.equal(server.at('token').length, 2, 'requests');
      }
    },
  },
  {
    name: 'so is one that asks by status 401 and a challenge',
    async run(t) {
      const { server, credentials, refuses } = await bound(t);
      server.instead.token = insatiable({}, 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' });
      await refuses(credentials, { code: 'ERR_FETCH_STATUS', status: 401 });
      t.equal(server.at('token').length, 2, 'requests');
    },
  },
  {
    name: 'so is the endpoint of pushed requests',
    async run(t) {
      const { server, authorize, refuses } = await bound(t);
      server.instead.par = insatiable(NONCE, 400);
      await refuses(authorize, { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'use_dpop_nonce', status: 400 });
      t.equal(server.at('par').length, 2, 'requests');
    },
  },
  ...[
    { what: 'that says use_dpop_nonce without a nonce', answer: () => json(400, NONCE), expected: { ...REFUSED, status: 400 } },
    {
      what: 'that sends a nonce with another error',
      answer: insatiable({ error: 'invalid_request' }, 400),
      expected: { ...REFUSED, error: 'invalid_request' },
    },
    { what: 'that fails with a nonce', answer: insatiable(NONCE, 503), expected: { code: 'ERR_FETCH_STATUS', status: 503 } },
    { what: 'that says use_dpop_nonce with status 200', answer: insatiable(NONCE, 200), expected: { ...REFUSED, status: 200 } },
  ].map(({ what, answer, expected }) => ({
    name: `a server ${what} is asked once`,
    async run(/** @type {Context} */ t) {
      const { server, credentials, refuses } = await bound(t);
      server.instead.token = answer;
      await refuses(credentials, expected);
      t.equal(server.at('token').length, 1, 'requests');
    },
  })),
  {
    name: 'a client without a key is never asked again',
    async run(t) {
      const { server, credentials, refuses } = await t.at();
      server.instead.token = insatiable(NONCE, 400);
      await refuses(credentials, { ...REFUSED, status: 400 });
      t.equal(server.at('token').length, 1, 'requests');
    },
  },
];

/** @type {Case[]} */
const proofs = [
  {
    name: 'a nonce is asked for once, and kept for what follows at this server',
    async run(t) {
      const { server, credentials, logIn } = await bound(t);
      server.dpopNonce = 'first';
      t.equal((await logIn()).token_type, 'DPoP', 'token_type');
      t.deepEqual(
        server.at('token').map(({ dpop }) => dpop?.payload.nonce),
        [undefined, 'first'],
        'nonces',
      );
      await credentials();
      server.dpopNonce = 'second';
      await credentials();
      t.deepEqual(
        server.at('token').map(({ dpop }) => dpop?.payload.nonce),
        [undefined, 'first', 'first', 'first', 'second'],
        'nonces',
      );
    },
  },
  {
    name: 'the nonce of one server is not shown to another',
    async run(t) {
      const first = await bound(t);
      first.server.dpopNonce = 'first';
      await first.credentials();
      const second = await bound(t, { issuer: 'https://other.example' });
      await second.credentials();
      t.deepEqual(
        second.server.at('token').map(({ dpop }) => dpop?.payload.nonce),
        [undefined],
        'nonces',
      );
    },
  },
  {
    name: 'a second request has a proof and an assertion of its own',
    async run(t) {
      const { privateKey } = /** @type {CryptoKeyPair} */ (
        await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
      );
      const dpop = await t.oauth.generateDpopKey();
      const { server, credentials } = await t.at({ client: { ...CLIENT, privateKey, dpop } });
      server.dpopNonce = 'nonce';
      await credentials();
      const requests = server.at('token');
      t.equal(new Set(requests.map(({ dpop }) => dpop?.payload.jti)).size, 2, 'jti of proofs');
      t.equal(new Set(requests.map(({ form }) => form.get('client_assertion'))).size, 2, 'assertions');
    },
  },
  {
    name: 'a proof shows the public key, and is for this method and URL without its query',
    async run(t) {
      const { server, metadata, client, call } = await bound(t);
      const at = { ...metadata, token_endpoint: `${metadata.token_endpoint}?tenant=1` };
      await t.oauth.clientCredentialsGrant(at, client, {}, call);
      const [{ dpop, url }] = server.at('token');
      t.ok(url.endsWith('?tenant=1'), url);
      t.deepEqual(Object.keys(dpop?.header.jwk).sort(), ['crv', 'kty', 'x', 'y'], 'members of the key');
      t.deepEqual([dpop?.header.typ, dpop?.header.alg], ['dpop+jwt', 'ES256'], 'header');
      t.deepEqual([dpop?.payload.htm, dpop?.payload.htu, dpop?.payload.iat], ['POST', metadata.token_endpoint, server.now], 'payload');
    },
  },
  ...['Bearer', 'bearer', 'mac', 'N_A', 'DPoP ', ''].map((token_type) => ({
    name: `a client with a key takes no token of type ${JSON.stringify(token_type)}`,
    async run(/** @type {Context} */ t) {
      const { server, credentials, refuses } = await bound(t);
      server.tokenResponse = (answer) => ({ ...answer, token_type });
      await refuses(credentials, {
        code: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID',
        claim: 'token_type',
        reason: token_type ? 'mismatch' : 'malformed',
      });
    },
  })),
  {
    name: 'a client without a key takes no token that is bound to one',
    async run(t) {
      const { server, credentials, refuses } = await t.at();
      server.tokenResponse = (answer) => ({ ...answer, token_type: 'DPoP' });
      await refuses(credentials, { code: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', claim: 'token_type', reason: 'mismatch' });
    },
  },
  {
    name: 'the code is bound to the key: by the URL, and by a pushed request',
    async run(t) {
      const { server, authorize } = await bound(t);
      const { url } = await authorize({ par: false });
      t.equal(new URL(url).searchParams.get('dpop_jkt')?.length, 43, 'dpop_jkt');
      await authorize({ par: true });
      const [{ form, dpop }] = server.at('par');
      t.ok(dpop, 'a proof');
      t.equal(form.get('dpop_jkt'), new URL(url).searchParams.get('dpop_jkt'), 'dpop_jkt');
    },
  },
  {
    name: 'a public key, a secret and nothing are not signed with',
    async run(t) {
      const { metadata, call, server } = await t.at();
      const { publicKey } = await t.oauth.generateDpopKey();
      const secret = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
      for (const privateKey of [publicKey, secret, undefined]) {
        await t.mistakes(
          () => t.oauth.clientCredentialsGrant(metadata, { ...CLIENT, dpop: { privateKey, publicKey } }, {}, call),
          /dpop|private/,
        );
      }
      t.equal(server.at('token').length, 0, 'token requests');
    },
  },
];

export default [...loops, ...proofs];
