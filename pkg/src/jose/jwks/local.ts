/** A JWK Set at hand (RFC 7517 §5), under jose's names. */
import { type Algorithm, algorithmNamed } from '../algorithms.js'
import { JOSENotSupported, JWKSInvalid, JWKSMultipleMatchingKeys, JWKSNoMatchingKey } from '../errors.js'
import { importCryptoKey } from '../key/crypto-key.js'
import { areUniqueStrings, isObject } from '../key/input.js'
import type * as t from '../types.js'

/** Finds the key of a token in a set. */
export interface LocalJWKSet {
  (protectedHeader?: t.JWSHeaderParameters, token?: t.FlattenedJWSInput): Promise<t.CryptoKey>
  /** A copy of the set. */
  jwks: () => t.JSONWebKeySet
}

/** Whether `value` is a JWK Set, by its outside. */
export function isJwkSet(value: unknown): value is t.JSONWebKeySet {
  return isObject(value) && Array.isArray(value['keys']) && Array.from(value['keys']).every(isObject)
}

/**
 * The keys of a set, for `jwtVerify` and others. Keys that are private, symmetric or for something else are never found.
 *
 * The function that it returns throws JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JWKSInvalid, JOSENotSupported,
 * JWKInvalid.
 *
 * @throws JWKSInvalid
 */
export function createLocalJWKSet(jwks: t.JSONWebKeySet): LocalJWKSet {
  let set: unknown
  try {
    set = structuredClone(jwks)
  } catch (cause) {
    throw new JWKSInvalid('JSON Web Key Set malformed', { cause })
  }
  if (!isJwkSet(set)) throw new JWKSInvalid('JSON Web Key Set malformed')
  const { keys } = set
  const imported = new Map<string, Promise<t.CryptoKey>>()

  const keyAt = (index: number, algorithm: Algorithm): Promise<t.CryptoKey> => {
    const name = `${index} ${algorithm.alg}`
    const known = imported.get(name)
    if (known) return known
    const key = importPublicKey(algorithm, keys[index]!)
    imported.set(name, key)
    key.catch(() => imported.delete(name))
    return key
  }

  const find = async (protectedHeader?: t.JWSHeaderParameters, token?: t.FlattenedJWSInput): Promise<t.CryptoKey> => {
    const { alg, kid } = { ...protectedHeader, ...token?.header }
    const algorithm = algorithmNamed(alg)
    if (!algorithm || algorithm.kty === 'oct') {
      throw new JOSENotSupported('Unsupported "alg" value for a JSON Web Key Set')
    }
    const candidates = [...keys.keys()].filter((index) => fits(keys[index]!, algorithm, kid))
    if (candidates.length === 0) throw new JWKSNoMatchingKey()
    if (candidates.length === 1) return keyAt(candidates[0]!, algorithm)
    const error = new JWKSMultipleMatchingKeys()
    error[Symbol.asyncIterator] = async function* () {
      for (const index of candidates) {
        const key = await keyAt(index, algorithm).catch(() => undefined)
        if (key) yield key
      }
    }
    throw error
  }
  return Object.defineProperty(find, 'jwks', { value: () => structuredClone(set) }) as LocalJWKSet
}

async function importPublicKey(algorithm: Algorithm, jwk: t.JWK): Promise<t.CryptoKey> {
  const key = await importCryptoKey(algorithm, { ...jwk }, true)
  if (key.type !== 'public') throw new JWKSInvalid('JSON Web Key Set members must be public keys')
  return key as t.CryptoKey
}

/** RFC 7517 §4: whether a key may be the one of a token. */
function fits(jwk: t.JWK, { alg, kty, crv }: Algorithm, kid: unknown): boolean {
  const { ext, key_ops } = jwk as { ext?: unknown; key_ops?: unknown }
  return (
    jwk.kty === kty &&
    (crv === undefined || jwk.crv === crv) &&
    (kid === undefined || (typeof kid === 'string' && jwk.kid === kid)) &&
    (jwk.alg === undefined ? kty !== 'AKP' : jwk.alg === alg) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    (key_ops === undefined || (areUniqueStrings(key_ops) && key_ops.includes('verify'))) &&
    (ext === undefined || typeof ext === 'boolean')
  )
}
