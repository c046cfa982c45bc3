/** New keys, under jose's names. */
import { ALG_ARGUMENT, algorithmNamed, hashBits, keyAlgorithm, unsupported } from '../algorithms.js'
import { JOSENotSupported } from '../errors.js'
import type * as t from '../types.js'
import { extractableOption } from './input.js'

export type GenerateKeyPairAlgorithm = t.JWSAlgorithm

export interface GenerateKeyPairResult {
  privateKey: t.CryptoKey
  publicKey: t.CryptoKey
}

export interface GenerateKeyPairOptions {
  /** Must be the curve of the `alg`. */
  crv?: string
  /** Bits of an RSA key. Default: 2048. */
  modulusLength?: number
  /** Whether the private key may be exported. Default: false. */
  extractable?: boolean
}

/**
 * A new key pair for a JWS algorithm.
 *
 * @throws JOSENotSupported, TypeError; what WebCrypto throws for an algorithm that this runtime has not.
 */
export async function generateKeyPair(
  alg: GenerateKeyPairAlgorithm,
  options?: GenerateKeyPairOptions,
): Promise<GenerateKeyPairResult> {
  const extractable = extractableOption(options) ?? false
  const { kty, crv, parameters } = keyAlgorithm(alg, ALG_ARGUMENT)
  if (kty === 'oct') unsupported(ALG_ARGUMENT)
  if (crv !== undefined && options?.crv !== undefined && options.crv !== crv) {
    throw new JOSENotSupported(
      `Invalid or unsupported crv option provided, the only supported value for ${alg} is ${crv}`,
    )
  }
  const rsa = kty === 'RSA' && { publicExponent: Uint8Array.of(1, 0, 1), modulusLength: modulusLength(options) }
  const pair = await crypto.subtle.generateKey({ ...parameters, ...rsa }, extractable, ['sign', 'verify'])
  return pair as unknown as GenerateKeyPairResult
}

function modulusLength(options: GenerateKeyPairOptions | undefined): number {
  const bits: unknown = options?.modulusLength ?? 2048
  if (typeof bits === 'number' && Number.isInteger(bits) && bits >= 2048) return bits
  throw new JOSENotSupported(
    'Invalid or unsupported modulusLength option provided, 2048 bits or larger keys must be used',
  )
}

export type GenerateSecretAlgorithm = t.JWSAlgorithm

/** What is generated for an `alg`. jose returns bytes for the encryption algorithms, which are not supported here. */
export type GeneratedSecret<Alg extends string> = Alg extends 'A128CBC-HS256' | 'A192CBC-HS384' | 'A256CBC-HS512'
  ? Uint8Array
  : string extends Alg
    ? t.CryptoKey | Uint8Array
    : t.CryptoKey

export interface GenerateSecretOptions {
  /** Whether it may be exported. Default: false. */
  extractable?: boolean
}

/**
 * A new secret for an HMAC.
 *
 * @throws JOSENotSupported, TypeError
 */
export async function generateSecret<Alg extends GenerateSecretAlgorithm>(
  alg: Alg,
  options?: GenerateSecretOptions,
): Promise<GeneratedSecret<Alg>> {
  const extractable = extractableOption(options) ?? false
  const { kty, parameters } = algorithmNamed(alg) ?? unsupported(ALG_ARGUMENT)
  if (kty !== 'oct') unsupported(ALG_ARGUMENT)
  const usages: KeyUsage[] = ['sign', 'verify']
  const length = hashBits(parameters)
  const key = await crypto.subtle.generateKey({ ...parameters, length } as HmacKeyGenParams, extractable, usages)
  return key as unknown as GeneratedSecret<Alg>
}
