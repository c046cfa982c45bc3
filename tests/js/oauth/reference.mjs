// @ts-check
// The reference client, `oauth4webapi`, that the servers are proven with.

import * as oauth from 'oauth4webapi';
import { login } from './browser.mjs';
import { fetchWithCertificate } from './mutual-tls.mjs';

/** Loopback servers speak plain http. */
export const INSECURE = { [oauth.allowInsecureRequests]: true };

/** @typedef {import('./clients.mjs').RegisteredClient} RegisteredClient */
/** @typedef {Record<string, any>} Options of `oauth4webapi` */

/** @type {Record<string, (client: RegisteredClient) => oauth.ClientAuth>} */
const AUTHENTICATION = {
  none: () => oauth.None(),
  client_secret_basic: ({ metadata }) => oauth.ClientSecretBasic(metadata.client_secret),
  client_secret_post: ({ metadata }) => oauth.ClientSecretPost(metadata.client_secret),
  client_secret_jwt: ({ metadata }) => oauth.ClientSecretJwt(metadata.client_secret),
  private_key_jwt: (client) => oauth.PrivateKeyJwt(privateKeyOf(client)),
  tls_client_auth: () => oauth.TlsClientAuth(),
  self_signed_tls_client_auth: () => oauth.TlsClientAuth(),
};

/** As `oauth4webapi` takes it. @param {RegisteredClient} client @returns {oauth.PrivateKey} */
export function privateKeyOf({ metadata, key }) {
  if (!key) throw new Error(`${metadata.client_id} has no key`);
  return { key: key.privateKey, kid: key.kid };
}

/** @param {string} issuer @param {{ algorithm?: 'oidc' | 'oauth2' }} [options] */
export async function discover(issuer, options) {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { ...INSECURE, ...options }));
}

/**
 * A client of `as`, with the requests that the tests make.
 * @param {oauth.AuthorizationServer} as
 * @param {RegisteredClient} registered
 * @param {Options} [always] options of every request
 */
export function referenceClient(as, registered, always = {}) {
  const { metadata, certificate } = registered;
  const client = /** @type {oauth.Client} */ ({ ...metadata, use_mtls_endpoint_aliases: certificate !== undefined });
  const auth = AUTHENTICATION[metadata.token_endpoint_auth_method](registered);
  const options = { ...INSECURE, ...(certificate && { [oauth.customFetch]: fetchWithCertificate(certificate) }), ...always };
  const [redirect_uri] = metadata.redirect_uris;
  return {
    client,
    auth,
    options,
    /** The parameters of an authorization request, and what its response is checked with. @param {Record<string, string>} [more] */
    async authorization(more) {
      const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
      const parameters = {
        client_id: client.client_id,
        redirect_uri,
        response_type: 'code',
        scope: 'openid profile',
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...more,
      };
      return { verifier, state, nonce, parameters };
    },
    /** @param {Record<string, string>} parameters */
    url(parameters) {
      const url = new URL(/** @type {string} */ (as.authorization_endpoint));
      url.search = String(new URLSearchParams(parameters));
      return url;
    },
    /** Makes a request, again with the nonce if the server asks for one. @template T @param {() => Promise<T>} request */
    async nonced(request) {
      try {
        return await request();
      } catch (error) {
        if (!oauth.isDPoPNonceError(error)) throw error;
        return request();
      }
    },
    /** @param {URLSearchParams} response validated @param {{ verifier: string, nonce?: string, options?: Options }} kept */
    async exchange(response, { verifier, nonce, options: more }) {
      const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, response, redirect_uri, verifier, { ...options, ...more });
      return oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: nonce, requireIdToken: nonce !== undefined });
    },
    /** The code flow from end to end. @param {Record<string, string>} [more] parameters of the request */
    async logIn(more) {
      const { verifier, state, nonce, parameters } = await this.authorization(more);
      const callback = await login(this.url(parameters));
      return this.exchange(oauth.validateAuthResponse(as, client, callback, state), { verifier, nonce });
    },
    /** @param {string} token */
    async refresh(token) {
      return oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, auth, token, options));
    },
    /** @param {string} token @param {Options} [more] */
    async introspect(token, more) {
      const answer = await oauth.introspectionRequest(as, client, auth, token, { ...options, ...more });
      return oauth.processIntrospectionResponse(as, client, answer);
    },
    /** @param {string} token */
    async revoke(token) {
      return oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, options));
    },
    /** @param {string} token @param {string} sub @param {Options} [more] */
    async userinfo(token, sub, more) {
      return oauth.processUserInfoResponse(as, client, sub, await oauth.userInfoRequest(as, client, token, { ...options, ...more }));
    },
    /** A grant of another type. @param {string} type @param {Record<string, string>} parameters @param {Options} [more] */
    async grant(type, parameters, more) {
      const answer = await oauth.genericTokenEndpointRequest(as, client, auth, type, parameters, { ...options, ...more });
      return oauth.processGenericTokenEndpointResponse(as, client, answer);
    },
  };
}
