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

/** What the table of the core lacks, and WebCrypto has. */
const WEBCRYPTO_ONLY: Record<string, Parameters> = {
  ES384: { name: 'ECDSA', hash: 'SHA-384', namedCurve: 'P-384' },
  ES512: { name: 'ECDSA', hash: 'SHA-512', namedCurve: 'P-521' },
  Ed25519: { name: 'Ed25519' },
  'ML-DSA-44': { name: 'ML-DSA-44' },
  'ML-DSA-65': { name: 'ML-DSA-65' },
  'ML-DSA-87': { name: 'ML-DSA-87' },
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
  for (const table of [HMAC, WEBCRYPTO as Record<string, Parameters>, WEBCRYPTO_ONLY]) {
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
