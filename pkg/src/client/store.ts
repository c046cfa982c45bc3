/** Where records are kept: memory, the storages of the page, or the app's own store. */
import { TollgateError } from '../errors.js'
import { invalidOption } from '../internal/options.js'
import type { ClientOptions, TokenStore } from './types.js'

type StoreOption = ClientOptions['store']

/** A store that can say what is in it, if only it knows. */
export interface ListedStore extends TokenStore {
  keys(): string[]
}

/** A store that lasts as long as the page. */
function memoryStore(): ListedStore {
  const records = new Map<string, string>()
  return {
    get: (key) => records.get(key),
    set: (key, record) => records.set(key, record),
    remove: (key) => records.delete(key),
    keys: () => [...records.keys()],
  }
}

/** A storage of the page; `undefined` where there is none, or where it may not be used. */
function webStorage(name: 'sessionStorage' | 'localStorage'): Storage | undefined {
  try {
    return globalThis[name] ?? undefined
  } catch {
    return undefined
  }
}

/** A store in `storage`. */
function webStore(storage: Storage): ListedStore {
  return {
    get: (key) => storage.getItem(key),
    set: (key, record) => storage.setItem(key, record),
    remove: (key) => storage.removeItem(key),
    keys: () => Array.from({ length: storage.length }, (_, index) => storage.key(index)!),
  }
}

/** The store that the option `store` names. */
export function openStore(option: StoreOption = 'memory'): TokenStore {
  if (typeof option === 'object' && option !== null) return option
  if (!['memory', 'session', 'local'].includes(option)) throw invalidOption('store')
  const storage = option === 'memory' ? undefined : webStorage(`${option}Storage`)
  return storage ? webStore(storage) : memoryStore()
}

/** The store for what must last while the user is at the authorization server. */
export function openTransactionStore(option: StoreOption = 'memory'): ListedStore {
  const storage = webStorage('sessionStorage')
  if (storage) return webStore(storage)
  if (typeof option !== 'object') return memoryStore()
  return {
    get: (key) => option.get(key),
    set: (key, record) => option.set(key, record),
    remove: (key) => option.remove(key),
    keys: () => [],
  }
}

/** What `access` gives; a failure of it is one of the store. */
export async function stored<T>(access: () => T | Promise<T>): Promise<T> {
  try {
    return await access()
  } catch (cause) {
    throw new TollgateError('ERR_OAUTH_STORE_FAILED', { cause })
  }
}
