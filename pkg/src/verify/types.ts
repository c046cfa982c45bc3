/// <reference lib="esnext.disposable" preserve="true" />
import type { Algorithm } from '../generated/algorithms.js'
import type { NetworkOptions } from '../internal/options.js'

export type { Algorithm }

/**
 * A JSON Web Key (RFC 7517 §4): public, or symmetric. `kty` must be there, and what it requires (RFC 7518 §6, RFC 8037 §2;
 * `AKP` has `alg` and `pub`, draft-ietf-cose-dilithium §4). The type demands nothing, so that it takes the `JsonWebKey` of
 * WebCrypto as it is; the values are checked when they are read. Members that are not here are ignored, but those of a private
 * key are refused.
 */
export interface Jwk {
  kty?: string | undefined
  kid?: string | undefined
  alg?: string | undefined
  use?: string | undefined
  key_ops?: string[] | undefined
  crv?: string | undefined
  x?: string | undefined
  y?: string | undefined
  n?: string | undefined
  e?: string | undefined
  k?: string | undefined
  pub?: string | undefined
  ext?: boolean | undefined
  x5u?: string | undefined
  x5c?: string[] | undefined
  x5t?: string | undefined
  'x5t#S256'?: string | undefined
}

/** A JWK Set (RFC 7517 §5). */
export interface JwkSet {
  keys: Jwk[]
}

/** A JWS protected header (RFC 7515 §4). */
export interface JwsHeader {
  alg: string
  kid?: string
  typ?: string
  [parameter: string]: unknown
}

/** The members of a JWT Claims Set (RFC 7519 §4.1). Times are NumericDates: seconds since the epoch. */
export interface JwtClaims {
  iss?: string
  sub?: string
  aud?: string | string[]
  exp?: number
  nbf?: number
  iat?: number
  jti?: string
  [claim: string]: unknown
}

/** What a token must be. A requirement that is set makes its claim mandatory: an absent claim never passes. */
export interface Expectations {
  /** `iss` must be this Issuer Identifier, compared byte by byte (RFC 7519 §4.1.1). */
  issuer?: string
  /** `aud` must be, or contain, one of these values (RFC 7519 §4.1.3). `null` says that it is not checked. */
  audience: string | readonly string[] | null
  /** `sub` must be this value, byte by byte (RFC 7519 §4.1.2). */
  subject?: string
  /** The `typ` header must be this media type, with or without its `application/` (RFC 7515 §4.1.9). */
  typ?: string
  /** These claims must be present. */
  requiredClaims?: readonly string[]
  /**
   * All of these must be in `scope`: a string of values between spaces (RFC 8693 §4.2, RFC 9068 §2.2.3), or an array of
   * strings, each of them one value. No other claim is looked at.
   */
  requiredScopes?: readonly string[]
  /** Whether `exp` must be present (RFC 7519 §4.1.4); where it is, it is checked in any case. Default: true. */
  requireExp?: boolean
  /** Seconds, whole ones, by which two honest clocks may differ; for every time in the token. Default: 0. */
  clockTolerance?: number
  /** Seconds, whole ones, since `iat` after which a token is too old (`ERR_JWT_EXPIRED`). Makes `iat` mandatory; an `iat` in the future is refused. */
  maxTokenAge?: number
  /** `nonce` must be this value: the one that was sent (OpenID Connect Core §3.1.3.7, 11). */
  nonce?: string
  /** `acr` must be one of these values (OpenID Connect Core §3.1.3.7, 12). */
  acrValues?: readonly string[]
  /**
   * Seconds, whole ones, since `auth_time` after which the user must sign in again (OpenID Connect Core §3.1.2.1 and §3.1.3.7, 13).
   * Makes `auth_time` mandatory; one in the future is refused.
   */
  maxAge?: number
}

/** What the token of one call must be, besides what its verifier says. */
export interface CallExpectations extends Expectations {
  /** The access token that was issued with this ID token: `at_hash` must be its (OpenID Connect Core §3.1.3.8). */
  accessToken?: string
  /** The authorization code that was issued with this ID token: `c_hash` must be its (OpenID Connect Core §3.3.2.11). */
  code?: string
}

