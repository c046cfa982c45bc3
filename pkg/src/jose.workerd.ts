/** `tollgate/jose` where modules are imported, because they may not be compiled from bytes. */
import module from './generated/jose/tollgate_jose_bg.wasm'
import rare from './generated/rare/tollgate_rare_bg.wasm'
import * as api from './jose/api.js'
import { provide } from './jose/core.js'
import { loadRare } from './verify/rare.js'

export const {
  base64url,
  calculateJwkThumbprint,
  calculateJwkThumbprintUri,
  compactDecrypt,
  CompactEncrypt,
  CompactSign,
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  cryptoRuntime,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  EmbeddedJWK,
  EncryptJWT,
  errors,
  exportJWK,
  exportPKCS8,
  exportSPKI,
  flattenedDecrypt,
  FlattenedEncrypt,
  FlattenedSign,
  flattenedVerify,
  generalDecrypt,
  GeneralEncrypt,
  GeneralSign,
  generalVerify,
  generateKeyPair,
  generateSecret,
  importJWK,
  importPKCS1,
  importPKCS8,
  importSEC1,
  importSPKI,
  importX509,
  jwksCache,
  jwtDecrypt,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} = /* @__PURE__ */ provide(
  () => module,
  async () => loadRare(() => rare),
  api,
)
