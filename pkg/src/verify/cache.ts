import { integerOf } from '../internal/options.js'
import type { CacheOptions, Verified } from './types.js'

const MAX_ENTRIES = 100_000
/** How many letters a token may have to be kept. */
const MAX_LENGTH = 8192

/** A verdict: what the token says, and how long it holds. */
export interface Verdict {
  /** No caller has it: each gets a copy. */
  verified: Verified
  /** Of the keys that verified it. */
  generation: number
  /** The first second for which it holds, and the first for which it does not. */
  from: number
  until: number
}

/**
 * The verdicts of one verifier about tokens that passed its own expectations, found by nothing but the exact token. The one
 * that was not asked for the longest makes room.
 */
export class VerdictCache {
  readonly #maxEntries: number
  readonly #verdicts = new Map<string, Verdict>()

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries
  }

  /** The verdict about `token`, if it holds at `now` and its keys are `current`. One that does not is dropped. */
  get(token: string, now: number, current: (generation: number) => boolean): Verdict | undefined {
    const verdict = this.#verdicts.get(token)
    if (!verdict) return undefined
    this.#verdicts.delete(token)
    if (now < verdict.from || now >= verdict.until || !current(verdict.generation)) return undefined
    this.#verdicts.set(token, verdict)
    return verdict
  }

  /** Keeps a verdict of `now`. Before that time it says nothing: a clock that was set back may have been wrong. */
  set(token: string, now: number, verdict: Verdict): void {
    if (token.length > MAX_LENGTH) return
    const [oldest] = this.#verdicts.size >= this.#maxEntries ? this.#verdicts.keys() : []
    if (oldest !== undefined) this.#verdicts.delete(oldest)
    this.#verdicts.set(token, { ...verdict, from: Math.max(verdict.from, Math.floor(now)) })
  }
}

/** The cache that the option `cache` asks for. */
export function verdictCache(cache: CacheOptions | false | undefined): VerdictCache | undefined {
  if (cache === undefined || cache === false) return undefined
  return new VerdictCache(integerOf('cache', cache, 'maxEntries', 1, MAX_ENTRIES))
}