/**
 * A kind of JWT, and what its specification requires of every one besides the expectations:
 * - `jwt`: nothing more.
 * - `at+jwt`, an OAuth 2.0 access token (RFC 9068 §4): the `typ` `at+jwt`; `iss`, `exp`, `aud`, `sub`, `client_id`,
 *   `iat` and `jti`; no algorithm with a shared secret.
 * - `id_token` (OpenID Connect Core §2 and §3.1.3.7): no `typ` but `JWT`; `iss`, `sub` of at most 255 ASCII letters,
 *   `aud`, `exp` and `iat`; no `events`. `audience` must be the one Client Identifier, which `azp` must be too: where it
 *   is there, and where there are other audiences.
 * - `logout+jwt` (OpenID Connect Back-Channel Logout 1.0 §2.6): no `typ` but `logout+jwt`, which the option `typ` makes
 *   mandatory; `iss`, `aud`, `iat`, `exp`, `jti`, `sub` or `sid`, and `events` with that of a logout; no `nonce`.
 *   Whether `jti` was used before is for you to remember.
 *
 * A claim that the specification leaves optional may also be `null`.
 */
export type Profile = 'jwt' | 'at+jwt' | 'id_token' | 'logout+jwt'

/** How many verified tokens a verifier remembers. */
export interface CacheOptions {
  /** From 1 to 100000; of more, the one that was not used for the longest is forgotten. One takes up to some 30 kB. */
  maxEntries: number
}

/** Where the keys are. Exactly one; with none of them, the keys are found by discovery from `issuer`. */
export interface KeySourceOptions {
  /** The https URL of a JWK Set; http for loopback only. */
  jwksUri?: string | undefined
  /** A JWK Set of public keys. */
  jwks?: JwkSet | undefined
  /**
   * One key:
   * - a public or symmetric JWK;
   * - the PEM text of a public key: `PUBLIC KEY` (SPKI), `RSA PUBLIC KEY` (PKCS#1), or one `CERTIFICATE` (X.509). A
   *   certificate is only the envelope of its key: **neither its signature nor its chain, validity or name is verified**;
   * - any of these three in DER, or an uncompressed elliptic curve point;
   * - the bytes of an HMAC secret;
   * - a public or HMAC `CryptoKey` that is extractable and may verify: RSA, HMAC and ML-DSA only with its one algorithm;
   * - a public or secret `KeyObject` of Node.js.
   */
  key?: Jwk | string | Uint8Array | DerKey | PointKey | CryptoKeyLike | KeyObjectLike | undefined
}

/** A public key or certificate in DER, told apart by structure: SPKI, PKCS#1 or X.509. */
export interface DerKey {
  der: Uint8Array
}

/** An elliptic curve point, uncompressed (SEC 1 §2.3.3: 4, x, y), and its `crv`. */
export interface PointKey {
  sec1: Uint8Array
  crv: string
}

/** What a `CryptoKey` is here. */
export interface CryptoKeyLike {
  readonly type: string
  readonly extractable: boolean
  readonly usages: readonly string[]
}

/** What a `KeyObject` of Node.js is here. */
export interface KeyObjectLike {
  readonly type: string
  export(options?: { format: 'der'; type: 'spki' }): Uint8Array
}

/** Keys as a shared cache holds them. They are checked like a response of the server; what is not usable is ignored. */
export interface StoredJwks {
  /** The public keys. */
  jwks: JwkSet
  /** When the server last vouched for them, in seconds since the epoch. */
  fetchedAt: number
  /** Seconds for which they are fresh, from then. */
  freshFor: number
  /** Where they were fetched. */
  jwksUri: string
  /** The Issuer Identifier whose metadata names `jwksUri`, where that is how it was found. */
  issuer?: string
  /** The entity tag of the set (RFC 9110 §8.8.3). */
  etag?: string
}

/**
 * A cache of fetched keys that several instances share. Whoever can write to it decides which keys are trusted. One that
 * fails, or does not answer within `timeout`, is as if it were empty.
 */
export interface JwksStore {
  /** What is stored under `key`. A key names one issuer or one URL, so that keys never cross. */
  get(key: string): Promise<StoredJwks | null | undefined>
  /** Stores `value`, which is of no use any more after `maxAge` seconds. */
  set(key: string, value: StoredJwks, options: { maxAge: number }): Promise<void>
}

