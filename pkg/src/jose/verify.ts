/** Verifying a JWS in each serialization (RFC 7515 §5.2 and §7, RFC 7797), under jose's names. */
import { jwsAlgorithm } from './algorithms.js'
import { decodeBase64url, MAX_BYTES, requireStack, utf8 } from './core.js'
import { JOSEAlgNotAllowed, JWSInvalid, JWSSignatureVerificationFailed } from './errors.js'
import { type HeaderPart, protectedHeaderOf, requireHeader, understood } from './header.js'
import { isObject } from './key/input.js'
import { resolvedKey, verificationKey } from './key/verification.js'
import type * as t from './types.js'

/** How many signatures of one JWS are tried: each costs as much as its payload is long. */
const MAX_SIGNATURES = 32

type GetKey = (protectedHeader: any, token: t.FlattenedJWSInput) => Promise<t.KeyInput> | t.KeyInput
type Key = t.KeyInput | GetKey

/** What `VerifyOptions` say, checked. */
export interface Requirements {
  algorithms: ReadonlySet<string> | undefined
  /** The extensions that are understood, as the core takes them. */
  extensions: Uint8Array
}

/** A verified JWS, and what only the caller needs. */
export interface Verified {
  result: t.FlattenedVerifyResult & Partial<t.ResolvedKey>
  header: HeaderPart | undefined
  b64: boolean
}

/** Reads `VerifyOptions`. */
export function requirements(options: t.VerifyOptions | undefined): Requirements {
  requireStack()
  const algorithms: unknown = options?.algorithms
  if (algorithms !== undefined && !(Array.isArray(algorithms) && algorithms.every((alg) => typeof alg === 'string'))) {
    throw new TypeError('"algorithms" option must be an array of strings')
  }
  return { algorithms: algorithms && new Set(algorithms as string[]), extensions: understood(options?.crit) }
}

/**
 * Verifies a compact JWS.
 *
 * @throws JWSInvalid, JOSENotSupported, JOSEAlgNotAllowed, JWSSignatureVerificationFailed, JWKInvalid; TypeError for a key
 * that is not for this; whatever `key` throws.
 */
export function compactVerify(
  jws: string | Uint8Array,
  key: t.KeyInput,
  options?: t.VerifyOptions,
): Promise<t.CompactVerifyResult>
export function compactVerify<KeyType extends t.AnyKey = t.AnyKey>(
  jws: string | Uint8Array,
  getKey: t.CompactVerifyGetKey<KeyType>,
  options?: t.VerifyOptions,
): Promise<t.CompactVerifyResult & t.ResolvedKey<KeyType>>
export function compactVerify(
  jws: string | Uint8Array,
  key: t.KeyInput | t.CompactVerifyGetKey,
  options?: t.VerifyOptions,
): Promise<t.CompactVerifyResult & Partial<t.ResolvedKey>>
export async function compactVerify(jws: string | Uint8Array, key: Key, options?: t.VerifyOptions): Promise<any> {
  return (await verifyCompact(jws, key, requirements(options))).result
}

/** Verifies a compact JWS. */
export async function verifyCompact(jws: unknown, key: Key, required: Requirements): Promise<Verified> {
  const text = jws instanceof Uint8Array ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(jws) : jws
  if (typeof text !== 'string') throw new JWSInvalid('Compact JWS must be a string or Uint8Array')
  const [encodedHeader, payload, signature, ...more] = text.split('.', 4)
  if (signature === undefined || more.length) throw new JWSInvalid('Invalid Compact JWS')
  return verifySignature({ payload: payload!, protected: encodedHeader!, signature }, key, required, (unencoded) =>
    ascii(unencoded, 'JWS Compact Serialization payload must use only ASCII characters'),
  )
}

/**
 * Verifies a flattened JWS.
 *
 * @throws as `compactVerify`
 */
