/** Keys that sign: always WebCrypto's, since no private key enters wasm. */
import { type Algorithm } from '../algorithms.js'
import type { JWK } from '../types.js'
import { importCryptoKey } from './crypto-key.js'
import { keyInput, type NodeKeyObject, requireModulus, requireSecret } from './input.js'

let cache: WeakMap<object, Record<string, Promise<CryptoKey>>> | undefined

/** The signature of `input` by `key`. */
export async function signatureOf(algorithm: Algorithm, key: unknown, input: Uint8Array): Promise<Uint8Array> {
  const signing = await signingKey(algorithm, key)
  const { modulusLength } = signing.algorithm as Partial<RsaKeyAlgorithm>
  if (algorithm.kty === 'RSA') requireModulus(algorithm.alg, modulusLength)
  const parameters = algorithm.parameters as AlgorithmIdentifier
  return new Uint8Array(await crypto.subtle.sign(parameters, signing, input as BufferSource))
}

async function signingKey(algorithm: Algorithm, key: unknown): Promise<CryptoKey> {
  const { alg, parameters } = algorithm
  const input = keyInput(algorithm, key, 'sign')
  switch (input.kind) {
    case 'bytes':
      requireSecret(alg, parameters, 8 * input.bytes.length)
      return crypto.subtle.importKey('raw', input.bytes as BufferSource, parameters as AlgorithmIdentifier, false, ['sign'])
    case 'cryptoKey':
      return input.key
    case 'jwk':
      return remembered(alg, input.holder, () => importCryptoKey(algorithm, input.jwk))
    case 'keyObject':
      return remembered(alg, input.key, () => ofKeyObject(algorithm, input.key))
  }
}

async function ofKeyObject(algorithm: Algorithm, key: NodeKeyObject): Promise<CryptoKey> {
  if (key.toCryptoKey) return key.toCryptoKey(algorithm.parameters, false, ['sign']) as unknown as CryptoKey
  return importCryptoKey(algorithm, key.export({ format: 'jwk' }) as JWK)
}

function remembered(alg: string, holder: object, make: () => Promise<CryptoKey>): Promise<CryptoKey> {
  cache ??= new WeakMap()
  const made = cache.get(holder) ?? {}
  cache.set(holder, made)
  const key = (made[alg] ??= make())
  key.catch(() => delete made[alg])
  return key
}
