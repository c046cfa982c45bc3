/** What jose's functions know of an `alg`: the generated table, as WebCrypto takes it. */
import { WEBCRYPTO } from '../generated/algorithms.js'
import { JOSENotSupported } from './errors.js'

/** The parameters of WebCrypto's calls together: each reads those that it needs. */
export interface Parameters {
  name: string
  hash?: string
  namedCurve?: string
  saltLength?: number
}

/** A JWS algorithm. */
export interface Algorithm {
  alg: string
  kty: 'oct' | 'RSA' | 'EC' | 'OKP' | 'AKP'
  /** The `crv` of its keys. */
  crv: string | undefined
  parameters: Parameters
}

const HMAC: Record<string, Parameters> = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  HS384: { name: 'HMAC', hash: 'SHA-384' },
  HS512: { name: 'HMAC', hash: 'SHA-512' },
}

/** What WebCrypto has no name for: never given to it, but kept in the same form. */
const OTHERS: Record<string, Parameters> = {
  ES256K: { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'secp256k1' },
}

const KEY_TYPES: Record<string, Algorithm['kty']> = {
  HMAC: 'oct',
  'RSASSA-PKCS1-v1_5': 'RSA',
  'RSA-PSS': 'RSA',
  ECDSA: 'EC',
  Ed25519: 'OKP',
}

/** The algorithm that is called `alg`, if there is one. */
export function algorithmNamed(alg: unknown): Algorithm | undefined {
  for (const table of [HMAC, WEBCRYPTO as Record<string, Parameters>, OTHERS]) {
    if (typeof alg !== 'string' || !Object.hasOwn(table, alg)) continue
    const parameters = table[alg]!
    const kty = KEY_TYPES[parameters.name] ?? 'AKP'
    return { alg, kty, crv: kty === 'OKP' ? parameters.name : parameters.namedCurve, parameters }
  }
  return undefined
}

/** The algorithm of a JWS. */
export function jwsAlgorithm(alg: unknown): Algorithm {
  const algorithm = algorithmNamed(alg)
  if (algorithm) return algorithm
  throw new JOSENotSupported(`alg ${String(alg)} is not supported either by JOSE or your javascript runtime`)
}

/** What `alg` is called where keys are imported and made. */
export const ALG_ARGUMENT = '"alg" (Algorithm)'

/** The algorithm of a public key. */
export function keyAlgorithm(alg: unknown, source = 'JWK "alg" (Algorithm) Parameter'): Algorithm {
  return algorithmNamed(alg) ?? unsupported(source)
}

/** Throws that the value of `source` is no algorithm. */
export function unsupported(source: string): never {
  throw new JOSENotSupported(`Invalid or unsupported ${source} value`)
}

/** How many bits the hash of an HMAC has, and so its key at least (RFC 7518 §3.2). */
export const hashBits = ({ hash = '' }: Parameters): number => Number(hash.slice('SHA-'.length))
