/**
 * base64url without padding (RFC 7515 §2), strictly: one value has one spelling.
 *
 * @module
 */
import { decodeBase64url, encodeBase64url, utf8 } from './core.js'

/**
 * What `input` spells.
 *
 * @throws TypeError for padding, white space, other alphabets and trailing bits.
 */
export function decode(input: Uint8Array | string): Uint8Array {
  const bytes = decodeBase64url(typeof input === 'string' ? input : new TextDecoder().decode(input))
  if (!bytes) throw new TypeError('The input to be decoded is not correctly encoded.')
  return bytes
}

/** `input` in base64url; a text is encoded in UTF-8 first. */
export function encode(input: Uint8Array | string): string {
  return encodeBase64url(typeof input === 'string' ? utf8(input) : input)
}
