// @ts-check
// The certified `oidc-provider` in this process, on a loopback origin, with everything it has turned on.

import { randomBytes, X509Certificate } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { quietly } from '../../../www/server/authorization-server.mjs';
import { listen } from '../../../www/server/http.mjs';
import { authenticationDevice } from './backchannel.mjs';
import { CLIENT_ORIGIN, DETAILS_TYPE, ID_TOKEN_ALGORITHMS, registeredClients } from './clients.mjs';
import { registerGrants } from './grants.mjs';
import { ACR_VALUES, STRANGER, accountOf, interactions, pages } from './interactions.mjs';
import { CERTIFICATE_HEADER } from './mutual-tls.mjs';
import { listenForNotifications } from './notifications.mjs';

/** The protected resources (RFC 8707), with their scopes and what their access tokens are. */
export const RESOURCES = /** @type {const} */ ({
  opaque: 'https://opaque.example/api',
  jwt: 'https://jwt.example/api',
});
const RESOURCE_SCOPE = 'api:read api:write';

/**
 * @typedef {object} ProviderOptions
 * @property {boolean} [nonces] whether DPoP proofs need a nonce of the server (RFC 9449 §8, §9); true by default
 * @property {number} [accessTokenLifetime] in seconds
 * @property {object[]} [clients] that are registered too (RFC 7591 §2)
 * @property {(configuration: any) => any} [configure] changes the configuration of `oidc-provider`
 */

/** Starts the server. @param {ProviderOptions} [options] */
export async function startProvider({ nonces = true, accessTokenLifetime = 300, clients: more = [], configure = (it) => it } = {}) {
  const [plain, mutual, notifications, clients, jwks, { Provider, errors }] = await Promise.all([
    listen(0),
    listen(0),
    listenForNotifications(),
    registeredClients(),
    signingKeys(),
    quietly(() => import('oidc-provider')),
  ]);
  const listeners = [plain, mutual];
  const issuer = plain.origin;
  const close = async () => {
    await Promise.all([...listeners, notifications].map((listener) => listener.close()));
  };
  const initialAccessToken = randomBytes(16).toString('base64url');
  const device = authenticationDevice(errors);
  const configuration = configure({
    ...grantedTo(accessTokenLifetime),
    jwks,
    clients: [...Object.values(clients).map(({ metadata }) => metadata), ...more],
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clientBasedCORS: () => false,
    clientAuthMethods: [
      'none',
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ],
    discovery: { mtls_endpoint_aliases: aliasesAt(mutual.origin) },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      ciba: { enabled: true, deliveryModes: ['poll', 'ping'], ...device.feature },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true, ...pages.deviceFlow },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => nonces },
      fapi: {
        enabled: true,
        profile: (/** @type {unknown} */ _context, /** @type {{ clientId: string } | undefined} */ client) =>
          client?.clientId === clients.fapi.metadata.client_id ? '2.0' : undefined,
      },
      introspection: { enabled: true, allowedPolicy: () => true },
      jwtIntrospection: { enabled: true },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      mTLS: mutualTls(mutual.origin, /** @type {string} */ (clients.tls_client_auth.certificate)),
      registration: { enabled: true, initialAccessToken },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
      requestObjects: { enabled: true },
      resourceIndicators: { enabled: true, getResourceServerInfo: resourceServers(errors, accessTokenLifetime) },
      revocation: { enabled: true, allowedPolicy: ownToken },
      richAuthorizationRequests: authorizationDetails(errors),
      rpInitiatedLogout: { enabled: true, ...pages.logout },
    },
    // `oidc-provider` itself refuses to call loopback addresses, which the listener of the clients is on.
    fetch: (/** @type {string} */ url, /** @type {any} */ { dispatcher: _, ...init }) =>
      fetch(url.startsWith(`${CLIENT_ORIGIN}/`) ? notifications.origin + url.slice(CLIENT_ORIGIN.length) : url, init),
  });
  try {
    const provider = await quietly(() => new Provider(issuer, configuration));
    provider.on('server_error', (/** @type {unknown} */ _context, /** @type {Error} */ error) => console.error(error));
    provider.use(interactions(provider));
    registerGrants(provider, errors, jwks);
    for (const { server } of listeners) server.on('request', provider.callback()).unref();
    return { issuer, clients, notifications, device, initialAccessToken, provider, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is granted to whom, and for how long. @param {number} accessTokenLifetime in seconds */
const grantedTo = (accessTokenLifetime) => ({
  acrValues: ACR_VALUES,
  claims: {
    acr: null,
    amr: null,
    auth_time: null,
    iss: null,
    sid: null,
    profile: ['name', 'preferred_username'],
    email: ['email', 'email_verified'],
  },
  scopes: ['openid', 'offline_access', ...RESOURCE_SCOPE.split(' ')],
  responseTypes: ['code', 'none', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
  findAccount: (/** @type {unknown} */ _context, /** @type {string} */ id) => (id === STRANGER ? undefined : accountOf(id)),
  interactions: { url: (/** @type {unknown} */ _context, /** @type {{ uid: string }} */ { uid }) => `/interaction/${uid}` },
  issueRefreshToken: (/** @type {unknown} */ _context, /** @type {{ grantTypeAllowed(type: string): boolean }} */ client) =>
    client.grantTypeAllowed('refresh_token'),
  pkce: { required: () => true },
  renderError: pages.renderError,
  rotateRefreshToken: true,
  ttl: {
    AccessToken: accessTokenLifetime,
    AuthorizationCode: 60,
    BackchannelAuthenticationRequest: 120,
    ClientCredentials: accessTokenLifetime,
    DeviceCode: 120,
    Grant: 3600,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: 3600,
    Session: 3600,
  },
});

/** A key of the server for every algorithm. @returns {Promise<{ keys: any[] }>} */
async function signingKeys() {
  const keys = ID_TOKEN_ALGORITHMS.map(async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `${alg}-${randomBytes(4).toString('hex')}` };
  });
  return { keys: await Promise.all(keys) };
}

/** The endpoints that ask for a certificate (RFC 8705 §5). @param {string} origin */
const aliasesAt = (origin) => ({
  token_endpoint: `${origin}/token`,
  userinfo_endpoint: `${origin}/me`,
  introspection_endpoint: `${origin}/token/introspection`,
  revocation_endpoint: `${origin}/token/revocation`,
  pushed_authorization_request_endpoint: `${origin}/request`,
  device_authorization_endpoint: `${origin}/device/auth`,
  backchannel_authentication_endpoint: `${origin}/backchannel`,
});

/**
 * Client certificates (RFC 8705), as the proxy passes them on.
 * @param {string} origin where the proxy stands; a certificate that comes by any other way does not count
 * @param {string} issued the certificate that its authority has issued
 */
function mutualTls(origin, issued) {
  const certificateOf = (/** @type {any} */ context) => {
    const header = `http://${context.host}` === origin && context.get(CERTIFICATE_HEADER);
    return header ? new X509Certificate(decodeURIComponent(header)) : undefined;
  };
  const trusted = new X509Certificate(issued).fingerprint256;
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: true,
    getCertificate: certificateOf,
    certificateAuthorized: (/** @type {any} */ context) => certificateOf(context)?.fingerprint256 === trusted,
    certificateSubjectMatches: (/** @type {any} */ context, /** @type {string} */ property, /** @type {string} */ expected) =>
      property === 'tls_client_auth_subject_dn' && certificateOf(context)?.subject === expected,
  };
}

