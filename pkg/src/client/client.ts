/**
 * The client at the level of the page: navigation, storage, events. What can be decided without a page is decided by the
 * core, whose flows are driven here.
 */
import { TollgateError } from '../errors.js'
import { CLIENT_MESSAGES } from '../generated/errors.js'
import { drive, Next, type Transport } from '../internal/exchange.js'
import { parseFrozen } from '../internal/json.js'
import { addMessages } from '../internal/messages.js'
import { optionsJson, requirePlain, requireType, transport } from '../internal/options.js'
import type { WasmSource } from '../internal/wasm.js'
import { newCore, type Core } from './core.js'
import { authorizedFetch, originsOf, type Authorization } from './fetch.js'
import { withLock } from './lock.js'
import { CurrentSession, MIN_VALIDITY } from './session.js'
import { verifies, type SignatureFallback } from './signature.js'
import { openStore, openTransactionStore } from './store.js'
import { TokenRecord, type Tokens } from './tokens.js'
import { Transactions, type Transaction } from './transaction.js'
import { currentUrl, isCallback, leaveCallback, pathOf, requireDestination, stateOf } from './url.js'
import type {
  AccessTokenOptions,
  Client,
  ClientEventMap,
  ClientOptions,
  Session,
  SignInOptions,
  SignOutOptions,
  UserInfo,
} from './types.js'

/** The random bytes that the core makes `state`, `nonce` and the code verifier of. */
const ENTROPY = 96

/** The options that are URLs to send the browser to. */
const DESTINATIONS = ['redirect_uri', 'post_logout_redirect_uri'] as const

/** Makes `createClient` of an entry, which knows where its wasm is and what verifies where WebCrypto cannot. */
export function bindClient(
  source: WasmSource,
  fallback?: SignatureFallback,
): (options: ClientOptions) => Promise<Client> {
  addMessages(CLIENT_MESSAGES)
  return async (options) => {
    if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
    requirePlain(options)
    for (const name of ['issuer', 'client_id', ...DESTINATIONS] as const) requireType(name, options[name], 'string')
    for (const name of DESTINATIONS) requireDestination(name, options[name])
    // The rest is for the core, which refuses what it does not know.
    const { store, allowedOrigins, fetch, now, timeout, ...protocol } = options
    return new PageClient(newCore(source, optionsJson(protocol, true)), options, fallback)
  }
}

class PageClient extends EventTarget implements Client {
  /** The name of this client in stores and locks. */
  readonly #key: string
  readonly #openCore: Core
  readonly #options: ClientOptions
  readonly #fallback: SignatureFallback | undefined
  readonly #transport: Transport
  readonly #authorization: Authorization
  readonly #current: CurrentSession
  readonly #transactions: Transactions
  readonly #closed = new AbortController()
  /** The last callback, and what becomes of it. */
  #callback: { url: string; session: Promise<Session> } | undefined
  /** Where the page was after it. */
  #left: string | undefined

