/** The authorization code grant (RFC 6749 §4.1, RFC 7636, OpenID Connect Core §3.1). */
import { call } from './core.js'
import { grant } from './tokens.js'
import type {
  AuthorizationParameters,
  AuthorizationRequest,
  CallOptions,
  OAuthClient,
  ServerMetadata,
  TokenParameters,
  TokenSet,
  Transaction,
} from './types.js'

/**
 * The URL to send the user to, with PKCE by S256, an unguessable `state`, and with the scope `openid` a `nonce`. `transaction` is to
 * be kept until the response arrives, and used once.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID`; `ERR_OAUTH_METADATA_INVALID` when the server lacks the endpoint
 * - `ERR_PKCE_NOT_SUPPORTED`: the server announces its methods without S256
 * - `ERR_OAUTH_ENDPOINT_ERROR`, `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`, `ERR_FETCH_*`: the request was pushed (RFC 9126 §2.3)
 */
export async function authorizationUrl(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: AuthorizationParameters,
  options?: CallOptions,
): Promise<AuthorizationRequest> {
  const { url, transaction } = await call<AuthorizationRequest>('authorizationUrl', server, client, parameters, options)
  return Object.freeze({ url, transaction })
}

/** An Authorization Response that was validated: only `validateAuthorizationResponse` makes one. It shows no secret. */
export class AuthorizationResponse {
  /** What the core made of the response. */
  readonly #validated: object

  /** @internal */
  constructor(validated: object) {
    this.#validated = validated
  }

  /** @internal */
  static validated(response: AuthorizationResponse): object {
    // Not `instanceof`: whoever has the prototype has nothing that was validated.
    if (typeof response !== 'object' || response === null || !(#validated in response)) {
      throw new TypeError('`response` must come from validateAuthorizationResponse()')
    }
    return response.#validated
  }
}

/**
 * Validates the Authorization Response that arrived at `url`, the URL of the callback with its query. It counts only if it belongs
 * to `transaction`, the one that was kept under its `state`: `undefined` when there is none.
 *
 * @throws TollgateError
 * - `ERR_OAUTH_STATE_MISSING`, `ERR_OAUTH_STATE_UNKNOWN`, `ERR_OAUTH_STATE_USED`, `ERR_OAUTH_STATE_MISMATCH`, `ERR_OAUTH_STATE_EXPIRED`
 *   (RFC 6749 §10.12)
 * - `ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID`, `ERR_OAUTH_ISSUER_MISMATCH`: tampered with (RFC 9207 §2.4)
 * - `ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR`: the server refused; see `error` (RFC 6749 §4.1.2.1)
 */
export async function validateAuthorizationResponse(
  server: ServerMetadata,
  client: OAuthClient,
  url: string | URL,
  transaction: Transaction | undefined,
  options?: CallOptions,
): Promise<AuthorizationResponse> {
  const parameters = { url: String(url), transaction }
  return new AuthorizationResponse(await call<object>('validateAuthorizationResponse', server, client, parameters, options))
}

/**
 * Exchanges the code of a validated response for tokens (RFC 6749 §4.1.3). With the scope `openid` there is an ID token, with every
 * check of OpenID Connect Core §3.1.3.7, its signature included.
 *
 * @throws TollgateError
 * - `ERR_OAUTH_INVALID_GRANT`, `ERR_OAUTH_TOKEN_RESPONSE_ERROR`, `ERR_OAUTH_TOKEN_RESPONSE_INVALID` (RFC 6749 §5), `ERR_FETCH_*`
 * - `ERR_OIDC_ID_TOKEN_MISSING`, `ERR_JWT_EXPIRED`, `ERR_JWT_CLAIM_VALIDATION_FAILED`, `ERR_JWT_INVALID`, `ERR_JWS_INVALID`,
 *   `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`, `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_INVALID`,
 *   `ERR_JWKS_NO_MATCHING_KEY`: the ID token
 */
export async function authorizationCodeGrant(
  server: ServerMetadata,
  client: OAuthClient,
  response: AuthorizationResponse,
  parameters: TokenParameters = {},
  options?: CallOptions,
): Promise<TokenSet> {
  const validated = AuthorizationResponse.validated(response)
  return grant('authorizationCodeGrant', server, client, { ...parameters, response: validated }, options)
}
