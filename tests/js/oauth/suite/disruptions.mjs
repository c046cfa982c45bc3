// @ts-check
// A server that fails, hangs, breaks off, sends too much, or sends elsewhere, at every step: a typed error, and no more requests.

import { CLIENT, REDIRECT_URI } from './context.mjs';
import { brokenOff, hang, huge, notJson, scriptedServer } from '../scripted.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */
/** @typedef {import('./context.mjs').Refusal} Refusal */
/** @typedef {import('../scripted.mjs').ScriptedServer} Server */
/** @typedef {import('../scripted-endpoints.mjs').Endpoint} Endpoint */

/**
 * @typedef {object} Step
 * @property {Endpoint} endpoint
 * @property {(t: Context, call: any) => Promise<{ server: Server, action: () => Promise<unknown>, call: any }>} prepare with `call` among the options of every call
 * @property {string} [invalid] the code of what is not the document that it should be
 * @property {string} [error] the code of an Error Response, where there is one
 * @property {boolean} [isTyped] whether the content type counts: there are answers of two types
 * @property {number} [patience] milliseconds, more where honest requests come before
 */

/** @param {Context} t @param {any} call @param {(scene: import('./context.mjs').Scene) => Promise<() => Promise<unknown>> | (() => Promise<unknown>)} of */
async function prepared(t, call, of) {
  const scene = await t.at({ call });
  const action = await of(scene);
  scene.server.requests.length = 0;
  return { server: scene.server, action, call: scene.call };
}

/** @type {Record<string, Step>} */
export const STEPS = {
  'the metadata of OpenID Connect': {
    endpoint: 'openidConfiguration',
    invalid: 'ERR_OAUTH_METADATA_INVALID',
    async prepare(t, call) {
      const server = await scriptedServer();
      const options = { fetch: server.fetch, ...call };
      return { server, call: options, action: () => t.oauth.discover(server.issuer, options) };
    },
  },
  'the metadata of RFC 8414': {
    endpoint: 'metadata',
    invalid: 'ERR_OAUTH_METADATA_INVALID',
    async prepare(t, call) {
      const server = await scriptedServer();
      server.instead.openidConfiguration = () => new Response(null, { status: 404 });
      const options = { fetch: server.fetch, ...call };
      return { server, call: options, action: () => t.oauth.discover(server.issuer, options) };
    },
  },
  'a pushed request': {
    endpoint: 'par',
    invalid: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID',
    error: 'ERR_OAUTH_ENDPOINT_ERROR',
    prepare: (t, call) =>
      prepared(
        t,
        call,
        ({ authorize }) =>
          () =>
            authorize({ par: true }),
      ),
  },
  'the exchange of a code': {
    endpoint: 'token',
    invalid: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID',
    error: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
    prepare: (t, call) =>
      prepared(t, call, async ({ authorize, validate, exchange }) => {
        const { callback, transaction } = await authorize();
        const response = await validate(callback, transaction);
        return () => exchange(response);
      }),
  },
  'a refresh': {
    endpoint: 'token',
    invalid: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID',
    error: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
    prepare: (t, call) =>
      prepared(t, call, async ({ logIn, refresh }) => {
        const tokens = await logIn();
        return () => refresh(tokens);
      }),
  },
  'client credentials': {
    endpoint: 'token',
    invalid: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID',
    error: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
    prepare: (t, call) => prepared(t, call, ({ credentials }) => credentials),
  },
  'a password': {
    endpoint: 'token',
    invalid: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID',
    error: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
    prepare: (t, call) =>
      prepared(t, call, ({ server, metadata, call: options }) => {
        const parameters = { username: 'ada', password: 'analytical engine' };
        server.secrets.add(parameters.password);
        return () => t.oauth.passwordGrant(metadata, CLIENT, parameters, options);
      }),
  },
  'a registration': {
    endpoint: 'registration',
    invalid: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID',
    error: 'ERR_OAUTH_ENDPOINT_ERROR',
    prepare: (t, call) =>
      prepared(
        t,
        call,
        ({ metadata, call: options }) =>
          () =>
            t.oauth.registerClient(metadata, { redirect_uris: [REDIRECT_URI] }, options),
      ),
  },
  'a device authorization': {
    endpoint: 'device',
    invalid: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID',
    error: 'ERR_OAUTH_ENDPOINT_ERROR',
    prepare: (t, call) =>
      prepared(
        t,
        call,
        ({ metadata, client, call: options }) =>
          () =>
            t.oauth.deviceAuthorization(metadata, client, { scope: 'openid' }, options),
      ),
  },
  'a backchannel authentication': {
    endpoint: 'ciba',
    invalid: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID',
    error: 'ERR_OAUTH_ENDPOINT_ERROR',
    prepare: (t, call) =>
      prepared(
        t,
        call,
        ({ metadata, client, call: options }) =>
          () =>
            t.oauth.backchannelAuthentication(metadata, client, { scope: 'openid', login_hint: 'ada' }, options),
      ),
  },
  'an introspection': {
    endpoint: 'introspection',
    isTyped: true,
    invalid: 'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID',
    error: 'ERR_OAUTH_ENDPOINT_ERROR',
    prepare: (t, call) =>
      prepared(t, call, async ({ logIn, metadata, client, call: options }) => {
        const tokens = await logIn();
        return () => t.oauth.introspect(metadata, client, tokens.access_token, {}, options);
      }),
  },
  'user info': {
    endpoint: 'userinfo',
    isTyped: true,
    invalid: 'ERR_OIDC_USER_INFO_INVALID',
    prepare: (t, call) =>
      prepared(t, call, async ({ logIn, metadata, client, call: options }) => {
        const tokens = await logIn();
        return () => t.oauth.userInfo(metadata, client, tokens, {}, options);
      }),
  },
  'the keys': {
    endpoint: 'jwks',
    invalid: 'ERR_JWKS_INVALID',
    patience: 500,
    prepare: (t, call) => prepared(t, call, ({ logIn }) => logIn),
  },
};

