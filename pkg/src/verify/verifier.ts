import { TollgateError } from '../errors.js'
import { CoreVerifier } from '../generated/verify/tollgate_verify.js'
import { thrownByCore } from '../internal/core-error.js'
import type { Transport } from '../internal/exchange.js'
import { copyJson } from '../internal/json.js'
import { optionsJson, readClock, transport } from '../internal/options.js'
import type { Arithmetic } from './backend.js'
import { verdictCache, type VerdictCache } from './cache.js'
import type { Core, Decoded } from './core.js'
import { KeyLoader } from './loader.js'
import { isRemote, keySource } from './source.js'
import { isPublic, type WebCryptoKeys } from './webcrypto.js'
import type { CallExpectations, JwkSet, JwtClaims, Verified, Verifier, VerifierOptions } from './types.js'

/** The verifier over the core's: it moves bytes and sends requests, and decides nothing. */
export class WasmVerifier implements Verifier {
  readonly #core: Core
  readonly #arithmetic: Arithmetic
  readonly #transport: Transport
  readonly #check: VerifierOptions['check'] | undefined
  #verifier: CoreVerifier | undefined
  #cache: VerdictCache | undefined
  /** The keys of one generation as they last were in a result, by index and as far as they were. */
  #keys: Verified['key'][] = []
  #generation = 0
  /** Where the keys are fetched. */
  readonly #loader: KeyLoader | undefined

