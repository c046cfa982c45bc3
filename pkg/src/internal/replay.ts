/** Which tokens that may be used once were used. */
export interface ReplayStore {
  /**
   * Remembers `id`, 64 hexadecimal digits, until `expiresAt`, in seconds since the epoch. Gives `true` where it was not known
   * yet: of several calls for one `id`, also at the same time and in other processes, one alone is told so.
   */
  add(id: string, expiresAt: number): boolean | Promise<boolean>
}

/** In the memory of this process. One that is full forgets what came first: tokens live for minutes, and each was signed. */
export class MemoryReplayStore implements ReplayStore {
  readonly #seen = new Set<string>()
  readonly #maxEntries: number

  constructor(maxEntries = 10_000) {
    this.#maxEntries = maxEntries
  }

  add(id: string): boolean {
    if (this.#seen.has(id)) return false
    const [oldest] = this.#seen.size >= this.#maxEntries ? this.#seen : []
    if (oldest !== undefined) this.#seen.delete(oldest)
    this.#seen.add(id)
    return true
  }
}
