import { TollgateError } from '../errors.js'
import { invalidOption } from '../internal/options.js'
import { fromKeyObject, isKeyObject } from './platform-key.js'
import type { DerKey, Jwk, KeySourceOptions, PointKey } from './types.js'

/** What the bytes that a verifier is made with are; mirrors `KeySource` in `src/wasm/verify.rs`. */
const Kind = { Jwk: 0, Jwks: 1, Pem: 2, Secret: 3, JwksUri: 4, Issuer: 5, Der: 6 } as const

/** An object without members, in JSON. */
const EMPTY = '{}'

/** A source of keys as the core takes it. */
export interface KeySource {
  kind: (typeof Kind)[keyof typeof Kind]
  bytes: Uint8Array
}

/** Whether keys of `kind` are fetched. */
export const isRemote = (kind: KeySource['kind']): boolean => kind === Kind.JwksUri || kind === Kind.Issuer

/** The one source of keys that the options name. */
export function keySource({ jwksUri, jwks, key }: KeySourceOptions, issuer: unknown): KeySource {
  const sources = Object.entries({ jwksUri, jwks, key }).filter(([, value]) => value !== undefined)
  if (sources.length > 1) throw invalidOption(sources[1]![0], 'mismatch')
  if (jwksUri !== undefined) return { kind: Kind.JwksUri, bytes: text('jwksUri', jwksUri) }
  if (jwks !== undefined) return { kind: Kind.Jwks, bytes: json('jwks', jwks) }
  if (key === undefined) {
    if (issuer === undefined) throw invalidOption('key', 'missing')
    return { kind: Kind.Issuer, bytes: text('issuer', issuer) }
  }
  // A string is never a secret: a public key in PEM would become one.
  if (typeof key === 'string') return { kind: Kind.Pem, bytes: text('key', key) }
  if (key instanceof Uint8Array) return { kind: Kind.Secret, bytes: key }
  if (isKeyObject(key)) return keySource({ key: fromKeyObject(key) }, issuer)
  const { der, sec1 } = (key ?? {}) as Partial<DerKey & PointKey>
  if (der instanceof Uint8Array) return { kind: Kind.Der, bytes: der }
  if (sec1 instanceof Uint8Array) return { kind: Kind.Jwk, bytes: json('key', point(key as PointKey)) }
  const bytes = json('key', key)
  // What buffers look like that are no Uint8Array.
  if (bytes.length === EMPTY.length) {
    throw new TypeError('`key` must be a JWK, a PEM text, a Uint8Array, { der }, { sec1, crv }, a CryptoKey or a KeyObject')
  }
  return { kind: Kind.Jwk, bytes }
}

/** The bytes of a point on P-521, the largest. */
const MAX_POINT = 133

/** The JWK of an uncompressed point; the core checks lengths and curve. */
function point({ sec1, crv }: PointKey): Jwk {
  if (sec1[0] !== 4 || sec1.length > MAX_POINT) throw new TollgateError('ERR_JWK_INVALID')
  const middle = (sec1.length + 1) >> 1
  return { kty: 'EC', crv, x: base64url(sec1.subarray(1, middle)), y: base64url(sec1.subarray(middle)) }
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function text(name: string, value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new TypeError(`\`${name}\` must be a string`)
  return new TextEncoder().encode(value)
}

function json(name: string, value: unknown): Uint8Array {
  if (typeof value !== 'object' || value === null) throw new TypeError(`\`${name}\` must be an object`)
  return text(name, JSON.stringify(value))
}
