/** The tokens of a session as the store keeps them, and what of them may be seen. */
import { parseFrozen } from '../internal/json.js'
import { stored } from './store.js'
import type { IdTokenClaims, Session, TokenStore } from './types.js'

/** What is read of the core's record here; the rest is the core's. */
export interface Tokens {
  readonly access_token: string
  /** Seconds since the epoch. */
  readonly expires_at?: number | undefined
  readonly refresh_token?: string
  readonly scope: string
  readonly claims?: IdTokenClaims
  /** The `state` of the sign-in that made the session. */
  readonly state: string
}

/** The record of one session in a store, which other tabs may change at any time. */
export class TokenRecord {
  readonly #store: TokenStore
  /** The name of the record, and of the lock around a change of it. */
  readonly key: string

  constructor(store: TokenStore, key: string) {
    this.#store = store
    this.key = key
  }

  /** The tokens that the store has now: `null` when it has none, `undefined` when it had a damaged record, which is dropped. */
  read(): Promise<Tokens | null | undefined> {
    return stored(async () => {
      const record = await this.#store.get(this.key)
      if (record === null || record === undefined) return null
      const tokens = parse(record)
      if (!tokens) await this.#store.remove(this.key)
      return tokens
    })
  }

  /** Keeps `tokens` in place of those before. */
  write(tokens: Tokens): Promise<unknown> {
    return stored(() => this.#store.set(this.key, JSON.stringify(tokens)))
  }

  /** Forgets the tokens. */
  remove(): Promise<unknown> {
    return stored(() => this.#store.remove(this.key))
  }
}

function parse(record: string): Tokens | undefined {
  try {
    const tokens = parseFrozen(record) as Tokens
    const { access_token, expires_at = 0, refresh_token = '', scope, claims = {}, state } = tokens
    const texts = [access_token, refresh_token, scope, state].every((text: unknown) => typeof text === 'string')
    return texts && typeof expires_at === 'number' && typeof claims === 'object' ? tokens : undefined
  } catch {
    return undefined
  }
}

/** Whether the access token is valid at `time`, in seconds since the epoch, as far as is known. */
export const isValidAt = ({ expires_at = Infinity }: Tokens, time: number): boolean => time < expires_at

/** What of `tokens` may be seen. */
export function sessionOf({ claims, expires_at, scope }: Tokens, returnTo?: string): Session {
  return Object.freeze({
    ...(claims && { claims }),
    ...(expires_at !== undefined && { expires_at }),
    scope,
    ...(returnTo !== undefined && { returnTo }),
  })
}
