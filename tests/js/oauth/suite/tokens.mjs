// @ts-check
// The Token Response (RFC 6749 §5): what servers write, and what is none.

import { json } from '../../client/server.mjs';
import { refusalOf } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */
/** @typedef {import('./context.mjs').Refusal} Refusal */

const invalid = refusalOf('ERR_OAUTH_TOKEN_RESPONSE_INVALID');

/** Peculiar, and good. @type {Array<[string, (answer: any) => object, (tokens: any, now: number) => unknown, unknown]>} */
const ODDITIES = [
  ['token_type in lower case', (answer) => ({ ...answer, token_type: 'bearer' }), ({ token_type }) => token_type, 'Bearer'],
  ['token_type in upper case', (answer) => ({ ...answer, token_type: 'BEARER' }), ({ token_type }) => token_type, 'Bearer'],
  ['no expires_in', ({ expires_in: _, ...answer }) => answer, ({ expires_at }) => expires_at, undefined],
  ['expires_in null', (answer) => ({ ...answer, expires_in: null }), ({ expires_at }) => expires_at, undefined],
  ['expires_in as a string', (answer) => ({ ...answer, expires_in: '60' }), ({ expires_at }, now) => expires_at - now, 60],
  ['expires_in with a fraction', (answer) => ({ ...answer, expires_in: 60.9 }), ({ expires_at }, now) => expires_at - now, 60],
  ['expires_in 0', (answer) => ({ ...answer, expires_in: 0 }), ({ expires_at }, now) => expires_at - now, 0],
  ['no scope', ({ scope: _, ...answer }) => answer, ({ scope }) => scope, 'openid offline_access'],
  ['less scope than was asked for', (answer) => ({ ...answer, scope: 'openid' }), ({ scope }) => scope, 'openid'],
  ['an empty refresh_token', (answer) => ({ ...answer, refresh_token: '' }), ({ refresh_token }) => refresh_token || undefined, undefined],
  ['refresh_token null', (answer) => ({ ...answer, refresh_token: null }), ({ refresh_token }) => refresh_token, undefined],
  ['members of extensions', (answer) => ({ ...answer, ext: { a: [1] } }), ({ ext }) => ext.a[0], 1],
];

