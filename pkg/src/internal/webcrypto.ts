/** Signatures that WebCrypto verifies. */
import { WEBCRYPTO } from '../generated/algorithms.js'

/** The parameters of every algorithm together: each call of WebCrypto reads those that it needs. */
export type Parameters = RsaHashedImportParams & RsaPssParams & EcKeyImportParams & EcdsaParams

/** What WebCrypto takes for the `alg` of public keys. It throws for those that it does not have, as for an unknown one. */
export const parametersOf = (alg: string): Parameters => (WEBCRYPTO as Record<string, unknown>)[alg] as Parameters

/**
 * The key of a public JWK, in JSON, which says nothing of its use.
 *
 * @throws What the platform throws where it lacks WebCrypto or the algorithm, or where it is no key: see `isOfData`.
 */
export const importPublicKey = (parameters: Parameters, jwk: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', JSON.parse(jwk) as JsonWebKey, parameters, false, ['verify'])

/**
 * Whether `signature` is one of `message`.
 *
 * @throws What the platform throws where it cannot tell; for some signatures too, see `isOfData`.
 */
export const verifySignature = (
  parameters: AlgorithmIdentifier,
  key: CryptoKey,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> => crypto.subtle.verify(parameters, key, signature as BufferSource, message as BufferSource)

/** What was signed of a JWS in Compact Serialization, and the signature; the core has looked at its spelling. */
export function signedParts(jws: string): [message: Uint8Array, signature: Uint8Array] {
  const end = jws.lastIndexOf('.')
  const binary = atob(jws.slice(end + 1).replaceAll('-', '+').replaceAll('_', '/'))
  return [new TextEncoder().encode(jws.slice(0, end)), Uint8Array.from(binary, (char) => char.charCodeAt(0))]
}

/** Whether what was thrown is about the key or the signature: workerd throws `OperationError` where others say which. */
export function isOfData(thrown: unknown): boolean {
  const name = (thrown as { name?: unknown } | null)?.name
  return name === 'DataError' || name === 'OperationError'
}
