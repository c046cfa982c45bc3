/** The grants that need nothing but a request of the token endpoint. */
import { requirePlain } from '../internal/options.js'
import { grant } from './tokens.js'
import type {
  CallOptions,
  ExchangedToken,
  ExtensionGrantParameters,
  OAuthClient,
  ServerMetadata,
  TokenExchangeParameters,
  TokenParameters,
  TokenSet,
} from './types.js'

/**
 * New tokens for a refresh token (RFC 6749 §6). Given the tokens of before, a new ID token must be about the same user and the same
 * login (OpenID Connect Core §12.2), and what the server leaves out stays as it was.
 *
 * @throws TollgateError `ERR_OAUTH_REFRESH_TOKEN_MISSING` when the tokens have none; what `authorizationCodeGrant` throws
 */
export async function refreshTokenGrant(
  server: ServerMetadata,
  client: OAuthClient,
  tokens: TokenSet | string,
  parameters: TokenParameters = {},
  options?: CallOptions,
): Promise<TokenSet> {
  requirePlain(parameters)
  const before = typeof tokens === 'string' ? { refresh_token: tokens } : tokens
  const { refresh_token, id_token, claims, login, scope: granted_scope } = before as Partial<TokenSet>
  const kept = { refresh_token, id_token, claims, login, granted_scope }
  return grant('refreshTokenGrant', server, client, { ...parameters, ...kept }, options)
}

/**
 * Tokens for the client itself (RFC 6749 §4.4).
 *
 * @throws TollgateError what `authorizationCodeGrant` throws
 */
export async function clientCredentialsGrant(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: TokenParameters = {},
  options?: CallOptions,
): Promise<TokenSet> {
  return grant('clientCredentialsGrant', server, client, parameters, options)
}

/**
 * Tokens for the name and password of a user (RFC 6749 §4.3).
 *
 * @deprecated RFC 9700 §2.4: "The resource owner password credentials grant MUST NOT be used." It shows the password to the client,
 * teaches users to type it anywhere, and knows no second factor. It is here for servers that have nothing else.
 * @throws TollgateError what `authorizationCodeGrant` throws
 */
export async function passwordGrant(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: TokenParameters & { username: string; password: string },
  options?: CallOptions,
): Promise<TokenSet> {
  return grant('passwordGrant', server, client, parameters, options)
}

/**
 * Another token for one that the client holds (RFC 8693): for another audience, with less scope, or in the name of its subject.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID`: an actor token without its type, or a type without a token; see `claim`
 * - `ERR_OAUTH_TOKEN_RESPONSE_INVALID` about `issued_token_type` when it is missing or another than was requested
 * - what `authorizationCodeGrant` throws
 */
export async function tokenExchange(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: TokenExchangeParameters,
  options?: CallOptions,
): Promise<ExchangedToken> {
  return grant<ExchangedToken>('tokenExchange', server, client, parameters, options)
}

/**
 * Tokens for a JWT that someone signed whom the server trusts (RFC 7523 §2.1).
 *
 * @throws TollgateError what `authorizationCodeGrant` throws
 */
export async function jwtBearerGrant(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: TokenParameters & { assertion: string },
  options?: CallOptions,
): Promise<TokenSet> {
  return grant('jwtBearerGrant', server, client, parameters, options)
}

/**
 * Tokens by a grant that has no function here (RFC 6749 §4.5), such as `urn:ietf:params:oauth:grant-type:saml2-bearer`. What the
 * server says of a failure is not quoted where it repeats one of the `parameters`.
 *
 * @throws TollgateError `ERR_OPTION_INVALID` about `grant_type` when it has a function here; what `authorizationCodeGrant` throws
 */
export async function extensionGrant(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: ExtensionGrantParameters,
  options?: CallOptions,
): Promise<TokenSet> {
  return grant('extensionGrant', server, client, parameters, options)
}