const JSON_TYPE = { 'content-type': 'application/json' };
const EVIL = 'https://evil.example/';
/** @param {number} status @param {string} [location] */
const redirect =
  (status, location = EVIL) =>
  () =>
    new Response(null, { status, headers: { location } });
/** A body that goes on, and never ends. */
const dripping = () =>
  new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }), { headers: JSON_TYPE });

/** @typedef {(step: Step) => Refusal | undefined} Expectation `undefined` where it does not concern a step */

/** @type {Array<[string, () => () => Response | Promise<Response>, Expectation]>} */
const DISRUPTIONS = [
  ['status 500', () => () => new Response(null, { status: 500 }), () => ({ code: 'ERR_FETCH_STATUS', status: 500 })],
  ['status 502 with a page', () => () => notJson(502), () => ({ code: 'ERR_FETCH_STATUS', status: 502 })],
  [
    'status 503 with an error',
    () => () => Response.json({ error: 'temporarily_unavailable' }, { status: 503 }),
    () => ({ code: 'ERR_FETCH_STATUS', status: 503 }),
  ],
  [
    'status 429',
    () => () => new Response(null, { status: 429 }),
    ({ endpoint }) => (endpoint === 'openidConfiguration' ? undefined : { code: 'ERR_FETCH_STATUS', status: 429 }),
  ],
  [
    'status 400 with a page',
    () => () => notJson(400),
    ({ endpoint }) => (endpoint === 'openidConfiguration' ? undefined : { code: 'ERR_FETCH_STATUS', status: 400 }),
  ],
  [
    'a page',
    () => () => notJson(200),
    ({ invalid: code, isTyped }) => ({ code: String(code), ...(isTyped && { claim: 'content-type', reason: 'mismatch' }) }),
  ],
  [
    'a page as application/json',
    () => () => new Response('<html></html>', { headers: JSON_TYPE }),
    ({ invalid: code }) => ({ code: String(code) }),
  ],
  ['nothing', () => () => new Response('', { headers: JSON_TYPE }), ({ invalid: code }) => ({ code: String(code) })],
  ['an array', () => () => Response.json([]), ({ invalid: code }) => ({ code: String(code) })],
  [
    'an error with status 200',
    () => () => Response.json({ error: 'server_error' }),
    ({ error: code }) => (code === undefined ? undefined : { code, error: 'server_error', status: 200 }),
  ],
  [
    'an error with status 400',
    () => () => Response.json({ error: 'invalid_request', error_description: 'so' }, { status: 400 }),
    ({ error: code }) => (code === undefined ? undefined : { code, error: 'invalid_request', error_description: 'so', status: 400 }),
  ],
  ['a body that breaks off', () => () => brokenOff(), () => ({ code: 'ERR_FETCH_FAILED' })],
  ['no connection', () => () => Promise.reject(new TypeError('fetch failed')), () => ({ code: 'ERR_FETCH_FAILED' })],
  ['no answer', () => hang, () => ({ code: 'ERR_FETCH_TIMEOUT' })],
  ['a body that never ends', () => dripping, () => ({ code: 'ERR_FETCH_TIMEOUT' })],
  ...[301, 302, 303, 307, 308].map(
    (status) =>
      /** @type {[string, () => () => Response, Expectation]} */ ([
        `a redirect by ${status}`,
        () => redirect(status),
        () => ({ code: 'ERR_FETCH_STATUS', status }),
      ]),
  ),
  ['a redirect to itself', () => redirect(307, ''), () => ({ code: 'ERR_FETCH_STATUS', status: 307 })],
];

