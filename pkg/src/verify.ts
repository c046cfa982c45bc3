/**
 * Verifies JWTs: on edge functions, on servers, in browsers.
 *
 * @module
 */
import bytes from './generated/verify/bytes.js'
import { inline } from './internal/wasm.js'
import { bindVerify } from './verify/api.js'

export const { init, createVerifier, decodeJwt, decodeProtectedHeader } = /* @__PURE__ */ bindVerify(/* @__PURE__ */ inline(bytes))
export type * from './verify/types.js'
export type { InitSource } from './verify/api.js'
