/**
 * jose's names for verifying, signing, keys and decoding: switching is one import line. Verifying is done by the core of
 * `tollgate/verify`, which is stricter than jose; where that makes a difference to a caller is in `docs/jose.md` of the
 * package. Errors are those of `errors`, and of `tollgate/jose/errors`: jose's names, codes and messages in classes of our own.
 * JWE is not supported.
 *
 * @module
 */
import wasm from './generated/jose/inline.js'
import { inline } from './internal/wasm.js'
import { kernelModules } from './kernel/modules.js'
import * as api from './jose/api.js'
import { provide } from './jose/core.js'

const use = <T>(value: T): T => provide(inline(wasm), kernelModules, value)

export const compactVerify = /* @__PURE__ */ use(api.compactVerify)
export const flattenedVerify = /* @__PURE__ */ use(api.flattenedVerify)
export const generalVerify = /* @__PURE__ */ use(api.generalVerify)
export const jwtVerify = /* @__PURE__ */ use(api.jwtVerify)
export const decodeJwt = /* @__PURE__ */ use(api.decodeJwt)
export const decodeProtectedHeader = /* @__PURE__ */ use(api.decodeProtectedHeader)
export const CompactSign = /* @__PURE__ */ use(api.CompactSign)
export const FlattenedSign = /* @__PURE__ */ use(api.FlattenedSign)
export const GeneralSign = /* @__PURE__ */ use(api.GeneralSign)
export const SignJWT = /* @__PURE__ */ use(api.SignJWT)
export const UnsecuredJWT = /* @__PURE__ */ use(api.UnsecuredJWT)
export const createLocalJWKSet = /* @__PURE__ */ use(api.createLocalJWKSet)
export const createRemoteJWKSet = /* @__PURE__ */ use(api.createRemoteJWKSet)
export const EmbeddedJWK = /* @__PURE__ */ use(api.EmbeddedJWK)
export const calculateJwkThumbprint = /* @__PURE__ */ use(api.calculateJwkThumbprint)
export const calculateJwkThumbprintUri = /* @__PURE__ */ use(api.calculateJwkThumbprintUri)
export const importJWK = /* @__PURE__ */ use(api.importJWK)
export const importSPKI = /* @__PURE__ */ use(api.importSPKI)
export const importX509 = /* @__PURE__ */ use(api.importX509)
export const importPKCS8 = /* @__PURE__ */ use(api.importPKCS8)
export const importPKCS1 = /* @__PURE__ */ use(api.importPKCS1)
export const importSEC1 = /* @__PURE__ */ use(api.importSEC1)
export const exportJWK = /* @__PURE__ */ use(api.exportJWK)
export const exportSPKI = /* @__PURE__ */ use(api.exportSPKI)
export const exportPKCS8 = /* @__PURE__ */ use(api.exportPKCS8)
export const generateKeyPair = /* @__PURE__ */ use(api.generateKeyPair)
export const generateSecret = /* @__PURE__ */ use(api.generateSecret)
export const base64url = /* @__PURE__ */ use(api.base64url)

export type CompactSign = api.CompactSign
export type FlattenedSign = api.FlattenedSign
export type GeneralSign = api.GeneralSign
export type SignJWT = api.SignJWT
export type UnsecuredJWT = api.UnsecuredJWT

// These never use the module.
export {
  compactDecrypt,
  CompactEncrypt,
  cryptoRuntime,
  customFetch,
  EncryptJWT,
  errors,
  flattenedDecrypt,
  FlattenedEncrypt,
  generalDecrypt,
  GeneralEncrypt,
  jwksCache,
  jwtDecrypt,
} from './jose/api.js'
export type * from './jose/api.js'