/** @type {Array<[string, (answer: any) => any, Refusal]>} */
const REFUSED = [
  ['no access_token', ({ access_token: _, ...answer }) => answer, invalid('access_token', 'missing')],
  ['an empty access_token', (answer) => ({ ...answer, access_token: '' }), invalid('access_token', 'malformed')],
  ['access_token null', (answer) => ({ ...answer, access_token: null }), invalid('access_token', 'missing')],
  ['an access_token that is no string', (answer) => ({ ...answer, access_token: ['a'] }), invalid('access_token', 'malformed')],
  ['an access_token with a line feed', (answer) => ({ ...answer, access_token: 'a\r\nx: y' }), invalid('access_token', 'malformed')],
  ['an access_token beyond ASCII', (answer) => ({ ...answer, access_token: 'é' }), invalid('access_token', 'malformed')],
  ['no token_type', ({ token_type: _, ...answer }) => answer, invalid('token_type', 'missing')],
  ['token_type mac', (answer) => ({ ...answer, token_type: 'mac' }), invalid('token_type', 'mismatch')],
  ['token_type N_A', (answer) => ({ ...answer, token_type: 'N_A' }), invalid('token_type', 'mismatch')],
  ['expires_in below 0', (answer) => ({ ...answer, expires_in: -1 }), invalid('expires_in', 'malformed')],
  ['expires_in that is no number', (answer) => ({ ...answer, expires_in: 'soon' }), invalid('expires_in', 'malformed')],
  ['a scope that is no string', (answer) => ({ ...answer, scope: ['openid'] }), invalid('scope', 'malformed')],
  ['a refresh_token that is no string', (answer) => ({ ...answer, refresh_token: 1 }), invalid('refresh_token', 'malformed')],
  ['an id_token that is no string', (answer) => ({ ...answer, id_token: {} }), invalid('id_token', 'malformed')],
  ['no id_token', ({ id_token: _, ...answer }) => answer, { code: 'ERR_OIDC_ID_TOKEN_MISSING' }],
  ['id_token null', (answer) => ({ ...answer, id_token: null }), { code: 'ERR_OIDC_ID_TOKEN_MISSING' }],
  [
    'an error with status 200',
    () => ({ error: 'invalid_scope' }),
    { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_scope', status: 200 },
  ],
  [
    'an error with status 200 beside tokens',
    (answer) => ({ ...answer, error: 'invalid_scope' }),
    { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_scope', status: 200 },
  ],
  [
    'invalid_grant with status 200',
    () => ({ error: 'invalid_grant' }),
    { code: 'ERR_OAUTH_INVALID_GRANT', error: 'invalid_grant', status: 200 },
  ],
];

const NO_OBJECT = { code: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID' };
const HTML = '<html><body>sign in</body></html>';
/** @param {BodyInit | null} body @param {number} [status] @param {string} [type] */
const answer = (body, status = 200, type = 'application/json') => new Response(body, { status, headers: { 'content-type': type } });

/** Bodies that are none. @type {Array<[string, () => Response, Refusal]>} */
const BODIES = [
  ['an HTML page with status 200', () => answer(HTML, 200, 'text/html'), NO_OBJECT],
  ['an HTML page as application/json', () => answer(HTML), NO_OBJECT],
  ['no body', () => answer(null), NO_OBJECT],
  ['an array', () => answer('[]'), NO_OBJECT],
  ['null', () => answer('null'), NO_OBJECT],
  ['JSON that is cut off', () => answer('{"access_token":"abc"'), NO_OBJECT],
  ['JSON after a byte order mark', () => answer('\ufeff{"access_token":"abc","token_type":"Bearer"}'), NO_OBJECT],
  ['access_token twice', () => answer('{"access_token":"a","access_token":"b","token_type":"Bearer"}'), NO_OBJECT],
  ['invalid UTF-8', () => answer(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), NO_OBJECT],
  ['a form, as once was usual', () => answer('access_token=abc&token_type=bearer', 200, 'application/x-www-form-urlencoded'), NO_OBJECT],
  ['status 204', () => new Response(null, { status: 204 }), { code: 'ERR_FETCH_STATUS', status: 204 }],
  ['status 201', () => answer('{}', 201), { code: 'ERR_FETCH_STATUS', status: 201 }],
  ['an error that is an HTML page', () => answer(HTML, 400, 'text/html'), { code: 'ERR_FETCH_STATUS', status: 400 }],
  ['an error that is no string', () => answer('{"error":{"code":1}}', 400), { code: 'ERR_FETCH_STATUS', status: 400 }],
  ['an error without error', () => answer('{"message":"no"}', 401), { code: 'ERR_FETCH_STATUS', status: 401 }],
  [
    'an error as text/plain',
    () => answer('{"error":"invalid_client"}', 401, 'text/plain'),
    { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_client', status: 401 },
  ],
  [
    'invalid_grant with status 401',
    () => answer('{"error":"invalid_grant"}', 401),
    { code: 'ERR_OAUTH_INVALID_GRANT', error: 'invalid_grant', status: 401 },
  ],
  [
    'invalid_grant of a server that fails',
    () => answer('{"error":"invalid_grant"}', 500),
    { code: 'ERR_FETCH_STATUS', error: 'invalid_grant', status: 500 },
  ],
  [
    'an error with a description of 10000 characters',
    () => json(400, { error: 'x', error_description: 'y'.repeat(10_000) }),
    { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'x', error_description: 'y'.repeat(300) },
  ],
  [
    'a challenge of 1 MB',
    () => json(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="\\"'.repeat(70_000) }),
    { code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_client' },
  ],
];

/** @type {Case[]} */
export default [
  ...ODDITIES.map(([what, change, of, expected]) => ({
    name: `a response with ${what} is good`,
    async run(/** @type {Context} */ t) {
      const { server, logIn } = await t.at();
      server.tokenResponse = change;
      t.equal(of(await logIn(), server.now), expected, what);
    },
  })),
  ...REFUSED.map(([what, change, expected]) => ({
    name: `a response with ${what} is refused`,
    async run(/** @type {Context} */ t) {
      const { server, logIn, refuses } = await t.at();
      server.tokenResponse = change;
      await refuses(logIn, expected);
      t.equal(server.at('token').length, 1, 'token requests');
    },
  })),
  ...BODIES.map(([what, respond, expected]) => ({
    name: `a response that is ${what} is refused`,
    async run(/** @type {Context} */ t) {
      const { server, logIn, refuses } = await t.at();
      server.instead.token = respond;
      const before = Date.now();
      await refuses(logIn, expected);
      t.ok(Date.now() - before < 2000, 'in linear time');
      t.equal(server.at('token').length, 1, 'token requests');
    },
  })),
  {
    name: 'a response is taken for JSON whatever its content type says',
    async run(t) {
      const { server, logIn } = await t.at();
      for (const type of ['text/plain', 'text/html; charset=utf-8', 'application/octet-stream', '']) {
        server.instead.token = async (_, honest) => answer(await (await honest()).text(), 200, type);
        t.equal((await logIn()).claims.sub, server.sub, type);
      }
    },
  },
  {
    name: 'members of a response are data, whatever they are called',
    async run(t) {
      const { server, credentials } = await t.at();
      server.instead.token = () =>
        answer('{"access_token":"abc","token_type":"Bearer","__proto__":{"claims":{"sub":"x"}},"claims":{"sub":"x"},"expires_at":1}');
      const tokens = await credentials();
      t.equal(Object.getPrototypeOf(tokens), Object.prototype, 'prototype');
      t.equal(tokens.claims, undefined, 'claims, which no ID token has');
      t.equal(tokens.expires_at, undefined, 'expires_at, which the client says');
      t.ok(Object.isFrozen(tokens), 'frozen');
    },
  },
  {
    name: 'without openid no ID token is required, and one that comes is validated all the same',
    async run(t) {
      const { server, logIn, refuses } = await t.at();
      t.equal((await logIn({ scope: 'api' })).claims, undefined, 'claims');
      server.tokenResponse = (tokens) => ({ ...tokens, id_token: 'not.a.token' });
      await refuses(() => logIn({ scope: 'api' }), { code: 'ERR_JWS_INVALID' });
    },
  },
];
