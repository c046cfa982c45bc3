/** One signature, verified by the wasm module: for the client where WebCrypto lacks an algorithm, and for vectors. */
import wasm from './generated/verify/inline.js'
import { verify_signature } from './generated/verify/tollgate_verify.js'
import { thrownByCore } from './internal/core-error.js'
import { inline } from './internal/wasm.js'
import { loadCore } from './verify/core.js'

/**
 * Whether `signature` is one of `message` under `alg` with the key of `jwk`, in JSON.
 *
 * @throws TollgateError `ERR_JWK_INVALID`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JOSE_ALG_NOT_ALLOWED`.
 */
export function verifySignature(jwk: string, alg: string, message: Uint8Array, signature: Uint8Array): boolean {
  loadCore(inline(wasm))
  try {
    return verify_signature(jwk, alg, message, signature)
  } catch (thrown) {
    throw thrownByCore(thrown)
  }
}
