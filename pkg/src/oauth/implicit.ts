/** The implicit grant (RFC 6749 §4.2, OpenID Connect Core §3.2), for servers that have nothing else. */
import { callWithResponse } from './callback.js'
import { call } from './core.js'
import type {
  ArrivedResponse,
  AuthorizationRequest,
  CallOptions,
  ImplicitAuthorizationParameters,
  ImplicitTokens,
  OAuthClient,
  ServerMetadata,
  TransactionSource,
} from './types.js'

/**
 * The URL to send the user to, for tokens in the response itself.
 *
 * @deprecated RFC 9700 §2.1.2: "clients SHOULD NOT use the implicit grant (response type "token") or other response types issuing access
 * tokens in the authorization response". The tokens are in the history of the browser and wherever else the URL goes, an access
 * token is bound to nobody, and whoever injects another is found out by `at_hash` only. Use `authorizationUrl`.
 * @throws TollgateError what `authorizationUrl` throws; `ERR_OPTION_INVALID` about `dpop` when the client binds its tokens to a key
 */
export async function implicitAuthorizationUrl(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: ImplicitAuthorizationParameters,
  options?: CallOptions,
): Promise<AuthorizationRequest> {
  return call('implicitAuthorizationUrl', server, client, parameters, options)
}

/**
 * The tokens in the response to such a request, with every check that can be made: those of `validateAuthorizationResponse`, those of
 * OpenID Connect Core §3.2.2.11 of the ID token, and its `at_hash` of the access token.
 *
 * @deprecated as `implicitAuthorizationUrl`.
 * @throws TollgateError what `validateAuthorizationResponse` throws; `ERR_OPTION_INVALID` about `transaction`: it is of
 * `authorizationUrl`
 */
export async function implicitResponse(
  server: ServerMetadata,
  client: OAuthClient,
  response: ArrivedResponse,
  transaction: TransactionSource,
  options?: CallOptions,
): Promise<ImplicitTokens> {
  return callWithResponse('implicitResponse', server, client, response, transaction, options)
}
