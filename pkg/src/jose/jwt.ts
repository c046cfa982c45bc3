/** Verifying and decoding JWTs (RFC 7519 §7.2), under jose's names. */
import { requireClaims } from './claims.js'
import { decodeBase64url, parseJson, requireStack } from './core.js'
import { JWTInvalid } from './errors.js'
import { decodeHeader } from './header.js'
import type * as t from './types.js'
import { requirements, verifyCompact } from './verify.js'

type Inferred<PayloadType, InferredPayloadType> = t.InferredJWTResult<
  t.JWTVerifyResult<unknown>,
  InferredPayloadType & t.ObjectOnly<PayloadType>
>

/**
 * Verifies a JWT: its signature, and its claims.
 *
 * @throws as `compactVerify`; JWTInvalid, JWTExpired, JWTClaimValidationFailed.
 */
export function jwtVerify<PayloadType, KeyType extends t.KeyInput, InferredPayloadType>(
  jwt: string | Uint8Array,
  key: KeyType,
  options?: t.JWTVerifyOptions,
): Promise<Inferred<PayloadType, InferredPayloadType>>
export function jwtVerify<PayloadType, KeyType extends t.AnyKey, InferredPayloadType>(
  jwt: string | Uint8Array,
  getKey: t.JWTVerifyGetKey<KeyType>,
  options?: t.JWTVerifyOptions,
): Promise<Inferred<PayloadType, InferredPayloadType> & t.ResolvedKey<KeyType>>
export function jwtVerify<PayloadType, KeyType extends t.KeyInput | t.JWTVerifyGetKey, InferredPayloadType>(
  jwt: string | Uint8Array,
  key: KeyType,
  options?: t.JWTVerifyOptions,
): Promise<Inferred<PayloadType, InferredPayloadType> & Partial<t.ResolvedKey>>
export function jwtVerify<PayloadType = t.JWTPayload>(
  jwt: string | Uint8Array,
  key: t.KeyInput,
  options?: t.JWTVerifyOptions,
): Promise<t.JWTVerifyResult<PayloadType>>
export function jwtVerify<PayloadType = t.JWTPayload, KeyType extends t.AnyKey = t.AnyKey>(
  jwt: string | Uint8Array,
  getKey: t.JWTVerifyGetKey<KeyType>,
  options?: t.JWTVerifyOptions,
): Promise<t.JWTVerifyResult<PayloadType> & t.ResolvedKey<KeyType>>
export function jwtVerify<PayloadType = t.JWTPayload>(
  jwt: string | Uint8Array,
  key: t.KeyInput | t.JWTVerifyGetKey,
  options?: t.JWTVerifyOptions,
): Promise<t.JWTVerifyResult<PayloadType> & Partial<t.ResolvedKey>>
export async function jwtVerify(
  jwt: string | Uint8Array,
  key: t.KeyInput | t.JWTVerifyGetKey,
  options: t.JWTVerifyOptions = {},
): Promise<any> {
  const required = requirements(options)
  const { result, header, b64 } = await verifyCompact(jwt, key, required)
  if (!b64) throw new JWTInvalid('JWTs MUST NOT use unencoded payload')
  return { ...result, payload: requireClaims(header!, result.payload, options, required.extensions) }
}

/**
 * The claims of a JWT whose signature is **not** verified: for display, never to decide.
 *
 * @throws JWTInvalid
 */
export function decodeJwt<PayloadType, InferredPayloadType>(
  jwt: string,
): InferredPayloadType & t.JWTPayload & t.ObjectOnly<PayloadType>
export function decodeJwt<PayloadType = t.JWTPayload>(
  jwt: string,
): PayloadType & t.JWTPayload & t.ObjectOnly<PayloadType>
export function decodeJwt(jwt: string): any {
  if (typeof jwt !== 'string') {
    throw new JWTInvalid('JWTs must use Compact JWS serialization, JWT must be a string')
  }
  requireStack()
  const parts = jwt.split('.', 6)
  if (parts.length === 5) throw new JWTInvalid('Only JWTs using Compact JWS serialization can be decoded')
  if (parts.length !== 3) throw new JWTInvalid('Invalid JWT')
  if (!parts[1]) throw new JWTInvalid('JWTs must contain a payload')
  const json = decodeBase64url(parts[1])
  if (!json) throw new JWTInvalid('Failed to base64url decode the payload')
  const parsed = parseJson(json)
  if (!parsed) throw new JWTInvalid('Failed to parse the decoded payload as JSON')
  if (!parsed.isObject) throw new JWTInvalid('Invalid JWT Claims Set')
  return parsed.value
}

/**
 * The protected header of a compact, flattened or general token whose signature is **not** verified.
 *
 * @throws TypeError
 */
export function decodeProtectedHeader(token: string | object): t.ProtectedHeaderParameters {
  requireStack()
  let encoded: unknown
  if (typeof token === 'string') {
    const parts = token.split('.', 6)
    if (parts.length === 3 || parts.length === 5) encoded = parts[0]
  } else if (typeof token === 'object' && token) {
    if (!('protected' in token)) throw new TypeError('Token does not contain a Protected Header')
    encoded = token.protected
  }
  const header = typeof encoded === 'string' && encoded ? decodeHeader(encoded) : undefined
  if (!header) throw new TypeError('Invalid Token or Protected Header formatting')
  return header.members as t.ProtectedHeaderParameters
}
