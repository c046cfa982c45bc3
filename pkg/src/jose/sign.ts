/** Signing in each serialization of a JWS (RFC 7515 §5.1 and §7, RFC 7797), under jose's names. */
import { jwsAlgorithm } from './algorithms.js'
import { encode } from './base64url.js'
import { utf8 } from './core.js'
import { JWSInvalid } from './errors.js'
import { type HeaderPart, requireHeader, understood } from './header.js'
import { isObject } from './key/input.js'
import { signatureOf } from './key/signing.js'
import type * as t from './types.js'

/** One signature to make. */
export interface Signing {
  protectedHeader?: t.JWSHeaderParameters | undefined
  unprotectedHeader?: t.JWSHeaderParameters | undefined
  crit?: t.CritOption['crit']
}

/** Refuses a second call of a setter. */
export function requireUnset(value: unknown, setter: string): void {
  if (value !== undefined) throw new TypeError(`${setter} can only be called once`)
}

function requireBytes(payload: unknown): asserts payload is Uint8Array {
  if (!(payload instanceof Uint8Array)) throw new TypeError('payload must be an instance of Uint8Array')
}

/** Signs `payload`. The payload of the result is empty where it is not encoded. */
async function createSignature(
  payload: Uint8Array,
  signing: Signing,
  key: unknown,
  refuseUnencoded?: () => never,
): Promise<{ jws: t.FlattenedJWS; b64: boolean }> {
  const header = signing.protectedHeader === undefined ? undefined : serialized(signing.protectedHeader)
  const unprotected = signing.unprotectedHeader === undefined ? undefined : serialized(signing.unprotectedHeader).members
  if (!header && !unprotected) {
    throw new JWSInvalid('either setProtectedHeader or setUnprotectedHeader must be called before #sign()')
  }
  const b64 = requireHeader(header, unprotected, understood(signing.crit))
  if (!b64) refuseUnencoded?.()
  const { alg } = { ...header?.members, ...unprotected }
  const encodedHeader = header ? encode(header.json) : ''
  const encodedPayload = b64 ? encode(payload) : ''
  const start = utf8(`${encodedHeader}.${encodedPayload}`)
  const input = b64 ? start : joined(start, payload)
  const signature = encode(await signatureOf(jwsAlgorithm(alg), key, input))
  return {
    jws: {
      signature,
      payload: encodedPayload,
      ...(header && { protected: encodedHeader }),
      ...(unprotected && { header: unprotected }),
    },
    b64,
  }
}

/** Signs `payload` in the compact serialization. */
export async function createCompact(
  payload: Uint8Array,
  signing: Signing,
  key: unknown,
  refuseUnencoded: () => never,
): Promise<string> {
  const { jws } = await createSignature(payload, signing, key, refuseUnencoded)
  return `${jws.protected}.${jws.payload}.${jws.signature}`
}

/** A part of a header as it will be read. */
function serialized(header: unknown): HeaderPart {
  let text: string | undefined
  try {
    text = JSON.stringify(header) as string | undefined
  } catch (cause) {
    throw new JWSInvalid('JOSE Header is not valid JSON', { cause })
  }
  if (text === undefined) throw new JWSInvalid('JOSE Header is not valid JSON')
  const members: unknown = JSON.parse(text)
  if (!isObject(members)) throw new JWSInvalid('JOSE Header is not a JSON object')
  return { members: members as t.JWSHeaderParameters, json: utf8(text) }
}

function joined(start: Uint8Array, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(start.length + rest.length)
  bytes.set(start)
  bytes.set(rest, start.length)
  return bytes
}

/** Makes a compact JWS. */
export class CompactSign {
  #payload: Uint8Array
  #protectedHeader: t.CompactJWSHeaderParameters | undefined

  constructor(payload: Uint8Array) {
    requireBytes(payload)
    this.#payload = payload
  }

