// @ts-check
// The clients that are registered at `oidc-provider`: one for every way to authenticate, and one for every peculiarity.

import { randomBytes, X509Certificate } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { CERTIFIED } from '../suite/openssl-keys.mjs';
import { GRANT } from './grant-types.mjs';

export const CLIENT_ORIGIN = 'https://client.example';
export const REDIRECT_URI = `${CLIENT_ORIGIN}/callback`;
export const LOGGED_OUT_URI = `${CLIENT_ORIGIN}/logged-out`;
/** Where a client is notified, at the loopback listener that stands for `CLIENT_ORIGIN`. */
export const NOTIFICATION = { ciba: '/ciba', logout: '/backchannel-logout' };

/** The one type of authorization details, after the example of RFC 9396 §2. */
export const DETAILS_TYPE = 'payment_initiation';

/** The algorithms that ID tokens are signed with, each with a client of that name. */
export const ID_TOKEN_ALGORITHMS = /** @type {const} */ (['RS256', 'PS256', 'ES256', 'EdDSA']);

/** The certificates that the proxy in front of the server has seen the keys of, as PEM. */
const CERTIFICATE = { issued: CERTIFIED.RS256.certificate, selfSigned: CERTIFIED.ES256.certificate };

const CODE_ONLY = ['code', 'code id_token'];
const EVERYTHING = {
  redirect_uris: [REDIRECT_URI],
  post_logout_redirect_uris: [LOGGED_OUT_URI],
  grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials', ...Object.values(GRANT)],
  response_types: [...CODE_ONLY, 'none', 'id_token', 'id_token token', 'code token', 'code id_token token'],
  backchannel_token_delivery_mode: 'poll',
  authorization_details_types: [DETAILS_TYPE],
};

/** Of a client that must not get a token that is bound to nothing. */
const BOUND = { grant_types: EVERYTHING.grant_types.filter((type) => type !== 'implicit'), response_types: CODE_ONLY };

/**
 * @typedef {object} RegisteredClient
 * @property {Record<string, any> & { client_id: string }} metadata as it is registered (RFC 7591 §2)
 * @property {ClientKey} [key] of `metadata.jwks`
 * @property {string} [certificate] as PEM
 */

/** @typedef {{ privateKey: CryptoKey, publicKey: CryptoKey, alg: string, kid: string }} ClientKey */

const secret = () => randomBytes(32).toString('base64url');

/** @param {string} client_id @param {object} metadata */
const registered = (client_id, metadata) => ({ metadata: { client_id, ...EVERYTHING, ...metadata } });

/** A key that a client signs with, and its JWK set. @param {string} kid @param {string} [alg] */
export async function clientKey(kid, alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg, kid, use: 'sig' }] };
  return { key: { privateKey, publicKey, alg, kid }, jwks };
}

/** @param {string} client_id @param {object} metadata */
async function keyed(client_id, metadata) {
  const { key, jwks } = await clientKey(`${client_id}-key`);
  return { key, ...registered(client_id, { token_endpoint_auth_method: 'private_key_jwt', jwks, ...metadata }) };
}

/** @param {string} client_id @param {string} certificate @param {object} metadata */
const certified = (client_id, certificate, metadata) => ({ certificate, ...registered(client_id, metadata) });

/** A client that is known by the key of a certificate of its own (RFC 8705 §2.2). @param {string} client_id @param {string} certificate */
function selfSigned(client_id, certificate) {
  const { publicKey, raw } = new X509Certificate(certificate);
  const jwk = { ...publicKey.export({ format: 'jwk' }), x5c: [raw.toString('base64')] };
  return certified(client_id, certificate, { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [jwk] } });
}

/** Fresh clients, by what is particular about them. */
export async function registeredClients() {
  const clients = {
    none: registered('public', { token_endpoint_auth_method: 'none' }),
    // With everything that `application/x-www-form-urlencoded` encodes (RFC 6749 §2.3.1, appendix B).
    client_secret_basic: registered('basic: a+b/c%20&d=~', {
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret: `+%:&=/?~!*'() "${secret()}`,
    }),
    client_secret_post: registered('post', { token_endpoint_auth_method: 'client_secret_post', client_secret: secret() }),
    client_secret_jwt: registered('secret-jwt', { token_endpoint_auth_method: 'client_secret_jwt', client_secret: secret() }),
    private_key_jwt: await keyed('private-key-jwt', {}),
    tls_client_auth: certified('tls', CERTIFICATE.issued, {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=tollgate.example',
      tls_client_certificate_bound_access_tokens: true,
      ...BOUND,
    }),
    self_signed_tls_client_auth: selfSigned('self-signed-tls', CERTIFICATE.selfSigned),
    /** Must bind its tokens by DPoP (RFC 9449 §5.2). */
    dpop: registered('dpop', { token_endpoint_auth_method: 'none', dpop_bound_access_tokens: true, ...BOUND }),
    /** Must push its authorization requests (RFC 9126 §6). */
    par: registered('par', { token_endpoint_auth_method: 'none', require_pushed_authorization_requests: true }),
    /** Must sign its requests (RFC 9101 §10.5), and gets every response signed. */
    signed: await keyed('signed', {
      require_signed_request_object: true,
      request_object_signing_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      introspection_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'ES256',
    }),
    /** Of the FAPI 2.0 security profile. */
    fapi: await keyed('fapi', {
      id_token_signed_response_alg: 'ES256',
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
      ...BOUND,
    }),
    /** Is told when a CIBA request has been decided. */
    ping: await keyed('ping', {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: CLIENT_ORIGIN + NOTIFICATION.ciba,
    }),
    /** Is told when the user logs out. */
    logout: registered('logout', {
      token_endpoint_auth_method: 'none',
      backchannel_logout_uri: CLIENT_ORIGIN + NOTIFICATION.logout,
      backchannel_logout_session_required: true,
    }),
  };
  const algorithms = ID_TOKEN_ALGORITHMS.map((alg) => [
    alg,
    registered(alg, { token_endpoint_auth_method: 'none', id_token_signed_response_alg: alg }),
  ]);
  return /** @type {Record<keyof typeof clients | typeof ID_TOKEN_ALGORITHMS[number], RegisteredClient>} */ ({
    ...clients,
    ...Object.fromEntries(algorithms),
  });
}
