/**
 * The errors of `tollgate/jose`, named as jose names them. `code` is the contract; the messages are jose's too.
 *
 * @module
 */
import type { CryptoKey, JWTPayload } from './types.js'

/** Every `code`. */
export type JOSEErrorCode =
  | 'ERR_JOSE_ALG_NOT_ALLOWED'
  | 'ERR_JOSE_GENERIC'
  | 'ERR_JOSE_NOT_SUPPORTED'
  | 'ERR_JWE_DECRYPTION_FAILED'
  | 'ERR_JWE_INVALID'
  | 'ERR_JWK_INVALID'
  | 'ERR_JWKS_INVALID'
  | 'ERR_JWKS_MULTIPLE_MATCHING_KEYS'
  | 'ERR_JWKS_NO_MATCHING_KEY'
  | 'ERR_JWKS_TIMEOUT'
  | 'ERR_JWS_INVALID'
  | 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
  | 'ERR_JWT_CLAIM_VALIDATION_FAILED'
  | 'ERR_JWT_EXPIRED'
  | 'ERR_JWT_INVALID'

type Code = JOSEErrorCode | (string & {})
type Options = { cause?: unknown }

/** Why a claim was refused. */
export type JWTClaimValidationReason =
  | 'check_failed'
  | 'invalid'
  | 'mismatch'
  | 'missing'
  | 'unspecified'
  | (string & {})

/** The claim that was refused, and the claims that it was among. */
export interface JWTClaimValidationFailure {
  claim: string
  reason: JWTClaimValidationReason
  payload: JWTPayload
}

/** The base of every error here. */
export class JOSEError extends Error {
  static code: Code = 'ERR_JOSE_GENERIC'
  code: Code = 'ERR_JOSE_GENERIC'

  constructor(message?: string, options?: Options) {
    super(message, options)
    this.name = this.constructor.name
  }
}

/** A claim, or the `typ` header, is not what was expected. */
export class JWTClaimValidationFailed extends JOSEError implements JWTClaimValidationFailure {
  static override code: Code = 'ERR_JWT_CLAIM_VALIDATION_FAILED'
  override code: Code = 'ERR_JWT_CLAIM_VALIDATION_FAILED'
  declare cause: JWTClaimValidationFailure
  claim: string
  reason: JWTClaimValidationReason
  payload: JWTPayload

  constructor(
    message: string,
    payload: JWTPayload,
    claim = 'unspecified',
    reason: JWTClaimValidationReason = 'unspecified',
  ) {
    super(message, { cause: { claim, reason, payload } })
    this.claim = claim
    this.reason = reason
    this.payload = payload
  }
}

/** The token has expired, or is older than `maxTokenAge`. */
export class JWTExpired extends JOSEError implements JWTClaimValidationFailure {
  static override code: Code = 'ERR_JWT_EXPIRED'
  override code: Code = 'ERR_JWT_EXPIRED'
  declare cause: JWTClaimValidationFailure
  claim: string
  reason: JWTClaimValidationReason
  payload: JWTPayload

  constructor(
    message: string,
    payload: JWTPayload,
    claim = 'unspecified',
    reason: JWTClaimValidationReason = 'unspecified',
  ) {
    super(message, { cause: { claim, reason, payload } })
    this.claim = claim
    this.reason = reason
    this.payload = payload
  }
}

/** The `alg` is not among the allowed. */
export class JOSEAlgNotAllowed extends JOSEError {
  static override code: Code = 'ERR_JOSE_ALG_NOT_ALLOWED'
  override code: Code = 'ERR_JOSE_ALG_NOT_ALLOWED'
}

/** Something needs an algorithm, a key or an extension that is not supported. */
export class JOSENotSupported extends JOSEError {
  static override code: Code = 'ERR_JOSE_NOT_SUPPORTED'
  override code: Code = 'ERR_JOSE_NOT_SUPPORTED'
}

/** Never raised here: there is no JWE. */
export class JWEDecryptionFailed extends JOSEError {
  static override code: Code = 'ERR_JWE_DECRYPTION_FAILED'
  override code: Code = 'ERR_JWE_DECRYPTION_FAILED'

