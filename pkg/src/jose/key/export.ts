/** Keys out, under jose's names. */
import { encode } from '../base64url.js'
import { JOSENotSupported } from '../errors.js'
import type * as t from '../types.js'
import { isPortable, publicJwkOf } from './crypto-key.js'
import { isCryptoKey, isKeyObject, wrongType } from './input.js'
import { pemOf } from './pem.js'

/**
 * A key as a JWK.
 *
 * @throws TypeError for what is no key, or may not be exported.
 */
export async function exportJWK(key: t.CryptoKey | t.KeyObject | Uint8Array): Promise<t.JWK> {
  if (isKeyObject(key)) return key.type === 'secret' ? secret(key.export()) : key.export({ format: 'jwk' })
  if (key instanceof Uint8Array) return secret(key)
  if (!isCryptoKey(key)) throw new TypeError(wrongType('Key', key, ['CryptoKey', 'KeyObject', 'Uint8Array']))
  if (!key.extractable) throw new TypeError('non-extractable CryptoKey cannot be exported as a JWK')
  const exported = isPortable(key) ? publicJwkOf(key)! : ((await crypto.subtle.exportKey('jwk', key)) as t.JWK)
  const { ext: _, key_ops: __, use: ___, alg, ...jwk } = exported
  const members = jwk.kty === 'AKP' ? { ...jwk, alg } : jwk
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

const secret = (bytes: Uint8Array): t.JWK => ({ kty: 'oct', k: encode(bytes) })

/**
 * A public key in PEM, of SPKI.
 *
 * @throws TypeError for what is no such key, or may not be exported.
 */
export function exportSPKI(key: t.CryptoKey | t.KeyObject): Promise<string> {
  return exported(key, 'public', 'spki')
}

/**
 * A private key in PEM, of PKCS#8.
 *
 * @throws TypeError for what is no such key, or may not be exported.
 */
export function exportPKCS8(key: t.CryptoKey | t.KeyObject): Promise<string> {
  return exported(key, 'private', 'pkcs8')
}

async function exported(key: unknown, type: 'public' | 'private', format: 'spki' | 'pkcs8'): Promise<string> {
  if (isKeyObject(key)) {
    if (key.type !== type) throw new TypeError(`key is not a ${type} key`)
    return key.export({ format: 'pem', type: format })
  }
  if (!isCryptoKey(key)) throw new TypeError(wrongType('Key', key, ['CryptoKey', 'KeyObject']))
  if (!key.extractable) throw new TypeError('CryptoKey is not extractable')
  if (key.type !== type) throw new TypeError(`key is not a ${type} key`)
  if (isPortable(key)) throw new JOSENotSupported('This runtime exports no such key; use exportJWK')
  return pemOf(`${type.toUpperCase()} KEY`, new Uint8Array(await crypto.subtle.exportKey(format, key)))
}
