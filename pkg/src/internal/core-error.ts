import { TollgateError, type ErrorDetails } from '../errors.js'
import { REASONS } from '../generated/errors.js'
import { codeOf } from './messages.js'

/** The error that the core described as JSON; mirrors `error_json` in `src/wasm.rs`. */
export function errorFromCore(json: string, cause?: unknown): TollgateError {
  const { code, reason, ...details } = JSON.parse(json) as { code: number; reason?: number } & Omit<ErrorDetails, 'reason'>
  return new TollgateError(codeOf(code), {
    ...details,
    reason: reason === undefined ? undefined : REASONS[reason],
    cause,
  })
}

/** What the core threw: its errors are thrown as JSON. */
export function thrownByCore(thrown: unknown): unknown {
  return typeof thrown === 'string' ? errorFromCore(thrown) : thrown
}
