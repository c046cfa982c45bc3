/** One signature, verified by the wasm modules: for the client where WebCrypto lacks an algorithm, and for vectors. */
import { KEY_KIND } from './generated/algorithms.js'
import wasm from './generated/verify/inline.js'
import { ImportedKey } from './generated/verify/tollgate_verify.js'
import { thrownByCore } from './internal/core-error.js'
import { inline } from './internal/wasm.js'
import { Kernels } from './kernel/kernels.js'
import { kernelModules } from './kernel/modules.js'
import { loadCore } from './verify/core.js'

/**
 * The key of `jwk`, in JSON, with which signatures under `alg` are verified, by `kernels`. It must be freed.
 *
 * @throws TollgateError `ERR_JWK_INVALID`, `ERR_JOSE_NOT_SUPPORTED`; `ERR_FETCH_FAILED` when its kernel could not be fetched.
 */
export async function importKey(jwk: string, alg: string, kernels = new Kernels(kernelModules)): Promise<ImportedKey> {
  loadCore(inline(wasm))
  const kind = KEY_KIND[alg]
  if (kind !== undefined) await kernels.load(1 << kind)
  try {
    return ImportedKey.public(jwk, alg, kernels)
  } catch (thrown) {
    throw thrownByCore(thrown)
  }
}

/**
 * Whether `signature` is one of `message` under `alg` with the key of `jwk`, in JSON.
 *
 * @throws TollgateError as `importKey`.
 */
export async function verifySignature(
  jwk: string,
  alg: string,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const key = await importKey(jwk, alg)
  try {
    return key.verify(message, signature)
  } finally {
    key.free()
  }
}
