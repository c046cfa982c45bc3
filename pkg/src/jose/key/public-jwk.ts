/** The public members of a JWK: what its thumbprint is of (RFC 7638 §3.2), and what verifies. */
import { JOSENotSupported } from '../errors.js'
import type { JWK } from '../types.js'

/** The required members of each `kty`, in lexicographic order, and what jose calls them. */
const MEMBERS: Record<string, readonly (readonly [member: string, description: string])[]> = {
  AKP: [
    ['alg', '"alg" (Algorithm) Parameter'],
    ['kty', ''],
    ['pub', '"pub" (Public key) Parameter'],
  ],
  EC: [
    ['crv', '"crv" (Curve) Parameter'],
    ['kty', ''],
    ['x', '"x" (X Coordinate) Parameter'],
    ['y', '"y" (Y Coordinate) Parameter'],
  ],
  OKP: [
    ['crv', '"crv" (Subtype of Key Pair) Parameter'],
    ['kty', ''],
    ['x', '"x" (Public Key) Parameter'],
  ],
  RSA: [
    ['e', '"e" (Exponent) Parameter'],
    ['kty', ''],
    ['n', '"n" (Modulus) Parameter'],
  ],
  oct: [
    ['k', '"k" (Key Value) Parameter'],
    ['kty', ''],
  ],
}

/** The required members of `jwk`, of a `kty` that is known. `missing` is told which of them are no texts. */
export function requiredMembers(jwk: JWK, missing?: (description: string, value: unknown) => void): Record<string, unknown> {
  const { kty } = jwk
  const members = kty !== undefined && Object.hasOwn(MEMBERS, kty) ? MEMBERS[kty] : undefined
  if (!members) throw new JOSENotSupported('"kty" (Key Type) Parameter missing or unsupported')
  const found: Record<string, unknown> = {}
  for (const [member, description] of members) {
    const value = (jwk as Record<string, unknown>)[member]
    found[member] = value
    if (typeof value !== 'string' || !value) missing?.(description, value)
  }
  return found
}
