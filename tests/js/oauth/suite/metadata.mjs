// @ts-check
// Server metadata (RFC 8414, OpenID Connect Discovery): of the issuer that was asked, and with endpoints that may be asked.

import { CLIENT, REDIRECT_URI } from './context.mjs';
import { scriptedServer } from '../scripted.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const MISMATCH = { code: 'ERR_OAUTH_METADATA_ISSUER_MISMATCH' };
const INVALID = { code: 'ERR_OAUTH_METADATA_INVALID' };

/** Documents that are refused. @type {Array<[string, Record<string, unknown> | string, import('./context.mjs').Refusal]>} */
const DOCUMENTS = [
  ['of another issuer', { issuer: 'https://evil.example' }, MISMATCH],
  ['of an issuer with a slash', { issuer: 'https://as.example/' }, MISMATCH],
  ['of an issuer in upper case', { issuer: 'https://AS.example' }, MISMATCH],
  ['of an issuer with the port', { issuer: 'https://as.example:443' }, MISMATCH],
  ['without issuer', { issuer: undefined }, { ...INVALID, claim: 'issuer', reason: 'missing' }],
  ['with an issuer that is no string', { issuer: ['https://as.example'] }, { ...INVALID, claim: 'issuer', reason: 'missing' }],
  ['that is HTML', '<html></html>', INVALID],
  ['that is an array', '[{"issuer":"https://as.example"}]', INVALID],
  ['that is cut off', '{"issuer":"https://as.example"', INVALID],
  ['with issuer twice', '{"issuer":"https://as.example","issuer":"https://as.example"}', INVALID],
  ['that is empty', '', INVALID],
];

/** URLs that are not asked. */
const INSECURE = [
  'http://as.example/x',
  'javascript:alert(1)',
  'data:application/json,{}',
  'file:///etc/passwd',
  '//as.example/x',
  '/x',
  'https://user:password@as.example/x',
  'https://as.example\\@evil.example/x',
  'http://127.0.0.1.evil.example/x',
  'http://localhost.evil.example/x',
  'http://2130706433/x',
  'blob:https://as.example/x',
  ' https://as.example/x',
  '',
];

/** What each endpoint is needed for. @type {Record<string, (t: Context, scene: import('./context.mjs').Scene) => Promise<unknown>>} */
const NEEDED = {
  authorization_endpoint: (_, { authorize }) => authorize({ par: false }),
  pushed_authorization_request_endpoint: (_, { authorize }) => authorize({ par: true }),
  token_endpoint: (_, { credentials }) => credentials(),
  jwks_uri: (_, { logIn }) => logIn({ par: false }),
};

/** @type {Case[]} */
const discovery = [
  ...DOCUMENTS.map(([what, document, expected]) => ({
    name: `discovery-issuer-mismatch: a document ${what} is refused`,
    async run(/** @type {Context} */ t) {
      const server = await scriptedServer(typeof document === 'object' ? { metadata: document } : {});
      if (typeof document === 'string')
        server.instead.openidConfiguration = () => new Response(document, { headers: { 'content-type': 'application/json' } });
      await t.fails(() => t.oauth.discover(server.issuer, { fetch: server.fetch }), expected);
      // A document that cannot be used is no reason to look for another.
      t.deepEqual(
        server.requests.map(({ endpoint }) => endpoint),
        ['openidConfiguration'],
        'requests',
      );
    },
  })),
  {
    name: 'the location of RFC 8414 is asked where there is none of OpenID Connect, and nothing else',
    async run(t) {
      const server = await scriptedServer({ issuer: 'https://as.example/tenant' });
      server.instead.openidConfiguration = () => new Response(null, { status: 404 });
      const { issuer } = await t.oauth.discover(server.issuer, { fetch: server.fetch });
      t.equal(issuer, server.issuer, 'issuer');
      t.deepEqual(
        server.requests.map(({ url }) => url),
        ['https://as.example/tenant/.well-known/openid-configuration', 'https://as.example/.well-known/oauth-authorization-server/tenant'],
        'requests',
      );
      server.instead.metadata = () => new Response(null, { status: 404 });
      await t.fails(() => t.oauth.discover(server.issuer, { fetch: server.fetch }), { code: 'ERR_FETCH_STATUS', status: 404 });
    },
  },
  {
    name: 'SSRF: an issuer that is not https, and not http on a loopback address, is not asked',
    async run(t) {
      const server = await scriptedServer();
      for (const issuer of INSECURE) await t.fails(() => t.oauth.discover(issuer, { fetch: server.fetch }), { code: 'ERR_FETCH_INSECURE' });
      for (const issuer of ['https://as.example?x', 'https://as.example#x']) {
        await t.fails(() => t.oauth.discover(issuer, { fetch: server.fetch }), {
          code: 'ERR_OPTION_INVALID',
          claim: 'issuer',
          reason: 'malformed',
        });
      }
      for (const issuer of [undefined, null, new URL('https://as.example'), ['https://as.example']])
        await t.mistakes(() => t.oauth.discover(issuer, { fetch: server.fetch }));
      t.deepEqual(server.requests, [], 'requests');
    },
  },
  {
    name: 'metadata is frozen, and is the document as it was sent',
    async run(t) {
      const { metadata } = await t.at({ metadata: { ext: { a: [1] } } });
      t.ok(Object.isFrozen(metadata) && Object.isFrozen(metadata.ext) && Object.isFrozen(metadata.ext.a), 'frozen');
      t.deepEqual(metadata.ext, { a: [1] }, 'ext');
    },
  },
];