  constructor(core: Core, options: ClientOptions, fallback: SignatureFallback | undefined) {
    super()
    const { issuer, client_id, redirect_uri, store } = options
    this.#key = `tollgate ${issuer} ${encodeURIComponent(client_id)}`
    this.#openCore = core
    this.#options = { ...options }
    this.#fallback = fallback
    this.#transport = transport(options)
    const { fetch, now } = this.#transport
    this.#transactions = new Transactions(openTransactionStore(store), this.#key)
    this.#current = new CurrentSession({
      record: new TokenRecord(openStore(store), this.#key),
      now,
      refresh: (tokens, resource) => this.#run('refresh', JSON.stringify({ resource }), tokens),
      emit: (type, detail) => this.#emit(type, detail),
    })
    this.#authorization = {
      fetch,
      origins: originsOf(options),
      base: redirect_uri,
      token: (rejected) => this.#token(rejected),
    }
    if (store === 'local') this.#followOtherTabs()
  }

  get session(): Session | null {
    return this.#current.session
  }

  async start(): Promise<Session | null> {
    const url = currentUrl()
    const hasArrived =
      url !== undefined &&
      isCallback(url, this.#options.redirect_uri) &&
      !this.#transactions.isOfAnother(stateOf(url))
    return hasArrived ? this.handleRedirect(url) : this.#current.restore()
  }

  async signIn({ mode = 'redirect', returnTo, ...parameters }: SignInOptions = {}): Promise<void> {
    if (mode !== 'redirect') throw new TypeError('the option "mode" must be "redirect"')
    if (!globalThis.location) throw new TypeError('there is no page to leave; call signIn() in a browser')
    const path = returnTo === undefined ? undefined : pathOf(returnTo, location.href)
    const options = optionsJson({ ...parameters, returnTo: path }, true)
    type Login = { url: string; state: string; transaction: Transaction }
    const { url, state, transaction } = await this.#run<Login>('authorize', options)
    await this.#transactions.put(state, transaction)
    location.assign(url)
  }

  async handleRedirect(url?: string): Promise<Session> {
    const target = url ?? currentUrl()
    if (target === undefined) throw new TypeError('there is no page; pass the URL of the callback')
    const isKnown = target === this.#callback?.url || (url === undefined && target === this.#left)
    if (!this.#callback || !isKnown) this.#callback = { url: target, session: this.#finish(target) }
    return this.#callback.session
  }

  async accessToken({ minValidity = MIN_VALIDITY }: AccessTokenOptions = {}): Promise<string> {
    return (await this.#current.valid(minValidity)).access_token
  }

  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    return authorizedFetch(this.#authorization, input, init)
  }

  async userInfo(): Promise<UserInfo> {
    const { resource = [] } = this.#options
    const tokens = await (resource.length > 0 ? this.#current.validForUserInfo() : this.#current.valid(MIN_VALIDITY))
    return this.#run('userInfo', '{}', tokens)
  }

  async signOut({ post_logout_redirect_uri }: SignOutOptions = {}): Promise<void> {
    requireDestination('post_logout_redirect_uri', post_logout_redirect_uri)
    const tokens = await this.#current.end()
    this.#callback = undefined
    const target = post_logout_redirect_uri ?? this.#options.post_logout_redirect_uri
    const options = JSON.stringify({ post_logout_redirect_uri: target })
    const { url = target } = await this.#run<{ url?: string }>('endSession', options, tokens)
    if (url !== undefined) globalThis.location?.assign(url)
  }

  close(): void {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    this.#openCore.free()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get #core(): Core {
    if (this.#closed.signal.aborted) throw new TypeError('the client is closed; create another one')
    return this.#openCore
  }

  /** Drives the flow `name` of `parameters`, which goes on from `record`, to its end, and gives its result. */
  async #run<T>(name: string, parameters: string, record?: Transaction | Tokens | null): Promise<T> {
    const entropy = crypto.getRandomValues(new Uint8Array(ENTROPY))
    const flow = this.#core.flow(name, parameters, record ? JSON.stringify(record) : undefined, entropy)
    try {
      const result = await drive(flow, this.#transport, {
        [Next.VerifySignature]: async (check) => flow.verified(this.#transport.now(), await verifies(check, this.#fallback)),
      })
      return parseFrozen(result) as T
    } finally {
      flow.free()
    }
  }

  /** Finishes the sign-in that `url` is the callback of, and leaves that URL. */
  async #finish(url: string): Promise<Session> {
    const state = stateOf(url)
    let returnTo: string | undefined
    try {
      await this.#current.restore()
      // Another client of this page may be at it: it then leaves a session or a tombstone.
      const session = await withLock(`${this.#key} ${state}`, async () => {
        const transaction = state === null ? undefined : await this.#transactions.take(state)
        returnTo = transaction?.return_to
        if (transaction?.used && (await this.#current.restore()) && this.#current.tokens?.state === state) {
          return this.#current.session!
        }
        type Granted = { tokens: Tokens; returnTo?: string }
        const { tokens, ...result } = await this.#run<Granted>('callback', url, transaction)
        returnTo = result.returnTo
        return this.#current.begin(tokens, returnTo)
      })
      this.#left = leaveCallback(url, returnTo)
      return session
    } catch (error) {
      this.#left = leaveCallback(url, undefined)
      if (returnTo !== undefined && error instanceof TollgateError) {
        Object.defineProperty(error, 'returnTo', { value: returnTo, enumerable: true })
      }
      throw error
    }
  }

  /** An access token for `fetch`, which is not `rejected`; `undefined` when there is no way to another one. */
  async #token(rejected: string | undefined): Promise<string | undefined> {
    const tokens = await this.#current.valid(MIN_VALIDITY)
    if (tokens.access_token !== rejected) return tokens.access_token
    return tokens.refresh_token === undefined ? undefined : (await this.#current.renew(tokens)).access_token
  }

  #followOtherTabs(): void {
    const follow = (event: StorageEvent) => {
      // A key of `null`: all was cleared.
      if (event.key !== this.#key && event.key !== null) return
      this.#current.restore().catch((error: TollgateError) => this.#emit('error', error))
    }
    globalThis.addEventListener?.('storage', follow, { signal: this.#closed.signal })
  }

  #emit<K extends keyof ClientEventMap>(type: K, detail: ClientEventMap[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}
