/** Client-Initiated Backchannel Authentication (OpenID Connect CIBA Core 1.0), in its modes poll and ping. */
import { requirePlain } from '../internal/options.js'
import { call } from './core.js'
import { bodyOf } from './incoming.js'
import { grant } from './tokens.js'
import type {
  BackchannelParameters,
  CallOptions,
  CibaRequest,
  OAuthClient,
  ServerMetadata,
  TokenParameters,
  TokenSet,
} from './types.js'

/**
 * Has the server ask the user on their own device (CIBA §7). In poll mode call `cibaGrant` with the result; in ping mode keep it
 * under its `auth_req_id`, for `cibaNotification`.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID`: not exactly one hint, a scope without `openid`, a `client_notification_token` that is too short to be
 *   unguessable; see `claim`
 * - `ERR_OAUTH_METADATA_INVALID` when the server lacks the `backchannel_authentication_endpoint`
 * - `ERR_OAUTH_ENDPOINT_ERROR`: the server refused (CIBA §13); see `error`
 * - `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`: a member is missing or of another type; see `claim`
 * - `ERR_FETCH_*`
 */
export async function backchannelAuthentication(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: BackchannelParameters,
  options?: CallOptions,
): Promise<CibaRequest> {
  return call('backchannelAuthentication', server, client, parameters, options)
}

/**
 * Validates what arrived at the notification endpoint of a client in ping mode (CIBA §10.2). `find` gives the request that was kept
 * under an `auth_req_id`, if there is one, and changes nothing: who asks is not known yet. The result is for `cibaGrant`, which then
 * does not wait. Answer the status 204, or 401 when this throws. Push mode is not supported.
 *
 * @throws TollgateError `ERR_OAUTH_NOTIFICATION_INVALID`: it does not have the `client_notification_token` of a request that waits,
 * or it is malformed; see `claim`
 */
export async function cibaNotification(
  server: ServerMetadata,
  client: OAuthClient,
  request: Request,
  find: (auth_req_id: string) => CibaRequest | undefined | Promise<CibaRequest | undefined>,
  options: CallOptions = {},
): Promise<CibaRequest> {
  const bytes = await bodyOf(request, options.signal)
  const body = bytes && new TextDecoder().decode(bytes)
  const id = idIn(body)
  const notification = {
    method: request.method,
    authorization: request.headers.get('authorization') ?? undefined,
    body,
    request: id === undefined ? undefined : ((await find(id)) ?? undefined),
  }
  return call('cibaNotification', server, client, notification, options)
}

/** The `auth_req_id` to look for; what it is worth the core decides. */
function idIn(body: string | undefined): string | undefined {
  try {
    const { auth_req_id } = JSON.parse(body ?? '') as { auth_req_id?: unknown }
    return typeof auth_req_id === 'string' ? auth_req_id : undefined
  } catch {
    return undefined
  }
}

/**
 * Waits until the user has decided, as `deviceCodeGrant` does, and exchanges the `auth_req_id` for tokens (CIBA §10.1). There is an
 * ID token, which is validated and about this request.
 *
 * @throws TollgateError
 * - `ERR_OAUTH_GRANT_EXPIRED`: the user did not decide in time; `cause` and `status` are of the outage, if it was one
 * - `ERR_OAUTH_TOKEN_RESPONSE_ERROR`: the server refused; of the user, `error` is `access_denied`
 * - what `authorizationCodeGrant` throws
 */
export async function cibaGrant(
  server: ServerMetadata,
  client: OAuthClient,
  request: CibaRequest,
  parameters: TokenParameters = {},
  options?: CallOptions,
): Promise<TokenSet> {
  requirePlain(parameters)
  return grant('cibaGrant', server, client, { ...parameters, request }, options)
}
