// @ts-check
// An authorization server and OpenID Provider on a loopback origin: the certified `oidc-provider`, in this process.

import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { listen } from './http.mjs';
import { errorPage, loggedOutPage, logoutPage } from './interaction-pages.mjs';
import { accountOf, interactions } from './interactions.mjs';

const SECONDS = { minute: 60, hour: 3600, day: 86_400 };

/**
 * @typedef {object} AuthorizationServerOptions
 * @property {number} [port] 0, the default, takes a free one
 * @property {string} [client_id] of the one registered client, a public single-page app
 * @property {string[]} redirect_uris
 * @property {string[]} [post_logout_redirect_uris]
 * @property {string[]} [origins] that may call the endpoints from a browser; by default those of `redirect_uris`
 * @property {Record<string, string>} [resources] resource indicators (RFC 8707) and the scope each of them knows
 * @property {number} [accessTokenLifetime] in seconds
 * @property {'ES256' | 'RS256' | 'EdDSA'} [algorithm] that signs ID tokens and JWT access tokens
 */

/**
 * Starts the server. Anyone may log in under any name; everything is forgotten on `close`.
 * @param {AuthorizationServerOptions} options
 */
export async function startAuthorizationServer({
  port = 0,
  client_id = 'tollgate-demo',
  redirect_uris,
  post_logout_redirect_uris = [],
  origins = redirect_uris.map((uri) => new URL(uri).origin),
  resources = {},
  accessTokenLifetime = 5 * SECONDS.minute,
  algorithm = 'ES256',
}) {
  const { server, origin: issuer, close } = await listen(port);
  try {
    const { Provider, errors } = await quietly(() => import('oidc-provider'));
    const jwks = { keys: await signingKeys() };
    const provider = await quietly(() => new Provider(issuer, {
      clients: [{
        client_id,
        client_name: 'Tollgate demo',
        application_type: 'web',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris,
        post_logout_redirect_uris,
        id_token_signed_response_alg: algorithm,
      }],
      jwks,
      enabledJWA: { idTokenSigningAlgValues: jwks.keys.map((key) => key.alg) },
      scopes: ['openid', 'offline_access', ...new Set(Object.values(resources).flatMap((scope) => scope.split(' ')))],
      claims: { profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
      findAccount: (/** @type {unknown} */ _context, /** @type {string} */ id) => accountOf(id),
      cookies: { keys: [randomBytes(32).toString('base64url')] },
      pkce: { required: () => true },
      // A single-page app gets a refresh token as long as the user is logged in here, rotated at every use (RFC 9700 §4.14).
      issueRefreshToken: (/** @type {unknown} */ _context, /** @type {{ grantTypeAllowed(type: string): boolean }} */ client) =>
        client.grantTypeAllowed('refresh_token'),
      rotateRefreshToken: true,
      clientBasedCORS: (/** @type {unknown} */ _context, /** @type {string} */ origin) => origins.includes(origin),
      interactions: { url: (/** @type {unknown} */ _context, /** @type {{ uid: string }} */ { uid }) => `/interaction/${uid}` },
      features: {
        devInteractions: { enabled: false },
        revocation: { enabled: true, allowedPolicy: ownToken },
        rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: loggedOutPage },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo(/** @type {unknown} */ _context, /** @type {string} */ resource) {
            const scope = resources[resource];
            if (scope === undefined) throw new errors.InvalidTarget();
            return { scope, accessTokenFormat: 'jwt', accessTokenTTL: accessTokenLifetime, jwt: { sign: { alg: algorithm } } };
          },
        },
      },
      ttl: {
        AccessToken: accessTokenLifetime,
        AuthorizationCode: SECONDS.minute,
        Grant: SECONDS.day,
        IdToken: SECONDS.hour,
        Interaction: SECONDS.hour,
        RefreshToken: SECONDS.day,
        Session: SECONDS.day,
      },
      renderError: errorPage,
    }));
    provider.on('server_error', (/** @type {unknown} */ _context, /** @type {Error} */ error) => console.error(error));
    provider.use(interactions(provider, origins));
    server.on('request', provider.callback());
    return { issuer, client_id, provider, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One fresh key for every algorithm on offer. */
async function signingKeys() {
  const generate = promisify(generateKeyPair);
  const pairs = await Promise.all([
    generate('ec', { namedCurve: 'P-256' }).then(({ privateKey }) => ({ alg: 'ES256', privateKey })),
    generate('rsa', { modulusLength: 2048 }).then(({ privateKey }) => ({ alg: 'RS256', privateKey })),
    generate('ed25519').then(({ privateKey }) => ({ alg: 'EdDSA', privateKey })),
  ]);
  return pairs.map(({ alg, privateKey }) => ({
    ...privateKey.export({ format: 'jwk' }),
    alg,
    use: 'sig',
    kid: `${alg.toLowerCase()}-${randomBytes(4).toString('hex')}`,
  }));
}

/**
 * A client may revoke its own tokens only (RFC 7009 §2.1).
 * @param {unknown} _context
 * @param {{ clientId: string }} client
 * @param {{ clientId: string }} token
 */
function ownToken(_context, client, token) {
  return token.clientId === client.clientId;
}

/**
 * Runs `start` without two start-up warnings of oidc-provider that are about production: that its state is lost on exit,
 * which is wanted here, and that its author supports newer releases of Node than the oldest one it works on. All else is printed.
 * @template T
 * @param {() => T} start
 * @returns {Promise<Awaited<T>>}
 */
export async function quietly(start) {
  const { warn } = console;
  console.warn = (...message) => {
    if (!/in-memory adapter|Unsupported runtime/.test(String(message[0]))) warn(...message);
  };
  try {
    return await start();
  } finally {
    console.warn = warn;
  }
}
