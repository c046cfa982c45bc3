/** Timers of more milliseconds fire at once. */
const MAX_TIMER = 2 ** 31 - 1

/** Waits; rejects with the reason of `signal` when it aborts. */
export function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const abort = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, Math.min(seconds * 1000, MAX_TIMER))
    signal?.addEventListener('abort', abort, { once: true })
  })
}
