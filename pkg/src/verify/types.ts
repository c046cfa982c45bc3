/// <reference lib="esnext.disposable" preserve="true" />
import type { Algorithm } from '../generated/algorithms.js'
import type { NetworkOptions } from '../internal/options.js'

export type { Algorithm }

/** A JSON Web Key (RFC 7517 §4): public, or symmetric. The type `AKP` has `alg` and `pub` (draft-ietf-cose-dilithium). */
export interface Jwk {
  kty: string
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
  [member: string]: unknown
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
  /** `sub` must be this value (RFC 7519 §4.1.2). */
  subject?: string
  /** The `typ` header must be this media type, with or without its `application/` (RFC 7515 §4.1.9). */
  typ?: string
  /** These claims must be present. */
  requiredClaims?: readonly string[]
  /** Whether `exp` must be present. Default: true. */
  requireExp?: boolean
  /** Seconds by which two honest clocks may differ. Default: 0. */
  clockTolerance?: number
  /** Seconds since `iat` after which a token is too old. Makes `iat` mandatory; an `iat` in the future is refused. */
  maxTokenAge?: number
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

/** How a verifier is made. An option that is not known, or is `undefined`, is refused: it would not be checked. */
export interface VerifierOptions extends Expectations, KeySourceOptions, NetworkOptions {
  /** The algorithms that may be used. Default: all that fit the keys. HMAC only ever with a symmetric `key`. */
  algorithms?: readonly Algorithm[]
  /** Whether to fetch the keys before `createVerifier` resolves. Default: false. */
  preload?: boolean | undefined
  /** Ends requests for keys. */
  signal?: AbortSignal | undefined
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
   * Verifies a compact JWS and validates its claims (RFC 7515 §5.2, RFC 7519 §7.2). Fetched keys are good for 10 minutes.
   * They are fetched when there are none that are good, or none that fits: however many tokens ask for it, at most once
   * in 30 seconds, or in 5 while there are no good keys.
   *
   * @param token The compact JWS.
   * @param expect More expectations for this call, besides the verifier's own.
   * @throws TollgateError `ERR_JWS_INVALID`, `ERR_JWT_INVALID`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JOSE_ALG_NOT_ALLOWED`,
   * `ERR_JWKS_NO_MATCHING_KEY`, `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`, `ERR_JWT_EXPIRED`,
   * `ERR_JWT_CLAIM_VALIDATION_FAILED`, `ERR_OPTION_INVALID`, and those of `load`.
   */
  verify<C = JwtClaims>(token: string, expect?: Partial<Expectations>): Promise<Verified<C>>
  /**
   * The same, at once and without ever fetching. Fetched keys are good for 10 minutes: call `load()` more often than that,
   * or use `verify`.
   *
   * @throws TollgateError as `verify`, and `ERR_JWKS_NOT_LOADED` when it would have to fetch.
   */
  verifySync<C = JwtClaims>(token: string, expect?: Partial<Expectations>): Verified<C>
  /**
   * Fetches the keys now. Does nothing where they were given.
   *
   * @throws TollgateError `ERR_FETCH_FAILED`, `ERR_FETCH_TIMEOUT`, `ERR_FETCH_TOO_LARGE`, `ERR_FETCH_STATUS`,
   * `ERR_FETCH_INSECURE`, `ERR_OAUTH_METADATA_INVALID`, `ERR_OAUTH_METADATA_ISSUER_MISMATCH`, `ERR_JWKS_INVALID`,
   * `ERR_OPTION_INVALID` for an issuer with a query or a fragment.
   */
  load(): Promise<void>
  /** The public keys at hand; `undefined` when none were fetched yet, or the key is a secret. */
  jwks(): JwkSet | undefined
  /** Gives the memory of the keys back. Every later call throws a `TypeError`. */
  free(): void
  /** The same as `free`, for `using`. */
  [Symbol.dispose](): void
}
