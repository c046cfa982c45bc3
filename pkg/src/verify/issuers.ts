import { TollgateError } from '../errors.js'
import { invalidOption } from '../internal/options.js'
import type { Arithmetic } from './backend.js'
import type { Core, Decoded } from './core.js'
import type { CallExpectations, JwkSet, JwtClaims, Verified, Verifier, VerifierOptions } from './types.js'
import { WasmVerifier } from './verifier.js'

/** More than any honest configuration names. */
const MAX_ISSUERS = 1000

/** Sources of keys belong to one issuer: keys that all of them share could sign for any. */
const OF_ONE_ISSUER = ['jwksUri', 'jwks', 'key']

/** What is done for all issuers alike. */
const OF_ALL_ISSUERS = ['fetch', 'now', 'timeout', 'signal', 'waitUntil', 'jwksCache', 'preload', 'backend', 'keyTables']

/**
 * Several issuers, each with a whole verifier of its own: its keys, its policy and its check of `iss`. The `iss` of a token
 * that nothing has verified yet selects which of them verifies it, and decides nothing else.
 */
export class IssuersVerifier implements Verifier {
  readonly #core: Core
  readonly #verifiers = new Map<string, WasmVerifier>()

  constructor(core: Core, options: VerifierOptions, arithmetic: Arithmetic) {
    const { issuer: issuers, ...shared } = options
    if (!Array.isArray(issuers) || issuers.length === 0 || issuers.length > MAX_ISSUERS) throw invalidOption('issuer')
    refuse(shared, OF_ONE_ISSUER)
    this.#core = core
    try {
      for (const entry of issuers) {
        if (typeof entry !== 'object' || entry === null) throw new TypeError('each of the issuers must be an object')
        refuse(entry, OF_ALL_ISSUERS)
        const own = { ...shared, ...entry } as VerifierOptions
        if (typeof own.issuer !== 'string') throw new TypeError('the `issuer` of each of the issuers must be a string')
        if (this.#verifiers.has(own.issuer)) throw invalidOption('issuer', 'mismatch')
        this.#verifiers.set(own.issuer, new WasmVerifier(core, own, arithmetic))
      }
    } catch (failure) {
      this.free()
      throw failure
    }
  }

  /** Loads the kernels that keys at hand need. */
  async prepare(): Promise<void> {
    for (const verifier of this.#verifiers.values()) await verifier.prepare()
  }

  async verify<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>): Promise<Verified<C>> {
    const { verifier, decoded } = this.#select(token)
    return verifier.verify<C>(token, expect, decoded)
  }

  verifySync<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>): Verified<C> {
    const { verifier, decoded } = this.#select(token)
    return verifier.verifySync<C>(token, expect, decoded)
  }

  async load(): Promise<void> {
    this.#live()
    const verifiers = [...this.#verifiers.values()]
    const results = await Promise.allSettled(verifiers.map((verifier) => verifier.fetchKeys()))
    // In the order of the issuers, whoever answered first: they share the room.
    for (const verifier of verifiers) verifier.buildTables()
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  jwks(): JwkSet | undefined {
    this.#live()
    return undefined
  }

  free(): void {
    for (const verifier of this.#verifiers.values()) verifier.free()
    this.#verifiers.clear()
  }

  [Symbol.dispose](): void {
    this.free()
  }

  #live(): void {
    if (this.#verifiers.size === 0) throw new TypeError('the verifier was freed')
  }

  #select(token: string): { verifier: WasmVerifier; decoded: Decoded } {
    this.#live()
    this.#core.requireStack()
    const decoded = this.#core.decode(token)
    const { iss } = decoded.claims
    const verifier = this.#verifiers.get(iss as string)
    if (verifier) return { verifier, decoded }
    const reason = iss === undefined ? 'missing' : typeof iss === 'string' ? 'mismatch' : 'malformed'
    throw new TollgateError('ERR_JWT_CLAIM_VALIDATION_FAILED', { claim: 'iss', reason })
  }
}

function refuse(options: object, names: string[]): void {
  for (const name of names) {
    if ((options as Record<string, unknown>)[name] !== undefined) throw invalidOption(name, 'mismatch')
  }
}
