/** The public types of `tollgate/oauth`. */
import type { CryptoKey, CryptoKeyPair } from '../internal/crypto-key.js'
import type { IdTokenClaims } from '../internal/user-claims.js'
import type { NetworkOptions } from '../internal/options.js'

export type * from './authorization-types.js'
export type { CryptoKey, CryptoKeyPair, IdTokenClaims }

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json | undefined }

/** How one call talks to the server. */
export interface CallOptions extends NetworkOptions {
  /** Ends the call, which then rejects with the reason of the signal. */
  signal?: AbortSignal | undefined
  /** Headers that every request has besides, such as `user-agent`. Those that the protocol sets are not replaced. */
  headers?: Readonly<Record<string, string>> | undefined
}

/**
 * The metadata of an authorization server (RFC 8414 §2, OpenID Connect Discovery §3), as `discover` finds it or as it is
 * known from elsewhere. What is learned of the server, such as its keys, is kept with the object: use one for all calls.
 * It is read at its first use, and what is changed in it later counts for nothing.
 */
export interface ServerMetadata {
  /** The Issuer Identifier. */
  readonly issuer: string
  readonly authorization_endpoint?: string
  readonly token_endpoint?: string
  readonly jwks_uri?: string
  readonly userinfo_endpoint?: string
  readonly end_session_endpoint?: string
  readonly introspection_endpoint?: string
  readonly revocation_endpoint?: string
  readonly registration_endpoint?: string
  readonly device_authorization_endpoint?: string
  readonly backchannel_authentication_endpoint?: string
  readonly pushed_authorization_request_endpoint?: string
  readonly require_pushed_authorization_requests?: boolean
  readonly require_signed_request_object?: boolean
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly authorization_signing_alg_values_supported?: readonly string[]
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly code_challenge_methods_supported?: readonly string[]
  readonly mtls_endpoint_aliases?: Readonly<Record<string, string>>
  readonly [member: string]: unknown
}

/** A key to sign with, which stays with WebCrypto: it need not be extractable. */
export interface SigningKey {
  /** The private key, with the usage `sign`. */
  key: CryptoKey
  /** Its `kid` at the server. */
  kid?: string | undefined
  /** The registered `alg`. Default: that of the key; of Ed25519 `EdDSA`. */
  alg?: string | undefined
}

interface ClientOfAnyKind {
  /** The Client Identifier (RFC 6749 §2.2). */
  client_id: string
  /**
   * The key pair that tokens are to be bound to (RFC 9449), as `generateDpopKey` makes it. With it no token is taken that is
   * not bound to it.
   */
  dpop?: CryptoKeyPair | undefined
  /**
   * Whether requests go to the `mtls_endpoint_aliases` of the server, where it has them (RFC 8705 §5): give a `fetch` that
   * connects with the certificate of the client. Default: whether `token_endpoint_auth_method` is one with a certificate.
   */
  use_mtls_endpoint_aliases?: boolean | undefined
  /** The whole seconds by which this clock and that of the server may differ. Default 30. */
  clockTolerance?: number | undefined
  /**
   * The FAPI 2.0 Security Profile (§5.3.3, §5.4): `private_key_jwt` or a certificate, tokens bound to a key (`dpop`, or a
   * certificate), every request pushed, `iss` in every Authorization Response, PS256, ES256 or Ed25519 alone. What it forbids is
   * refused with `ERR_OAUTH_PROFILE_VIOLATION`, where `claim` names it.
   */
  profile?: 'fapi2' | undefined
}

/** A public client: it has nothing to prove itself with (RFC 6749 §2.1). */
export interface PublicClient extends ClientOfAnyKind {
  token_endpoint_auth_method?: 'none' | undefined
  client_secret?: undefined
  privateKey?: undefined
}

/** A client that only its signed requests tell from others (RFC 9101). */
export interface SigningClient extends ClientOfAnyKind {
  token_endpoint_auth_method: 'none'
  client_secret?: undefined
  /** The key that request objects are signed with. */
  privateKey: CryptoKey | SigningKey
}

/** A client with a secret (RFC 6749 §2.3.1, OpenID Connect Core §9). */
export interface SecretClient extends ClientOfAnyKind {
  /** How the secret is shown. `client_secret_jwt` signs with it, by HS256. Default `client_secret_basic`. */
  token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | undefined
  client_secret: string
  /**
   * The key that request objects are signed with (RFC 9101), where `token_endpoint_auth_method` says that the secret is shown.
   * Default: the secret, by HS256.
   */
  privateKey?: CryptoKey | SigningKey | undefined
}

/** A client with a private key (RFC 7523 §2.2). */
export interface KeyClient extends ClientOfAnyKind {
  token_endpoint_auth_method?: 'private_key_jwt' | undefined
  privateKey: CryptoKey | SigningKey
  client_secret?: undefined
}

/** A client with a certificate (RFC 8705 §2), with which its `fetch` connects. */
export interface CertificateClient extends ClientOfAnyKind {
  token_endpoint_auth_method: 'tls_client_auth' | 'self_signed_tls_client_auth'
  client_secret?: undefined
  /** The key that request objects are signed with (RFC 9101). */
  privateKey?: CryptoKey | SigningKey | undefined
}

/** Who the client is, and what it has to prove it with: the members of its registration (RFC 7591 §2), and its keys. */
export type OAuthClient = PublicClient | SigningClient | SecretClient | KeyClient | CertificateClient

