/** The public types of what is done with tokens. */
import type { ReplayStore } from '../internal/replay.js'
import type { UserInfo } from '../internal/user-claims.js'
import type { IdTokenClaims } from './types.js'

export type { ReplayStore, UserInfo }

/** What is needed of a `TokenSet` to show its access token. */
export interface PresentableTokens {
  readonly access_token: string
  readonly token_type: 'Bearer' | 'DPoP'
  /** The claims of the ID token. */
  readonly claims?: IdTokenClaims | undefined
}

/** What is expected of a UserInfo Response. */
export interface UserInfoParameters {
  /** The user that the answer must be about, where there is no ID token that says so. */
  sub?: string | undefined
  /**
   * Takes an answer about any user. Only where the access token itself can have come from nowhere but the authorization server:
   * otherwise whoever put it there decides who is signed in (OpenID Connect Core §5.3.2).
   */
  dangerouslySkipSubjectCheck?: true | undefined
  /** Whether an answer that the server did not sign is refused. Default: it is not. */
  signed?: boolean | undefined
}

/** What may go with a token that is asked about, or revoked. */
export interface TokenInQuestion {
  /** What the token is likely to be: `access_token`, `refresh_token`, or another registered value (RFC 7009 §2.1). */
  token_type_hint?: string | undefined
  /** Parameters of extensions. None may be one that has a name here. */
  parameters?: Readonly<Record<string, string>> | undefined
}

/** What is expected of an active token. What is set here, its member must be there for. */
export interface IntrospectionExpectations {
  /** `aud` must be, or contain, one of these. */
  audience?: string | readonly string[] | undefined
  /** All of these must be in `scope`. */
  requiredScopes?: readonly string[] | undefined
  /** Whether the server is asked for a signed answer (RFC 9701), and no other is taken. Default: it is not. */
  signed?: boolean | undefined
}

/** How a token is introspected. */
export interface IntrospectionParameters extends TokenInQuestion, IntrospectionExpectations {}

/** A token that is not active: nothing else is said of it. */
export interface InactiveToken {
  readonly active: false
}

/** A token that is active (RFC 7662 §2.2). Times are in seconds since the epoch. */
export interface ActiveToken {
  readonly active: true
  /** The scope, separated by spaces. */
  readonly scope?: string
  readonly client_id?: string
  readonly username?: string
  readonly token_type?: string
  readonly exp?: number
  readonly iat?: number
  readonly nbf?: number
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly iss?: string
  readonly jti?: string
  /** What the token is bound to: a key (RFC 9449 §6.2) or a certificate (RFC 8705 §3.2). */
  readonly cnf?: { readonly jkt?: string; readonly 'x5t#S256'?: string; readonly [member: string]: unknown }
  readonly [member: string]: unknown
}

/** What a server says of a token. Frozen. */
export type Introspection = ActiveToken | InactiveToken

/** How an introspector asks, and what it keeps. */
export interface IntrospectorParameters extends IntrospectionExpectations {
  /** How many tokens it remembers, 1 to 100000. That which was not asked for the longest makes room. Default 1000. */
  maxEntries?: number | undefined
  /**
   * The seconds for which an answer is used, above 0 and at most 3600: how long a token that was revoked may still be taken.
   * No answer is used after `exp`. Default 60.
   */
  maxAge?: number | undefined
}

/** Asks about tokens, and remembers the answers for a short while. */
export interface Introspector {
  /**
   * What the server says of `token`, or said a short while ago.
   *
   * @throws TollgateError what `introspect` throws
   */
  introspect(token: string, options?: { signal?: AbortSignal | undefined }): Promise<Introspection>
  /** Forgets `token`, because it was revoked here, or everything. */
  forget(token?: string): Promise<void>
}

/** What a Logout Request says (OpenID Connect RP-Initiated Logout §2). */
export interface EndSessionParameters {
  /** The ID token of the session that is to end: with it, the server need not ask the user. */
  id_token_hint?: string | undefined
  /** Where the user goes afterwards, exactly as registered. */
  post_logout_redirect_uri?: string | undefined
  /** What comes back to there. */
  state?: string | undefined
  /** Who is to be logged out, such as the `sid`, or an e-mail address. */
  logout_hint?: string | undefined
  /** The languages of the server's pages, separated by spaces (BCP 47). */
  ui_locales?: string | undefined
}

/** What is expected of a logout token. */
export interface LogoutTokenParameters {
  /** The type that its header must have; it is recommended only. Default: that type or none. */
  typ?: 'logout+jwt' | undefined
  /** The seconds since `iat` after which it is too old. Default: `exp` alone decides. */
  maxTokenAge?: number | undefined
  /** Where used tokens are remembered; `false`: nowhere. Default: in the memory of this process, for each server. */
  replay?: ReplayStore | false | undefined
}

/** The claims of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4): there is `sub`, `sid` or both. */
export interface LogoutTokenClaims {
  readonly iss: string
  readonly aud: string | readonly string[]
  readonly iat: number
  readonly exp: number
  readonly jti: string
  /** The user: without `sid`, all of their sessions end. */
  readonly sub?: string
  /** The session that ends. */
  readonly sid?: string
  readonly events: Readonly<Record<string, unknown>>
  readonly [claim: string]: unknown
}

/** The request that a DPoP proof is for. */
export interface DpopProofParameters {
  /** The URL, https or a loopback address. Its query and fragment do not count. */
  url: string | URL
  /** The method, as it is sent: `GET`. */
  method: string
  /** The access token that is shown with it (RFC 9449 §4.3). */
  access_token?: string | undefined
  /** The nonce that the server asked for (RFC 9449 §8 and §9). */
  nonce?: string | undefined
}

/** What a resource demands of the authentication of the user (RFC 9470 §3): parameters of an Authorization Request. */
export interface StepUp {
  /** The Authentication Context Class References that are good enough, in order of preference, separated by spaces. */
  readonly acr_values?: string
  /** The seconds since the authentication after which it is too old. */
  readonly max_age?: number
}

/** One challenge of `WWW-Authenticate` (RFC 9110 §11.3). Frozen. */
export interface Challenge {
  /** The scheme, in lower case: `bearer`, `dpop`. */
  readonly scheme: string
  /** The token that is in place of parameters. */
  readonly token68?: string
  /** The parameters, their names in lower case. Whoever answered wrote them: they are not to be shown as HTML. */
  readonly parameters: {
    readonly realm?: string
    /** RFC 6750 §3.1. */
    readonly error?: string
    readonly error_description?: string
    readonly error_uri?: string
    /** The scope that is needed, separated by spaces (RFC 6750 §3). */
    readonly scope?: string
    /** The algorithms of proofs that are taken (RFC 9449 §7.1). */
    readonly algs?: string
    /** Where the metadata of the resource is (RFC 9728 §5.1). */
    readonly resource_metadata?: string
    readonly [name: string]: string | undefined
  }
  /** Where `error` is `insufficient_user_authentication`: what to ask the authorization server for. */
  readonly step_up?: StepUp
}

/** The metadata of a protected resource (RFC 9728 §2). Frozen. */
export interface ProtectedResourceMetadata {
  /** The resource identifier. */
  readonly resource: string
  /** The issuers whose tokens it takes. */
  readonly authorization_servers?: readonly string[]
  readonly jwks_uri?: string
  readonly scopes_supported?: readonly string[]
  readonly bearer_methods_supported?: readonly string[]
  readonly [member: string]: unknown
}
