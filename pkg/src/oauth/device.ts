/** The device authorization grant (RFC 8628). */
import { requirePlain } from '../internal/options.js'
import { call } from './core.js'
import { grant } from './tokens.js'
import type { CallOptions, DeviceAuthorization, OAuthClient, ServerMetadata, TokenParameters, TokenSet } from './types.js'

/**
 * Asks for a code that the user types on another device (RFC 8628 §3.1): show `user_code` and `verification_uri`, then call
 * `deviceCodeGrant`.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID`; `ERR_OAUTH_METADATA_INVALID` when the server lacks the `device_authorization_endpoint`
 * - `ERR_OAUTH_ENDPOINT_ERROR`: the server refused; see `error`
 * - `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`: a member is missing, of another type, or a URL that is not https; see `claim`
 * - `ERR_FETCH_*`
 */
export async function deviceAuthorization(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: TokenParameters = {},
  options?: CallOptions,
): Promise<DeviceAuthorization> {
  return call('deviceAuthorization', server, client, parameters, options)
}

/**
 * Waits until the user has decided, and exchanges the device code for tokens (RFC 8628 §3.4). The server is asked every `interval`
 * seconds, 5 seconds less often each time that it says `slow_down`, and half as often after each outage in a row: no response, or
 * a status of 5xx or 429. `options.signal` ends the wait. With the scope `openid` there is an ID token, which is validated.
 *
 * @throws TollgateError
 * - `ERR_OAUTH_GRANT_EXPIRED`: the user did not decide in time; `cause` and `status` are of the outage, if it was one
 * - `ERR_OAUTH_TOKEN_RESPONSE_ERROR`: the server refused; of the user, `error` is `access_denied`
 * - what `authorizationCodeGrant` throws
 */
export async function deviceCodeGrant(
  server: ServerMetadata,
  client: OAuthClient,
  device: DeviceAuthorization,
  parameters: TokenParameters = {},
  options?: CallOptions,
): Promise<TokenSet> {
  requirePlain(parameters)
  return grant('deviceCodeGrant', server, client, { ...parameters, device }, options)
}
