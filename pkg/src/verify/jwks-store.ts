/** Shared caches of fetched keys, over what edge platforms have. */
import type { JwksStore, StoredJwks } from './types.js'

/** What is used of a cache of the Cache API. */
export interface JwksCache {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
}

/**
 * Keeps fetched keys in the Cache API, for all isolates of a data centre, or all pages of an origin. Throws nothing itself:
 * where there is no Cache API, the store is as if it were empty.
 *
 * @param cache Default: `caches.default` where there is one, as on Cloudflare Workers; else the cache named `tollgate`.
 */
export function cacheApiJwksStore(cache?: JwksCache): JwksStore {
  // A key must be an http URL. No request ever goes to this host: RFC 6761 §6.4 sees to that.
  const url = (key: string) => `https://tollgate.invalid/${encodeURIComponent(key)}`
  const open = async (): Promise<JwksCache> => {
    const { caches } = globalThis as { caches: CacheStorage & { default?: JwksCache } }
    return cache ?? caches.default ?? caches.open('tollgate')
  }
  return {
    async get(key) {
      const response = await (await open()).match(url(key))
      return response?.json() as Promise<StoredJwks> | undefined
    },
    async set(key, value, { maxAge }) {
      const headers = { 'content-type': 'application/json', 'cache-control': `max-age=${maxAge}` }
      await (await open()).put(url(key), new Response(JSON.stringify(value), { headers }))
    },
  }
}

/** What is used of a KV namespace. */
export interface JwksNamespace {
  get(key: string): Promise<string | null>
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>
}

/** Seconds; Workers KV refuses less. */
const MIN_TTL = 60

/** Keeps fetched keys in a namespace of Workers KV, for all isolates everywhere. A write is seen elsewhere within about a minute. */
export function kvJwksStore(namespace: JwksNamespace): JwksStore {
  return {
    async get(key) {
      const text = await namespace.get(key)
      return text === null ? undefined : (JSON.parse(text) as StoredJwks)
    },
    async set(key, value, { maxAge }) {
      await namespace.put(key, JSON.stringify(value), { expirationTtl: Math.max(MIN_TTL, maxAge) })
    },
  }
}
