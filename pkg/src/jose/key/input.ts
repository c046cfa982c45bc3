/** What a caller gave as a key: recognized, and checked as far as its outside tells. */
import { type Algorithm, hashBits } from '../algorithms.js'
import { decode } from '../base64url.js'
import type { CryptoKey as AnyCryptoKey, JWK } from '../types.js'

/** For what a key is used. */
export type Usage = 'sign' | 'verify'

/** Node.js's `KeyObject`, as far as it is used here. */
export interface NodeKeyObject {
  type: string
  export(): Uint8Array
  export(options: { format: 'jwk' }): JWK
  export(options: { format: 'pem'; type: string }): string
  toCryptoKey?(parameters: unknown, extractable: boolean, usages: readonly string[]): AnyCryptoKey
}

/** A key that fits an algorithm from the outside. `holder` is what the caller has, for caches. */
export type Input =
  | { kind: 'bytes'; bytes: Uint8Array; holder: object }
  | { kind: 'jwk'; jwk: JWK; holder: object }
  | { kind: 'cryptoKey'; key: CryptoKey }
  | { kind: 'keyObject'; key: NodeKeyObject }

/** Whether `value` is a plain object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.prototype.toString.call(value) !== '[object Object]')
    return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const tag = (value: unknown): unknown => (value as { [Symbol.toStringTag]?: unknown } | null | undefined)?.[Symbol.toStringTag]

/** Whether `value` is a `CryptoKey` of this or another realm, or stands for one. */
export const isCryptoKey = (value: unknown): value is CryptoKey => tag(value) === 'CryptoKey'

/** Whether `value` is a `KeyObject` of Node.js. */
export const isKeyObject = (value: unknown): value is NodeKeyObject => tag(value) === 'KeyObject'

/** The message that `actual` is none of `types`. */
export function wrongType(start: string, actual: unknown, types: readonly string[]): string {
  const last = types.at(-1)
  const rest = types.slice(0, -1)
  const list =
    rest.length > 1 ? `one of type ${rest.join(', ')}, or ${last}` : rest.length ? `one of type ${rest[0]} or ${last}` : `of type ${last}`
  return `${start} must be ${list}.${received(actual)}`
}

function received(actual: unknown): string {
  if (actual === null || actual === undefined) return ` Received ${String(actual)}`
  if (typeof actual === 'function' && actual.name) return ` Received function ${actual.name}`
  const name = typeof actual === 'object' ? actual.constructor?.name : ''
  return name ? ` Received an instance of ${name}` : ''
}

/** Recognizes `key`, and throws a `TypeError` where it is not for `usage` with `algorithm`. */
export function keyInput(algorithm: Algorithm, key: unknown, usage: Usage): Input {
  const { alg } = algorithm
  const secret = algorithm.kty === 'oct'
  if (secret && key instanceof Uint8Array) return { kind: 'bytes', bytes: key, holder: key }
  if (isObject(key)) return jwkInput(algorithm, key, usage)
  if (!isCryptoKey(key) && !isKeyObject(key)) throw invalidKey(algorithm, key)
  const expected = secret ? 'secret' : usage === 'sign' ? 'private' : 'public'
  if (key.type !== expected && (secret || ['secret', 'public', 'private'].includes(key.type))) {
    throw new TypeError(`${String(tag(key))} instances must be of type "${expected}" for the ${alg} algorithm`)
  }
  if (isCryptoKey(key)) {
    requireFit(algorithm, key, usage)
    return { kind: 'cryptoKey', key }
  }
  return key.type === 'secret' ? { kind: 'bytes', bytes: key.export(), holder: key } : { kind: 'keyObject', key }
}

function invalidKey({ alg, kty }: Algorithm, key: unknown): TypeError {
  const types = ['CryptoKey', 'KeyObject', 'JSON Web Key', ...(kty === 'oct' ? ['Uint8Array'] : [])]
  return new TypeError(wrongType(`Key for the ${alg} algorithm`, key, types))
}

