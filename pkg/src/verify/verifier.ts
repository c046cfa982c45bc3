import { TollgateError } from '../errors.js'
import { CoreVerifier } from '../generated/verify/tollgate_verify.js'
import { thrownByCore } from '../internal/core-error.js'
import { drive, type Transport } from '../internal/exchange.js'
import { optionsJson, requirePlain, transport } from '../internal/options.js'
import type { Core } from './core.js'
import type { RareSource } from './rare.js'
import { keySource } from './source.js'
import type { Expectations, JwkSet, JwsHeader, JwtClaims, Verified, Verifier, VerifierOptions } from './types.js'

/** From here on it is milliseconds that were returned for seconds: the year 5138. */
const MILLISECONDS = 1e11

type KeyName = Omit<Verified['key'], 'alg'>

/** The verifier over the core's: it moves bytes and sends requests, and decides nothing. */
export class WasmVerifier implements Verifier {
  readonly #core: Core
  readonly #rare: RareSource
  readonly #transport: Transport
  #verifier: CoreVerifier | undefined
  /** The names of the keys of one generation, by index and as far as they were asked for. */
  #keys: KeyName[] = []
  #generation = 0
  #loading: Promise<void> | undefined
  #loadFailure: unknown

  constructor(core: Core, options: VerifierOptions, rare: RareSource) {
    requirePlain(options)
    const { jwksUri, jwks, key, fetch, now, timeout, signal, preload: _, ...policy } = options
    this.#core = core
    this.#rare = rare
    this.#transport = transport({ fetch, now, timeout }, signal)
    const { kind, bytes } = keySource({ jwksUri, jwks, key }, policy.issuer)
    try {
      this.#verifier = new CoreVerifier(optionsJson(policy), kind, bytes)
    } catch (thrown) {
      throw thrownByCore(thrown)
    }
  }

  /** Loads the module of the rare algorithms if a key at hand needs it. */
  async prepare(): Promise<void> {
    if (!this.#live().prepare()) return
    const rare = await this.#rare()
    if (this.#live().prepare(rare)) throw new TollgateError('ERR_JWK_INVALID')
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

  async load(): Promise<void> {
    this.#live()
    while (this.#loading) {
      const loading = this.#loading
      const failure = await this.#outcome(loading)
      if (failure === undefined) return
      if (failure instanceof TollgateError) throw failure
      // On workerd a promise dies with the request that made it. Whoever waited begins anew.
      if (this.#loading === loading) this.#loading = undefined
    }
    await this.#begin()
  }

  jwks(): JwkSet | undefined {
    const json = this.#live().jwks()
    return json === undefined ? undefined : JSON.parse(json)
  }

  free(): void {
    this.#verifier?.free()
    this.#verifier = undefined
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
    if (!(now >= 0 && now < MILLISECONDS)) throw new TypeError('`now` must return seconds since the epoch')
    return now
  }

  #attempt(token: string, expect: Partial<Expectations> | undefined): boolean {
    const verifier = this.#live()
    // Whatever can run the caller's code comes before the token is written: a call within it would replace the token.
    const now = this.#now()
    const expectations = expect === undefined ? undefined : optionsJson(expect)
    const length = this.#core.write(token)
    return expectations === undefined
      ? verifier.verify(this.#core.buffer, length, now)
      : verifier.verify_expecting(this.#core.buffer, length, expectations, now)
  }

  #verified<C>(): Verified<C> {
    const { index, generation } = this.#core.key()
    const protectedHeader = this.#core.header<JwsHeader>()
    const claims = this.#core.claims<C>()
    return { claims, protectedHeader, key: { ...this.#key(index, generation), alg: protectedHeader.alg } }
  }

  #key(index: number, generation: number): KeyName {
    if (generation !== this.#generation) {
      this.#generation = generation
      this.#keys = []
    }
    return (this.#keys[index] ??= keyName(this.#live(), index))
  }

  #begin(): Promise<void> {
    const load = this.#live().load()
    const loading = drive(load, this.#transport)
      // Tokens of other keys do not need it; `verify` tries again for those that do.
      .then(() => this.prepare().catch(() => {}))
      .catch((failure) => {
        this.#loadFailure = failure
        throw failure
      })
      .finally(() => {
        load.free()
        if (this.#loading === loading) this.#loading = undefined
      })
    return (this.#loading = loading)
  }

  /** How a load that another call began ends: `undefined` is well. One that takes too long was abandoned. */
  async #outcome(loading: Promise<void>): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const abandoned = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, 3 * this.#transport.timeout, 'abandoned')
    })
    try {
      return await Promise.race([loading, abandoned])
    } catch (failure) {
      return failure
    } finally {
      clearTimeout(timer)
    }
  }

  /** Fetches the keys, or the module for them, if that can turn `failure` into success, and says whether it did. */
  async #fetchFor(failure: TollgateError): Promise<boolean> {
    if (failure.code === 'ERR_JOSE_NOT_SUPPORTED' && this.#live().prepare()) {
      await this.prepare()
      return true
    }
    const notLoaded = failure.code === 'ERR_JWKS_NOT_LOADED'
    if (!notLoaded && failure.code !== 'ERR_JWKS_NO_MATCHING_KEY') return false
    if (!this.#loading && !this.#live().may_fetch(this.#now())) {
      // Within the cooldown after a failure, that failure says more than that there are no keys.
      if (notLoaded && this.#loadFailure !== undefined) throw this.#loadFailure
      return false
    }
    await this.load()
    return true
  }
}

function keyName(verifier: CoreVerifier, index: number): KeyName {
  const kid = verifier.kid(index)
  const thumbprint = verifier.thumbprint(index)
  return { ...(kid !== undefined && { kid }), ...(thumbprint !== undefined && { thumbprint }) }
}
