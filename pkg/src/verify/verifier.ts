import { TollgateError } from '../errors.js'
import { CoreVerifier } from '../generated/verify/tollgate_verify.js'
import { thrownByCore } from '../internal/core-error.js'
import { drive, type Transport } from '../internal/exchange.js'
import { transport } from '../internal/options.js'
import type { Core } from './core.js'
import { keySource } from './source.js'
import type { Expectations, JwkSet, JwsHeader, JwtClaims, Verified, Verifier, VerifierOptions } from './types.js'

/** The verifier over the core's: it moves bytes and sends requests, and decides nothing. */
export class WasmVerifier implements Verifier {
  readonly #core: Core
  readonly #transport: Transport
  #verifier: CoreVerifier | undefined
  /** The `key` of results, by the index of the key and as far as they were asked for. */
  #keys: Omit<Verified['key'], 'alg'>[] = []
  #loading: Promise<void> | undefined
  #loadFailure: unknown

  constructor(core: Core, options: VerifierOptions) {
    const { jwksUri, jwks, key, fetch, now, timeout, signal, preload: _, ...policy } = options
    this.#core = core
    this.#transport = transport({ fetch, now, timeout }, signal)
    const { kind, bytes } = keySource({ jwksUri, jwks, key }, policy.issuer)
    try {
      this.#verifier = new CoreVerifier(optionsJson(policy), kind, bytes)
    } catch (thrown) {
      throw thrownByCore(thrown)
    }
  }

  async verify<C = JwtClaims>(token: string, expect?: Partial<Expectations>): Promise<Verified<C>> {
    if (this.#attempt(token, expect)) return this.#verified()
    const failure = this.#core.error()
    if (!(await this.#fetchFor(failure))) throw failure
    return this.verifySync(token, expect)
  }

  verifySync<C = JwtClaims>(token: string, expect?: Partial<Expectations>): Verified<C> {
    if (this.#attempt(token, expect)) return this.#verified()
    throw this.#core.error()
  }

  load(): Promise<void> {
    const verifier = this.#live()
    return (this.#loading ??= drive(verifier, this.#transport)
      .then(() => {
        this.#keys = []
      })
      .catch((failure) => {
        this.#loadFailure = failure
        throw failure
      })
      .finally(() => {
        this.#loading = undefined
      }))
  }

  jwks(): JwkSet | undefined {
    const json = this.#live().jwks()
    return json === undefined ? undefined : JSON.parse(json)
  }

  free(): void {
    const verifier = this.#verifier
    this.#verifier = undefined
    // A load that is under way still steps through the core's object.
    if (this.#loading) this.#loading.then(() => verifier?.free(), () => verifier?.free())
    else verifier?.free()
  }

  [Symbol.dispose](): void {
    this.free()
  }

  #live(): CoreVerifier {
    if (!this.#verifier) throw new TypeError('the verifier was freed')
    return this.#verifier
  }

  #now(): number {
    const now = this.#transport.now()
    if (!Number.isFinite(now)) throw new TypeError('`now` must return seconds since the epoch')
    return now
  }

  #attempt(token: string, expect: Partial<Expectations> | undefined): boolean {
    const verifier = this.#live()
    const now = this.#now()
    const length = this.#core.write(token)
    return expect === undefined
      ? verifier.verify(this.#core.buffer, length, now)
      : verifier.verify_expecting(this.#core.buffer, length, optionsJson(expect), now)
  }

  #verified<C>(): Verified<C> {
    const index = this.#core.keyIndex()
    const protectedHeader = this.#core.header<JwsHeader>()
    return { claims: this.#core.claims<C>(), protectedHeader, key: { ...this.#key(index), alg: protectedHeader.alg } }
  }

  #key(index: number): Omit<Verified['key'], 'alg'> {
    let key = this.#keys[index]
    if (!key) {
      const verifier = this.#live()
      const kid = verifier.kid(index)
      const thumbprint = verifier.thumbprint(index)
      key = { ...(kid !== undefined && { kid }), ...(thumbprint !== undefined && { thumbprint }) }
      this.#keys[index] = key
    }
    return key
  }

  /** Fetches the keys if that can turn `failure` into success, and says whether it did. */
  async #fetchFor(failure: TollgateError): Promise<boolean> {
    const notLoaded = failure.code === 'ERR_JWKS_NOT_LOADED'
    if (!notLoaded && failure.code !== 'ERR_JWKS_NO_MATCHING_KEY') return false
    if (!this.#loading && !this.#live().may_fetch(this.#now())) {
      // Within the cooldown after a failure, that failure says more than that there are no keys.
      if (notLoaded && this.#loadFailure) throw this.#loadFailure
      return false
    }
    await this.load()
    return true
  }
}

/** A requirement that is `undefined` would not be checked, and is more likely a mistake than meant. */
function optionsJson(options: object): string {
  for (const [claim, value] of Object.entries(options)) {
    if (value === undefined) throw new TollgateError('ERR_OPTION_INVALID', { claim, reason: 'missing' })
  }
  return JSON.stringify(options)
}
