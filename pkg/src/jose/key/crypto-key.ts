/** `CryptoKey`s of JWKs, which remember the JWK: the core verifies with it, at once and everywhere. */
import type { Algorithm } from '../algorithms.js'
import { importPublic, type ImportedKey, loadKernel, type Refusal } from '../core.js'
import { decode } from '../base64url.js'
import { JOSEError, JOSENotSupported, JWKInvalid } from '../errors.js'
import type { JWK } from '../types.js'
import { requireModulus } from './input.js'
import { requiredMembers } from './public-jwk.js'

let publicJwks: WeakMap<object, JWK> | undefined

/** The public JWK of which `key` was made, if that is known. */
export const publicJwkOf = (key: object): JWK | undefined => publicJwks?.get(key)

/** Remembers the public JWK of which `key` was made. */
function rememberJwk<K extends object>(key: K, jwk: JWK): K {
  publicJwks ??= new WeakMap()
  publicJwks.set(key, requiredMembers(jwk))
  return key
}

/** Stands for a public `CryptoKey` where WebCrypto has none of its algorithm. Only functions of `tollgate` take it. */
class PortableKey {
  readonly type = 'public'
  readonly extractable = true
  readonly usages = ['verify']
  readonly algorithm: object

  constructor(algorithm: object) {
    this.algorithm = algorithm
  }

  get [Symbol.toStringTag](): string {
    return 'CryptoKey'
  }
}

/** Whether WebCrypto does not know the key. */
export const isPortable = (key: object): boolean => key instanceof PortableKey

/** The key of a public JWK that WebCrypto does not know. */
export const portableKey = ({ parameters }: Algorithm, jwk: JWK): CryptoKey =>
  rememberJwk(new PortableKey({ ...parameters }), jwk) as unknown as CryptoKey

/** Imports a public or private JWK, of which `ext` and `key_ops` are good. */
export async function importCryptoKey(algorithm: Algorithm, jwk: JWK, extractable?: boolean): Promise<CryptoKey> {
  requireKeyType(algorithm, jwk)
  const isPrivate = Boolean(jwk.d || jwk.priv)
  // Empty ones make no private key, and no public one either.
  if (!isPrivate && (jwk.d !== undefined || jwk.priv !== undefined)) throw invalidJwk(algorithm, undefined)
  const { alg, use: _, ...data } = { ...jwk, ext: extractable ?? jwk.ext ?? !isPrivate }
  const usages = (jwk.key_ops ?? [isPrivate ? 'sign' : 'verify']) as KeyUsage[]
  let key: CryptoKey
  try {
    const material = (jwk.kty === 'AKP' ? { ...data, alg } : data) as JsonWebKey
    key = await crypto.subtle.importKey('jwk', material, algorithm.parameters as AlgorithmIdentifier, data.ext, usages)
  } catch (cause) {
    if (isDataError(cause)) throw invalidJwk(algorithm, cause)
    if (isPrivate || !(await isImportable(algorithm, jwk))) throw cause
    return portableKey(algorithm, jwk)
  }
  return isPrivate ? key : rememberJwk(key, jwk)
}

/** Imports a public JWK into the core; nothing when the core does not know its algorithm, or its kernel is not loaded. */
export function importIntoCore(algorithm: Algorithm, jwk: JWK): ImportedKey | undefined {
  requireKeyType(algorithm, jwk)
  try {
    return importPublic(JSON.stringify(requiredMembers(jwk)), algorithm.alg)
  } catch (refusal) {
    const { code, claim } = refusal as Refusal
    // Which algorithms have which curve is the table's business: another curve is another key, not an unknown one.
    const unknown = code === 'ERR_JOSE_NOT_SUPPORTED' && !(claim === 'crv' && jwk.crv !== algorithm.crv)
    if (unknown) return undefined
    if (jwk.kty === 'RSA') requireModulus(algorithm.alg, modulusBits(jwk.n))
    throw invalidJwk(algorithm, undefined)
  }
}

/** What WebCrypto says of malformed keys. */
export const isDataError = (cause: unknown): boolean => (cause as { name?: unknown } | null)?.name === 'DataError'

async function isImportable(algorithm: Algorithm, jwk: JWK): Promise<boolean> {
  const key = await importIntoKernel(algorithm, jwk)
  key?.free()
  return key !== undefined
}

/** The same when the kernel of the algorithm is there, which is loaded if need be. */
export async function importIntoKernel(algorithm: Algorithm, jwk: JWK): Promise<ImportedKey | undefined> {
  await loadKernel(algorithm.alg).catch((cause: unknown) => {
    throw new JOSEError('The module of the algorithm could not be loaded', { cause })
  })
  return importIntoCore(algorithm, jwk)
}

function requireKeyType(algorithm: Algorithm, jwk: JWK): void {
  if (jwk.kty !== algorithm.kty) {
    throw new JOSENotSupported('Invalid or unsupported JWK "alg" (Algorithm) Parameter value')
  }
}

function invalidJwk({ alg }: Algorithm, cause: unknown): JWKInvalid {
  return new JWKInvalid(`The JSON Web Key is not a valid key for the ${alg} algorithm`, cause === undefined ? {} : { cause })
}

/** How many bits a modulus has; enough of them when it is no number at all. */
function modulusBits(n: unknown): number {
  let bytes: Uint8Array
  try {
    bytes = decode(n as string)
  } catch {
    return Infinity
  }
  const start = bytes.findIndex((byte) => byte !== 0)
  return start < 0 ? 0 : 8 * (bytes.length - start - 1) + 32 - Math.clz32(bytes[start]!)
}