  constructor(message = 'decryption operation failed', options?: Options) {
    super(message, options)
  }
}

/** Never raised here: there is no JWE. */
export class JWEInvalid extends JOSEError {
  static override code: Code = 'ERR_JWE_INVALID'
  override code: Code = 'ERR_JWE_INVALID'
}

/** The JWS is malformed. */
export class JWSInvalid extends JOSEError {
  static override code: Code = 'ERR_JWS_INVALID'
  override code: Code = 'ERR_JWS_INVALID'
}

/** The JWT is malformed. */
export class JWTInvalid extends JOSEError {
  static override code: Code = 'ERR_JWT_INVALID'
  override code: Code = 'ERR_JWT_INVALID'
}

/** The JWK is malformed. */
export class JWKInvalid extends JOSEError {
  static override code: Code = 'ERR_JWK_INVALID'
  override code: Code = 'ERR_JWK_INVALID'
}

/** The JWK Set is malformed. */
export class JWKSInvalid extends JOSEError {
  static override code: Code = 'ERR_JWKS_INVALID'
  override code: Code = 'ERR_JWKS_INVALID'
}

/** No key of the set fits. */
export class JWKSNoMatchingKey extends JOSEError {
  static override code: Code = 'ERR_JWKS_NO_MATCHING_KEY'
  override code: Code = 'ERR_JWKS_NO_MATCHING_KEY'

  constructor(message = 'no applicable key found in the JSON Web Key Set', options?: Options) {
    super(message, options)
  }
}

/** Several keys of the set fit; the error iterates over them. */
export class JWKSMultipleMatchingKeys extends JOSEError {
  [Symbol.asyncIterator]: () => AsyncIterableIterator<CryptoKey> = async function* () {}
  static override code: Code = 'ERR_JWKS_MULTIPLE_MATCHING_KEYS'
  override code: Code = 'ERR_JWKS_MULTIPLE_MATCHING_KEYS'

  constructor(message = 'multiple matching keys found in the JSON Web Key Set', options?: Options) {
    super(message, options)
  }
}

/** The JWK Set did not arrive in time. */
export class JWKSTimeout extends JOSEError {
  static override code: Code = 'ERR_JWKS_TIMEOUT'
  override code: Code = 'ERR_JWKS_TIMEOUT'

  constructor(message = 'request timed out', options?: Options) {
    super(message, options)
  }
}

/** The signature does not verify. */
export class JWSSignatureVerificationFailed extends JOSEError {
  static override code: Code = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
  override code: Code = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'

  constructor(message = 'signature verification failed', options?: Options) {
    super(message, options)
  }
}

/** A refused claim, expired or otherwise. */
export type JWTClaimValidationError = JWTClaimValidationFailed | JWTExpired

/** Every error, told apart by its `code`. */
export type AnyJOSEError =
  | (JOSEAlgNotAllowed & { code: 'ERR_JOSE_ALG_NOT_ALLOWED' })
  | (JOSENotSupported & { code: 'ERR_JOSE_NOT_SUPPORTED' })
  | (JWEDecryptionFailed & { code: 'ERR_JWE_DECRYPTION_FAILED' })
  | (JWEInvalid & { code: 'ERR_JWE_INVALID' })
  | (JWKInvalid & { code: 'ERR_JWK_INVALID' })
  | (JWKSInvalid & { code: 'ERR_JWKS_INVALID' })
  | (JWKSMultipleMatchingKeys & { code: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS' })
  | (JWKSNoMatchingKey & { code: 'ERR_JWKS_NO_MATCHING_KEY' })
  | (JWKSTimeout & { code: 'ERR_JWKS_TIMEOUT' })
  | (JWSInvalid & { code: 'ERR_JWS_INVALID' })
  | (JWSSignatureVerificationFailed & { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
  | (JWTClaimValidationFailed & { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' })
  | (JWTExpired & { code: 'ERR_JWT_EXPIRED' })
  | (JWTInvalid & { code: 'ERR_JWT_INVALID' })
