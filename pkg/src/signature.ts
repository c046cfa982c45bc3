/** One signature, verified by the wasm modules: for the client where WebCrypto lacks an algorithm, and for vectors. */
import { RARE } from './generated/algorithms.js'
import wasm from './generated/verify/inline.js'
import { verify_signature } from './generated/verify/tollgate_verify.js'
import { thrownByCore } from './internal/core-error.js'
import { inline } from './internal/wasm.js'
import { loadCore } from './verify/core.js'
import { importRare } from './verify/import-rare.js'

/**
 * Whether `signature` is one of `message` under `alg` with the key of `jwk`, in JSON.
 *
 * @throws TollgateError `ERR_JWK_INVALID`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JOSE_ALG_NOT_ALLOWED`; `ERR_FETCH_FAILED` when
 * the module of a rare algorithm could not be fetched.
 */
export async function verifySignature(jwk: string, alg: string, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const verify = RARE.includes(alg) ? (await importRare()).verifySignature : common()
  try {
    return verify(jwk, alg, message, signature)
  } catch (thrown) {
    throw thrownByCore(thrown)
  }
}

function common(): typeof verify_signature {
  loadCore(inline(wasm))
  return verify_signature
}
