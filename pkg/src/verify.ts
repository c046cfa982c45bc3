/**
 * Verifies JWTs: on edge functions, on servers, in browsers.
 *
 * @module
 */
import wasm from './generated/verify/inline.js'
import { inline } from './internal/wasm.js'
import { bindVerify, type InitSource } from './verify/api.js'
import { importRare } from './verify/import-rare.js'
import type { JwsHeader, JwtClaims, Verifier, VerifierOptions } from './verify/types.js'

const api = /* @__PURE__ */ bindVerify(/* @__PURE__ */ inline(wasm), importRare)

/**
 * Instantiates the wasm module. Never needed: every function does so on first use. For those who serve
 * `tollgate/verify.wasm` as a file of their own, or want the module compiled off the main thread.
 *
 * @param source The module; its bytes; a `Response` with them; or their URL. Default: what the package carries.
 */
export const init = (source?: InitSource): Promise<void> => api.init(source)

/**
 * Makes a verifier. Fetches no keys unless `preload` is set. A key of ES384, ES512, ES256K or ML-DSA needs a second wasm
 * module: it is loaded here, or with the keys, and nobody else downloads it.
 *
 * @throws TollgateError `ERR_OPTION_INVALID`, `ERR_JWK_INVALID`, `ERR_JWKS_INVALID`, `ERR_JOSE_NOT_SUPPORTED`,
 * `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_FETCH_INSECURE`, `ERR_FETCH_FAILED` when the second module cannot be fetched; with `preload`, those of `Verifier.load`.
 */
export const createVerifier = (options: VerifierOptions): Promise<Verifier> => api.createVerifier(options)

/**
 * The claims of a token whose signature is **not** verified (RFC 7519 §7.2 step 10): for display, never to decide.
 *
 * @throws TollgateError `ERR_JWS_INVALID`, `ERR_JWT_INVALID`.
 */
export const decodeJwt = <C = JwtClaims>(token: string): C => api.decodeJwt<C>(token)

/**
 * The protected header of a token whose signature is **not** verified.
 *
 * @throws TollgateError `ERR_JWS_INVALID`.
 */
export const decodeProtectedHeader = (token: string): JwsHeader => api.decodeProtectedHeader(token)

export { cacheApiJwksStore, kvJwksStore, type JwksCache, type JwksNamespace } from './verify/jwks-store.js'
export type * from './verify/types.js'
export type { InitSource } from './verify/api.js'
