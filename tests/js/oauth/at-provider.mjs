// @ts-check
// `oidc-provider` for the tests of one file, as `tollgate/oauth` has discovered it.

import { after } from 'node:test';
import { login } from './browser.mjs';
import { REDIRECT_URI } from './clients.mjs';
import { startProvider } from './provider.mjs';
import { oauth } from './tollgate.mjs';

/** What a client asks for that the user has to consent to, with a token to refresh by. */
export const PARAMETERS = { redirect_uri: REDIRECT_URI, scope: 'openid offline_access', prompt: 'consent' };

/** Starts the server, which stops after the last test. @param {import('./provider.mjs').ProviderOptions} [options] */
export async function atProvider(options) {
  const provider = await startProvider(options);
  after(provider.close);
  /** @type {any} */
  const server = await oauth.discover(provider.issuer);

  /**
   * The tokens of a user who logs in.
   * @param {object} client
   * @param {object} [parameters] of the authorization request, before those of `PARAMETERS`
   * @param {{ browser?: import('./browser.mjs').Browser, tokenRequest?: object }} [options] `tokenRequest` has its parameters
   * @returns {Promise<any>}
   */
  async function logIn(client, parameters, { browser, tokenRequest } = {}) {
    const { url, transaction } = await oauth.authorizationUrl(server, client, { ...PARAMETERS, ...parameters });
    const response = await oauth.validateAuthorizationResponse(server, client, await login(url, { browser }), transaction);
    return oauth.authorizationCodeGrant(server, client, response, tokenRequest);
  }

  return { provider, server, logIn };
}
