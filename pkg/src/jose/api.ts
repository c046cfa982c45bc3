/** Everything that the entries of `tollgate/jose` export, without a wasm module. */
export { compactVerify, flattenedVerify, generalVerify } from './verify.js'
export { decodeJwt, decodeProtectedHeader, jwtVerify } from './jwt.js'
export { CompactSign, FlattenedSign, GeneralSign, type Signature } from './sign.js'
export { SignJWT, UnsecuredJWT, type UnsecuredResult } from './jwt-sign.js'
export { createLocalJWKSet, type LocalJWKSet } from './jwks/local.js'
export {
  createRemoteJWKSet,
  customFetch,
  jwksCache,
  type ExportedJWKSCache,
  type FetchImplementation,
  type JWKSCacheInput,
  type RemoteJWKSet,
  type RemoteJWKSetOptions,
} from './jwks/remote.js'
export { EmbeddedJWK } from './embedded.js'
export { calculateJwkThumbprint, calculateJwkThumbprintUri } from './thumbprint.js'
export {
  importJWK,
  importPKCS1,
  importPKCS8,
  importSEC1,
  importSPKI,
  importX509,
  type KeyImportOptions,
} from './key/import.js'
export { exportJWK, exportPKCS8, exportSPKI } from './key/export.js'
export {
  generateKeyPair,
  generateSecret,
  type GenerateKeyPairAlgorithm,
  type GenerateKeyPairOptions,
  type GenerateKeyPairResult,
  type GenerateSecretAlgorithm,
  type GenerateSecretOptions,
} from './key/generate.js'
export {
  CompactEncrypt,
  compactDecrypt,
  EncryptJWT,
  FlattenedEncrypt,
  flattenedDecrypt,
  GeneralEncrypt,
  generalDecrypt,
  jwtDecrypt,
} from './jwe.js'
export * as base64url from './base64url.js'
export * as errors from './errors.js'
export type * from './types.js'

/** What makes signatures, as jose says it. */
export const cryptoRuntime = 'WebCryptoAPI'
