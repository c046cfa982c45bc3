/** Keys that verify: by the core where it can, by WebCrypto where a key cannot leave it. */
import { verifySignature } from '../../internal/webcrypto.js'
import type { Algorithm } from '../algorithms.js'
import { type ImportedKey, importSecret, isRare, utf8 } from '../core.js'
import { JWSSignatureVerificationFailed } from '../errors.js'
import type { CryptoKey as AnyCryptoKey, JWK } from '../types.js'
import { importCryptoKey, importIntoCore, importIntoKernel, isPortable, publicJwkOf } from './crypto-key.js'
import { type Input, keyInput, type NodeKeyObject, normalizeJwk, requireSecret } from './input.js'

/** Whether a signature is one of `payload`, as it is signed, under an encoded protected header. */
export type Verify = (protectedHeader: string, payload: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>

/** What was made of a key, for each `alg`. A secret is found only while its bytes are the same. */
type Made = Record<string, { verify: Promise<Verify> | Verify; bytes?: Uint8Array; resolved?: Promise<CryptoKey> }>

let cache: WeakMap<object, Made> | undefined

function madeOf(holder: object): Made {
  cache ??= new WeakMap()
  let made = cache.get(holder)
  if (!made) cache.set(holder, (made = {}))
  return made
}

/** The verifying key of `key`. */
export function verificationKey(algorithm: Algorithm, key: unknown): Promise<Verify> | Verify {
  const { alg } = algorithm
  const input = keyInput(algorithm, key, 'verify')
  if (input.kind === 'bytes') return secretKey(algorithm, input)
  const made = madeOf(input.kind === 'jwk' ? input.holder : input.key)
  const known = made[alg]
  if (known) return known.verify
  const entry = (made[alg] = { verify: publicKey(algorithm, input) })
  if (entry.verify instanceof Promise) {
    // A failure is not remembered; a key is, without its promise.
    entry.verify.then(
      (verify) => (entry.verify = verify),
      () => delete made[alg],
    )
  }
  return entry.verify
}

/** What a result names as its key: as jose, a `CryptoKey` or the bytes of a secret. */
export async function resolvedKey(algorithm: Algorithm, key: unknown): Promise<AnyCryptoKey | Uint8Array> {
  const input = keyInput(algorithm, key, 'verify')
  if (input.kind === 'bytes') return input.bytes
  if (input.kind === 'cryptoKey') return input.key as AnyCryptoKey
  const [holder, jwk] = input.kind === 'jwk' ? [input.holder, input.jwk] : [input.key, exported(input.key)]
  const entry = madeOf(holder)[algorithm.alg]
  const resolved = entry?.resolved ?? importCryptoKey(algorithm, jwk)
  if (entry) entry.resolved = resolved
  return (await resolved) as AnyCryptoKey
}

function secretKey({ alg, parameters }: Algorithm, { bytes, holder }: Extract<Input, { kind: 'bytes' }>): Verify {
  const made = madeOf(holder)
  const known = made[alg]
  if (known?.bytes && sameBytes(known.bytes, bytes)) return known.verify as Verify
  requireSecret(alg, parameters, 8 * bytes.length)
  const verify = verifyWith(secretImported(alg, bytes))
  made[alg] = { verify, bytes: bytes.slice() }
  return verify
}

function secretImported(alg: string, bytes: Uint8Array): ImportedKey {
  try {
    return importSecret(bytes, alg)
  } catch (cause) {
    throw new TypeError(`Key for the ${alg} algorithm must not be a published key`, { cause })
  }
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at])

const verifyWith =
  (key: ImportedKey): Verify =>
  (protectedHeader, payload, signature) =>
    key.verify_jws(protectedHeader, payload, signature)

function publicKey(algorithm: Algorithm, input: Exclude<Input, { kind: 'bytes' }>): Promise<Verify> | Verify {
  if (input.kind === 'cryptoKey') return cryptoKey(algorithm, input.key)
  const jwk = input.kind === 'jwk' ? input.jwk : exported(input.key)
  const key = importIntoCore(algorithm, jwk)
  return key ? verifyWith(key) : verifyElsewhere(algorithm, jwk)
}

async function cryptoKey(algorithm: Algorithm, key: CryptoKey): Promise<Verify> {
  if (algorithm.kty === 'oct') {
    if (!key.extractable) return verifyInWebCrypto(algorithm, key)
    return verifyWith(secretImported(algorithm.alg, new Uint8Array(await crypto.subtle.exportKey('raw', key))))
  }
  const jwk = publicJwkOf(key) ?? (key.extractable ? ((await crypto.subtle.exportKey('jwk', key)) as JWK) : undefined)
  return (jwk && (await verifyInCore(algorithm, jwk, isPortable(key)))) ?? verifyInWebCrypto(algorithm, key)
}

/** In the core, or where that has not the kernel at hand and WebCrypto has the algorithm of a rare one, there. */
async function verifyElsewhere(algorithm: Algorithm, jwk: JWK): Promise<Verify> {
  if (!isRare(algorithm.alg)) return (await verifyInCore(algorithm, jwk, true))!
  const key = await importCryptoKey(algorithm, jwk)
  return isPortable(key) ? (await verifyInCore(algorithm, jwk, true))! : verifyInWebCrypto(algorithm, key)
}

/** Nothing where the kernel would be that of the rare algorithms, and that is not `wanted`. */
async function verifyInCore(algorithm: Algorithm, jwk: JWK, wanted: boolean): Promise<Verify | undefined> {
  const key = wanted || !isRare(algorithm.alg) ? await importIntoKernel(algorithm, jwk) : undefined
  return key && verifyWith(key)
}

function verifyInWebCrypto({ parameters }: Algorithm, key: CryptoKey): Verify {
  return async (protectedHeader, payload, signature) => {
    try {
      const input = signingInput(protectedHeader, payload)
      return await verifySignature(parameters as AlgorithmIdentifier, key, signature, input)
    } catch (cause) {
      throw new JWSSignatureVerificationFailed(undefined, { cause })
    }
  }
}

function signingInput(protectedHeader: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const input = new Uint8Array(protectedHeader.length + 1 + payload.length)
  input.set(utf8(`${protectedHeader}.`))
  input.set(payload, protectedHeader.length + 1)
  return input
}

const exported = (key: NodeKeyObject): JWK => normalizeJwk(key.export({ format: 'jwk' }))
