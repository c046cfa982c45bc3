/** A JWK Set at a URL (RFC 7517 §5), under jose's names. */
import { readBounded } from '../../internal/exchange.js'
import { parseJson } from '../core.js'
import { JOSEError, JWKSNoMatchingKey, JWKSTimeout } from '../errors.js'
import type * as t from '../types.js'
import { createLocalJWKSet, isJwkSet, type LocalJWKSet } from './local.js'

/** The option that replaces `fetch`. */
export const customFetch: unique symbol = /* @__PURE__ */ Symbol()

/** The option of an object in which the set is kept. */
export const jwksCache: unique symbol = /* @__PURE__ */ Symbol()

/** What the set is fetched with. */
export type FetchImplementation = (
  url: string,
  options: { headers: Headers; method: 'GET'; redirect: 'manual'; signal: AbortSignal },
) => Promise<Response>

/** A set, and when it was fetched, in milliseconds since the epoch. */
export interface ExportedJWKSCache {
  jwks: t.JSONWebKeySet
  uat: number
}

/** Where a set is kept: empty at first. */
export type JWKSCacheInput = ExportedJWKSCache | Record<string, never>

/** How a set is fetched. Durations are in milliseconds. */
export interface RemoteJWKSetOptions {
  /** Until the set must have arrived. Default: 5 seconds. */
  timeoutDuration?: number
  /** Between two requests for the sake of keys that are not in the set. Default: 30 seconds. */
  cooldownDuration?: number
  /** How long a set is good. Default: 10 minutes. */
  cacheMaxAge?: number | typeof Infinity
  headers?: Record<string, string>
  [jwksCache]?: JWKSCacheInput
  [customFetch]?: FetchImplementation
}

/** Finds the key of a token in a set that it fetches. */
export interface RemoteJWKSet {
  (protectedHeader?: t.JWSHeaderParameters, token?: t.FlattenedJWSInput): Promise<t.CryptoKey>
  /** Whether an unknown `kid` fetches nothing now, because the last request was just made. */
  readonly coolingDown: boolean
  /** Whether the set is there and good. */
  readonly fresh: boolean
  /** Whether a request is under way. */
  readonly reloading: boolean
  /** Fetches the set now. */
  reload: () => Promise<void>
  /** A copy of the set, once it is there. */
  jwks: () => t.JSONWebKeySet | undefined
}

/** How long a failed request keeps others from being made where there is no good set, at most. */
const RETRY_AFTER = 5000

/**
 * The keys at a URL, for `jwtVerify` and others. They are fetched when one is needed, and again when they are too old or
 * one is not among them.
 *
 * The function that it returns throws as that of `createLocalJWKSet`, and JWKSTimeout, JOSEError, and whatever `fetch`
 * rejects with.
 *
 * @throws TypeError
 */
