/// <reference lib="esnext.disposable" preserve="true" />
/** The public types of `tollgate/client`. */
import type { TollgateError } from '../errors.js'
import type { IdTokenClaims, UserInfo } from '../internal/user-claims.js'
import type { NetworkOptions } from '../internal/options.js'

export type { IdTokenClaims, UserInfo }

/** A value, or the promise of one. */
type Awaitable<T> = T | Promise<T>

/**
 * Where the tokens of a session are kept: one string record per key, to be given back as it was. Whoever can read the
 * store can use the tokens. A failure of a method is reported as `ERR_OAUTH_STORE_FAILED`.
 */
export interface TokenStore {
  /** The record under `key`; `null` or `undefined` when there is none. */
  get(key: string): Awaitable<string | null | undefined>
  /** Keeps `record` under `key`, in place of the one before. */
  set(key: string, record: string): Awaitable<unknown>
  /** Forgets the record under `key`, if there is one. */
  remove(key: string): Awaitable<unknown>
}

/** What a client is and how it works. Wrong values are refused by `createClient` with `ERR_OPTION_INVALID`. */
export interface ClientOptions extends NetworkOptions {
  /**
   * The Issuer Identifier of the authorization server, exactly as the server spells it; its metadata is located by OpenID
   * Connect Discovery §4 or RFC 8414 §3. https, or http on a loopback address.
   */
  issuer: string
  /** The `client_id` of this app, a public client (RFC 6749 §2.2). */
  client_id: string
  /** The page that the authorization server sends the user back to, exactly as registered (RFC 6749 §3.1.2). */
  redirect_uri: string
  /** The scope to ask for, separated by spaces (RFC 6749 §3.3). Default `openid`; with `openid` an ID token is required. */
  scope?: string | undefined
  /** The resources that the access token is for (RFC 8707 §2). */
  resource?: string | readonly string[] | undefined
  /** The page that the server sends the user to after `signOut` (OpenID Connect RP-Initiated Logout §3), as registered. */
  post_logout_redirect_uri?: string | undefined
  /**
   * Where tokens are kept. `memory` (the default) forgets them when the page is left, `session` keeps them for the tab,
   * `local` keeps them for every tab of this origin. Where the platform has no such storage, memory is used.
   */
  store?: 'memory' | 'session' | 'local' | TokenStore | undefined
  /**
   * The origins that `client.fetch` may send the access token to. Default: the origins of `resource` and of
   * `redirect_uri`.
   */
  allowedOrigins?: readonly string[] | undefined
  /** The whole seconds by which this clock and that of the server may differ. Default 30. */
  clockTolerance?: number | undefined
}

/** A signed-in user. Frozen; another one takes its place when something changes. It holds no token. */
export interface Session {
  /** The claims of the newest validated ID token; absent when `scope` lacks `openid`. */
  readonly claims?: IdTokenClaims
  /** When the access token expires, in seconds since the epoch; absent when the server did not say. */
  readonly expires_at?: number
  /** The scope that was granted, separated by spaces. */
  readonly scope: string
  /**
   * Where the user was before signing in, a path of this origin: only in the session that a callback of this page load
   * made, and only if `signIn` was told.
   */
  readonly returnTo?: string
}

/** How to sign in (OpenID Connect Core §3.1.2.1). */
export interface SignInOptions {
  /** How the user gets to the authorization server: by leaving the page. */
  mode?: 'redirect' | undefined
  /** Where to go after signing in: a URL of this origin; anything else is dropped. */
  returnTo?: string | undefined
  /** What the server must ask the user: `none`, `login`, `consent`, `select_account`, or several separated by spaces. */
  prompt?: string | undefined
  /** Who wants to sign in, as far as the app knows. */
  login_hint?: string | undefined
  /** The Authentication Context Class References wanted, in order of preference, separated by spaces. */
  acr_values?: string | undefined
  /** The seconds since the last authentication after which the user must authenticate again. */
  max_age?: number | undefined
}

/** What the access token must be good for. */
export interface AccessTokenOptions {
  /** The seconds for which the token must still be valid; otherwise it is refreshed first. Default 30. */
  minValidity?: number | undefined
}

/** How to sign out (OpenID Connect RP-Initiated Logout §2). */
export interface SignOutOptions {
  /** The page to end up at, in place of the one of the client. */
  post_logout_redirect_uri?: string | undefined
}

/** The events of a client. */
export interface ClientEventMap {
  /** `session` is another one than before; `detail` is it. Also when another tab signed in, refreshed or signed out. */
  sessionchange: CustomEvent<Session | null>
  /** The tokens were refreshed by this client; `detail` is the new session. */
  tokenrefresh: CustomEvent<Session>
  /** The session has ended: by `signOut`, here or in another tab, or because the server revoked it. */
  signedout: CustomEvent<null>
  /** Something failed that no call reports, such as a stored record that cannot be read; `detail` says what. */
  error: CustomEvent<TollgateError>
}

/** A listener of the event `K`. */
export type ClientListener<K extends keyof ClientEventMap> =
  | ((event: ClientEventMap[K]) => unknown)
  | { handleEvent(event: ClientEventMap[K]): unknown }

/**
 * The client of one app at one authorization server: authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636), with
 * every check of OpenID Connect Core §3.1.3.7.
 *
 * Every failure is a `TollgateError`. What talks to the server can fail with `ERR_FETCH_*`, and, the first time, with
 * `ERR_OAUTH_METADATA_*`; what needs the store with `ERR_OAUTH_STORE_FAILED`. No failure loses a session that is there,
 * except a refresh that the server answers with `invalid_grant`.
 */