export function flattenedVerify(
  jws: t.FlattenedJWSInput,
  key: t.KeyInput,
  options?: t.VerifyOptions,
): Promise<t.FlattenedVerifyResult>
export function flattenedVerify<KeyType extends t.AnyKey = t.AnyKey>(
  jws: t.FlattenedJWSInput,
  getKey: t.FlattenedVerifyGetKey<KeyType>,
  options?: t.VerifyOptions,
): Promise<t.FlattenedVerifyResult & t.ResolvedKey<KeyType>>
export function flattenedVerify(
  jws: t.FlattenedJWSInput,
  key: t.KeyInput | t.FlattenedVerifyGetKey,
  options?: t.VerifyOptions,
): Promise<t.FlattenedVerifyResult & Partial<t.ResolvedKey>>
export async function flattenedVerify(jws: t.FlattenedJWSInput, key: Key, options?: t.VerifyOptions): Promise<any> {
  if (!isObject(jws)) throw new JWSInvalid('Flattened JWS must be an object')
  const flattened = copyOf(jws, copyOfPayload(jws.payload))
  return (await verifySignature(flattened, key, requirements(options), wellFormed)).result
}

/**
 * Verifies a general JWS: one signature that verifies is enough.
 *
 * @throws JWSInvalid, JWSSignatureVerificationFailed; TypeError for malformed options.
 */
export function generalVerify(
  jws: t.GeneralJWSInput,
  key: t.KeyInput,
  options?: t.VerifyOptions,
): Promise<t.GeneralVerifyResult>
export function generalVerify<KeyType extends t.AnyKey = t.AnyKey>(
  jws: t.GeneralJWSInput,
  getKey: t.GeneralVerifyGetKey<KeyType>,
  options?: t.VerifyOptions,
): Promise<t.GeneralVerifyResult & t.ResolvedKey<KeyType>>
export function generalVerify(
  jws: t.GeneralJWSInput,
  key: t.KeyInput | t.GeneralVerifyGetKey,
  options?: t.VerifyOptions,
): Promise<t.GeneralVerifyResult & Partial<t.ResolvedKey>>
export async function generalVerify(jws: t.GeneralJWSInput, key: Key, options?: t.VerifyOptions): Promise<any> {
  if (!isObject(jws)) throw new JWSInvalid('General JWS must be an object')
  const { signatures, payload: given } = jws
  if (!Array.isArray(signatures) || !Array.from(signatures).every(isObject)) {
    throw new JWSInvalid('JWS Signatures missing or incorrect type')
  }
  if (signatures.length > MAX_SIGNATURES) throw new JWSInvalid('JWS Signatures are too many')
  if (given === undefined) throw new JWSSignatureVerificationFailed()
  const required = requirements(options)
  const payload = copyOfPayload(given)
  const candidates = Array.from(signatures).flatMap((signature) => candidate(signature, payload))
  const encodings = new Set(candidates.map(({ encoding }) => encoding).filter((encoding) => encoding !== undefined))
  if (encodings.size > 1) throw new JWSInvalid('inconsistent use of JWS Unencoded Payload (RFC7797)')
  for (const { flattened, header } of candidates) {
    try {
      return (await verifySignature(flattened, key, required, wellFormed, header)).result
    } catch {
      // RFC 7515 §5.2: which of the signatures must verify is up to the application; here it is any.
    }
  }
  throw new JWSSignatureVerificationFailed()
}

/** A signature of a general JWS, or none where it is malformed. `encoding` is what it says of the payload. */
function candidate(signature: Record<string, unknown>, payload: unknown) {
  try {
    const flattened = copyOf(signature, payload)
    const header = flattened.protected === undefined ? undefined : protectedHeaderOf(flattened.protected)
    const { b64, crit } = header?.members ?? {}
    const encoding = Array.isArray(crit) && crit.includes('b64') ? (typeof b64 === 'boolean' ? b64 : undefined) : true
    return [{ flattened, header, encoding }]
  } catch {
    return []
  }
}

const copyOfPayload = (payload: unknown): unknown => (payload instanceof Uint8Array ? payload.slice() : payload)

