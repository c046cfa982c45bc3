/** One at a time: across the tabs of this origin where the platform has Web Locks, else in this page. */

/** The last in the queue for each name. */
const queues = new Map<string, Promise<unknown>>()

/** Runs `action` when nobody else runs under `name`. */
export async function withLock<T>(name: string, action: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks
  if (!locks) return queued(name, action)
  let begun = false
  try {
    return await locks.request(name, () => {
      begun = true
      return action()
    })
  } catch (error) {
    // A page without a storage of its own (a sandboxed frame) is refused locks, and has no other tab to share with.
    if (begun) throw error
    return queued(name, action)
  }
}

async function queued<T>(name: string, action: () => Promise<T>): Promise<T> {
  const before = queues.get(name)
  const turn = (async () => {
    await before?.catch(() => {})
    return action()
  })()
  queues.set(name, turn)
  try {
    return await turn
  } finally {
    if (queues.get(name) === turn) queues.delete(name)
  }
}
