import { requirePlain } from '../internal/options.js'
import type { CryptoKeyLike, Jwk, KeyObjectLike } from './types.js'

/** The platform's own keys, by the name that they give themselves: neither class is a global everywhere. */
export const isCryptoKey = (value: unknown): value is CryptoKeyLike => tag(value) === '[object CryptoKey]'
export const isKeyObject = (value: unknown): value is KeyObjectLike => tag(value) === '[object KeyObject]'

const tag = (value: unknown) => Object.prototype.toString.call(value)

/**
 * A public or HMAC `CryptoKey` as a JWK, which names its algorithm where the key has but one.
 *
 * @throws TypeError when it may not verify, or cannot be exported.
 */
async function fromCryptoKey(key: CryptoKeyLike): Promise<Jwk> {
  if (key.type === 'private') throw new TypeError('`key` is a private CryptoKey; pass the public key of its pair')
  if (!key.usages.includes('verify')) {
    throw new TypeError("`key` is a CryptoKey that may not verify; import it with the usage 'verify'")
  }
  if (!key.extractable) {
    throw new TypeError('`key` is a CryptoKey that cannot be exported; import it as extractable, or pass it as a JWK')
  }
  const { alg, ...jwk } = (await crypto.subtle.exportKey('jwk', key as CryptoKey)) as Jwk
  // One key on a curve serves each name of its algorithm; the others are of one alone, by which they are confined.
  if (jwk.kty === 'EC' || jwk.kty === 'OKP') return jwk
  if (alg === undefined) throw new TypeError('`key` is a CryptoKey that does not say its algorithm; pass it as a JWK')
  return { ...jwk, alg }
}

/**
 * A public `KeyObject` as DER, or the bytes of a secret one.
 *
 * @throws TypeError when it is private.
 */
export function fromKeyObject(key: KeyObjectLike): { der: Uint8Array } | Uint8Array {
  if (key.type === 'secret') return key.export()
  if (key.type === 'public') return { der: key.export({ format: 'der', type: 'spki' }) }
  throw new TypeError('`key` is a private KeyObject; pass `crypto.createPublicKey(key)`')
}

/**
 * A copy of the options, with a `CryptoKey` in the form in which the core takes it. It is made before anything is awaited:
 * what becomes of the caller's object meanwhile does not count.
 */
export async function portableOptions<O extends { key?: unknown }>(options: O): Promise<O> {
  if (typeof options !== 'object' || options === null) return options
  // A copy would no longer show it.
  requirePlain(options)
  const copy = { ...options }
  return isCryptoKey(copy.key) ? { ...copy, key: await fromCryptoKey(copy.key) } : copy
}
