/**
 * jose's names for verifying, signing, keys and decoding: switching is one import line. Verifying is done by the core of
 * `tollgate/verify`, which is faster, stricter, and has every algorithm on every runtime; where that makes a difference to a
 * caller is in `docs/jose.md`. JWE is not supported.
 *
 * @module
 */
export { compactVerify, flattenedVerify, generalVerify } from './jose/verify.js'
export { decodeJwt, decodeProtectedHeader, jwtVerify } from './jose/jwt.js'
export { CompactSign, FlattenedSign, GeneralSign, type Signature } from './jose/sign.js'
export { SignJWT, UnsecuredJWT, type UnsecuredResult } from './jose/jwt-sign.js'
export { createLocalJWKSet, type LocalJWKSet } from './jose/jwks/local.js'
export {
  createRemoteJWKSet,
  customFetch,
  jwksCache,
  type ExportedJWKSCache,
  type FetchImplementation,
  type JWKSCacheInput,
  type RemoteJWKSet,
  type RemoteJWKSetOptions,
} from './jose/jwks/remote.js'
export { EmbeddedJWK } from './jose/embedded.js'
export { calculateJwkThumbprint, calculateJwkThumbprintUri } from './jose/thumbprint.js'
export {
  importJWK,
  importPKCS1,
  importPKCS8,
  importSEC1,
  importSPKI,
  importX509,
  type KeyImportOptions,
} from './jose/key/import.js'
export { exportJWK, exportPKCS8, exportSPKI } from './jose/key/export.js'
export {
  generateKeyPair,
  generateSecret,
  type GenerateKeyPairAlgorithm,
  type GenerateKeyPairOptions,
  type GenerateKeyPairResult,
  type GenerateSecretAlgorithm,
  type GenerateSecretOptions,
} from './jose/key/generate.js'
export {
  CompactEncrypt,
  compactDecrypt,
  EncryptJWT,
  FlattenedEncrypt,
  flattenedDecrypt,
  GeneralEncrypt,
  generalDecrypt,
  jwtDecrypt,
} from './jose/jwe.js'
export * as base64url from './jose/base64url.js'
export * as errors from './jose/errors.js'
export type * from './jose/types.js'

/** What makes signatures, as jose says it. */
export const cryptoRuntime = 'WebCryptoAPI'
