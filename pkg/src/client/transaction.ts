/**
 * The transactions: what is kept from the Authorization Request to its response. There is one per `state`, so tabs and
 * repeated sign-ins do not disturb each other. A used one leaves a tombstone, which holds no secret.
 */
import { stored, type ListedStore } from './store.js'

/** What is read of a transaction here; the rest is the core's. */
export interface Transaction {
  used?: true
  return_to?: string
  /** Seconds since the epoch. */
  created_at: number
}

/** Seconds until the core refuses a transaction; mirrors `src/oauth/transaction.rs`. */
const LIFETIME = 3600

export class Transactions {
  readonly #store: ListedStore
  readonly #prefix: string

  /** `key` is that of the client; it begins with `tollgate `, and no `state` has a space. */
  constructor(store: ListedStore, key: string) {
    this.#store = store
    this.#prefix = `${key} `
  }

  /** Whether it is another client of this app that waits, or waited, for `state`. */
  isOfAnother(state: string | null): boolean {
    const isIt = (key: string) => key.startsWith('tollgate ') && key.endsWith(` ${state}`)
    return this.#store.keys().some((key) => isIt(key) && !key.startsWith(this.#prefix))
  }

  /** Keeps `transaction` under `state`, and forgets the expired ones where the store can list them. */
  put(state: string, transaction: Transaction): Promise<void> {
    return stored(async () => {
      for (const key of this.#store.keys()) {
        if (!key.startsWith(this.#prefix)) continue
        const found = parse(await this.#store.get(key))
        if (!found || found.created_at + LIFETIME < transaction.created_at) await this.#store.remove(key)
      }
      await this.#store.set(this.#prefix + state, JSON.stringify(transaction))
    })
  }

  /** The transaction of `state`, or its tombstone, or nothing. A tombstone takes its place. */
  take(state: string): Promise<Transaction | undefined> {
    return stored(async () => {
      const key = this.#prefix + state
      const found = parse(await this.#store.get(key))
      if (found && !found.used) {
        const { return_to, created_at } = found
        await this.#store.set(key, JSON.stringify({ used: true, return_to, created_at }))
      }
      return found
    })
  }
}

function parse(record: string | null | undefined): Transaction | undefined {
  try {
    const transaction: unknown = JSON.parse(record ?? 'null')
    return typeof transaction === 'object' ? ((transaction ?? undefined) as Transaction | undefined) : undefined
  } catch {
    return undefined
  }
}