/** For how long fetched keys are good, and who shares them. Without effect where the keys are given. */
export interface KeyFetchOptions {
  /**
   * Seconds after which fetched keys verify nothing before the server was asked again; from 30 to 86400. It is when a key
   * that the issuer removed is refused at the latest. They are refreshed beside other work before that: when the server's
   * `Cache-Control: max-age` has passed, or half of this where it says nothing, but not within 30 seconds. Default: 600.
   */
  jwksMaxAge?: number | undefined
  /**
   * Seconds for which keys that are older than `jwksMaxAge` still verify while the server is out of order: no response, one
   * that is no JWK Set, or a status of 429 or 5xx. From 0, which turns it off, to 86400. Default: 3600.
   */
  jwksStaleIfError?: number | undefined
  /** A cache to share fetched keys with other instances: `cacheApiJwksStore()`, `kvJwksStore(namespace)`, or your own. */
  jwksCache?: JwksStore | undefined
  /**
   * Keeps the instance alive for work that goes on beside a request: a refresh of keys, a write to `jwksCache`. On
   * Cloudflare Workers `import { waitUntil } from 'cloudflare:workers'`, since a verifier outlives the request that made it.
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined
}

/**
 * One of several issuers. What it says of its policy replaces what the options around it say; what it does not say, they do.
 * Its keys are its own: with no source of keys they are found by discovery.
 */
export type IssuerOptions = KeySourceOptions &
  Partial<Omit<VerifierOptions, 'issuer' | keyof KeySourceOptions | keyof NetworkOptions | SharedOption>> & {
    /** The Issuer Identifier. A token belongs to this issuer if its `iss` is this, byte by byte. */
    issuer: string
  }

/** What is done for all issuers alike. */
type SharedOption = 'jwksCache' | 'waitUntil' | 'preload' | 'signal'

/** How a verifier is made. An option that is not known, or is `undefined`, is refused: it would not be checked. */
export interface VerifierOptions extends Omit<Expectations, 'issuer'>, KeySourceOptions, KeyFetchOptions, NetworkOptions {
  /**
   * `iss` must be this Issuer Identifier, compared byte by byte (RFC 7519 §4.1.1). Or up to 1000 issuers: each has keys and a
   * policy of its own, and a token is verified by those of its `iss` alone. `jwksUri`, `jwks` and `key` then stand with each
   * issuer.
   */
  issuer?: string | readonly IssuerOptions[]
  /** The kind of JWT. What it requires holds whatever the other options say. Default: `jwt`. */
  profile?: Profile
  /**
   * The header extensions that you understand and handle, where `crit` names them (RFC 7515 §4.1.11): what they ask for
   * is for you to check in `protectedHeader`. Never `b64` (RFC 7797 §7). Default: none, so that a token with a `crit` is
   * refused.
   */
  crit?: readonly string[]
  /**
   * Your own check. It is called last, with a token that has passed all others, also where that was remembered. What it
   * throws is what `verify` throws. It returns nothing, or a promise of nothing, for which `verifySync` cannot wait.
   */
  check?: (verified: Verified) => void | Promise<void>
  /**
   * Whether to remember tokens that passed. One is found by nothing but its exact text, in calls without `expect`, as
   * long as its times and the keys allow. It costs memory and saves the signature. Tokens of more than 8192 letters are
   * not remembered. Default: false.
   */
  cache?: CacheOptions | false | undefined
  /** The algorithms that may be used. Default: all that fit the keys. HMAC only ever with a symmetric `key`. */
  algorithms?: readonly Algorithm[]
  /**
   * What computes with public keys. `auto`: kernels of our own, made for verifying with the same keys again and again.
   * `portable`: the RustCrypto crates alone, slower. `webcrypto`: the platform, which takes a while for each signature, has
   * not every algorithm, and cannot verify at once: `verifySync` throws `ERR_JOSE_NOT_SUPPORTED`. The checks are the same.
   * Secrets are never given to another. Default: `auto`.
   */
  backend?: Backend | undefined
  /** How much memory tables of keys may take. Default: 1 MiB for each kind of key. */
  keyTables?: KeyTablesOptions | undefined
  /** Whether to do what `Verifier.load` does before `createVerifier` resolves. Default: false. */
  preload?: boolean | undefined
  /** Ends requests for keys; what waits for them rejects with its reason. */
  signal?: AbortSignal | undefined
}

/** What computes with public keys. */
export type Backend = 'auto' | 'portable' | 'webcrypto'

/**
 * The tables of keys, with which signatures are verified several times as fast. A key gets one with the signature that follows
 * its first good one, or ahead of it by `preload` or `Verifier.load`.
 */
export interface KeyTablesOptions {
  /**
   * Bytes for the tables of all keys of one kind together, those of all issuers of a verifier; 0 for none, and at most 2^30.
   * `docs/verify.md` says what a key of each kind takes. The table of the key that was not used for the longest makes room.
   */
  maxBytes: number
}

/** A token that was verified. */
export interface Verified<C = JwtClaims> {
  /** The claims. */
  claims: C
  /** The protected header. */
  protectedHeader: JwsHeader
  /** What verified it. `thumbprint` is the SHA-256 JWK Thumbprint (RFC 7638); a secret has none. */
  key: { kid?: string; alg: string; thumbprint?: string }
}

/** Keys and a policy. Any number of calls may be under way at once. */
export interface Verifier {
  /**
   * Verifies a compact JWS and validates its claims (RFC 7515 §5.2, RFC 7519 §7.2). It waits for keys to be fetched when
   * none are there, when they are older than `jwksMaxAge`, or when none fits: however many tokens ask for it, at most once
   * in 30 seconds, or in 5 while there are no good keys, whether it succeeds or not; and for a `kid` that was looked for in
   * vain, once in 5 minutes. Keys that are stale but not too old verify at once, and are refreshed beside.
   *
   * @param token The compact JWS.
   * @param expect More expectations for this call, besides the verifier's own.
   * @throws TollgateError
   * - `ERR_JWS_INVALID`, `ERR_JWT_INVALID`: the token is no compact JWS, or its claims are not one strict JSON object.
   * - `ERR_JOSE_NOT_SUPPORTED`: `crit` names what is not handled (RFC 7515 §4.1.11), or `b64` is not true; or the platform
   *   cannot compute what the key needs, as `cause` then says.
   * - `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JWKS_NO_MATCHING_KEY`: no key may verify this `alg`, or has this `kid`.
   * - `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`: the signature is of no key that fits.
   * - `ERR_JWT_EXPIRED`: `exp` or `maxTokenAge` has passed. `claim` says which: `exp` or `iat`.
   * - `ERR_JWT_CLAIM_VALIDATION_FAILED`: an expectation is not met; `claim` and `reason` say which, and how.
   * - `ERR_OPTION_INVALID` about a member of `expect`.
   * - those of `load`, which say nothing of the token: a server answers 503.
   * @throws Whatever `check` throws; the reason of `signal`; a `TypeError` for a token that is no string.
   */
  verify<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>): Promise<Verified<C>>
  /**
   * The same, at once and without ever fetching. Fetched keys are good for `jwksMaxAge`, and for `jwksStaleIfError` longer
   * while fetching fails: call `load()` more often than that, or use `verify`.
   *
   * @throws TollgateError as `verify`, but for those of `load`; `ERR_JWKS_NOT_LOADED` when it would have to fetch, and
   * `ERR_JOSE_NOT_SUPPORTED` while the second module, which the key needs, could not be loaded.
   * @throws TypeError when `check` returns a promise.
   */
  verifySync<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>): Verified<C>
  /**
   * Fetches the keys now, or takes them from `jwksCache` where they are fresh and newer than those at hand; waits for a
   * fetch that is under way already. Of several issuers it loads all, and fails as the first of them that fails, when all
   * have ended; the others can be used.
   *
   * Then it builds the tables of the keys at hand, be they fetched or given: in the order of the issuers and of their sets,
   * while there is room within `keyTables.maxBytes`. No key loses its table for that of another. One takes as long as two or
   * three signatures without a table.
   *
   * @throws TollgateError
   * - `ERR_FETCH_FAILED`, `ERR_FETCH_TIMEOUT`, `ERR_FETCH_TOO_LARGE`, `ERR_FETCH_STATUS`: no response, a late one, one of
   *   more than 1 MiB, or with another status than 200 (a redirect is one).
   * - `ERR_FETCH_INSECURE`: a URL, also one in the metadata, that is not https.
   * - `ERR_OAUTH_METADATA_INVALID`, `ERR_OAUTH_METADATA_ISSUER_MISMATCH` (RFC 8414 §3.2 and §3.3).
   * - `ERR_JWKS_INVALID`: the document is no JWK Set (RFC 7517 §5).
   * - `ERR_OPTION_INVALID` for an `issuer` with a query or a fragment.
   * @throws The reason of `signal`, when it aborts.
   */
  load(): Promise<void>
  /**
   * The public keys at hand; `undefined` when none were fetched yet, when the key is a secret, and where there are several
   * issuers: in one set it would be lost whose they are.
   */
  jwks(): JwkSet | undefined
  /** Gives the memory of the keys back. Every later call throws a `TypeError`. */
  free(): void
  /** The same as `free`, for `using`. */
  [Symbol.dispose](): void
}
