/** The session: restoring it, keeping its access token valid, ending it. */
import { TollgateError } from '../errors.js'
import { withLock } from './lock.js'
import { isValidAt, sessionOf, type TokenRecord, type Tokens } from './tokens.js'
import type { ClientEventMap, Session } from './types.js'

/** The seconds for which an access token must still be valid when it is sent. */
export const MIN_VALIDITY = 30

/** What the session needs of the client. */
export interface SessionContext {
  record: TokenRecord
  /** Seconds since the epoch. */
  now: () => number
  /** Redeems the refresh token of `tokens`; `resource` is in place of the client's. */
  refresh: (tokens: Tokens, resource?: readonly string[]) => Promise<Tokens>
  /** Tells the listeners of the client. */
  emit: <K extends keyof ClientEventMap>(type: K, detail: ClientEventMap[K]['detail']) => void
}

export class CurrentSession {
  readonly #context: SessionContext
  #tokens: Tokens | null = null
  #session: Session | null = null
  /** What `#session` shows, without `returnTo`. */
  #shown = 'null'
  #renewing: Promise<Tokens> | undefined
  #userInfoTokens: Tokens | undefined
  #renewingForUserInfo: Promise<Tokens> | undefined

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** What of the session may be seen. */
  get session(): Session | null {
    return this.#session
  }

  /** The tokens of the session; `null` when there is none. */
  get tokens(): Tokens | null {
    return this.#tokens
  }

  /** Makes the session what the store has. */
  async restore(): Promise<Session | null> {
    let tokens = await this.#read()
    if (tokens && !tokens.refresh_token && !isValidAt(tokens, this.#context.now())) {
      // Nothing can be done with it any more.
      await this.#context.record.remove()
      tokens = null
    }
    this.#adopt(tokens)
    return this.#session
  }

  /** Begins the session that a sign-in made. */
  async begin(tokens: Tokens, returnTo: string | undefined): Promise<Session> {
    await this.#context.record.write(tokens)
    return this.#adopt(tokens, returnTo)!
  }

  /** Ends the session; gives the tokens that it had. */
  async end(): Promise<Tokens | null> {
    const tokens = this.#tokens ?? (await this.#read().catch(() => null))
    try {
      await this.#context.record.remove()
    } finally {
      this.#adopt(null)
    }
    return tokens
  }

  /** The tokens, with an access token that is valid for `minValidity` seconds, if need be by a refresh. */
  async valid(minValidity: number): Promise<Tokens> {
    if (!this.#tokens) await this.restore()
    const tokens = this.#tokens
    if (!tokens) throw new TollgateError('ERR_OAUTH_SESSION_MISSING')
    return isValidAt(tokens, this.#context.now() + minValidity) ? tokens : this.renew(tokens, minValidity)
  }

  /** The tokens that come after `stale`, by a refresh unless another tab has refreshed. Concurrent calls share it. */
  renew(stale: Tokens, minValidity = 0): Promise<Tokens> {
    this.#renewing ??= this.#locked(async (before) => {
      const { now, refresh, emit } = this.#context
      if (before.access_token !== stale.access_token && isValidAt(before, now() + minValidity)) {
        this.#adopt(before)
        return before
      }
      const after = await this.#redeem(before, refresh)
      const tokens = await this.#replace(before, after)
      if (tokens === after) emit('tokenrefresh', this.#session!)
      return tokens
    }).finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  /**
   * Tokens whose access token is for the UserInfo endpoint rather than for the client's `resource`. It is kept in memory
   * only; the refresh token that comes with it takes the place of the one before.
   */
  async validForUserInfo(): Promise<Tokens> {
    const current = await this.valid(MIN_VALIDITY)
    if (!current.refresh_token) return current
    const { now, refresh } = this.#context
    const known = this.#userInfoTokens
    if (known?.state === current.state && isValidAt(known, now() + MIN_VALIDITY)) return known
    this.#renewingForUserInfo ??= this.#locked(async (before) => {
      const { access_token, expires_at, scope } = before
      const after = await this.#redeem(before, (tokens) => refresh(tokens, []))
      await this.#replace(before, { ...after, access_token, expires_at, scope })
      this.#userInfoTokens = after
      return after
    }).finally(() => {
      this.#renewingForUserInfo = undefined
    })
    return this.#renewingForUserInfo
  }

  /** Runs `action` on the tokens that the store has once nobody else is changing them. */
  #locked(action: (before: Tokens) => Promise<Tokens>): Promise<Tokens> {
    return withLock(this.#context.record.key, async () => {
      const before = await this.#read()
      if (before) return action(before)
      this.#adopt(null)
      throw new TollgateError('ERR_OAUTH_SESSION_MISSING')
    })
  }

  /** Redeems the refresh token of `before`. The session ends when the server says that it is not valid any more. */
  async #redeem(before: Tokens, refresh: (tokens: Tokens) => Promise<Tokens>): Promise<Tokens> {
    try {
      return await refresh(before)
    } catch (error) {
      if (!(error instanceof TollgateError && error.code === 'ERR_OAUTH_INVALID_GRANT')) throw error
      const latest = await this.#read()
      // Without Web Locks another tab may have been faster.
      if (latest && latest.refresh_token !== before.refresh_token) return this.#redeem(latest, refresh)
      await this.end()
      throw error
    }
  }

  /** Puts `after` in the place of `before`, unless somebody signed in or out meanwhile. */
  async #replace(before: Tokens, after: Tokens): Promise<Tokens> {
    const latest = await this.#read()
    if (latest?.state === before.state) {
      this.#adopt(after)
      await this.#context.record.write(after)
      return after
    }
    this.#adopt(latest)
    if (!latest) throw new TollgateError('ERR_OAUTH_SESSION_MISSING')
    return latest
  }

  async #read(): Promise<Tokens | null> {
    const tokens = await this.#context.record.read()
    if (tokens === undefined) {
      this.#context.emit('error', new TollgateError('ERR_OAUTH_STORE_FAILED', { reason: 'malformed' }))
    }
    return tokens ?? null
  }

  /** Makes `tokens` the session, and tells the listeners if it shows anything else than before. */
  #adopt(tokens: Tokens | null, returnTo?: string): Session | null {
    this.#tokens = tokens
    const session = tokens && sessionOf(tokens)
    const shown = JSON.stringify(session)
    if (shown === this.#shown && returnTo === undefined) return this.#session
    this.#shown = shown
    this.#session = tokens && sessionOf(tokens, returnTo)
    this.#context.emit('sessionchange', this.#session)
    if (!tokens) {
      this.#userInfoTokens = undefined
      this.#context.emit('signedout', null)
    }
    return this.#session
  }
}
