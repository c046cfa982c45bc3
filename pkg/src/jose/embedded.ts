/** The key in a token's own header (RFC 7515 §4.1.3), under jose's name. */
import { jwsAlgorithm } from './algorithms.js'
import { JWSInvalid } from './errors.js'
import { importCryptoKey } from './key/crypto-key.js'
import { isObject, normalizeJwk } from './key/input.js'
import type * as t from './types.js'

/**
 * Finds the key of a token in its `jwk` header. Whoever made the token chose it: what it verifies is only that they hold
 * the private key, so compare its thumbprint with one that you know.
 *
 * @throws JWSInvalid, JOSENotSupported, JWKInvalid
 */
export async function EmbeddedJWK(
  protectedHeader?: t.JWSHeaderParameters,
  token?: t.FlattenedJWSInput,
): Promise<t.CryptoKey> {
  const header: t.JWSHeaderParameters = { ...protectedHeader, ...token?.header }
  if (!isObject(header.jwk)) throw new JWSInvalid('"jwk" (JSON Web Key) Header Parameter must be a JSON object')
  let jwk: t.JWK
  try {
    jwk = normalizeJwk(header.jwk)
  } catch (cause) {
    throw new JWSInvalid('Invalid Embedded JWK', { cause })
  }
  const algorithm = jwsAlgorithm(header.alg)
  const invalid = (member: string, expected: string) =>
    new JWSInvalid(`Invalid Embedded JWK, its "${member}" must be "${expected}" when present`)
  if (jwk.use !== undefined && jwk.use !== 'sig') throw invalid('use', 'sig')
  if (jwk.alg !== undefined && jwk.alg !== algorithm.alg) throw invalid('alg', algorithm.alg)
  const key = await importCryptoKey(algorithm, jwk, true)
  if (key.type !== 'public') throw new JWSInvalid('"jwk" (JSON Web Key) Header Parameter must be a public key')
  return key as t.CryptoKey
}
