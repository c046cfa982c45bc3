/** Requests that others send to the application. */
import { readBounded, unlessAborted } from '../internal/exchange.js'

/**
 * The body, or `undefined` when it is too long. One that does not end must not hang us: rejects with the reason of `signal`.
 *
 * @throws TypeError when it was read before
 */
export async function bodyOf(request: Request, signal = new AbortController().signal): Promise<Uint8Array | undefined> {
  if (request.bodyUsed) throw new TypeError('the body of the request was read before')
  signal.throwIfAborted()
  return unlessAborted(readBounded(request, signal), signal)
}

/** The form that was posted, or `undefined` when there is none, in UTF-8 and of the length of `bodyOf`. */
export async function formOf(request: Request, signal: AbortSignal | undefined): Promise<string | undefined> {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';')
  if (request.method !== 'POST' || type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return undefined
  const body = await bodyOf(request, signal)
  try {
    return body && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}
