/** JWK Thumbprints (RFC 7638) and their URIs (RFC 9278), under jose's names. */
import { encode } from './base64url.js'
import { utf8 } from './core.js'
import { JWKInvalid } from './errors.js'
import { exportJWK } from './key/export.js'
import { isCryptoKey, isKeyObject, isObject, wrongType } from './key/input.js'
import { requiredMembers } from './key/public-jwk.js'
import type * as t from './types.js'

type Digest = 'sha256' | 'sha384' | 'sha512'

const DIGESTS: Record<Digest, string> = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' }

/**
 * The thumbprint of a key.
 *
 * @throws JWKInvalid, JOSENotSupported; TypeError for what is no key.
 */
export async function calculateJwkThumbprint(
  key: t.JWK | t.CryptoKey | t.KeyObject,
  digestAlgorithm?: Digest,
): Promise<string> {
  const digest = digestAlgorithm ?? 'sha256'
  const jwk = isObject(key) ? (key as t.JWK) : isCryptoKey(key) || isKeyObject(key) ? await exportJWK(key as t.CryptoKey) : {}
  if (typeof jwk.kty !== 'string') throw new TypeError(wrongType('Key', key, ['CryptoKey', 'KeyObject', 'JSON Web Key']))
  if (!Object.hasOwn(DIGESTS, digest)) {
    throw new TypeError('digestAlgorithm must one of "sha256", "sha384", or "sha512"')
  }
  const members = requiredMembers(jwk, (description, value) => {
    // An empty secret is one.
    if (jwk.kty !== 'oct' || value !== '') throw new JWKInvalid(`${description} missing or invalid`)
  })
  const input = JSON.stringify(members)
  return encode(new Uint8Array(await crypto.subtle.digest(DIGESTS[digest], utf8(input))))
}

/**
 * The thumbprint of a key as a URI.
 *
 * @throws as `calculateJwkThumbprint`
 */
export async function calculateJwkThumbprintUri(
  key: t.CryptoKey | t.KeyObject | t.JWK,
  digestAlgorithm?: Digest,
): Promise<string> {
  const thumbprint = await calculateJwkThumbprint(key, digestAlgorithm)
  return `urn:ietf:params:oauth:jwk-thumbprint:${DIGESTS[digestAlgorithm ?? 'sha256'].toLowerCase()}:${thumbprint}`
}