/** What every grant may say of the access token that is asked for. */
export interface TokenParameters {
  /** The scope, separated by spaces (RFC 6749 §3.3). */
  scope?: string | undefined
  /** The resources that the token is for (RFC 8707 §2.2). */
  resource?: string | readonly string[] | undefined
  /** What the token is to allow in detail (RFC 9396 §6). */
  authorization_details?: readonly Json[] | undefined
  /** Parameters of extensions. None may be one that has a name here. */
  parameters?: Readonly<Record<string, string>> | undefined
}

/** What the token endpoint issues with every grant (RFC 6749 §5.1). */
interface TokenResponse {
  readonly access_token: string
  /** When the access token expires, in seconds since the epoch by this clock; absent when the server did not say. */
  readonly expires_at?: number
  /** The refresh token: after a refresh the one before, unless the server issued another. */
  readonly refresh_token?: string
  /** The scope of the token: what was asked for, unless the server said otherwise. */
  readonly scope?: string
  /** The ID token, which was validated. */
  readonly id_token?: string
  /** The claims of the newest ID token. */
  readonly claims?: IdTokenClaims
  /**
   * What the first ID token said of the login, which each later one repeats or leaves out (OpenID Connect Core §12.2): `auth_time` in
   * seconds since the epoch. To be kept with the rest for `refreshTokenGrant`.
   */
  readonly login?: { readonly nonce?: string; readonly auth_time?: number }
  /** What the token allows in detail (RFC 9396 §7). */
  readonly authorization_details?: readonly Json[]
  readonly [member: string]: unknown
}

/** What the token endpoint issued (RFC 6749 §5.1). Frozen. */
export interface TokenSet extends TokenResponse {
  /** `Bearer`, or `DPoP` where the token is bound to the key of the client (RFC 9449 §5), in this spelling. */
  readonly token_type: 'Bearer' | 'DPoP'
}

/** What `deviceAuthorization` came to (RFC 8628 §3.2). JSON, frozen. */
export interface DeviceAuthorization {
  /** A secret of this client. */
  readonly device_code: string
  /** What the user types at `verification_uri`. */
  readonly user_code: string
  /** Where the user goes: https, or http on a loopback address. */
  readonly verification_uri: string
  /** The same with the user code in it, for a QR code. */
  readonly verification_uri_complete?: string
  /** When the codes expire, in seconds since the epoch by this clock. */
  readonly expires_at: number
  /** The seconds between two requests, at least 1. */
  readonly interval: number
  /** The scope that was asked for. */
  readonly scope?: string
}

/** Who is to be asked: exactly one of them (CIBA §7.1). */
type Hint =
  | { login_hint: string; login_hint_token?: undefined; id_token_hint?: undefined }
  | { login_hint_token: string; login_hint?: undefined; id_token_hint?: undefined }
  | { id_token_hint: string; login_hint?: undefined; login_hint_token?: undefined }

/** What a Backchannel Authentication Request asks for (CIBA §7.1). */
export type BackchannelParameters = Hint &
  TokenParameters & {
    /** The scope; it has `openid`. */
    scope: string
    /** What both devices show, so that the user sees that they belong together. */
    binding_message?: string | undefined
    /** A secret of the user that keeps others from asking them. */
    user_code?: string | undefined
    /** The Authentication Context Class References wanted, in order of preference, separated by spaces. */
    acr_values?: string | undefined
    /** The seconds that the user should have, above 0. */
    requested_expiry?: number | undefined
    /** In ping mode, what the server will show to the notification endpoint: unguessable, of 22 to 1024 characters. */
    client_notification_token?: string | undefined
  }

/** What `backchannelAuthentication` came to (CIBA §7.3). JSON, frozen. */
export interface CibaRequest {
  /** A secret of this client. */
  readonly auth_req_id: string
  /** When the request expires, in seconds since the epoch by this clock. */
  readonly expires_at: number
  /** The seconds between two requests, at least 1. */
  readonly interval: number
  /** The scope that was asked for. */
  readonly scope: string
  /** What the server will show to the notification endpoint. */
  readonly client_notification_token?: string
  /** Whether it did, so that `cibaGrant` does not wait. */
  readonly notified?: true
}

/** What a token is (RFC 8693 §3): a registered identifier, or another URI. */
export type TokenTypeIdentifier =
  | `urn:ietf:params:oauth:token-type:${'access_token' | 'refresh_token' | 'id_token' | 'saml1' | 'saml2' | 'jwt'}`
  | (string & {})

/** What a token is exchanged for (RFC 8693 §2.1). */
export interface TokenExchangeParameters extends TokenParameters {
  /** The token of the party in whose name the request is made. */
  subject_token: string
  subject_token_type: TokenTypeIdentifier
  /** The token of the party that acts in that name. */
  actor_token?: string | undefined
  /** Required with an `actor_token`, and only then. */
  actor_token_type?: TokenTypeIdentifier | undefined
  /** What is wanted. No other type is then taken. */
  requested_token_type?: TokenTypeIdentifier | undefined
  /** The names of the services that the token is for. */
  audience?: string | readonly string[] | undefined
}

/** What a token was exchanged for (RFC 8693 §2.2.1). Frozen. */
export interface ExchangedToken extends TokenResponse {
  /** What was issued, access token or not. */
  readonly access_token: string
  readonly issued_token_type: TokenTypeIdentifier
  /** `N_A`: what was issued is no access token. */
  readonly token_type: 'Bearer' | 'DPoP' | 'N_A'
}

/** A grant that has no function here. */
export interface ExtensionGrantParameters extends TokenParameters {
  /** An absolute URI (RFC 6749 §4.5), or a name that a server made up. */
  grant_type: string
}
