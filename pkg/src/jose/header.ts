/** JOSE Headers: decoded and checked by the core, refused in jose's words. */
import { decodeBase64url, MAX_JSON, parseJson, type Refusal, utf8, validateHeader } from './core.js'
import { type JOSEError, JOSENotSupported, JWSInvalid } from './errors.js'
import type { JWSHeaderParameters } from './types.js'

/** A part of a header: its members, and the JSON that they were read from. */
export interface HeaderPart {
  members: JWSHeaderParameters
  json: Uint8Array
}

/** Decodes a protected header; nothing when it is not one. */
export function decodeHeader(encoded: string): HeaderPart | undefined {
  const json = decodeBase64url(encoded)
  if (!json) return undefined
  const parsed = parseJson(json)
  return parsed?.isObject ? { members: parsed.value as JWSHeaderParameters, json } : undefined
}

/** Decodes the protected header of a JWS. */
export function protectedHeaderOf(encoded: string): HeaderPart {
  const header = decodeHeader(encoded)
  if (!header) throw new JWSInvalid('JWS Protected Header is invalid')
  return header
}

/** The `crit` option as the core takes it. */
export function understood(crit: { [name: string]: boolean } | undefined): Uint8Array {
  return utf8(JSON.stringify(Object.fromEntries(Object.entries(crit ?? {}).map(([name, value]) => [name, Boolean(value)]))))
}

/** Checks both parts of a header. Returns whether the payload is encoded (RFC 7797 §3). */
export function requireHeader(
  protectedHeader: HeaderPart | undefined,
  unprotectedHeader: object | undefined,
  extensions: Uint8Array,
): boolean {
  const unprotected = unprotectedHeader && serialized(unprotectedHeader)
  try {
    return validateHeader(protectedHeader?.json, unprotected, extensions)
  } catch (refusal) {
    throw headerError(refusal as Refusal)
  }
}

const NO_JSON = 'JOSE Header is not valid JSON'

/** A header in JSON, which it came as: what is too deep or too long for it is refused. */
function serialized(header: object): Uint8Array {
  let json: Uint8Array
  try {
    json = utf8(JSON.stringify(header))
  } catch (cause) {
    throw new JWSInvalid(NO_JSON, { cause })
  }
  if (json.length > MAX_JSON) throw new JWSInvalid(NO_JSON)
  return json
}

const CRIT = '"crit" (Critical) Header Parameter MUST'

/** What jose says of each refusal of a parameter that it names. */
const MESSAGES: Record<string, string> = {
  'header malformed': 'JWS Protected and JWS Unprotected Header Parameter names must be disjoint',
  'crit missing': `${CRIT} be integrity protected`,
  'crit malformed': `${CRIT} be an array of non-empty strings when present`,
  'crit mismatch': `${CRIT} NOT contain duplicate values`,
  'b64 malformed': 'The "b64" (base64url-encode payload) Header Parameter must be a boolean',
  'alg malformed': 'JWS "alg" (Algorithm) Header Parameter missing or invalid',
  'kid malformed': 'JWS "kid" (Key ID) Header Parameter must be a string',
  'typ malformed': 'JWS "typ" (Type) Header Parameter must be a string',
}

function headerError({ code, claim, reason }: Refusal): JOSEError {
  const extension = `Extension Header Parameter "${claim}"`
  if (code === 'ERR_JOSE_NOT_SUPPORTED') return new JOSENotSupported(`${extension} is not recognized`)
  const message = MESSAGES[`${claim} ${reason}`]
  if (message) return new JWSInvalid(message)
  if (reason === 'missing') return new JWSInvalid(`${extension} is missing`)
  if (reason === 'mismatch') return new JWSInvalid(`${extension} MUST be integrity protected`)
  return new JWSInvalid(NO_JSON)
}
