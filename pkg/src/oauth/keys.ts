/** The keys of a client: they sign here, and never enter wasm. */
import { TollgateError } from '../errors.js'
import { WEBCRYPTO } from '../generated/algorithms.js'
import { invalidOption } from '../internal/options.js'
import type { CryptoKey, CryptoKeyPair, OAuthClient, SigningKey } from './types.js'

/** A key, the algorithm that it signs under, and what it is called. */
export interface Signer {
  alg: string
  kid?: string | undefined
  /** The key, which is made when it is first needed. */
  key: () => CryptoKey | Promise<CryptoKey>
}

type Parameters = { name: string; hash?: string; namedCurve?: string }

const PARAMETERS = WEBCRYPTO as Record<string, Parameters>

/** The HMAC of which a secret is the key. */
const HMAC = { alg: 'HS256', parameters: { name: 'HMAC', hash: 'SHA-256' } } as const

/** The key that `client` signs with, if it has one: the private key, but for `client_secret_jwt`, or else the secret. */
export function clientSigner({ token_endpoint_auth_method, privateKey, client_secret }: OAuthClient): Signer | undefined {
  if (privateKey !== undefined && token_endpoint_auth_method !== 'client_secret_jwt') return signerOf('privateKey', privateKey)
  if (client_secret === undefined) return undefined
  const secret = new TextEncoder().encode(client_secret)
  return { alg: HMAC.alg, key: () => crypto.subtle.importKey('raw', secret, HMAC.parameters, false, ['sign']) }
}

/** The private key of `dpop`. */
export const dpopSigner = (dpop: CryptoKeyPair): Signer => signerOf('dpop', dpop?.privateKey)

function signerOf(name: string, given: CryptoKey | SigningKey | undefined): Signer {
  const isObject = typeof given === 'object' && given !== null
  const { key, kid, alg } = isObject && 'key' in given ? given : { key: given, kid: undefined, alg: undefined }
  if (key?.type !== 'private' || !key.usages.includes('sign')) {
    throw new TypeError(`\`${name}\` must be a private CryptoKey that may sign`)
  }
  const found = alg ?? algorithmOf(key)
  if (found === undefined) throw invalidOption(name, 'mismatch')
  return { alg: found, kid, key: () => key }
}

/** The registered `alg` of a key. */
function algorithmOf(key: CryptoKey): string | undefined {
  const { name, hash, namedCurve } = key.algorithm as { name: string; hash?: { name: string }; namedCurve?: string }
  const fits = (parameters: Parameters) =>
    parameters.name === name &&
    (namedCurve === undefined ? hash === undefined || parameters.hash === hash.name : parameters.namedCurve === namedCurve)
  return Object.keys(PARAMETERS).find((alg) => fits(PARAMETERS[alg]!))
}

/**
 * The signature of `input`.
 *
 * @throws TollgateError `ERR_OAUTH_SIGNING_FAILED`
 */
export async function signatureOf({ alg, key }: Signer, input: string): Promise<Uint8Array> {
  const parameters = alg === HMAC.alg ? HMAC.parameters : PARAMETERS[alg]
  try {
    return new Uint8Array(await crypto.subtle.sign(parameters!, await key(), new TextEncoder().encode(input)))
  } catch (cause) {
    throw new TollgateError('ERR_OAUTH_SIGNING_FAILED', { cause })
  }
}

const exported = new WeakMap<CryptoKey, Promise<object>>()

/** The public JWK of a key pair. */
export function publicJwkOf({ publicKey }: CryptoKeyPair): Promise<object> {
  // A private key that is exported would enter wasm.
  if (publicKey?.type !== 'public') throw new TypeError('`dpop` must have a public CryptoKey')
  let jwk = exported.get(publicKey)
  if (!jwk) {
    jwk = crypto.subtle.exportKey('jwk', publicKey)
    exported.set(publicKey, jwk)
  }
  return jwk
}

/**
 * A key pair to bind tokens to (RFC 9449), of ES256. The private key cannot be extracted; a `CryptoKeyPair` can be kept in
 * IndexedDB.
 */
export function generateDpopKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']) as Promise<CryptoKeyPair>
}
