/** The public types of the authorization endpoint. */
import type { IdTokenClaims } from '../internal/user-claims.js'
import type { Json, TokenParameters } from './types.js'

/**
 * How the parameters of a response travel (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode): in the query or the
 * fragment of the URL of the callback, or as a form that the browser posts to it. With `jwt` they are in a JWT that the server signs
 * (JARM §2.3); by itself it means the usual way of the response type.
 */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'query.jwt' | 'fragment.jwt' | 'form_post.jwt' | 'jwt'

/**
 * What every Authorization Request may say (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1). There is no `state` and no `nonce`: they
 * protect only as long as nobody can guess them, so they are made here. What the application wants to remember, it keeps beside
 * the transaction.
 */
interface AnyAuthorizationParameters extends TokenParameters {
  /** Where the response is to arrive, exactly as registered (RFC 6749 §3.1.2). */
  redirect_uri: string
  /** What the server must ask the user: `none`, `login`, `consent`, `select_account`, or several separated by spaces. */
  prompt?: string | undefined
  /** Who wants to sign in, as far as the app knows. */
  login_hint?: string | undefined
  /**
   * The Authentication Context Class References wanted, in order of preference, separated by spaces. The server may answer another:
   * see `acr`. Where another does not suffice, ask by `claims`.
   */
  acr_values?: string | undefined
  /** The seconds since the last authentication after which the user must authenticate again. The ID token must then say when. */
  max_age?: number | undefined
  /** How the server is to show its pages: `page`, `popup`, `touch`, `wap`. */
  display?: string | undefined
  /** The languages of those pages, separated by spaces (BCP 47). */
  ui_locales?: string | undefined
  /** An ID token of the user who is to sign in. */
  id_token_hint?: string | undefined
  /**
   * The claims wanted (OpenID Connect Core §5.5). Of the ID token these are then demanded: an `acr` that is essential with values is
   * one of them (§5.5.1.1), an `auth_time` that is essential is there (§2), and `sub` is the `value` asked for (§5.5.1).
   */
  claims?: { readonly [member: string]: Json } | undefined
  /**
   * Whether the request is pushed to the server first (RFC 9126), so that nobody on the way can read or change it. Default:
   * whether the server has an endpoint for it.
   */
  par?: boolean | undefined
  /**
   * Whether the request is signed, as a request object (RFC 9101): by the `privateKey` of the client, or by its secret with HS256.
   * Default, and always so where it does: whether the server requires it.
   */
  requestObject?: boolean | undefined
}

/** What an Authorization Request for a code asks for. */
export interface AuthorizationParameters extends AnyAuthorizationParameters {
  /**
   * What the response is to bring. With `code id_token`, of the hybrid flow (OpenID Connect Core §3.3), it comes in the fragment
   * unless `response_mode` says otherwise. Default `code`.
   */
  response_type?: 'code' | 'code id_token' | undefined
  /** The way that the response is to come; one that comes another way is refused. Default: that of the response type. */
  response_mode?: ResponseMode | undefined
}

/** What an Authorization Request of the implicit grant asks for. */
export interface ImplicitAuthorizationParameters extends AnyAuthorizationParameters {
  /** What the response is to bring. */
  response_type: 'token' | 'id_token' | 'id_token token'
  /** The way that the response is to come; one that comes another way is refused. Default `fragment`. */
  response_mode?: Exclude<ResponseMode, 'query' | 'query.jwt'> | undefined
}

/** What is to be kept until the Authorization Response arrives, where only the user who began can get at it. JSON. */
export interface Transaction {
  /** The `state` of the request, by which its response is recognized. */
  readonly state: string
  readonly [member: string]: unknown
}

/** What stands in for a transaction that was used: a response that comes again is then told from one that nobody waits for. */
export interface UsedTransaction {
  readonly used: true
}

/** What is kept under a `state`, if anything is. */
export type KeptTransaction = Transaction | UsedTransaction | null | undefined

/**
 * The transaction of a response, or a function that looks it up. Such a function gets the `state` of the response, which anybody
 * can have made up: whether it belongs to the user is for the application to say.
 */
export type TransactionSource = KeptTransaction | ((state: string) => KeptTransaction | Promise<KeptTransaction>)

/**
 * A response as it arrived: the URL of the callback, with its query and fragment; or, of `form_post`, the form. A `Request` is
 * either, by its method; its body is read.
 */
export type ArrivedResponse = string | URL | URLSearchParams | Request

/** An Authorization Request. */
export interface AuthorizationRequest {
  /** Where to send the user. */
  readonly url: string
  readonly transaction: Transaction
}

/** An Authorization Request as a JWT (RFC 9101). */
export interface RequestObject {
  /** The JWT, good for five minutes: the parameter `request`, or what is to be found at a `request_uri`. */
  readonly request: string
  readonly transaction: Transaction
}

/** What an Authorization Response of the implicit grant brought (RFC 6749 §4.2.2, OpenID Connect Core §3.2.2.5). Frozen. */
export interface ImplicitTokens {
  /** The access token, of a `response_type` with `token`. It is bound to nobody. */
  readonly access_token?: string
  readonly token_type?: 'Bearer'
  /** When the access token expires, in seconds since the epoch by this clock; absent when the server did not say. */
  readonly expires_at?: number
  /** The scope of the access token: what was asked for, unless the server said otherwise. */
  readonly scope?: string
  /** The ID token, of a `response_type` with `id_token`, which was validated. */
  readonly id_token?: string
  /** Its claims. */
  readonly claims?: IdTokenClaims
}
