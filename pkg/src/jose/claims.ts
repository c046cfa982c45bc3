/** Claims: validated by the core, refused in jose's words. */
import { parseJson, type Refusal, utf8, validateClaims } from './core.js'
import { epoch, finite, seconds } from './duration.js'
import { type JOSEError, JWTClaimValidationFailed, JWTExpired, JWTInvalid } from './errors.js'
import type { HeaderPart } from './header.js'
import type { JWTClaimVerificationOptions, JWTPayload } from './types.js'

/** Validates the claims of a JWT, in JSON, whose header is good, and returns them. */
export function requireClaims(
  header: HeaderPart,
  json: Uint8Array,
  options: JWTClaimVerificationOptions,
  extensions: Uint8Array,
): JWTPayload {
  const parsed = parseJson(json)
  if (!parsed?.isObject) throw new JWTInvalid('JWT Claims Set must be a top-level JSON object')
  const claims = parsed.value as JWTPayload
  const { currentDate = new Date() } = options
  const now = finite('currentDate option', epoch(currentDate))
  const refusal = validateClaims(policy(options), header.json, extensions, json, now)
  if (refusal) throw claimError(refusal, claims, options.typ !== undefined && typeof header.members.typ !== 'string')
  return claims
}

/** The options as the core takes them; it counts in whole seconds, so fractions are cut off. */
function policy(options: JWTClaimVerificationOptions): Uint8Array {
  const { issuer, audience, subject, typ, requiredClaims = [], clockTolerance = 0, maxTokenAge } = options
  if (typeof clockTolerance !== 'string' && typeof clockTolerance !== 'number') {
    throw new TypeError('Invalid clockTolerance option type')
  }
  if (!Array.isArray(requiredClaims)) throw new TypeError('"requiredClaims" option must be an array of strings')
  return utf8(
    JSON.stringify({
      issuer: texts('issuer', issuer),
      audience: texts('audience', audience),
      subject: text('subject', subject),
      typ: text('typ', typ),
      requiredClaims: texts('requiredClaims', requiredClaims),
      clockTolerance: span('clockTolerance', clockTolerance),
      maxTokenAge: maxTokenAge === undefined ? undefined : span('maxTokenAge', maxTokenAge),
    }),
  )
}

function span(option: string, value: string | number): number {
  const length = finite(`${option} option`, typeof value === 'number' ? value : seconds(value))
  if (length < 0) throw new TypeError(`Invalid ${option} option input`)
  return Math.min(Math.floor(length), Number.MAX_SAFE_INTEGER)
}

function text(option: string, value: unknown): string | undefined {
  if (value !== undefined && typeof value !== 'string') throw new TypeError(`"${option}" option must be a string`)
  return value
}

function texts(option: string, value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (!list.every((member) => typeof member === 'string')) {
    throw new TypeError(`"${option}" option must be a string or an array of strings`)
  }
  return list
}

const TIMES = ['exp', 'nbf', 'iat']

function claimError({ code, claim = '', reason }: Refusal, claims: JWTPayload, noTyp: boolean): JOSEError {
  const failed = (message: string, why: string) => new JWTClaimValidationFailed(message, claims, claim, why)
  if (code === 'ERR_JWT_EXPIRED') {
    const past = claim === 'iat' ? ' (too far in the past)' : ''
    return new JWTExpired(`"${claim}" claim timestamp check failed${past}`, claims, claim, 'check_failed')
  }
  if (code !== 'ERR_JWT_CLAIM_VALIDATION_FAILED') return new JWTInvalid('JWT Claims Set must be a top-level JSON object')
  // A header has no claims, but it may be a claim called `typ` that is missing.
  if (claim === 'typ' && (reason !== 'missing' || noTyp)) return failed('unexpected "typ" JWT header value', 'check_failed')
  if (reason === 'missing') return failed(`missing required "${claim}" claim`, 'missing')
  if (!TIMES.includes(claim)) return failed(`unexpected "${claim}" claim value`, 'check_failed')
  if (reason === 'malformed') return failed(`"${claim}" claim must be a number`, 'invalid')
  const future = claim === 'iat' ? ' (it should be in the past)' : ''
  return failed(`"${claim}" claim timestamp check failed${future}`, 'check_failed')
}
