/**
 * Verifies JWTs: on edge functions, on servers, in browsers.
 *
 * @module
 */
import wasm from './generated/verify/inline.js'
import { inline } from './internal/wasm.js'
import { bindVerify } from './verify/api.js'

export const { init, createVerifier, decodeJwt, decodeProtectedHeader } = /* @__PURE__ */ bindVerify(/* @__PURE__ */ inline(wasm))
export type * from './verify/types.js'
export type { InitSource } from './verify/api.js'
