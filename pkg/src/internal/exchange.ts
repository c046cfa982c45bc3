/**
 * Drives the step machines of the core: it sends what they ask for and gives them the answers. It decides nothing.
 */
import { errorFromCore } from './core-error.js'

/** What a step machine wants next; mirrors `Next` in `src/wasm/flow.rs`. */
export const Next = { Done: 0, Fetch: 1, VerifySignature: 2, Failed: 3, Sign: 4, Wait: 5 } as const

/** Why there is no response; mirrors `failure` in `src/wasm.rs`. */
const Failure = { Network: 0, Timeout: 1, TooLarge: 2 } as const

/** A step machine at the wasm boundary. `now` is in seconds since the epoch. */
export interface Machine {
  start(now: number): number
  respond(now: number, status: number, headers: string, body: Uint8Array): number
  fail(now: number, failure: number): number
  request(): Request | undefined
  /** What else the last step left, as JSON. It is there once. */
  output(): string
}

/** A signature to verify. */
export interface SignatureCheck {
  /** The registered `alg` of the JWS. */
  alg: string
  /** The public key: a JWK, in JSON. */
  jwk: string
  /** The Compact Serialization. */
  jws: string
}

/** A signature to make. */
export interface SigningRequest {
  /** The client's, or that to which tokens are bound. */
  key: 'client' | 'dpop'
  signingInput: string
}

/** A time to wait. */
export interface Wait {
  seconds: number
}

/** Answers what a machine asks for that is not a response, by what it is: each gives what `start` gives. */
export interface Answers {
  [Next.VerifySignature]?: (check: SignatureCheck) => Promise<number>
  [Next.Sign]?: (request: SigningRequest) => Promise<number>
  [Next.Wait]?: (wait: Wait) => Promise<number>
}

/** How requests are sent. */
export interface Transport {
  fetch: typeof fetch
  /** Seconds since the epoch. */
  now: () => number
  /** Milliseconds until a response must be complete. */
  timeout: number
  /** Headers that requests have besides. */
  headers?: readonly (readonly [string, string])[] | undefined
  signal?: AbortSignal | undefined
}

/** More than any honest endpoint answers, in bytes. */
export const MAX_BODY = 1 << 20

/** The headers that the core reads, in its order; mirrors `Headers` in `src/http.rs`. */
const HEADERS = ['etag', 'cache-control', 'age', 'content-type', 'www-authenticate', 'dpop-nonce', 'retry-after'] as const

/** A longer value is as if it were not there. */
const MAX_HEADER = 4000

/**
 * Drives `machine` to its end, and gives its result; `answers` are those that it may ask for.
 *
 * @throws TollgateError as the machine says; the reason of `transport.signal` when it aborts.
 */
export async function drive(machine: Machine, transport: Transport, answers: Answers = {}): Promise<string> {
  let cause: unknown
  let next = machine.start(transport.now())
  for (;;) {
    const output = machine.output()
    if (next === Next.Done) return output
    if (next === Next.Fetch) {
      const answer = await send(machine.request(), transport)
      cause = answer.cause
      next =
        answer.body === undefined
          ? machine.fail(transport.now(), answer.failure)
          : machine.respond(transport.now(), answer.status, answer.headers, answer.body)
    } else {
      const answer = (answers as Partial<Record<number, (asked: any) => Promise<number>>>)[next]
      if (!answer) throw errorFromCore(output, cause)
      next = await answer(JSON.parse(output))
    }
  }
}

type Received =
  | { body: Uint8Array; headers: string; status: number; cause?: undefined }
  | { body?: undefined; failure: number; cause: unknown }

async function send(request: Request | undefined, { fetch, timeout, signal, headers }: Transport): Promise<Received> {
  signal?.throwIfAborted()
  if (request) addHeaders(request, headers)
  const controller = new AbortController()
  const abort = () => controller.abort(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    controller.abort()
  }, timeout)
  try {
    if (request === undefined) throw new TypeError('the platform refused the URL')
    // A `fetch` that ignores its signal must not hang us either.
    return await unlessAborted(receive(fetch, request, controller.signal), controller.signal)
  } catch (cause) {
    signal?.throwIfAborted()
    return { failure: timedOut ? Failure.Timeout : Failure.Network, cause }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** Adds those of `headers` that `request` does not have yet. */
export function addHeaders(request: Request, headers: Transport['headers'] = []): void {
  for (const [name, value] of headers) if (!request.headers.has(name)) request.headers.set(name, value)
}

/** What `promise` comes to; rejects with the reason of `signal` when that aborts first. The promise goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function receive(fetch: Transport['fetch'], request: Request, signal: AbortSignal): Promise<Received> {
  const response = await fetch(request, { signal })
  const body = await readBounded(response, signal)
  if (body === undefined) return { failure: Failure.TooLarge, cause: undefined }
  return { body, headers: headerLines(response), status: response.status }
}

/** The headers that the core reads, as it takes them. */
export function headerLines({ headers }: Response): string {
  const values = HEADERS.map((name) => headers.get(name) ?? '')
  return values.map((value) => (value.length > MAX_HEADER ? '' : value)).join('\n')
}

/**
 * The body, or `undefined` when it has more than `MAX_BODY` bytes; rejects with the reason of `signal` when that aborts. The rest
 * is then cancelled.
 */
export async function readBounded({ body: stream }: Pick<Body, 'body'>, signal: AbortSignal): Promise<Uint8Array | undefined> {
  if (!stream) return new Uint8Array()
  const reader = stream.getReader()
  const cancel = () => void reader.cancel(signal.reason).catch(() => {})
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      // What is cancelled says that it is done.
      signal.throwIfAborted()
      if (done) break
      length += value.byteLength
      if (length > MAX_BODY) {
        cancel()
        return undefined
      }
      chunks.push(value)
    }
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return body
}