function jwkInput(algorithm: Algorithm, key: Record<string, unknown>, usage: Usage): Input {
  const jwk = normalizeJwk(key)
  if (typeof jwk.kty !== 'string') throw invalidKey(algorithm, key)
  if (algorithm.kty === 'oct') {
    if (jwk.kty !== 'oct' || typeof jwk.k !== 'string') {
      throw new TypeError(
        'JSON Web Key for symmetric algorithms must have JWK "kty" (Key Type) equal to "oct" and the JWK "k" (Key Value) present',
      )
    }
    requireUsage(algorithm, jwk, usage)
    return { kind: 'bytes', bytes: decode(jwk.k), holder: key }
  }
  const isPrivate = typeof jwk.d === 'string' || (jwk.kty === 'AKP' && typeof jwk.priv === 'string')
  const isPublic = jwk.d === undefined && jwk.priv === undefined
  if (jwk.kty === 'oct' || !(usage === 'sign' ? isPrivate : isPublic)) {
    throw new TypeError(`JSON Web Key for this operation must be a ${usage === 'sign' ? 'private' : 'public'} JWK`)
  }
  requireUsage(algorithm, jwk, usage)
  // What was made of it is remembered, so it must not change.
  if (!Object.isFrozen(key)) {
    const { key_ops } = key
    if (Array.isArray(key_ops)) Object.freeze(key_ops)
    Object.freeze(key)
  }
  return { kind: 'jwk', jwk, holder: key }
}

/** RFC 7517 §4.2 to §4.4: a key that says for what it is, is for nothing else. */
function requireUsage({ alg }: Algorithm, jwk: JWK, usage: Usage): void {
  const invalid = (member: string, expected: string) =>
    new TypeError(`Invalid key for this operation, its "${member}" must ${expected} when present`)
  if (jwk.use !== undefined && jwk.use !== 'sig') throw invalid('use', 'be "sig"')
  if (jwk.kty === 'AKP' && jwk.alg === undefined) throw new TypeError('missing "alg" (Algorithm) Parameter value')
  if (jwk.alg !== undefined && jwk.alg !== alg) throw invalid('alg', `be "${alg}"`)
  if (jwk.key_ops && !jwk.key_ops.includes(usage)) throw invalid('key_ops', `include "${usage}"`)
}

/** A copy of a JWK whose `ext` and `key_ops` have the types that they must have. */
export function normalizeJwk(jwk: object): JWK {
  const copy = { __proto__: null, ...jwk } as JWK
  const { ext, key_ops } = copy as { ext?: unknown; key_ops?: unknown }
  if (ext !== undefined && typeof ext !== 'boolean') throw new TypeError('"ext" (Extractable) Parameter must be a boolean')
  if (key_ops !== undefined) {
    if (!areUniqueStrings(key_ops)) {
      throw new TypeError('"key_ops" (Key Operations) Parameter must be an array of unique strings')
    }
    copy.key_ops = [...key_ops]
  }
  return copy
}

/** Whether `value` is an array of strings, none twice. */
export function areUniqueStrings(value: unknown): value is string[] {
  return (
    Array.isArray(value) && Array.from(value).every((text) => typeof text === 'string') && new Set(value).size === value.length
  )
}

/** Checks what a `CryptoKey` says of itself. */
function requireFit({ alg, kty, parameters }: Algorithm, key: CryptoKey, usage: Usage): void {
  const actual = key.algorithm as Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm & HmacKeyAlgorithm>
  const unusable = (expected: string, property: string) =>
    new TypeError(`CryptoKey does not support this operation, its ${property} must be ${expected}`)
  if (actual.name !== parameters.name) throw unusable(parameters.name, 'algorithm.name')
  if ((kty === 'RSA' || kty === 'oct') && actual.hash?.name !== parameters.hash) {
    throw unusable(parameters.hash!, 'algorithm.hash')
  }
  if (parameters.namedCurve && actual.namedCurve !== parameters.namedCurve) {
    throw unusable(parameters.namedCurve, 'algorithm.namedCurve')
  }
  if (!key.usages.includes(usage)) {
    throw new TypeError(`CryptoKey does not support this operation, its usages must include ${usage}.`)
  }
  if (kty === 'RSA') requireModulus(alg, actual.modulusLength)
  if (kty === 'oct') requireSecret(alg, parameters, actual.length)
}

/** RFC 7518 §3.3 and §3.5. */
export function requireModulus(alg: string, bits: unknown): void {
  if (typeof bits !== 'number' || bits < 2048) {
    throw new TypeError(`${alg} requires key modulusLength to be 2048 bits or larger`)
  }
}

/** RFC 7518 §3.2. */
export function requireSecret(alg: string, parameters: Algorithm['parameters'], bits: unknown): void {
  if (typeof bits !== 'number' || bits < hashBits(parameters)) {
    throw new TypeError(`${alg} requires key length to be ${hashBits(parameters)} bits or larger`)
  }
}

/** The option `extractable`. */
export function extractableOption(options: { extractable?: boolean } | undefined): boolean | undefined {
  const extractable: unknown = options?.extractable
  if (extractable !== undefined && typeof extractable !== 'boolean') {
    throw new TypeError('"extractable" option must be a boolean')
  }
  return extractable
}
