/** The authorization code grant (RFC 6749 §4.1, RFC 7636, OpenID Connect Core §3.1) and the hybrid flow (§3.3). */
import { requirePlain } from '../internal/options.js'
import { callWithResponse } from './callback.js'
import { call } from './core.js'
import { grant } from './tokens.js'
import type {
  ArrivedResponse,
  AuthorizationParameters,
  AuthorizationRequest,
  CallOptions,
  IdTokenClaims,
  OAuthClient,
  RequestObject,
  ServerMetadata,
  TokenParameters,
  TokenSet,
  TransactionSource,
} from './types.js'

/**
 * The URL to send the user to, with PKCE by S256, an unguessable `state`, and with the scope `openid` a `nonce`. `transaction` is to
 * be kept until the response arrives, and used once.
 *
 * The types of the implicit grant have a function of their own, which is deprecated: `implicitAuthorizationUrl`.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID`; about `privateKey` when the request is to be signed and the client has neither key nor secret
 * - `ERR_OAUTH_METADATA_INVALID` when the server lacks the endpoint
 * - `ERR_PKCE_NOT_SUPPORTED`: the server announces its methods without S256
 * - `ERR_OAUTH_SIGNING_FAILED`: the request object (RFC 9101)
 * - `ERR_OAUTH_ENDPOINT_ERROR`, `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`, `ERR_FETCH_*`: the request was pushed (RFC 9126 §2.3)
 */
export async function authorizationUrl(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: AuthorizationParameters,
  options?: CallOptions,
): Promise<AuthorizationRequest> {
  return call('authorizationUrl', server, client, parameters, options)
}

/**
 * The same request as a request object (RFC 9101 §4) alone, for those who bring it to the server themselves: as the parameter
 * `request` beside `client_id`, or at a `request_uri`. `authorizationUrl` with `requestObject` does the first, also through PAR.
 *
 * @throws TollgateError `ERR_OPTION_INVALID`, `ERR_PKCE_NOT_SUPPORTED`, `ERR_OAUTH_SIGNING_FAILED`
 */
export async function requestObject(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: AuthorizationParameters,
  options?: CallOptions,
): Promise<RequestObject> {
  return call('requestObject', server, client, parameters, options)
}

/** What the core made of a response; mirrors `to_json` in `src/oauth/code_grant.rs`. */
interface Validated {
  readonly code: string
  readonly transaction: object
  readonly claims?: IdTokenClaims
}

/** Shown by who may make an `AuthorizationResponse`. */
const VALIDATION = Symbol('validation')

let validatedOf: (response: AuthorizationResponse) => Validated

/** An Authorization Response that was validated: only `validateAuthorizationResponse` makes one. It shows no secret. */
export class AuthorizationResponse {
  readonly #validated: Validated

  /** @internal */
  constructor(validated: Validated, by: typeof VALIDATION) {
    if (by !== VALIDATION) throw new TypeError('validateAuthorizationResponse() makes an AuthorizationResponse')
    this.#validated = validated
  }

  /** The claims of the ID token that came with the code, of `code id_token`; those of the other one may be more. */
  get claims(): IdTokenClaims | undefined {
    return this.#validated.claims
  }

  static {
    validatedOf = (response) => {
      // Not `instanceof`: whoever has the prototype has nothing that was validated.
      if (typeof response !== 'object' || response === null || !(#validated in response)) {
        throw new TypeError('`response` must come from validateAuthorizationResponse()')
      }
      return response.#validated
    }
  }
}

/**
 * Validates the Authorization Response that arrived. It counts only if it belongs to `transaction`, the one that was kept under its
 * `state`, and if it comes the way that was asked for: one that is not signed is none where a signed one was. It is to be used once,
 * so forget the transaction, or keep `{ used: true }` in its place.
 *
 * @throws TollgateError
 * - `ERR_OAUTH_STATE_MISSING`, `ERR_OAUTH_STATE_UNKNOWN`, `ERR_OAUTH_STATE_USED`, `ERR_OAUTH_STATE_MISMATCH`, `ERR_OAUTH_STATE_EXPIRED`
 *   (RFC 6749 §10.12)
 * - `ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID`, `ERR_OAUTH_ISSUER_MISMATCH`: tampered with (RFC 9207 §2.4); about `response_mode` when
 *   it came another way
 * - `ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR`: the server refused; see `error` (RFC 6749 §4.1.2.1)
 * - `ERR_OPTION_INVALID` about `transaction`: it is of `implicitAuthorizationUrl`
 * - `ERR_JWT_*`, `ERR_JWS_*`, `ERR_JOSE_*`, `ERR_JWKS_*`, `ERR_FETCH_*`: the JWT of the response (JARM §2.4), or its ID token (OpenID
 *   Connect Core §3.3.2.12)
 */
export async function validateAuthorizationResponse(
  server: ServerMetadata,
  client: OAuthClient,
  response: ArrivedResponse,
  transaction: TransactionSource,
  options?: CallOptions,
): Promise<AuthorizationResponse> {
  const validated = callWithResponse<Validated>('validateAuthorizationResponse', server, client, response, transaction, options)
  return new AuthorizationResponse(await validated, VALIDATION)
}

/**
 * Exchanges the code of a validated response for tokens (RFC 6749 §4.1.3). With the scope `openid` there is an ID token, with every
 * check of OpenID Connect Core §3.1.3.7, its signature included; after the hybrid flow it is about the user and the login of the first
 * one (§3.3.3.6).
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
  requirePlain(parameters)
  const validated = validatedOf(response)
  return grant('authorizationCodeGrant', server, client, { ...parameters, response: validated }, options)
}