export function createRemoteJWKSet(url: URL, options?: RemoteJWKSetOptions): RemoteJWKSet {
  if (!(url instanceof URL)) throw new TypeError('url must be an instance of URL')
  const { href } = url
  const { timeoutDuration, cooldownDuration, cacheMaxAge, ...others } = options ?? {}
  const { headers: given, [jwksCache]: cache, [customFetch]: fetchWith } = others
  const timeout = typeof timeoutDuration === 'number' ? timeoutDuration : 5000
  if (!Number.isInteger(timeout) || timeout < 0) {
    throw new TypeError('"timeoutDuration" option must be a non-negative integer')
  }
  const cooldown = duration('cooldownDuration', cooldownDuration, 30_000)
  const maxAge = duration('cacheMaxAge', cacheMaxAge, 600_000)
  const headers = requestHeaders(given)

  let local: LocalJWKSet | undefined
  let fetchedAt: number | undefined
  let triedAt: number | undefined
  let failure: { error: unknown } | undefined
  let pending: Promise<void> | undefined
  if (cache && isFresh(cache.uat, maxAge) && isJwkSet(cache.jwks)) {
    local = createLocalJWKSet(cache.jwks)
    triedAt = fetchedAt = cache.uat
  }

  const load = async (): Promise<void> => {
    triedAt = Date.now()
    try {
      const jwks = await fetchSet(href, headers, timeout, fetchWith)
      local = createLocalJWKSet(jwks as t.JSONWebKeySet)
      fetchedAt = Date.now()
      failure = undefined
      if (cache) Object.assign(cache, { uat: fetchedAt, jwks })
    } catch (error) {
      failure = { error }
      throw error
    }
  }

  const reload = (): Promise<void> => {
    // workerd does not let one request wait for the I/O of another.
    if (!pending || isWorkerd()) {
      const current = load().finally(() => {
        if (pending === current) pending = undefined
      })
      pending = current
    }
    return pending
  }

  const find = async (protectedHeader?: t.JWSHeaderParameters, token?: t.FlattenedJWSInput): Promise<t.CryptoKey> => {
    if (!local || !isFresh(fetchedAt, maxAge)) {
      if (failure && !pending && isFresh(triedAt, Math.min(cooldown, RETRY_AFTER))) throw failure.error
      await reload()
    }
    try {
      return await local!(protectedHeader, token)
    } catch (error) {
      if (!(error instanceof JWKSNoMatchingKey) || isFresh(triedAt, cooldown)) throw error
      await reload()
      return local!(protectedHeader, token)
    }
  }
  return Object.defineProperties(find, {
    coolingDown: { get: () => isFresh(triedAt, cooldown), enumerable: true },
    fresh: { get: () => isFresh(fetchedAt, maxAge), enumerable: true },
    reloading: { get: () => pending !== undefined, enumerable: true },
    reload: { value: reload, enumerable: true },
    jwks: { value: () => local?.jwks(), enumerable: true },
  }) as RemoteJWKSet
}

/** A time that is yet to come is none: a clock that was set back must not make keys last longer. */
const isFresh = (at: number | undefined, duration: number): boolean =>
  typeof at === 'number' && at <= Date.now() && Date.now() < at + duration

function duration(option: string, value: number | undefined, otherwise: number): number {
  if (Number.isNaN(value)) throw new TypeError(`"${option}" option must not be NaN`)
  if (typeof value === 'number' && value < 0) throw new TypeError(`"${option}" option must not be negative`)
  return typeof value === 'number' ? value : otherwise
}

function requestHeaders(given: Record<string, string> | undefined): Headers {
  const headers = new Headers(given)
  // A browser has its own, and a header of ours would need a preflight.
  const isBrowser = globalThis.navigator?.userAgent?.startsWith('Mozilla/5.0 ')
  if (!isBrowser && !headers.has('user-agent')) headers.set('user-agent', 'tollgate')
  if (!headers.has('accept')) headers.set('accept', 'application/json, application/jwk-set+json')
  return headers
}

const isWorkerd = (): boolean => 'WebSocketPair' in globalThis || globalThis.navigator?.userAgent === 'Cloudflare-Workers'

async function fetchSet(
  url: string,
  headers: Headers,
  timeout: number,
  fetchWith: FetchImplementation = (url, options) => fetch(url, options),
): Promise<unknown> {
  const signal = AbortSignal.timeout(timeout)
  const response = await fetchWith(url, { method: 'GET', redirect: 'manual', headers, signal }).catch((cause: unknown) => {
    throw (cause as { name?: unknown } | null)?.name === 'TimeoutError' ? new JWKSTimeout(undefined, { cause }) : cause
  })
  if (response.status !== 200) throw new JOSEError('Expected 200 OK from the JSON Web Key Set HTTP response')
  try {
    return await readJson(response, signal)
  } catch (cause) {
    if (signal.aborted) throw new JWKSTimeout(undefined, { cause })
    throw new JOSEError('Failed to parse the JSON Web Key Set HTTP response as JSON', { cause })
  }
}

/** The JSON of a response. What only looks like one, such as that of a test, may have nothing but `json()`. */
async function readJson(response: Response, signal: AbortSignal): Promise<unknown> {
  if (!response.body) return response.json()
  const body = await readBounded(response, signal)
  if (!body) throw new RangeError('the response is too large')
  const parsed = parseJson(body)
  if (!parsed) throw new SyntaxError('the response is not JSON that every parser reads alike')
  return parsed.value
}