  constructor(core: Core, options: VerifierOptions, arithmetic: Arithmetic) {
    const { cache, check, jwksUri, jwks, key, fetch, now, timeout, signal, preload: _, backend: __, keyTables: ___, ...others } = options
    const { jwksMaxAge, jwksStaleIfError, jwksCache, waitUntil, ...policy } = others
    // One that is `undefined` would not be called.
    if ('check' in options && typeof check !== 'function') throw new TypeError('`check` must be a function')
    this.#core = core
    this.#arithmetic = arithmetic
    this.#check = check
    this.#cache = verdictCache(cache)
    this.#transport = transport({ fetch, now, timeout }, signal)
    const { kind, bytes } = keySource({ jwksUri, jwks, key }, policy.issuer)
    const limits = optionsJson({ jwksMaxAge, jwksStaleIfError }, true)
    if (isRemote(kind)) {
      const name = jwksUri === undefined ? `issuer:${policy.issuer}` : `uri:${jwksUri}`
      const checked = { ...this.#transport, now: () => this.#now() }
      this.#loader = new KeyLoader(() => this.#live(), () => this.prepare(), checked, { jwksCache, waitUntil }, name)
    }
    try {
      this.#verifier = new CoreVerifier(optionsJson(policy), kind, bytes, limits, arithmetic.kernels)
    } catch (thrown) {
      throw thrownByCore(thrown)
    }
  }

  /** Loads the kernels that keys at hand need. */
  async prepare(): Promise<void> {
    const { kernels, webCrypto } = this.#arithmetic
    if (webCrypto) {
      const alg = this.#live().alg_of_one_key()
      const isGood = alg === undefined || !isPublic(alg) || (await webCrypto.takes(alg, this.#live().jwk(0)!))
      if (!isGood) throw new TollgateError('ERR_JWK_INVALID')
      return
    }
    const lacking = this.#live().lacking()
    if (lacking !== 0) await kernels.load(lacking)
    if (!this.#live().check_key()) throw new TollgateError('ERR_JWK_INVALID')
  }

  /** `decoded` is the token, where it was decoded before. */
  async verify<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>, decoded?: Decoded): Promise<Verified<C>> {
    const result = this.#verify<C>(token, expect, decoded)
    // To wait for what is there already takes its time too.
    const verified = result instanceof Promise ? await result : result
    if (this.#check) requireNothing(await this.#check(verified as Verified))
    return verified
  }

  /** As `verify`. */
  verifySync<C = JwtClaims>(token: string, expect?: Partial<CallExpectations>, decoded?: Decoded): Verified<C> {
    const verified = this.#passed(this.#attempt<C>(token, callExpectations(expect), this.#now(), { decoded }))
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
    await this.fetchKeys()
    this.buildTables()
  }

  /** Fetches the keys now, where they are fetched. */
  async fetchKeys(): Promise<void> {
    this.#live()
    await this.#loader?.load()
  }

  /** Builds the tables of the keys at hand as far as there is room. Meanwhile the verifier may have been freed. */
  buildTables(): void {
    this.#verifier?.build_tables()
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
    this.#core.requireStack()
    if (!this.#verifier) throw new TypeError('the verifier was freed')
    return this.#verifier
  }

  #now(): number {
    return readClock(this.#transport)
  }

  #verify<C>(
    token: string,
    expect: Partial<CallExpectations> | undefined,
    decoded: Decoded | undefined,
  ): Verified<C> | Promise<Verified<C>> {
    // Before anything is awaited: what becomes of the caller's object meanwhile does not count.
    const expectations = callExpectations(expect)
    const now = this.#now()
    const fetched = this.#loader?.before(now)
    if (fetched) return fetched.then(() => this.#verifyAt(this.#now(), token, expectations, decoded))
    return this.#verifyAt(now, token, expectations, decoded)
  }

  #verifyAt<C>(
    now: number,
    token: string,
    expectations: string | undefined,
    decoded: Decoded | undefined,
  ): Verified<C> | Promise<Verified<C>> {
    const { webCrypto } = this.#arithmetic
    if (webCrypto) return this.#verifyBy(webCrypto, token, expectations, now)
    return this.#attempt<C>(token, expectations, now, { decoded }) ?? this.#again(now, token, expectations)
  }

  /** Verifies a token once more that was refused just now, where it was for a lack of kernels or keys. */
  async #again<C>(now: number, token: string, expectations: string | undefined): Promise<Verified<C>> {
    const failure = this.#core.error()
    if (failure.code === 'ERR_JOSE_NOT_SUPPORTED' && this.#live().lacking() !== 0) return this.#prepared(token, expectations)
    if (!(await this.#loader?.fetchFor(failure, this.#core.buffer, now))) throw failure
    return this.#passed(this.#attempt<C>(token, expectations))
  }

  /** Verifies a token after the kernels were loaded. One that cannot be is of no matter to tokens that do without it. */
  async #prepared<C>(token: string, expectations: string | undefined): Promise<Verified<C>> {
    const failed = await this.prepare().then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    )
    const verified = this.#attempt<C>(token, expectations)
    if (!verified && failed && this.#core.error().code === 'ERR_JOSE_NOT_SUPPORTED') throw failed.cause
    return this.#passed(verified)
  }

  /** The same where WebCrypto verifies the signature. Whatever the core tells of a token is taken before anything is awaited. */
  async #verifyBy<C>(
    webCrypto: WebCryptoKeys,
    token: string,
    expectations: string | undefined,
    now: number,
    mayFetch = true,
  ): Promise<Verified<C>> {
    const verifier = this.#live()
    const candidates = verifier.candidates(this.#core.buffer, this.#core.write(token), now)
    if (!candidates) {
      const failure = this.#core.error()
      if (!mayFetch || !(await this.#loader?.fetchFor(failure, this.#core.buffer, now))) throw failure
      return this.#verifyBy(webCrypto, token, expectations, this.#now(), false)
    }
    const { alg } = this.#core.header(token)
    if (!isPublic(alg)) return this.#passed(this.#attempt<C>(token, expectations, now))
    const { generation } = verifier
    const key = await webCrypto.find(verifier, token, alg, candidates)
    // An index belongs to the keys of then: with others, the question is another.
    if (this.#live().generation !== generation) return this.#verifyBy(webCrypto, token, expectations, this.#now(), false)
    return this.#passed(this.#attempt<C>(token, expectations, now, { signed: { key } }))
  }

  #passed<C>(verified: Verified<C> | undefined): Verified<C> {
    if (!verified) throw this.#core.error()
    return verified
  }

  /**
   * What the token says; nothing when it is refused, and the core knows why. `signed` is by which key, where the signature was
   * verified.
   */
  #attempt<C>(
    token: string,
    expectations: string | undefined,
    now = this.#now(),
    { decoded, signed }: { decoded?: Decoded | undefined; signed?: { key: number | undefined } } = {},
  ): Verified<C> | undefined {
    // Whatever can run the caller's code has been done: a call within it could free the verifier or replace the token.
    const verifier = this.#live()
    const cache = expectations === undefined ? this.#cache : undefined
    const known = cache?.get(token, now, (generation) => verifier.is_current(generation, now))
    if (known) return copyJson(known.verified) as Verified<C>
    const { buffer } = this.#core
    const held = this.#core.holds(decoded) ? decoded : undefined
    const length = held?.length ?? this.#core.write(token)
    const passes = signed
      ? verifier.verify_signed_by(signed.key, buffer, length, now, expectations)
      : verifier[held ? 'verify_decoded' : 'verify'](buffer, length, now, expectations)
    if (!passes) return undefined
    const protectedHeader = this.#core.header(token)
    const claims = (held?.claims ?? this.#core.claims()) as C
    const { index, generation } = this.#core.key()
    const verified = { claims, protectedHeader, key: this.#key(index, generation, protectedHeader.alg) }
    if (cache) {
      cache.set(token, now, { verified: copyJson(verified) as Verified, generation, ...this.#core.window() })
    }
    return verified
  }

  #key(index: number, generation: number, alg: string): Verified['key'] {
    if (generation !== this.#generation) {
      this.#generation = generation
      this.#keys = []
    }
    let key = this.#keys[index]
    if (key?.alg !== alg) key = this.#keys[index] = { ...(key ?? JSON.parse(this.#live().key_name(index))), alg }
    // A copy, and of all members at once: V8 takes long to copy some and then add one.
    return { ...key! }
  }
}

/** The expectations of one call as the core takes them. */
function callExpectations(expect: Partial<CallExpectations> | undefined): string | undefined {
  return expect === undefined ? undefined : optionsJson(expect)
}

/** A check that returns `false` was meant to refuse. */
function requireNothing(result: unknown): void {
  if (result !== undefined) throw new TypeError('`check` must return nothing; it refuses a token by throwing')
}
