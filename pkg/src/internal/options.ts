import { TollgateError, type Reason } from '../errors.js'
import type { Transport } from './exchange.js'

/** Ten minutes; timers of more than 2^31 milliseconds fire at once. */
const MAX_TIMEOUT = 600_000

/** From here on it is milliseconds that were returned for seconds: the year 5138. */
const MILLISECONDS = 1e11

/** How requests are sent and what time it is; the same for everything that has a network. */
export interface NetworkOptions {
  /** Sends a request. Default: the platform's `fetch`. */
  fetch?: typeof fetch | undefined
  /** The time, in seconds since the epoch. Default: the system clock. */
  now?: (() => number) | undefined
  /** Milliseconds until a response must be complete, above 0 and at most 600000. Default: 5000. */
  timeout?: number | undefined
}

/** @internal The options with their defaults. Globals are looked up when they are used, not before. */
export function transport({ fetch, now, timeout }: NetworkOptions, signal?: AbortSignal | undefined): Transport {
  requireType('fetch', fetch, 'function')
  requireType('now', now, 'function')
  requireType('timeout', timeout, 'number')
  if (timeout !== undefined && !(timeout > 0 && timeout <= MAX_TIMEOUT)) {
    throw invalidOption('timeout')
  }
  return {
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: now ?? (() => Date.now() / 1000),
    timeout: timeout ?? 5000,
    signal,
  }
}

/** @internal The time, in seconds since the epoch. */
export function readClock(transport: Transport): number {
  const now = transport.now()
  if (!(now >= 0 && now < MILLISECONDS)) throw new TypeError('`now` must return seconds since the epoch')
  return now
}

/**
 * Options as the core takes them. What JSON leaves out without a word would not be checked, so it is refused: functions,
 * symbols, members that are inherited, and `undefined` unless it `mayBeUndefined`.
 *
 * @internal
 */
export function optionsJson(options: object, mayBeUndefined = false): string {
  requirePlain(options)
  const members: string[] = []
  for (const [claim, value] of Object.entries(options)) {
    if (value === undefined && mayBeUndefined) continue
    // Each value is read once: a getter or `toJSON` could answer differently.
    const json = JSON.stringify(value) as string | undefined
    // `NaN` and what has a `toJSON` can turn into the `null` that says "not checked".
    if (json === undefined || (json === 'null' && value !== null)) {
      throw invalidOption(claim, value === undefined ? 'missing' : 'malformed')
    }
    members.push(`${JSON.stringify(claim)}:${json}`)
  }
  return `{${members.join()}}`
}

/** @internal What is wrong with the option `claim`. */
export function invalidOption(claim: string, reason: Reason = 'malformed'): TollgateError {
  return new TollgateError('ERR_OPTION_INVALID', { claim, reason })
}

/** @internal The integer that the option `claim` has as its one `member`. */
export function integerOf(claim: string, option: unknown, member: string, min: number, max: number): number {
  if (typeof option !== 'object' || option === null) throw invalidOption(claim)
  requirePlain(option)
  const { [member]: value, ...others } = option as Record<string, unknown>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw invalidOption(unknown)
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) throw invalidOption(member)
  return value as number
}

/** @internal Refuses objects that inherit from any but `Object.prototype`, be it of another realm. */
export function requirePlain(options: object): void {
  const prototype = Object.getPrototypeOf(options) as object | null
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError('the options must be a plain object; members that it inherits would not be seen')
  }
}

/** @internal */
export function requireType(name: string, value: unknown, type: 'function' | 'number' | 'string' | 'boolean'): void {
  if (value !== undefined && typeof value !== type) throw new TypeError(`\`${name}\` must be a ${type}`)
}
