/** Answers the core's question whether a signature verifies: by WebCrypto, and where that cannot, by our own wasm. */
import { TollgateError } from '../errors.js'
import type { SignatureCheck } from '../internal/exchange.js'
import { importPublicKey, parametersOf, signedParts, verifySignature } from '../internal/webcrypto.js'

/** Verifies in wasm; rejects when the key or the algorithm cannot be used, or the wasm cannot be fetched. */
export type VerifySignature = (jwk: string, alg: string, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

/** Loads what verifies without WebCrypto. */
export type SignatureFallback = () => Promise<{ verifySignature: VerifySignature }>

/** Whether the signature of `jws` verifies; `false` too when its key cannot be used. */
export async function verifies({ alg, jwk, jws }: SignatureCheck, fallback: SignatureFallback | undefined): Promise<boolean> {
  const [message, signature] = signedParts(jws)
  try {
    const parameters = parametersOf(alg)
    const key = await importPublicKey(parameters, jwk)
    // RFC 7518 §3.3 asks for 2048 bits or more; the wasm refuses the same sizes as this.
    const { modulusLength = 2048 } = key.algorithm as Partial<RsaKeyAlgorithm>
    if (modulusLength < 2048 || modulusLength > 8192) return false
    return await verifySignature(parameters, key, signature, message)
  } catch {
    // No secure context, or not this algorithm, or not this key: the platforms do not agree in how they say which.
    if (!fallback) return false
  }
  const { verifySignature: verifyInWasm } = await fallback().catch(notFetched)
  return verifyInWasm(jwk, alg, message, signature).catch(({ code, cause }: Partial<TollgateError>) =>
    code === 'ERR_FETCH_FAILED' ? notFetched(cause) : false,
  )
}

function notFetched(cause: unknown): never {
  throw new TollgateError('ERR_FETCH_FAILED', { cause })
}