  setProtectedHeader(protectedHeader: t.CompactJWSHeaderParameters): this {
    requireUnset(this.#protectedHeader, 'setProtectedHeader')
    this.#protectedHeader = protectedHeader
    return this
  }

  async sign(key: t.KeyInput, options?: t.SignOptions): Promise<string> {
    const signing = { protectedHeader: this.#protectedHeader, ...options }
    return createCompact(this.#payload, signing, key, () => {
      throw new TypeError('use the flattened module for creating JWS with b64: false')
    })
  }
}

/** Makes a flattened JWS. */
export class FlattenedSign {
  #payload: Uint8Array
  #signing: Signing = {}

  constructor(payload: Uint8Array) {
    requireBytes(payload)
    this.#payload = payload
  }

  setProtectedHeader(protectedHeader: t.JWSHeaderParameters): this {
    requireUnset(this.#signing.protectedHeader, 'setProtectedHeader')
    this.#signing.protectedHeader = protectedHeader
    return this
  }

  setUnprotectedHeader(unprotectedHeader: t.JWSHeaderParameters): this {
    requireUnset(this.#signing.unprotectedHeader, 'setUnprotectedHeader')
    this.#signing.unprotectedHeader = unprotectedHeader
    return this
  }

  async sign(key: t.KeyInput, options?: t.SignOptions): Promise<t.FlattenedJWS> {
    return (await createSignature(this.#payload, { ...this.#signing, crit: options?.crit! }, key)).jws
  }
}

/** One signature of a general JWS. */
export interface Signature {
  setProtectedHeader(protectedHeader: t.JWSHeaderParameters): Signature
  setUnprotectedHeader(unprotectedHeader: t.JWSHeaderParameters): Signature
  /** The same as of the `GeneralSign`. */
  addSignature(key: t.KeyInput, options?: t.SignOptions): Signature
  /** The same as of the `GeneralSign`. */
  sign(): Promise<t.GeneralJWS>
  done(): GeneralSign
}

class OneSignature implements Signature {
  readonly #parent: GeneralSign
  readonly #signing: Signing

  constructor(parent: GeneralSign, signing: Signing) {
    this.#parent = parent
    this.#signing = signing
  }

  setProtectedHeader(protectedHeader: t.JWSHeaderParameters): this {
    requireUnset(this.#signing.protectedHeader, 'setProtectedHeader')
    this.#signing.protectedHeader = protectedHeader
    return this
  }

  setUnprotectedHeader(unprotectedHeader: t.JWSHeaderParameters): this {
    requireUnset(this.#signing.unprotectedHeader, 'setUnprotectedHeader')
    this.#signing.unprotectedHeader = unprotectedHeader
    return this
  }

  addSignature(key: t.KeyInput, options?: t.SignOptions): Signature {
    return this.#parent.addSignature(key, options)
  }

  sign(): Promise<t.GeneralJWS> {
    return this.#parent.sign()
  }

  done(): GeneralSign {
    return this.#parent
  }
}

/** Makes a general JWS. */
export class GeneralSign {
  #payload: Uint8Array
  #signatures: { signing: Signing; key: t.KeyInput }[] = []

  constructor(payload: Uint8Array) {
    this.#payload = payload
  }

  addSignature(key: t.KeyInput, options?: t.SignOptions): Signature {
    const signing: Signing = { crit: options?.crit! }
    this.#signatures.push({ signing, key })
    return new OneSignature(this, signing)
  }

  async sign(): Promise<t.GeneralJWS> {
    if (this.#signatures.length === 0) throw new JWSInvalid('at least one signature must be added')
    requireBytes(this.#payload)
    const general: t.GeneralJWS = { signatures: [], payload: '' }
    let encoding: boolean | undefined
    for (const { signing, key } of this.#signatures) {
      const { jws, b64 } = await createSignature(this.#payload, signing, key)
      if (b64 !== (encoding ??= b64)) throw new JWSInvalid('inconsistent use of JWS Unencoded Payload (RFC7797)')
      const { payload, ...signature } = jws
      general.payload = payload
      general.signatures.push(signature)
    }
    return general
  }
}