export interface Client extends EventTarget {
  /**
   * To be called once on page load: finishes the sign-in if this page is its callback, as `handleRedirect` does, and
   * otherwise restores the session from the store. `null` when nobody is signed in.
   *
   * @throws TollgateError what `handleRedirect` throws; the session that was there is then still there
   */
  start(): Promise<Session | null>

  /**
   * Leaves the page for the authorization server. The promise is fulfilled when the browser has begun to.
   *
   * @throws TollgateError `ERR_OPTION_INVALID`; `ERR_PKCE_NOT_SUPPORTED` when the server lacks S256
   * @throws TypeError when there is no page to leave
   */
  signIn(options?: SignInOptions): Promise<void>

  /**
   * Finishes the sign-in whose callback `url` is (default: the current URL). Idempotent: the same callback twice gives
   * the same result, and after a reload the session that this callback made, if the store still has it. The response
   * parameters are removed from the current URL in any case, and after success the page is at `returnTo`.
   *
   * @throws TollgateError with `returnTo` where it is known:
   * - `ERR_OAUTH_STATE_MISSING`, `ERR_OAUTH_STATE_UNKNOWN`, `ERR_OAUTH_STATE_MISMATCH`: not a callback of a sign-in of this browser
   *   (RFC 6749 §10.12)
   * - `ERR_OAUTH_STATE_USED`, `ERR_OAUTH_STATE_EXPIRED`: sign in again
   * - `ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR`: the server refused; see `error` (RFC 6749 §4.1.2.1)
   * - `ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID`, `ERR_OAUTH_ISSUER_MISMATCH`: tampered with (RFC 9207 §2.4)
   * - `ERR_OAUTH_INVALID_GRANT`, `ERR_OAUTH_TOKEN_RESPONSE_ERROR`, `ERR_OAUTH_TOKEN_RESPONSE_INVALID`: the token endpoint
   *   (RFC 6749 §5)
   * - `ERR_OIDC_ID_TOKEN_MISSING`, `ERR_JWT_EXPIRED`, `ERR_JWT_CLAIM_VALIDATION_FAILED`, `ERR_JWT_INVALID`, `ERR_JWS_INVALID`,
   *   `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`, `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_INVALID`,
   *   `ERR_JWKS_NO_MATCHING_KEY`: the ID token (OpenID Connect Core §3.1.3.7)
   */
  handleRedirect(url?: string): Promise<Session>

  /** Who is signed in, as far as is known without asking anybody; `null` before `start`. */
  readonly session: Session | null

  /**
   * An access token that is valid for at least `minValidity` seconds; it is refreshed (RFC 6749 §6) when it is not.
   * Tabs and concurrent calls share one refresh. A token whose expiry is unknown is given as it is.
   *
   * @throws TollgateError
   * - `ERR_OAUTH_SESSION_MISSING`: nobody is signed in
   * - `ERR_OAUTH_REFRESH_TOKEN_MISSING`: the token must be refreshed, and there is no refresh token
   * - `ERR_OAUTH_INVALID_GRANT`: the refresh token is not valid any more; the session has ended
   * - what `handleRedirect` throws of the token endpoint and the ID token; the session is kept
   */
  accessToken(options?: AccessTokenOptions): Promise<string>

  /**
   * `fetch` with the access token as Bearer (RFC 6750 §2.1), for `allowedOrigins`. When the answer is 401 with
   * `invalid_token`, the token is refreshed and the request sent once more, unless its body is a stream.
   *
   * @throws TollgateError
   * - `ERR_OAUTH_ORIGIN_NOT_ALLOWED`: the token is not for this origin; nothing was sent
   * - `ERR_FETCH_INSECURE`: not https, nor http on a loopback address; nothing was sent
   * - what `accessToken` throws
   * @throws TypeError when the request has an `authorization` header already; what the platform's `fetch` throws
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>

  /**
   * The claims of the UserInfo endpoint (OpenID Connect Core §5.3), whose `sub` is that of the session. With the option
   * `resource` it uses an access token of its own, as the one for the resource is for nothing else (RFC 8707 §2.2).
   *
   * @throws TollgateError `ERR_OIDC_USER_INFO_INVALID`; `ERR_OAUTH_ACCESS_TOKEN_REJECTED`; what `accessToken` throws
   */
  userInfo(): Promise<UserInfo>

  /**
   * Ends the session: first here, then by leaving the page for the server's `end_session_endpoint`. Where the server has
   * none, the page goes to `post_logout_redirect_uri` at once, or stays when there is none either.
   *
   * @throws TollgateError `ERR_OPTION_INVALID`, and the session goes on; any other, when the server cannot be asked, and the
   * session has ended here all the same
   */
  signOut(options?: SignOutOptions): Promise<void>

  /** Stops listening and frees memory. The session stays in the store; the client cannot be used any more. */
  close(): void
  /** The same as `close`. */
  [Symbol.dispose](): void

  addEventListener<K extends keyof ClientEventMap>(
    type: K,
    listener: ClientListener<K> | null,
    options?: boolean | AddEventListenerOptions,
  ): void
  removeEventListener<K extends keyof ClientEventMap>(
    type: K,
    listener: ClientListener<K> | null,
    options?: boolean | EventListenerOptions,
  ): void
}
