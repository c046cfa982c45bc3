/** Keys in, under jose's names. */
import { ALG_ARGUMENT, type Algorithm, keyAlgorithm, unsupported } from '../algorithms.js'
import { decode } from '../base64url.js'
import { jwkOfPem } from '../core.js'
import { JOSENotSupported } from '../errors.js'
import type * as t from '../types.js'
import { importCryptoKey, isDataError, portableKey } from './crypto-key.js'
import { extractableOption, isObject, normalizeJwk } from './input.js'
import { children, der, derOf, element, pemOf, Tag } from './pem.js'

/** How a key is imported. */
export interface KeyImportOptions {
  /** Whether it may be exported. Default: public keys may. */
  extractable?: boolean
}

/** What a JWK becomes. */
export type ImportedJWK<JWKType extends t.JWK> = JWKType extends { kty: 'oct' }
  ? Uint8Array
  : JWKType extends { kty: 'AKP' | 'EC' | 'OKP' | 'RSA' }
    ? t.CryptoKey
    : t.CryptoKey | Uint8Array

/**
 * The key of a JWK: a `CryptoKey`, or the bytes of a secret.
 *
 * @throws TypeError, JOSENotSupported, JWKInvalid
 */
export async function importJWK<JWKType extends t.JWK>(
  jwk: JWKType,
  alg?: string,
  options?: KeyImportOptions,
): Promise<ImportedJWK<JWKType>>
export async function importJWK(jwk: t.JWK, alg?: string, options?: KeyImportOptions): Promise<any> {
  if (!isObject(jwk)) throw new TypeError('JWK must be an object')
  const normalized = normalizeJwk(jwk)
  const extractable = extractableOption(options)
  const { kty, k, alg: own } = normalized
  const named = alg ?? own
  if (kty !== 'oct' && !named) throw new TypeError('"alg" argument is required when "jwk.alg" is not present')
  switch (kty) {
    case 'oct':
      if (typeof k !== 'string') throw new TypeError('missing "k" (Key Value) Parameter value')
      return decode(k)
    case 'AKP':
      if (typeof own !== 'string' || !own) throw new TypeError('missing "alg" (Algorithm) Parameter value')
      if (named !== own) throw new TypeError('JWK alg and alg option value mismatch')
    // falls through
    case 'RSA':
    case 'EC':
    case 'OKP':
      return importCryptoKey(keyAlgorithm(named), normalized, extractable)
    default:
      throw new JOSENotSupported('Unsupported "kty" (Key Type) Parameter value')
  }
}

/**
 * A public key in PEM, of SPKI.
 *
 * @throws TypeError, JOSENotSupported
 */
export async function importSPKI(spki: string, alg: string, options?: KeyImportOptions): Promise<t.CryptoKey> {
  return importDer('spki', bytesOf('PUBLIC KEY', spki, '"spki" must be SPKI formatted string'), alg, options)
}

/**
 * The public key of an X.509 certificate in PEM. Nothing of the certificate is verified.
 *
 * @throws TypeError, JOSENotSupported
 */
export async function importX509(x509: string, alg: string, options?: KeyImportOptions): Promise<t.CryptoKey> {
  const certificate = bytesOf(
    'CERTIFICATE',
    x509,
    '"x509" must be X.509 formatted string',
    'Failed to parse the X.509 certificate',
  )
  return importDer('spki', subjectPublicKey(certificate), alg, options)
}

/**
 * A private key in PEM, of PKCS#8.
 *
 * @throws TypeError, JOSENotSupported
 */
export async function importPKCS8(pkcs8: string, alg: string, options?: KeyImportOptions): Promise<t.CryptoKey> {
  return importDer('pkcs8', bytesOf('PRIVATE KEY', pkcs8, '"pkcs8" must be PKCS#8 formatted string'), alg, options)
}

/**
 * A private RSA key in PEM, of PKCS#1 (`RSA PRIVATE KEY`). jose has no such function.
 *
 * @throws TypeError, JOSENotSupported
 */
export async function importPKCS1(pkcs1: string, alg: string, options?: KeyImportOptions): Promise<t.CryptoKey> {
  const key = bytesOf('RSA PRIVATE KEY', pkcs1, '"pkcs1" must be PKCS#1 formatted string')
  return importDer('pkcs8', pkcs8Of(der(Tag.Sequence, der(Tag.Oid, RSA_ENCRYPTION), der(Tag.Null)), key), alg, options)
}

