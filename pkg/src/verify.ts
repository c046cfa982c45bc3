/**
 * Verifies JWTs: on edge functions, on servers, in browsers.
 *
 * @module
 */
import wasm from './generated/verify/inline.js'
import { inline } from './internal/wasm.js'
import { kernelModules } from './kernel/modules.js'
import { bindVerify, type InitSource } from './verify/api.js'
import type { JwsHeader, JwtClaims, Verifier, VerifierOptions } from './verify/types.js'

const api = /* @__PURE__ */ bindVerify(/* @__PURE__ */ inline(wasm), kernelModules)

/**
 * Instantiates the wasm module. Never needed: every function does so on first use. For those who serve
 * `tollgate/verify.wasm` as a file of their own, or want the module compiled off the main thread. Does nothing where it is
 * instantiated already; a failure is not remembered.
 *
 * @param source The module; its bytes; a `Response` with them; or their URL. Default: what the package carries.
 * @throws What the platform throws for a module that cannot be fetched or compiled; no `TollgateError`.
 */
export const init = (source?: InitSource): Promise<void> => api.init(source)

/**
 * Makes a verifier: once, and kept, since it holds the keys. Fetches no keys unless `preload` is set. Public keys need a second
 * wasm module, a small one for each kind of key: it is loaded here, or with the keys, and nobody else downloads it.
 * Where `algorithms` leave one, it is fetched before there are keys.
 * `docs/verify.md` of the package is the reference.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID` about the option in `claim`: unknown, missing, malformed, or at odds with another.
 * - `ERR_JWK_INVALID`: `key` is malformed, weak or private, or a secret that is a public key in another form.
 * - `ERR_JWKS_INVALID`: `jwks` is no JWK Set (RFC 7517 §5).
 * - `ERR_JOSE_NOT_SUPPORTED`: the type, curve or PEM label of `key`, or one of `algorithms`; or the platform computes wrong
 *   results with RSA, as `cause` then says.
 * - `ERR_JOSE_ALG_NOT_ALLOWED`: `algorithms` and `profile` leave none that fits the key, or HMAC alone for public keys.
 * - `ERR_FETCH_INSECURE`: `jwksUri` or `issuer` is to be fetched, and is not https.
 * - `ERR_FETCH_FAILED`: the second module cannot be fetched. A failure is not remembered.
 * - with `preload`, those of `Verifier.load`.
 * @throws TypeError for an option of another type, and for a private `CryptoKey` or `KeyObject` or one that cannot be exported.
 */
export const createVerifier = (options: VerifierOptions): Promise<Verifier> => api.createVerifier(options)

/**
 * The claims of a token whose signature is **not** verified (RFC 7519 §7.2 step 10): for display, never to decide.
 *
 * @throws TollgateError `ERR_JWS_INVALID` when it is no compact JWS of at most 64 KiB, `ERR_JWT_INVALID` when its claims are
 * not one strict JSON object.
 */
export const decodeJwt = <C = JwtClaims>(token: string): C => api.decodeJwt<C>(token)

/**
 * The protected header of a token whose signature is **not** verified (RFC 7515 §4): for display, never to decide.
 *
 * @throws TollgateError `ERR_JWS_INVALID` when it is no compact JWS of at most 64 KiB, or its header not one strict JSON object.
 */
export const decodeProtectedHeader = (token: string): JwsHeader => api.decodeProtectedHeader(token)

export { cacheApiJwksStore, kvJwksStore, type JwksCache, type JwksNamespace } from './verify/jwks-store.js'
export type * from './verify/types.js'
export type { InitSource } from './verify/api.js'