/** @type {Case[]} */
const endpoints = [
  ...Object.entries(NEEDED).map(([endpoint, use]) => ({
    name: `a ${endpoint} that is not https is not asked`,
    async run(/** @type {Context} */ t) {
      for (const url of INSECURE) {
        const scene = await t.at({ metadata: { [endpoint]: url } });
        await scene.refuses(() => use(t, scene), { code: 'ERR_FETCH_INSECURE', claim: endpoint, reason: 'malformed' });
        t.ok(
          scene.server.requests.every(({ url }) => url.startsWith('https://as.example/')),
          'requests',
        );
      }
    },
  })),
  ...Object.entries(NEEDED).map(([endpoint, use]) => ({
    name: `a ${endpoint} that is missing or no string is named`,
    async run(/** @type {Context} */ t) {
      for (const [value, reason] of [
        [undefined, 'missing'],
        [1, 'malformed'],
        [['https://as.example/x'], 'malformed'],
      ]) {
        const scene = await t.at({ metadata: { [endpoint]: value } });
        await scene.refuses(() => use(t, scene), { ...INVALID, claim: endpoint, reason: String(reason) });
      }
    },
  })),
  {
    name: 'a client with a certificate goes to the aliases, which are as secure',
    async run(t) {
      const client = { ...CLIENT, token_endpoint_auth_method: 'tls_client_auth' };
      const { refuses, credentials } = await t.at({
        client,
        metadata: { mtls_endpoint_aliases: { token_endpoint: 'http://mtls.example/token' } },
      });
      await refuses(credentials, { code: 'ERR_FETCH_INSECURE', claim: 'token_endpoint', reason: 'malformed' });
      const { server, ...scene } = await t.at({
        client,
        metadata: { mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example/token' } },
      });
      await scene.refuses(scene.credentials, { code: 'ERR_FETCH_STATUS', status: 404 });
      t.deepEqual(
        server.requests.map(({ url }) => url),
        ['https://mtls.example/token'],
        'requests',
      );
    },
  },
  {
    name: 'metadata from elsewhere has the same checks',
    async run(t) {
      const parameters = { redirect_uri: REDIRECT_URI };
      for (const [metadata, expected] of /** @type {const} */ ([
        [{}, { ...INVALID, claim: 'issuer', reason: 'missing' }],
        [{ issuer: '' }, { ...INVALID, claim: 'issuer', reason: 'malformed' }],
        [{ issuer: 'http://as.example' }, { code: 'ERR_FETCH_INSECURE', claim: 'issuer', reason: 'malformed' }],
        [{ issuer: 'https://as.example' }, { ...INVALID, claim: 'authorization_endpoint', reason: 'missing' }],
      ])) {
        await t.fails(() => t.oauth.authorizationUrl(metadata, CLIENT, parameters), expected);
      }
      for (const metadata of [undefined, null, 'https://as.example'])
        await t.mistakes(() => t.oauth.authorizationUrl(metadata, CLIENT, parameters));
    },
  },
  {
    name: 'a query of the authorization endpoint is kept',
    async run(t) {
      const { authorize, server } = await t.at({ metadata: { authorization_endpoint: 'https://as.example/authorize?tenant=1' } });
      for (const par of [true, false]) {
        const { url } = await authorize({ par });
        t.ok(url.startsWith('https://as.example/authorize?tenant=1&'), url);
      }
      t.equal(server.at('par').length, 1, 'pushed requests');
    },
  },
];

export default [...discovery, ...endpoints];
