import { CoreVerifier } from '../generated/verify/tollgate_verify.js'
import { thrownByCore } from '../internal/core-error.js'
import type { Transport } from '../internal/exchange.js'
import { optionsJson, readClock, requirePlain, transport } from '../internal/options.js'
import type { Core } from './core.js'
import { KeyLoader } from './loader.js'
import type { RareSource } from './rare.js'
import { isRemote, keySource } from './source.js'
import type { Expectations, JwkSet, JwsHeader, JwtClaims, Verified, Verifier, VerifierOptions } from './types.js'

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
  /** Where the keys are fetched. */
  readonly #loader: KeyLoader | undefined

  constructor(core: Core, options: VerifierOptions, rare: RareSource) {
    requirePlain(options)
    const { jwksUri, jwks, key, fetch, now, timeout, signal, preload: _, ...others } = options
    const { jwksMaxAge, jwksStaleIfError, jwksCache, waitUntil, ...policy } = others
    this.#core = core
    this.#rare = rare
    this.#transport = transport({ fetch, now, timeout }, signal)
    const { kind, bytes } = keySource({ jwksUri, jwks, key }, policy.issuer)
    const limits = optionsJson({ jwksMaxAge, jwksStaleIfError }, true)
    if (isRemote(kind)) {
      const name = jwksUri === undefined ? `issuer:${policy.issuer}` : `uri:${jwksUri}`
      const checked = { ...this.#transport, now: () => this.#now() }
      this.#loader = new KeyLoader(() => this.#live(), () => this.prepare(), checked, { jwksCache, waitUntil }, name)
    }
    try {
      this.#verifier = new CoreVerifier(optionsJson(policy), kind, bytes, limits)
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
    if (!this.#loader) return this.verifySync(token, expect)
    let now = this.#now()
    const fetched = this.#loader.before(now)
    if (fetched) {
      await fetched
      now = this.#now()
    }
    if (this.#attempt(token, expect, now)) return this.#verified()
    const failure = this.#core.error()
    if (failure.code === 'ERR_JOSE_NOT_SUPPORTED' && this.#live().prepare()) await this.prepare()
    else if (!(await this.#loader.fetchFor(failure, this.#core.buffer, now))) throw failure
    return this.verifySync(token, expect)
  }

  verifySync<C = JwtClaims>(token: string, expect?: Partial<Expectations>): Verified<C> {
    if (this.#attempt(token, expect)) return this.#verified()
    throw this.#core.error()
  }

  async load(): Promise<void> {
    this.#live()
    await this.#loader?.load()
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
    return readClock(this.#transport)
  }

  #attempt(token: string, expect: Partial<Expectations> | undefined, now = this.#now()): boolean {
    const verifier = this.#live()
    // Whatever can run the caller's code comes before the token is written: a call within it would replace the token.
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
}

function keyName(verifier: CoreVerifier, index: number): KeyName {
  const kid = verifier.kid(index)
  const thumbprint = verifier.thumbprint(index)
  return { ...(kid !== undefined && { kid }), ...(thumbprint !== undefined && { thumbprint }) }
}
