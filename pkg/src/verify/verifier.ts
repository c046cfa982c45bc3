import { TollgateError } from '../errors.js'
import { CoreVerifier } from '../generated/verify/tollgate_verify.js'
import { thrownByCore } from '../internal/core-error.js'
import { drive, type Transport } from '../internal/exchange.js'
import { optionsJson, requirePlain, transport } from '../internal/options.js'
import { verdictCache, type Verdict, type VerdictCache } from './cache.js'
import type { Core } from './core.js'
import { keySource } from './source.js'
import type { CallExpectations, JwkSet, JwsHeader, JwtClaims, Verified, Verifier, VerifierOptions } from './types.js'

/** From here on it is milliseconds that were returned for seconds: the year 5138. */
const MILLISECONDS = 1e11

type KeyName = Omit<Verified['key'], 'alg'>

/** The verifier over the core's: it moves bytes and sends requests, and decides nothing. */
export class WasmVerifier implements Verifier {
  readonly #core: Core
  readonly #transport: Transport
  readonly #check: VerifierOptions['check'] | undefined
  #verifier: CoreVerifier | undefined
  #cache: VerdictCache | undefined
  /** The names of the keys of one generation, by index and as far as they were asked for. */
  #keys: KeyName[] = []
  #generation = 0
  #loading: Promise<void> | undefined
  #loadFailure: unknown

  constructor(core: Core, options: VerifierOptions) {
    requirePlain(options)
    const { cache, check, ...others } = options
    const { jwksUri, jwks, key, fetch, now, timeout, signal, preload: _, ...policy } = others
    // One that is `undefined` would not be called.
    if ('check' in options && typeof check !== 'function') throw new TypeError('`check` must be a function')
    this.#core = core
    this.#check = check
    this.#cache = verdictCache(cache)
    this.#transport = transport({ fetch, now, timeout }, signal)
    const { kind, bytes } = keySource({ jwksUri, jwks, key }, policy.issuer)
    try {
      this.#verifier = new CoreVerifier(optionsJson(policy), kind, bytes)
    } catch (thrown) {
      throw thrownByCore(thrown)
    }
  }

  async verify<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>): Promise<Verified<C>> {
    let verified = this.#attempt<C>(token, expect)
    if (!verified) {
      const failure = this.#core.error()
      if (!(await this.#fetchFor(failure))) throw failure
      verified = this.#attempt<C>(token, expect)
      if (!verified) throw this.#core.error()
    }
    requireNothing(await this.#check?.(verified as Verified))
    return verified
  }

  verifySync<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>): Verified<C> {
    const verified = this.#attempt<C>(token, expect)
    if (!verified) throw this.#core.error()
    const result: unknown = this.#check?.(verified as Verified)
    if (typeof (result as PromiseLike<void> | undefined)?.then === 'function') {
      // Nobody waits for it: its failure must not end the process.
      Promise.resolve(result).catch(() => {})
      throw new TypeError('`check` is asynchronous; call `verify`, which waits for it, instead of `verifySync`')
    }
    requireNothing(result)
    return verified
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
    this.#cache = undefined
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

  /** What the token says; nothing when it is refused, and the core knows why. */
  #attempt<C>(token: string, expect: Partial<CallExpectations> | undefined): Verified<C> | undefined {
    const verifier = this.#live()
    // Whatever can run the caller's code comes before the token is written: a call within it would replace the token.
    const now = this.#now()
    const cache = expect === undefined ? this.#cache : undefined
    const known = cache?.get(token, now, (generation) => verifier.is_current(generation, now))
    if (known) return parse(known)
    const expectations = expect === undefined ? undefined : optionsJson(expect)
    const length = this.#core.write(token)
    const passes =
      expectations === undefined
        ? verifier.verify(this.#core.buffer, length, now)
        : verifier.verify_expecting(this.#core.buffer, length, expectations, now)
    if (!passes) return undefined
    const [header, claims] = [this.#core.headerText(), this.#core.claimsText()]
    const protectedHeader: JwsHeader = JSON.parse(header)
    const { index, generation } = this.#core.key()
    const key = { ...this.#key(index, generation), alg: protectedHeader.alg }
    if (cache) cache.set(token, now, { header, claims, key: { ...key }, generation, ...this.#core.window() })
    return { claims: JSON.parse(claims), protectedHeader, key }
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

  /** Fetches the keys if that can turn `failure` into success, and says whether it did. */
  async #fetchFor(failure: TollgateError): Promise<boolean> {
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

/** New objects each time: what a caller does to its own is no other's business. */
function parse<C>({ header, claims, key }: Verdict): Verified<C> {
  return { claims: JSON.parse(claims), protectedHeader: JSON.parse(header), key: { ...key } }
}

/** A check that returns `false` was meant to refuse. */
function requireNothing(result: unknown): void {
  if (result !== undefined) throw new TypeError('`check` must return nothing; it refuses a token by throwing')
}

function keyName(verifier: CoreVerifier, index: number): KeyName {
  const kid = verifier.kid(index)
  const thumbprint = verifier.thumbprint(index)
  return { ...(kid !== undefined && { kid }), ...(thumbprint !== undefined && { thumbprint }) }
}
