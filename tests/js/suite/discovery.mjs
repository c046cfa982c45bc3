// @ts-check
// Where an issuer publishes its keys (OpenID Connect Discovery §4, RFC 8414 §3), and whom it may speak for.

import { serve } from './server.mjs';
import { AUDIENCE, NOW, claims, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const JWKS_URI = 'https://keys.example/jwks';

/** @param {Context} t @param {string} issuer @param {Record<string, unknown>} routes */
async function discovering(t, issuer, routes) {
  const key = await signer('ES256');
  const server = serve({ [JWKS_URI]: { keys: [{ ...key.jwk, kid: 'a' }] }, ...routes });
  const verifier = await t.createVerifier({ issuer, audience: AUDIENCE, fetch: server.fetch, now: () => NOW });
  return { verifier, token: await key.token(claims({ iss: issuer }), { kid: 'a' }), ...server };
}

/** @type {Array<[string, string, string]>} */
const LOCATIONS = [
  [
    'https://a.example',
    'https://a.example/.well-known/openid-configuration',
    'https://a.example/.well-known/oauth-authorization-server',
  ],
  [
    'https://a.example/',
    'https://a.example/.well-known/openid-configuration',
    'https://a.example/.well-known/oauth-authorization-server',
  ],
  [
    'https://a.example/t/1',
    'https://a.example/t/1/.well-known/openid-configuration',
    'https://a.example/.well-known/oauth-authorization-server/t/1',
  ],
  [
    'http://localhost:8080',
    'http://localhost:8080/.well-known/openid-configuration',
    'http://localhost:8080/.well-known/oauth-authorization-server',
  ],
];

/** @type {Case[]} */
const locations = LOCATIONS.map(([issuer, openid, oauth]) => ({
  name: `the keys of ${issuer} are found by OpenID Connect discovery or by RFC 8414, and discovered once`,
  async run(t) {
    for (const urls of [[openid], [openid, oauth]]) {
      const metadata = { issuer, jwks_uri: JWKS_URI, other: ['members'] };
      const { verifier, token, calls } = await discovering(t, issuer, { [urls[urls.length - 1]]: metadata });
      t.deepEqual(calls, [], 'fetched by createVerifier');
      t.equal((await verifier.verify(token)).claims.iss, issuer, 'iss');
      t.ok(verifier.verifySync(token), 'synchronously');
      t.deepEqual(calls, [...urls, JWKS_URI], 'fetched');
    }
  },
}));

const ISSUER = 'https://a.example';
const OPENID = LOCATIONS[0][1];
const json = (/** @type {string} */ text) => () => new Response(text);

/** @type {Array<[string, unknown, import('./context.mjs').Refusal]>} */
const ANSWERS = [
  [
    'names another issuer',
    { issuer: 'https://evil.example', jwks_uri: JWKS_URI },
    { code: 'ERR_OAUTH_METADATA_ISSUER_MISMATCH' },
  ],
  [
    'names its issuer with a slash more',
    { issuer: `${ISSUER}/`, jwks_uri: JWKS_URI },
    { code: 'ERR_OAUTH_METADATA_ISSUER_MISMATCH' },
  ],
  [
    'names no issuer',
    { jwks_uri: JWKS_URI },
    { code: 'ERR_OAUTH_METADATA_INVALID', claim: 'issuer', reason: 'missing' },
  ],
  [
    'names no jwks_uri',
    { issuer: ISSUER },
    { code: 'ERR_OAUTH_METADATA_INVALID', claim: 'jwks_uri', reason: 'missing' },
  ],
  [
    'names a jwks_uri that is no string',
    { issuer: ISSUER, jwks_uri: 1 },
    { code: 'ERR_OAUTH_METADATA_INVALID', claim: 'jwks_uri', reason: 'malformed' },
  ],
  [
    'names a jwks_uri of plain http',
    { issuer: ISSUER, jwks_uri: 'http://a.example/jwks' },
    { code: 'ERR_FETCH_INSECURE', claim: 'jwks_uri', reason: 'malformed' },
  ],
  [
    'names a jwks_uri on the disk',
    { issuer: ISSUER, jwks_uri: 'file:///etc/passwd' },
    { code: 'ERR_FETCH_INSECURE', claim: 'jwks_uri', reason: 'malformed' },
  ],
  [
    'names a jwks_uri that is data',
    { issuer: ISSUER, jwks_uri: 'data:application/json,{"keys":[]}' },
    { code: 'ERR_FETCH_INSECURE', claim: 'jwks_uri', reason: 'malformed' },
  ],
  [
    'names its issuer twice',
    json(`{"issuer":"https://evil.example","issuer":"${ISSUER}","jwks_uri":"${JWKS_URI}"}`),
    { code: 'ERR_OAUTH_METADATA_INVALID' },
  ],
  ['is not JSON', json('<!doctype html>'), { code: 'ERR_OAUTH_METADATA_INVALID' }],
  ['is an array', [], { code: 'ERR_OAUTH_METADATA_INVALID' }],
  ['has a status of 500', () => new Response('', { status: 500 }), { code: 'ERR_FETCH_STATUS', status: 500 }],
  [
    'redirects',
    () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
    { code: 'ERR_FETCH_STATUS', status: 302 },
  ],
];

/** @type {Case[]} */
const answers = ANSWERS.map(([what, route, refusal]) => ({
  name: `metadata that ${what} is ${refusal.code}, and no keys are fetched`,
  async run(t) {
    const { verifier, token, calls } = await discovering(t, ISSUER, { [OPENID]: route });
    await t.fails(() => verifier.verify(token), refusal, token.split('.'));
    t.deepEqual(calls, [OPENID], 'fetched');
  },
}));

/** @type {Case[]} */
const rest = [
  {
    name: 'an issuer without metadata is ERR_FETCH_STATUS',
    async run(t) {
      const { verifier, token } = await discovering(t, ISSUER, {});
      await t.fails(() => verifier.verify(token), { code: 'ERR_FETCH_STATUS', status: 404 });
    },
  },
  {
    name: 'a token of another issuer is refused, though its key is in the set',
    async run(t) {
      const { verifier } = await discovering(t, ISSUER, { [OPENID]: { issuer: ISSUER, jwks_uri: JWKS_URI } });
      const { token } = await signer('ES256');
      const foreign = await token(claims({ iss: 'https://evil.example' }), { kid: 'a' });
      await t.fails(() => verifier.verify(foreign), {
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        claim: 'iss',
        reason: 'mismatch',
      });
    },
  },
  {
    name: 'nothing is fetched for an issuer of plain http',
    async run(t) {
      const { fetch, calls } = serve({});
      const error = await t.failure(async () => {
        const verifier = await t.createVerifier({ issuer: 'http://a.example', audience: AUDIENCE, fetch });
        await verifier.load();
      });
      t.refusal(error, { code: 'ERR_FETCH_INSECURE', claim: 'issuer', reason: 'malformed' });
      t.deepEqual(calls, [], 'fetched');
    },
  },
];

export default [...locations, ...answers, ...rest];
