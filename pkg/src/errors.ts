import type { ErrorCode, ErrorCodes, Reason } from './generated/errors.js'
import { messageOf } from './internal/messages.js'

export type { ErrorCode, ErrorCodes, Reason }

/** What is known of a failure beside its code. */
export interface ErrorDetails {
  /** The claim, header parameter, option or metadata member that it is about. */
  claim?: string | undefined
  /** Why `claim` was refused. */
  reason?: Reason | undefined
  /** The `error` that the server answered (RFC 6749 §4.1.2.1 and §5.2). */
  error?: string | undefined
  /** The server's `error_description`, for developers. */
  error_description?: string | undefined
  /** The HTTP status of the response. */
  status?: number | undefined
  /** The seconds after which the server may be asked again (RFC 9110 §10.2.3), where it said so. */
  retryAfter?: number | undefined
  /** Where the user was before the sign-in that failed: start over with `signIn({ returnTo })`. */
  returnTo?: string | undefined
  /** What was caught. */
  cause?: unknown
}

/**
 * Every failure that is not a wrong argument type (those are `TypeError`). `code` is the contract and is never
 * renamed; the message is for people, and never holds token, key, code or verifier text.
 */
export class TollgateError extends Error {
  /** The stable identifier of the failure. */
  readonly code: ErrorCode
  readonly claim?: string
  readonly reason?: Reason
  readonly error?: string
  readonly error_description?: string
  readonly status?: number
  readonly retryAfter?: number
  readonly returnTo?: string

  /** The message is what `code` says, where an entry is loaded that raises it; else it is the code. */
  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const { cause, ...known } = details
    super(describe(code, details), cause === undefined ? undefined : { cause })
    this.code = code
    for (const [name, value] of Object.entries(known)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true })
    }
  }

  static {
    this.prototype.name = 'TollgateError'
  }
}

function describe(code: ErrorCode, { claim, reason, error, error_description, status }: ErrorDetails): string {
  // That a token has expired says all of the reason.
  const words = reason === undefined || code === 'ERR_JWT_EXPIRED' ? '' : ` is ${REASON_WORDS[reason]}`
  const about = claim === undefined ? '' : `: "${claim}"${words}`
  const said = [error, error_description].filter((text) => text !== undefined).join(': ')
  const answer = status === undefined ? said : `status ${status}${said && `, ${said}`}`
  return `${messageOf(code)}${about}${answer && ` (${answer})`}`
}

const REASON_WORDS: Record<Reason, string> = {
  missing: 'missing',
  malformed: 'malformed',
  mismatch: 'not what was expected',
}
