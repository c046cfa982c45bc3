/** Answers the core's question whether a signature verifies: by WebCrypto, and where that cannot, by our own wasm. */
import { TollgateError } from '../errors.js'
import { importPublicKey, parametersOf, verifySignature } from '../internal/webcrypto.js'

/** A signature to verify, as the core describes it. */
export interface SignatureCheck {
  /** The registered `alg` of the JWS. */
  alg(): string
  /** The public key: a JWK as JSON. */
  jwk(): string
  signingInput(): Uint8Array
  signature(): Uint8Array
}

/** Verifies in wasm; rejects when the key or the algorithm cannot be used, or the wasm cannot be fetched. */
export type VerifySignature = (jwk: string, alg: string, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

/** Loads what verifies without WebCrypto. */
export type SignatureFallback = () => Promise<{ verifySignature: VerifySignature }>

/** Whether the signature of `check` verifies; `false` too when its key cannot be used. */
export async function verifies(check: SignatureCheck, fallback: SignatureFallback | undefined): Promise<boolean> {
  const [alg, jwk] = [check.alg(), check.jwk()]
  const [message, signature] = [check.signingInput(), check.signature()]
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
  const { verifySignature: verifyInWasm } = await fallback().catch((cause: unknown) => {
    throw new TollgateError('ERR_FETCH_FAILED', { cause })
  })
  try {
    return await verifyInWasm(jwk, alg, message, signature)
  } catch (failure) {
    if (failure instanceof TollgateError && failure.code === 'ERR_FETCH_FAILED') throw failure
    return false
  }
}
