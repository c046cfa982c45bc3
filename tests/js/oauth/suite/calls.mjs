// @ts-check
// What every call may be told: `fetch`, `now`, `headers`, `timeout`, `signal`; and what it cannot be told.

import { CLIENT, REDIRECT_URI, refusalOf } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const option = refusalOf('ERR_OPTION_INVALID');

/** @type {Case[]} */
const headers = [
  {
    name: 'headers are on every request, and replace none of the protocol',
    async run(t) {
      const { server, logIn } = await t.at({ call: { headers: { 'user-agent': 'app/1', 'X-Request-Id': '7' } } });
      await logIn();
      t.deepEqual(
        server.requests.map(({ endpoint }) => endpoint),
        ['par', 'token', 'jwks'],
        'requests',
      );
      for (const { headers } of server.requests)
        t.deepEqual([headers['x-request-id'], headers['accept']], ['7', 'application/json'], 'headers');
      t.equal(server.at('token')[0].headers['content-type'], 'application/x-www-form-urlencoded', 'content-type');
      server.requests.length = 0;
      await t.oauth.discover(server.issuer, { fetch: server.fetch, headers: { 'x-request-id': '8' } });
      t.equal(server.requests[0].headers['x-request-id'], '8', 'of discovery');
    },
  },
  {
    name: 'a header that the protocol sets is a TypeError, in any case',
    async run(t) {
      const { server, metadata, call } = await t.at();
      for (const name of ['authorization', 'Authorization', 'DPoP', 'dpop', 'Content-Type', 'ACCEPT']) {
        await t.mistakes(() => t.oauth.clientCredentialsGrant(metadata, CLIENT, {}, { ...call, headers: { [name]: 'x' } }), /protocol/);
      }
      await t.mistakes(() => t.oauth.clientCredentialsGrant(metadata, CLIENT, {}, { ...call, headers: new Headers({ a: 'b' }) }), /plain/);
      t.deepEqual(server.requests, [], 'requests');
    },
  },
];

