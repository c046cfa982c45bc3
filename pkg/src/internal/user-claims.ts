/** What is said of a user; no types of the platform are needed for it. */

/** The claims of an ID token (OpenID Connect Core §2, §5.1). */
export interface IdTokenClaims {
  /** The issuer. */
  readonly iss: string
  /** The user, as the issuer identifies them. */
  readonly sub: string
  /** The audience: this client, possibly among others. */
  readonly aud: string | readonly string[]
  /** When the ID token expires, in seconds since the epoch. Not when the session ends. */
  readonly exp: number
  /** When the ID token was issued, in seconds since the epoch. */
  readonly iat: number
  /** When the user was last authenticated, in seconds since the epoch. */
  readonly auth_time?: number
  /** The Authentication Context Class Reference that the authentication satisfied. */
  readonly acr?: string
  /** The Authentication Methods References. */
  readonly amr?: readonly string[]
  /** The authorized party. */
  readonly azp?: string
  readonly name?: string
  readonly given_name?: string
  readonly family_name?: string
  readonly preferred_username?: string
  readonly picture?: string
  readonly email?: string
  /** Whether the issuer has seen that the user owns `email`: compare it with `true`, for some issuers write `"false"`. */
  readonly email_verified?: boolean | string
  readonly [claim: string]: unknown
}

/** The claims that the UserInfo endpoint answers (OpenID Connect Core §5.3.2). */
export interface UserInfo {
  /** The user: always the `sub` of the ID token. */
  readonly sub: string
  readonly [claim: string]: unknown
}