/** @type {Case[]} */
const disruptions = Object.entries(STEPS).flatMap(([what, step]) =>
  DISRUPTIONS.flatMap(([how, answer, expectation]) => {
    const expected = expectation(step);
    if (expected === undefined) return [];
    return {
      name: `${how} at ${what}`,
      async run(/** @type {Context} */ t) {
        const { server, action, call } = await step.prepare(t, {});
        if (expected.code === 'ERR_FETCH_TIMEOUT') call.timeout = step.patience ?? 40;
        server.instead[step.endpoint] = answer();
        await t.fails(action, expected, server.secrets);
        t.equal(server.at(step.endpoint).length, 1, 'requests');
        t.equal(server.at('unknown').length, 0, 'requests elsewhere');
        t.ok(
          server.requests.every(({ redirect }) => redirect === 'manual'),
          'no redirect is followed',
        );
      },
    };
  }),
);

/** @type {Case[]} */
const sizes = Object.entries(STEPS).map(([what, step]) => ({
  name: `a body of 50 MB at ${what} is not read to its end`,
  async run(t) {
    const { server, action } = await step.prepare(t, {});
    const { state, respond } = huge();
    server.instead[step.endpoint] = respond;
    await t.fails(action, { code: 'ERR_FETCH_TOO_LARGE' }, server.secrets);
    t.ok(state.bytes > 1 << 20 && state.bytes < 2 << 20, `${state.bytes} bytes were read`);
  },
}));

/** @type {Case[]} */
const aborts = Object.entries(STEPS).flatMap(([what, step]) => [
  {
    name: `a signal ends ${what}, and its request`,
    async run(t) {
      const controller = new AbortController();
      const { server, action } = await step.prepare(t, { signal: controller.signal, timeout: 60_000 });
      /** @type {AbortSignal | undefined} */
      let seen;
      const reason = new Error('enough');
      server.instead[step.endpoint] = ({ signal }) => {
        seen = signal;
        setTimeout(() => controller.abort(reason), 5);
        return /** @type {Promise<never>} */ (hang());
      };
      t.equal(await t.failure(action), reason, 'what it rejects with');
      t.equal(seen?.aborted, true, 'the signal of the request');
      t.equal(server.at(step.endpoint).length, 1, 'requests');
    },
  },
  {
    name: `a signal that was aborted before ends ${what} before anything is sent`,
    async run(t) {
      const controller = new AbortController();
      const { server, action } = await step.prepare(t, { signal: controller.signal, timeout: 60_000 });
      const reason = new Error('before');
      controller.abort(reason);
      t.equal(await t.failure(action), reason, 'what it rejects with');
      t.deepEqual(server.requests, [], 'requests');
    },
  },
]);

/** @type {Case[]} */
const recovery = [
  {
    name: 'a time-out ends its request, also of a fetch that ignores its signal',
    async run(t) {
      const { server, metadata } = await t.at();
      /** @type {AbortSignal | undefined} */
      let seen;
      server.instead.token = ({ signal }) => {
        seen = signal;
        return /** @type {Promise<never>} */ (hang());
      };
      const started = Date.now();
      await t.fails(() => t.oauth.clientCredentialsGrant(metadata, CLIENT, {}, { fetch: server.fetch, timeout: 30 }), {
        code: 'ERR_FETCH_TIMEOUT',
      });
      t.equal(seen?.aborted, true, 'the signal of the request');
      await t.fails(() => t.oauth.clientCredentialsGrant(metadata, CLIENT, {}, { fetch: hang, timeout: 30 }), {
        code: 'ERR_FETCH_TIMEOUT',
      });
      t.ok(Date.now() - started < 3000, 'in time');
    },
  },
  {
    name: 'the time-out is for one request, not for all of a login',
    async run(t) {
      const { server, logIn } = await t.at({ call: { timeout: 1000 } });
      /** @type {import('../scripted.mjs').Override} */
      const slowly = async (_, honest) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return honest();
      };
      server.instead = { par: slowly, token: slowly, jwks: slowly };
      t.equal((await logIn()).claims.sub, server.sub, 'sub');
    },
  },
  {
    name: 'what failed is not remembered: the next call succeeds',
    async run(t) {
      for (const { prepare, endpoint } of Object.values(STEPS)) {
        const { server, action } = await prepare(t, {});
        const { [endpoint]: _, ...others } = server.instead;
        server.instead[endpoint] = (_, honest) => (server.at(endpoint).length === 1 ? notJson() : honest());
        await t.fails(action, { code: 'ERR_FETCH_STATUS', status: 502 }, server.secrets);
        t.ok(await action(), endpoint);
        server.instead = others;
      }
    },
  },
  {
    name: 'a network failure keeps its cause',
    async run(t) {
      const { server, credentials, refuses } = await t.at();
      const cause = new TypeError('fetch failed');
      server.instead.token = () => Promise.reject(cause);
      t.equal((await refuses(credentials, { code: 'ERR_FETCH_FAILED' })).cause, cause, 'cause');
    },
  },
];

export default [...disruptions, ...sizes, ...aborts, ...recovery];