/** @type {Case[]} */
const clock = [
  {
    name: 'now is the time of everything: of what expires, of assertions and of proofs',
    async run(t) {
      const dpop = await t.oauth.generateDpopKey();
      const { privateKey } = dpop;
      const { server, logIn, authorize, refuses } = await t.at({ now: 1_000_000_000, client: { ...CLIENT, privateKey, dpop } });
      const tokens = await logIn();
      t.equal(tokens.expires_at, server.now + 300, 'expires_at');
      const [{ dpop: proof, form }] = server.at('token');
      t.equal(proof?.payload.iat, server.now, 'iat of the proof');
      const claims = JSON.parse(atob(String(form.get('client_assertion')).split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
      t.deepEqual([claims.iat, claims.exp - claims.iat, claims.aud], [server.now, 60, server.issuer], 'claims of the assertion');
      const { transaction } = await authorize();
      t.equal(transaction.created_at, server.now, 'created_at');
      server.idToken = (claims) => ({ ...claims, exp: server.now - 30 });
      await refuses(logIn, { code: 'ERR_JWT_EXPIRED', claim: 'exp', reason: 'mismatch' });
    },
  },
  {
    name: 'a clock that is an hour fast is a typed error after one login, and not another login',
    async run(t) {
      const { server, logIn, refuses, call } = await t.at();
      call.now = () => server.now + 3600;
      await refuses(logIn, { code: 'ERR_JWT_EXPIRED', claim: 'exp', reason: 'mismatch' });
      t.equal(server.at('token').length, 1, 'token requests');
    },
  },
  {
    name: 'a clock that is an hour slow logs in once, and says by that clock when the token expires',
    async run(t) {
      const { server, logIn, call } = await t.at();
      call.now = () => server.now - 3600;
      t.equal((await logIn()).expires_at, server.now - 3600 + 300, 'expires_at');
      t.equal(server.at('token').length, 1, 'token requests');
    },
  },
  {
    name: 'a clock tolerance can be chosen, and is whole seconds',
    async run(t) {
      const { server, logIn } = await t.at({ client: { ...CLIENT, clockTolerance: 3601 } });
      server.idToken = (claims) => ({ ...claims, exp: server.now - 3600 });
      t.ok(await logIn(), 'within');
      for (const clockTolerance of [-1, 0.5, '30', null]) {
        const { refuses, credentials } = await t.at({ client: { ...CLIENT, clockTolerance } });
        await refuses(credentials, option('clockTolerance', clockTolerance === null ? 'mismatch' : 'malformed'));
      }
    },
  },
  {
    name: 'a clock that gives no seconds is a TypeError before anything is sent',
    async run(t) {
      const { server, metadata, client } = await t.at();
      for (const now of [() => Date.now(), () => Number.NaN, () => -1, () => undefined, () => new Date(), () => Number.POSITIVE_INFINITY]) {
        const call = { fetch: server.fetch, now };
        await t.mistakes(() => t.oauth.clientCredentialsGrant(metadata, client, {}, call), /now/);
        await t.mistakes(() => t.oauth.authorizationUrl(metadata, client, { redirect_uri: REDIRECT_URI, par: false }, call), /now/);
      }
      await t.mistakes(() => t.oauth.clientCredentialsGrant(metadata, client, {}, { fetch: server.fetch, now: 1 }), /now/);
      t.deepEqual(server.requests, [], 'requests');
    },
  },
];

/** Clients that cannot be. @type {Array<[string, any, import('./context.mjs').Refusal]>} */
const CLIENTS = [
  ['no client_id', {}, option('client_id', 'missing')],
  ['an empty client_id', { client_id: '' }, option('client_id', 'malformed')],
  ['a member that nobody knows', { ...CLIENT, secret: 's3cret-s3cret' }, option('secret', 'mismatch')],
  [
    'a secret, and no authentication',
    { ...CLIENT, client_secret: 's3cret-s3cret', token_endpoint_auth_method: 'none' },
    option('token_endpoint_auth_method', 'mismatch'),
  ],
  ['no secret to show', { ...CLIENT, token_endpoint_auth_method: 'client_secret_basic' }, option('client_secret', 'missing')],
  ['an empty secret', { ...CLIENT, client_secret: '' }, option('client_secret', 'malformed')],
  ['no key to sign with', { ...CLIENT, token_endpoint_auth_method: 'private_key_jwt' }, option('signing_alg', 'missing')],
  ['a method that nobody knows', { ...CLIENT, token_endpoint_auth_method: 'plain' }, option('token_endpoint_auth_method', 'mismatch')],
  [
    'a secret and a certificate',
    { ...CLIENT, client_secret: 's3cret-s3cret', token_endpoint_auth_method: 'tls_client_auth' },
    option('token_endpoint_auth_method', 'mismatch'),
  ],
];

/** @type {Case[]} */
const mistakes = [
  ...CLIENTS.map(([what, client, expected]) => ({
    name: `a client with ${what} is refused before anything is sent`,
    async run(/** @type {Context} */ t) {
      const { server, refuses, credentials } = await t.at({ client });
      await refuses(credentials, expected);
      t.deepEqual(server.requests, [], 'requests');
    },
  })),
  {
    name: 'a key that cannot sign under its algorithm is a typed error with its cause',
    async run(t) {
      const { privateKey: key } = await t.oauth.generateDpopKey();
      for (const alg of ['RS256', 'EdDSA']) {
        const { server, refuses, credentials } = await t.at({ client: { ...CLIENT, privateKey: { key, alg } } });
        const error = await refuses(credentials, { code: 'ERR_OAUTH_SIGNING_FAILED' });
        t.ok(error.cause, 'cause');
        t.deepEqual(server.requests, [], 'requests');
      }
    },
  },
  {
    name: 'parameters that nobody knows are refused before anything is sent',
    async run(t) {
      const { server, authorize, credentials, refuses } = await t.at();
      await refuses(() => authorize({ redirectUri: 'x' }), option('redirectUri', 'mismatch'));
      await refuses(() => authorize({ redirect_uri: undefined }), option('redirect_uri', 'missing'));
      await refuses(() => authorize({ max_age: -1 }), option('max_age', 'malformed'));
      await refuses(() => authorize({ max_age: Number.NaN }), option('max_age', 'malformed'));
      await refuses(() => credentials({ scopes: 'x' }), option('scopes', 'mismatch'));
      await refuses(() => credentials({ scope: ['x'] }), option('scope', 'malformed'));
      await refuses(() => credentials({ parameters: { a: 1 } }), option('parameters', 'malformed'));
      t.deepEqual(server.requests, [], 'requests');
    },
  },
  {
    name: 'options of the wrong type are a TypeError, or named',
    async run(t) {
      const { server, metadata, client } = await t.at();
      const call = (/** @type {object} */ options) => () =>
        t.oauth.clientCredentialsGrant(metadata, client, {}, { fetch: server.fetch, ...options });
      for (const options of [{ fetch: 'fetch' }, { timeout: '5' }, { headers: [['a', 'b']] }]) await t.mistakes(call(options));
      for (const timeout of [0, -1, 600_001, Number.NaN]) await t.fails(call({ timeout }), option('timeout', 'malformed'));
      for (const client of [undefined, null, 'client'])
        await t.mistakes(() => t.oauth.clientCredentialsGrant(metadata, client, {}, { fetch: server.fetch }));
      t.deepEqual(server.requests, [], 'requests');
    },
  },
];

export default [...headers, ...clock, ...mistakes];
