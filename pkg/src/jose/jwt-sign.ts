/** Making JWTs (RFC 7519 §7.1), under jose's names. */
import { encode } from './base64url.js'
import { requireClaims } from './claims.js'
import { decodeBase64url, requireStack, utf8 } from './core.js'
import { epoch, numericDate } from './duration.js'
import { JWSInvalid, JWTInvalid } from './errors.js'
import { protectedHeaderOf, requireHeader, understood } from './header.js'
import { isObject } from './key/input.js'
import { createCompact, requireUnset } from './sign.js'
import type * as t from './types.js'

/** Collects claims. */
class ClaimsBuilder implements t.ProduceJWT {
  readonly #claims: t.JWTPayload

  constructor(payload: t.JWTPayload = {}) {
    if (!isObject(payload)) throw new TypeError('JWT Claims Set MUST be an object')
    this.#claims = structuredClone(payload)
  }

  setIssuer(issuer: string): this {
    return this.#set('iss', text('iss', issuer))
  }

  setSubject(subject: string): this {
    return this.#set('sub', text('sub', subject))
  }

  setAudience(audience: string | string[]): this {
    const texts: unknown[] = Array.isArray(audience) ? Array.from(audience) : [audience]
    if (!texts.every((member) => typeof member === 'string')) {
      throw new TypeError('"aud" claim must be a string or an array of strings')
    }
    return this.#set('aud', audience)
  }

  setJti(jwtId: string): this {
    return this.#set('jti', text('jti', jwtId))
  }

  setNotBefore(input: number | string | Date): this {
    return this.#set('nbf', numericDate('setNotBefore', input))
  }

  setExpirationTime(input: number | string | Date): this {
    return this.#set('exp', numericDate('setExpirationTime', input))
  }

  setIssuedAt(input?: number | string | Date): this {
    return this.#set('iat', input === undefined ? epoch(new Date()) : numericDate('setIssuedAt', input))
  }

  #set(claim: string, value: unknown): this {
    this.#claims[claim] = value
    return this
  }

  /**
   * The claims in JSON.
   *
   * @internal
   */
  toBytes(): Uint8Array {
    for (const claim of ['iat', 'nbf', 'exp']) {
      const value = this.#claims[claim]
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new TypeError(`"${claim}" claim must be a finite number`)
      }
    }
    return utf8(JSON.stringify(this.#claims))
  }
}

function text(claim: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`"${claim}" claim must be a string`)
  return value
}

/** Makes a signed JWT. */
export class SignJWT extends ClaimsBuilder {
  #protectedHeader: t.JWTHeaderParameters | undefined

  setProtectedHeader(protectedHeader: t.JWTHeaderParameters): this {
    requireUnset(this.#protectedHeader, 'setProtectedHeader')
    this.#protectedHeader = protectedHeader
    return this
  }

  async sign(key: t.KeyInput, options?: t.SignOptions): Promise<string> {
    return createCompact(this.toBytes(), { protectedHeader: this.#protectedHeader, ...options }, key, () => {
      throw new JWTInvalid('JWTs MUST NOT use unencoded payload')
    })
  }
}

/** What `UnsecuredJWT.decode` returns. Nobody signed it. */
export interface UnsecuredResult<PayloadType = t.JWTPayload> {
  payload: PayloadType & t.JWTPayload & t.ObjectOnly<PayloadType>
  header: t.JWSHeaderParameters
}

/** Makes and reads JWTs without a signature (RFC 7519 §6): whoever sends one may have written anything in it. */
export class UnsecuredJWT extends ClaimsBuilder {
  encode(): string {
    return `${encode('{"alg":"none"}')}.${encode(this.toBytes())}.`
  }

  /**
   * @throws JWTInvalid, JOSENotSupported, JWTExpired, JWTClaimValidationFailed
   */
  static decode<PayloadType, InferredPayloadType>(
    jwt: string,
    options?: t.JWTClaimVerificationOptions,
  ): t.InferredJWTResult<UnsecuredResult<unknown>, InferredPayloadType & t.ObjectOnly<PayloadType>>
  static decode<PayloadType = t.JWTPayload>(
    jwt: string,
    options?: t.JWTClaimVerificationOptions,
  ): UnsecuredResult<PayloadType>
  static decode(jwt: string, options: t.JWTClaimVerificationOptions = {}): any {
    if (typeof jwt !== 'string') throw new JWTInvalid('Unsecured JWT must be a string')
    requireStack()
    const [encodedHeader, encodedPayload, signature, ...more] = jwt.split('.', 4)
    if (signature !== '' || more.length) throw new JWTInvalid('Invalid Unsecured JWT')
    const extensions = understood(undefined)
    const { header, b64 } = unsecuredHeader(encodedHeader!, extensions)
    if (header.members.alg !== 'none') throw new JWTInvalid('Invalid Unsecured JWT')
    if (!b64) throw new JWTInvalid('JWTs MUST NOT use unencoded payload')
    const payload = decodeBase64url(encodedPayload!)
    if (!payload) throw new JWTInvalid('Failed to base64url decode the payload')
    return { payload: requireClaims(header, payload, options, extensions), header: header.members }
  }
}

function unsecuredHeader(encoded: string, extensions: Uint8Array) {
  try {
    const header = protectedHeaderOf(encoded)
    return { header, b64: requireHeader(header, undefined, extensions) }
  } catch (cause) {
    throw cause instanceof JWSInvalid ? new JWTInvalid('Invalid Unsecured JWT', { cause }) : cause
  }
}