/** @param {any} errors @param {number} accessTokenTTL in seconds */
const resourceServers = (errors, accessTokenTTL) => (/** @type {unknown} */ _context, /** @type {string} */ resource) => {
  const server = { scope: RESOURCE_SCOPE, accessTokenTTL };
  if (resource === RESOURCES.opaque) return { ...server, accessTokenFormat: 'opaque' };
  if (resource === RESOURCES.jwt) return { ...server, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
  throw new errors.InvalidTarget();
};

/** Every payment that names its amount is granted as it was asked for. @param {any} errors */
const authorizationDetails = (errors) => ({
  enabled: true,
  types: {
    [DETAILS_TYPE]: {
      validate(/** @type {unknown} */ _context, /** @type {any} */ { instructedAmount }) {
        if (typeof instructedAmount?.amount !== 'string') throw new errors.InvalidAuthorizationDetails('instructedAmount is required');
      },
    },
  },
  authorizationDetailsForGrantSource: (/** @type {any} */ { oidc }) => oidc.grant.rar,
  authorizationDetailsForAccessToken: (/** @type {any} */ { oidc }, /** @type {unknown} */ _token, /** @type {any} */ source) =>
    source?.rar ?? JSON.parse(oidc.params.authorization_details),
  authorizationDetailsForIntrospection: (/** @type {unknown} */ _context, /** @type {any} */ token) => token.rar,
});

/** A client may revoke its own tokens only (RFC 7009 §2.1). */
const ownToken = (/** @type {unknown} */ _context, /** @type {{ clientId: string }} */ client, /** @type {{ clientId: string }} */ token) =>
  token.clientId === client.clientId;
