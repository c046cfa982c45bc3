import { TollgateError } from '../errors.js'
import type { CoreVerifier, TokenBuffer } from '../generated/verify/tollgate_verify.js'
import { MAX_BODY, drive, type Transport } from '../internal/exchange.js'
import { requireType } from '../internal/options.js'
import type { JwksStore, KeyFetchOptions, StoredJwks } from './types.js'

/** Whether the keys should be fetched; mirrors `KeysDue` in `src/wasm/verify.rs`. */
const Due = { No: 0, Soon: 1, Now: 2 } as const

/** What a load asks for one after the other: the metadata in two places, and the keys. */
const REQUESTS = 3

/** What it asks a shared cache for. */
const STORE_CALLS = 2

/** Fetches the keys of a verifier when the core says so, one request at a time, and shares them through the `jwksCache`. */
export class KeyLoader {
  readonly #verifier: () => CoreVerifier
  readonly #prepare: () => Promise<void>
  readonly #transport: Transport
  readonly #store: JwksStore | undefined
  readonly #waitUntil: ((promise: Promise<unknown>) => void) | undefined
  /** Where the shared cache has the keys. */
  readonly #name: string
  #loading: Promise<void> | undefined
  #loadingSince = 0
  #failure: unknown

  /**
   * `name` is the issuer, or the URL of the keys, and says which of them it is. `prepare` is called when there are other
   * keys.
   */
  constructor(
    verifier: () => CoreVerifier,
    prepare: () => Promise<void>,
    transport: Transport,
    options: KeyFetchOptions,
    name: string,
  ) {
    const { jwksCache, waitUntil } = options
    requireType('waitUntil', waitUntil, 'function')
    if (jwksCache !== undefined) {
      requireType('jwksCache.get', jwksCache.get ?? null, 'function')
      requireType('jwksCache.set', jwksCache.set ?? null, 'function')
    }
    this.#verifier = verifier
    this.#prepare = prepare
    const init = pastHttpCache()
    this.#transport = { ...transport, fetch: (input, given) => transport.fetch(input, { ...given, ...init }) }
    this.#store = jwksCache
    this.#waitUntil = waitUntil
    this.#name = `tollgate:jwks:${name}`
  }

  /** Before a token is verified: fetches keys that are missing or too old, and refreshes stale ones beside. */
  before(now: number): Promise<void> | undefined {
    const due = this.#verifier().due(now)
    if (due === Due.No) return
    // A failure to fetch matters only if the token then cannot be verified: `fetchFor` throws it.
    if (due === Due.Now) return this.load().catch(() => {})
    if (this.#loading === undefined || this.#patience() <= 0) this.#beside(this.load())
    return
  }

  /** Fetches the keys if that can turn `failure` of the token in `buffer` into success, and says whether it did. */
  async fetchFor(failure: TollgateError, buffer: TokenBuffer, now: number): Promise<boolean> {
    const notLoaded = failure.code === 'ERR_JWKS_NOT_LOADED'
    if (!notLoaded && failure.code !== 'ERR_JWKS_NO_MATCHING_KEY') return false
    if (this.#loading === undefined) {
      // Within the cooldown after a failure, that failure says more than that there are no keys.
      if (notLoaded && this.#failure !== undefined) throw this.#failure
      if (notLoaded || !this.#verifier().may_fetch_for(buffer, now)) return false
    }
    await this.load((time) => this.#verifier().may_fetch(time))
    return true
  }

  /** Fetches the keys, unless the shared cache has newer ones with which that is not `needed` any more. */
  async load(needed = (now: number): boolean => this.#verifier().due(now) !== Due.No): Promise<void> {
    this.#verifier()
    while (this.#loading) {
      const loading = this.#loading
      const failure = await this.#outcome(loading)
      if (failure === undefined) return
      if (failure instanceof TollgateError) throw failure
      // It ends every other load too: each of many callers would begin one, and all of them wait for it.
      this.#transport.signal?.throwIfAborted()
      // On workerd a promise dies with the request that made it. Whoever waited begins anew.
      if (this.#loading === loading) this.#loading = undefined
    }
    await this.#begin(needed)
  }

  #begin(needed: (now: number) => boolean): Promise<void> {
    this.#loadingSince = Date.now()
    const loading = this.#fetch(needed)
      // Tokens of other keys do not need it; `verify` tries again for those that do.
      .then(() => this.#prepare().catch(() => {}))
      .then(
        () => {
          this.#failure = undefined
        },
        (failure) => {
          this.#failure = failure
          throw failure
        },
      )
      .finally(() => {
        if (this.#loading === loading) this.#loading = undefined
      })
    return (this.#loading = loading)
  }

  async #fetch(needed: (now: number) => boolean): Promise<void> {
    if (this.#store && (await this.#restore(this.#store)) && !needed(this.#transport.now())) return
    const load = this.#verifier().load()
    try {
      await drive(load, this.#transport)
    } finally {
      load.free()
    }
    if (this.#store) await this.#save(this.#store)
  }

  /** Takes the keys of the shared cache, if the core finds them of use. */
  async #restore(store: JwksStore): Promise<boolean> {
    const stored = await this.#bounded(async () => JSON.stringify(await store.get(this.#name)))
    if (typeof stored !== 'string' || stored.length > MAX_BODY) return false
    return this.#verifier().restore(new TextEncoder().encode(stored), this.#transport.now())
  }

  async #save(store: JwksStore): Promise<void> {
    const json = this.#verifier().stored()
    if (json === undefined) return
    const { value, maxAge } = JSON.parse(json) as { value: StoredJwks; maxAge: number }
    const saving = this.#bounded(() => store.set(this.#name, value, { maxAge }))
    if (this.#waitUntil) this.#beside(saving)
    // Without it, what is not awaited may be ended with the request.
    else await saving
  }

  /** What the store answers in time; it may fail as it likes. */
  async #bounded<T>(ask: () => Promise<T>): Promise<T | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.#transport.timeout)
    })
    const answer = (async () => ask())().catch(() => undefined)
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Lets `work` go on while the token at hand is verified. Its failure is kept for whoever needs the keys. */
  #beside(work: Promise<void>): void {
    const quiet = work.catch(() => {})
    try {
      this.#waitUntil?.(quiet)
    } catch {
      // That of another request, perhaps: the work goes on as long as it can.
    }
  }

  /** Milliseconds until the load under way counts as abandoned. */
  #patience(): number {
    const steps = REQUESTS + (this.#store ? STORE_CALLS : 0)
    return steps * this.#transport.timeout - (Date.now() - this.#loadingSince)
  }

  /** How a load that another call began ends: `undefined` is well. One that takes too long was abandoned. */
  async #outcome(loading: Promise<void>): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const abandoned = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, this.#patience()), 'abandoned')
    })
    try {
      return await Promise.race([loading, abandoned])
    } catch (failure) {
      return failure
    } finally {
      clearTimeout(timer)
    }
  }
}

/**
 * What makes `fetch` ask the server. Else the cache of a browser, or of a framework, answers for as long as it likes: keys
 * would be taken for current that the server has removed. Some runtimes throw at the option, and have no such cache.
 */
function pastHttpCache(): RequestInit {
  const init = { cache: 'no-cache' } as const
  try {
    new Request('https://tollgate.invalid', init)
    return init
  } catch {
    return {}
  }
}