/**
 * A private key on an elliptic curve in PEM, of SEC 1 (`EC PRIVATE KEY`), which names its curve. jose has no such function.
 *
 * @throws TypeError, JOSENotSupported
 */
export async function importSEC1(sec1: string, alg: string, options?: KeyImportOptions): Promise<t.CryptoKey> {
  const malformed = '"sec1" must be SEC1 formatted string'
  const key = bytesOf('EC PRIVATE KEY', sec1, malformed)
  let curve: Uint8Array
  try {
    const parameters = children(key, element(key, 0)).find(({ tag }) => tag === Tag.Parameters)!
    curve = key.slice(parameters.start, parameters.end)
  } catch (cause) {
    throw new TypeError(malformed, { cause })
  }
  return importDer('pkcs8', pkcs8Of(der(Tag.Sequence, der(Tag.Oid, EC_PUBLIC_KEY), curve), key), alg, options)
}

/** 1.2.840.113549.1.1.1 */
const RSA_ENCRYPTION = /* @__PURE__ */ Uint8Array.of(42, 134, 72, 134, 247, 13, 1, 1, 1)
/** 1.2.840.10045.2.1 */
const EC_PUBLIC_KEY = /* @__PURE__ */ Uint8Array.of(42, 134, 72, 206, 61, 2, 1)

/** RFC 5958 §2. */
const pkcs8Of = (algorithm: Uint8Array, key: Uint8Array): Uint8Array<ArrayBuffer> =>
  der(Tag.Sequence, der(Tag.Integer, Uint8Array.of(0)), algorithm, der(Tag.OctetString, key))

function bytesOf(label: string, pem: unknown, wrongStart: string, malformed = wrongStart): Uint8Array<ArrayBuffer> {
  if (typeof pem !== 'string' || !pem.startsWith(`-----BEGIN ${label}-----`)) throw new TypeError(wrongStart)
  const bytes = derOf(label, pem)
  if (!bytes) throw new TypeError(malformed)
  return bytes
}

/** The `subjectPublicKeyInfo` of a certificate (RFC 5280 §4.1). */
function subjectPublicKey(certificate: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  try {
    const [tbs] = children(certificate, element(certificate, 0))
    const fields = children(certificate, tbs!)
    // The version is optional; serial number, signature, issuer, validity and subject follow.
    const { tag, at, end } = fields[fields[0]!.tag === Tag.Version ? 6 : 5]!
    if (tag === Tag.Sequence) return certificate.slice(at, end)
  } catch (cause) {
    throw new TypeError('Failed to parse the X.509 certificate', { cause })
  }
  throw new TypeError('Failed to parse the X.509 certificate')
}

async function importDer(
  format: 'spki' | 'pkcs8',
  bytes: Uint8Array<ArrayBuffer>,
  alg: string,
  options: KeyImportOptions | undefined,
): Promise<t.CryptoKey> {
  const extractable = extractableOption(options)
  const algorithm = keyAlgorithm(alg, ALG_ARGUMENT)
  if (algorithm.kty === 'oct') unsupported(ALG_ARGUMENT)
  const isPublic = format === 'spki'
  const usage: KeyUsage = isPublic ? 'verify' : 'sign'
  try {
    const parameters = algorithm.parameters as AlgorithmIdentifier
    const key = await crypto.subtle.importKey(format, bytes, parameters, extractable ?? isPublic, [usage])
    return key as t.CryptoKey
  } catch (cause) {
    if (isDataError(cause)) throw new JOSENotSupported('Invalid or unsupported key format', { cause })
    const portable = isPublic && portableSpki(algorithm, bytes)
    if (!portable) throw cause
    return portable as t.CryptoKey
  }
}

/** The key of an SPKI that the core knows and WebCrypto does not. */
function portableSpki(algorithm: Algorithm, spki: Uint8Array): CryptoKey | undefined {
  try {
    const jwk = JSON.parse(jwkOfPem(pemOf('PUBLIC KEY', spki))) as t.JWK
    return jwk.kty === algorithm.kty && jwk.crv === algorithm.crv ? portableKey(algorithm, jwk) : undefined
  } catch {
    return undefined
  }
}
