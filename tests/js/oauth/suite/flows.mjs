// @ts-check
// Each flow to its end, by every way to authenticate a client.

import { basicOf, decodedJwt } from '../scripted-record.mjs';
import { CLIENT } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const SECRET = `+%:&=/?~!*'() "${'s'.repeat(32)}`;

/** @type {Array<[string, any, (recorded: import('../scripted.mjs').Recorded) => unknown, unknown]>} */
const AUTHENTICATION = [
  ['none', {}, ({ form, headers }) => [form.get('client_id'), headers['authorization']], ['client', undefined]],
  [
    'client_secret_basic',
    { client_secret: SECRET },
    ({ headers }) => basicOf(headers['authorization'].slice(6)),
    { id: 'client', secret: SECRET },
  ],
  [
    'client_secret_post',
    { client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' },
    ({ form }) => form.get('client_secret'),
    SECRET,
  ],
  [
    'client_secret_jwt',
    { client_secret: SECRET, token_endpoint_auth_method: 'client_secret_jwt' },
    ({ form }) => [decodedJwt(form.get('client_assertion') ?? '').header.alg, form.get('client_secret')],
    ['HS256', null],
  ],
];

/** @type {Case[]} */
export default [
  ...AUTHENTICATION.map(([method, members, shown, expected]) => ({
    name: `code, refresh and client credentials by a client of ${method}`,
    async run(/** @type {Context} */ t) {
      const { server, logIn, refresh, credentials } = await t.at({ client: { ...CLIENT, ...members } });
      const tokens = await logIn();
      t.equal((await refresh(tokens)).claims.sub, server.sub, 'sub');
      t.equal((await credentials({ scope: 'api' })).scope, 'api', 'scope');
      t.deepEqual(
        server.at('token').map(({ form }) => form.get('grant_type')),
        ['authorization_code', 'refresh_token', 'client_credentials'],
        'grants',
      );
      for (const request of [...server.at('par'), ...server.at('token')])
        t.deepEqual(shown(request), expected, 'how it authenticates itself');
    },
  })),
  ...['ES256', 'RS256', 'PS256', 'EdDSA'].map((alg) => ({
    name: `code, refresh and client credentials by a client of private_key_jwt under ${alg}`,
    async run(/** @type {Context} */ t) {
      const { privateKey, publicKey } = await keyPair(alg);
      const { server, logIn, refresh, credentials } = await t.at({ client: { ...CLIENT, privateKey: { key: privateKey, kid: 'k', alg } } });
      await refresh(await logIn());
      await credentials();
      for (const { form } of [...server.at('par'), ...server.at('token')]) {
        const assertion = form.get('client_assertion') ?? '';
        const { header, payload } = decodedJwt(assertion);
        t.deepEqual(
          [header.alg, header.kid, payload.iss, payload.sub, payload.aud],
          [alg, 'k', 'client', 'client', server.issuer],
          'the assertion',
        );
        t.ok(await verifies(alg, publicKey, assertion), 'its signature');
      }
    },
  })),
  {
    name: 'the password of the user is sent to the token endpoint alone',
    async run(t) {
      const { server, metadata, client, call } = await t.at();
      const password = 'correct horse battery staple';
      const tokens = await t.oauth.passwordGrant(metadata, client, { username: 'ada', password, scope: 'openid' }, call);
      t.equal(tokens.claims.sub, server.sub, 'sub');
      t.deepEqual(
        server.requests.filter(({ body }) => new URLSearchParams(body).get('password') === password).map(({ endpoint }) => endpoint),
        ['token'],
        'requests',
      );
    },
  },
  {
    name: 'twenty logins at once share what is learned of one server, and nothing else',
    async run(t) {
      const dpop = await t.oauth.generateDpopKey();
      const { server, logIn, refresh } = await t.at({ client: { ...CLIENT, dpop } });
      server.dpopNonce = 'nonce';
      const all = await Promise.all(Array.from({ length: 20 }, () => logIn()));
      t.equal(new Set(all.map(({ access_token }) => access_token)).size, 20, 'access tokens');
      t.equal(new Set(all.map(({ claims }) => claims.nonce)).size, 20, 'nonces of ID tokens');
      t.ok(server.at('token').length <= 40, 'each asks again at most once');
      server.requests.length = 0;
      await Promise.all(all.map((tokens) => refresh(tokens)));
      t.deepEqual([server.at('token').length, server.at('jwks').length], [20, 0], 'requests after that');
    },
  },
  {
    name: 'one login that fails does not disturb another at the same server',
    async run(t) {
      const { server, logIn, authorize, validate, exchange, refuses } = await t.at();
      const { callback, transaction } = await authorize();
      const response = await validate(callback, transaction);
      server.instead.token = (request, honest) => (server.at('token').length === 1 ? Response.error() : honest());
      const [first, second] = await Promise.allSettled([exchange(response), logIn()]);
      t.deepEqual([first.status, second.status], ['rejected', 'fulfilled'], 'outcomes');
      await refuses(() => Promise.reject(/** @type {PromiseRejectedResult} */ (first).reason), { code: 'ERR_FETCH_STATUS', status: 0 });
    },
  },
  {
    name: 'a pushed request leaves nothing but a reference in the URL',
    async run(t) {
      const { authorize, server } = await t.at();
      const { url } = await authorize({ login_hint: 'ada@example.com' });
      t.deepEqual([...new URL(url).searchParams.keys()], ['client_id', 'request_uri'], 'parameters');
      t.equal(server.at('par')[0].form.get('login_hint'), 'ada@example.com', 'login_hint');
    },
  },
];

/** @param {string} alg */
const parametersOf = (alg) =>
  ({
    ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    EdDSA: { name: 'Ed25519' },
    RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    PS256: { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  })[alg] ?? { name: alg };

/** @param {string} alg @returns {Promise<CryptoKeyPair>} */
const keyPair = async (alg) =>
  /** @type {any} */ (crypto.subtle.generateKey(/** @type {any} */ (parametersOf(alg)), false, ['sign', 'verify']));

/** @param {string} alg @param {CryptoKey} key @param {string} token */
async function verifies(alg, key, token) {
  const [, input, signature] = /^(.*)\.([^.]*)$/.exec(token) ?? [];
  const bytes = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  return crypto.subtle.verify(/** @type {any} */ (parametersOf(alg)), key, bytes, new TextEncoder().encode(input));
}
