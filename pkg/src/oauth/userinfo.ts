/** The UserInfo endpoint (OpenID Connect Core §5.3). */
import { requirePlain } from '../internal/options.js'
import { call } from './core.js'
import type { PresentableTokens, UserInfo, UserInfoParameters } from './resource-types.js'
import type { CallOptions, OAuthClient, ServerMetadata } from './types.js'

/**
 * The claims about the user of `tokens`, in JSON or in a JWT that the server signed. The answer is about the user of the ID token:
 * where there is none, `sub` says about whom.
 *
 * @throws TollgateError
 * - `ERR_OIDC_ID_TOKEN_MISSING`: neither `claims` nor `sub` says who the user is
 * - `ERR_OAUTH_ACCESS_TOKEN_REJECTED`: see `error`; `ERR_FETCH_*`
 * - `ERR_OIDC_USER_INFO_INVALID`: malformed, about another user, or not signed although it must be
 * - `ERR_JWT_EXPIRED`, `ERR_JWT_CLAIM_VALIDATION_FAILED`, `ERR_JWT_INVALID`, `ERR_JWS_INVALID`, `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`,
 *   `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_INVALID`, `ERR_JWKS_NO_MATCHING_KEY`: the signed answer
 */
export async function userInfo(
  server: ServerMetadata,
  client: OAuthClient,
  tokens: PresentableTokens,
  parameters: UserInfoParameters = {},
  options?: CallOptions,
): Promise<UserInfo> {
  requirePlain(parameters)
  const { access_token, token_type, claims } = tokens
  return call('userInfo', server, client, { ...parameters, access_token, token_type, claims }, options)
}
