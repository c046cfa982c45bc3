import { TollgateError } from '../errors.js'
import { KEY_KIND } from '../generated/algorithms.js'
import type { CoreVerifier } from '../generated/verify/tollgate_verify.js'
import { importPublicKey, isOfData, parametersOf, signedParts, verifySignature } from '../internal/webcrypto.js'

/** How many imported keys are kept: more than any issuer has in use. */
const MAX_KEYS = 1000

/** Verifies signatures of public keys by WebCrypto, which is asked again and again with keys that it has imported once. */
export class WebCryptoKeys {
  /** By algorithm and JWK. */
  readonly #keys = new Map<string, Promise<CryptoKey | undefined>>()

  /**
   * The key of `candidates` that verifies the signature of `token`; nothing when it is none of them.
   *
   * @throws TollgateError `ERR_JOSE_NOT_SUPPORTED` when the platform lacks the algorithm.
   */
  async find(verifier: CoreVerifier, token: string, alg: string, candidates: Uint32Array): Promise<number | undefined> {
    const jwks = Array.from(candidates, (index) => verifier.jwk(index)!)
    const [message, signature] = signedParts(token)
    const parameters = parametersOf(alg)
    for (const [at, jwk] of jwks.entries()) {
      const key = await this.#key(alg, jwk)
      if (key && (await verifySignature(parameters, key, signature, message).catch(refused))) return candidates[at]
    }
    return undefined
  }

  /**
   * Whether the platform takes a JWK, in JSON, as a key of `alg`.
   *
   * @throws TollgateError `ERR_JOSE_NOT_SUPPORTED` when it lacks the algorithm.
   */
  async takes(alg: string, jwk: string): Promise<boolean> {
    return (await this.#key(alg, jwk)) !== undefined
  }

  #key(alg: string, jwk: string): Promise<CryptoKey | undefined> {
    const name = `${alg} ${jwk}`
    const known = this.#keys.get(name)
    if (known) return known
    const key = importKey(alg, jwk)
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear()
    this.#keys.set(name, key)
    // A failure is not remembered.
    key.catch(() => this.#keys.delete(name))
    return key
  }
}

/** Whether it is for WebCrypto to verify signatures of `alg`, and not for the core with a secret. */
export const isPublic = (alg: string): boolean => KEY_KIND[alg] !== undefined

/** Nothing when it is no key. */
async function importKey(alg: string, jwk: string): Promise<CryptoKey | undefined> {
  try {
    return await importPublicKey(parametersOf(alg), jwk)
  } catch (cause) {
    if (isOfData(cause)) return undefined
    throw new TollgateError('ERR_JOSE_NOT_SUPPORTED', { cause })
  }
}

/** A signature that the platform does not take is not good. */
function refused(thrown: unknown): false {
  if (isOfData(thrown)) return false
  throw thrown
}
