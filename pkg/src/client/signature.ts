/** Answers the core's question whether a signature verifies: by WebCrypto, and where that cannot, by our own wasm. */
import { TollgateError } from '../errors.js'

/** A signature to verify, as the core describes it. */
export interface SignatureCheck {
  /** The registered `alg` of the JWS. */
  alg(): string
  /** The public key: a JWK as JSON. */
  jwk(): string
  signingInput(): Uint8Array
  signature(): Uint8Array
}

/** Verifies in wasm; throws when the key or the algorithm cannot be used. */
export type VerifySignature = (jwk: string, alg: string, message: Uint8Array, signature: Uint8Array) => boolean

/** Loads what verifies without WebCrypto. */
export type SignatureFallback = () => Promise<{ verifySignature: VerifySignature }>

const SHA_256 = 'SHA-256'

/** What WebCrypto needs to know of an `alg` (RFC 7518 §3.1, RFC 8037 §3.1). */
const PARAMETERS: Record<string, RsaHashedImportParams & RsaPssParams & EcKeyImportParams & EcdsaParams> = {
  RS256: parameters('RSASSA-PKCS1-v1_5'),
  PS256: parameters('RSA-PSS'),
  ES256: parameters('ECDSA'),
  EdDSA: parameters('Ed25519'),
}

function parameters(name: string) {
  return { name, hash: SHA_256, namedCurve: 'P-256', saltLength: 32 }
}

/** Whether the signature of `check` verifies; `false` too when its key cannot be used. */
export async function verifies(check: SignatureCheck, fallback: SignatureFallback | undefined): Promise<boolean> {
  const [alg, jwk] = [check.alg(), check.jwk()]
  const [message, signature] = [check.signingInput(), check.signature()] as [BufferSource, BufferSource]
  try {
    const { subtle } = crypto
    const key = await subtle.importKey('jwk', JSON.parse(jwk) as JsonWebKey, PARAMETERS[alg]!, false, ['verify'])
    // RFC 7518 §3.3 asks for 2048 bits or more; the wasm refuses the same sizes as this.
    const { modulusLength = 2048 } = key.algorithm as Partial<RsaKeyAlgorithm>
    if (modulusLength < 2048 || modulusLength > 8192) return false
    return await subtle.verify(PARAMETERS[alg]!, key, signature, message)
  } catch {
    // No secure context, or not this algorithm, or not this key: the platforms do not agree in how they say which.
    if (!fallback) return false
  }
  const { verifySignature } = await fallback().catch((cause: unknown) => {
    throw new TollgateError('ERR_FETCH_FAILED', { cause })
  })
  try {
    return verifySignature(jwk, alg, message as Uint8Array, signature as Uint8Array)
  } catch {
    return false
  }
}
