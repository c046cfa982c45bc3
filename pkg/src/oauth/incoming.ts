/** Requests that others send to the application. */
import { readBounded } from '../internal/exchange.js'

/** The body, or `undefined` when it is too long. One that does not end must not hang us: rejects with the reason of `signal`. */
export async function bodyOf(request: Request, signal = new AbortController().signal): Promise<Uint8Array | undefined> {
  signal.throwIfAborted()
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([readBounded(request, signal), aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