/** The members of a flattened JWS, each read once, of the right types. */
function copyOf(jws: object, payload: unknown): t.FlattenedJWSInput {
  const { protected: encodedHeader, header: given, signature } = jws as Record<string, unknown>
  const header = isObject(given) ? { ...given } : given
  if (encodedHeader === undefined && header === undefined) {
    throw new JWSInvalid('Flattened JWS must have either of the "protected" or "header" members')
  }
  if (encodedHeader !== undefined && typeof encodedHeader !== 'string') {
    throw new JWSInvalid('JWS Protected Header incorrect type')
  }
  if (payload === undefined) throw new JWSInvalid('JWS Payload missing')
  if (typeof signature !== 'string') throw new JWSInvalid('JWS Signature missing or incorrect type')
  if (header !== undefined && !isObject(header)) throw new JWSInvalid('JWS Unprotected Header incorrect type')
  return {
    payload: payload as string | Uint8Array,
    signature,
    ...(encodedHeader !== undefined && { protected: encodedHeader }),
    ...(header !== undefined && { header }),
  }
}

async function verifySignature(
  jws: t.FlattenedJWSInput,
  key: Key,
  { algorithms, extensions }: Requirements,
  encodeUnencoded: (payload: string) => Uint8Array,
  decoded?: HeaderPart,
): Promise<Verified> {
  const { protected: encodedHeader, header: unprotectedHeader, payload, signature: encodedSignature } = jws
  const header = decoded ?? (encodedHeader === undefined ? undefined : protectedHeaderOf(encodedHeader))
  const protectedHeader = header?.members ?? {}
  const b64 = requireHeader(header, unprotectedHeader, extensions)
  const { alg } = { ...protectedHeader, ...unprotectedHeader } as { alg: string }
  if (algorithms && !algorithms.has(alg)) {
    throw new JOSEAlgNotAllowed('"alg" (Algorithm) Header Parameter value not allowed')
  }
  if (typeof payload !== 'string' && (b64 || !(payload instanceof Uint8Array))) {
    throw new JWSInvalid(b64 ? 'JWS Payload must be a string' : 'JWS Payload must be a string or an Uint8Array instance')
  }
  if (payload.length > MAX_BYTES) throw new JWSInvalid('JWS Payload is too long')
  const unencoded = b64 ? undefined : typeof payload === 'string' ? encodeUnencoded(payload) : payload

  const found = typeof key === 'function' ? await key(protectedHeader, jws) : key
  const algorithm = jwsAlgorithm(alg)
  const signed = unencoded ?? ascii(payload as string, 'The payload is not a valid base64url string')
  const signature = decodeBase64url(encodedSignature)
  if (!signature) throw new JWSInvalid('Failed to base64url decode the signature')
  const verify = await verificationKey(algorithm, found)
  if (!(await verify(encodedHeader ?? '', signed, signature))) throw new JWSSignatureVerificationFailed()
  const bytes = unencoded ?? decodeBase64url(payload as string)
  if (!bytes) throw new JWSInvalid('Failed to base64url decode the payload')
  return {
    result: {
      payload: bytes,
      ...(header && { protectedHeader }),
      ...(unprotectedHeader && { unprotectedHeader }),
      ...(typeof key === 'function' && { key: await resolvedKey(algorithm, found) }),
    },
    header,
    b64,
  }
}

function ascii(text: string, otherwise: string): Uint8Array {
  const bytes = utf8(text)
  // Whatever is not ASCII takes more bytes than characters.
  if (bytes.length !== text.length) throw new JWSInvalid(otherwise)
  return bytes
}

/** An unencoded payload that every reader writes as the same bytes (RFC 7797 §8). */
function wellFormed(payload: string): Uint8Array {
  const invalid = /[\p{Cs}\p{Cn}]/u.exec(payload)?.[0]
  if (invalid === undefined) return utf8(payload)
  throw new JWSInvalid(
    /\p{Cs}/u.test(invalid)
      ? 'JWS Payload must be a well-formed Unicode string'
      : 'JWS Payload must not contain unassigned Unicode code points',
  )
}
