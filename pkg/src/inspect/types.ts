import type { TollgateError } from '../errors.js'
import type { CallExpectations, JwsHeader, JwtClaims, KeyFetchOptions, Verified, VerifierOptions } from '../verify/types.js'

/**
 * How a token is inspected: as a verifier is made, but of one issuer. Every call makes one of its own, so there is nothing to
 * preload, to cache or to keep fresh; and your own `check` decides nothing here.
 */
export interface InspectOptions
  extends Omit<VerifierOptions, 'cache' | 'check' | 'issuer' | 'preload' | keyof KeyFetchOptions> {
  /** `iss` must be this Issuer Identifier; without a source of keys they are found by discovery from it. */
  issuer?: string
}

/** What is expected of this token besides: as of one call of `Verifier.verify`. */
export type InspectExpectations = Partial<CallExpectations>

/** How a check ended. */
export type Outcome = 'passed' | 'failed' | 'not_reached' | 'not_asked'

/** One check of a token. */
export interface Check {
  /**
   * What is checked, in this order: `form` (three parts, bounded length), `header` (base64url, strict JSON, types),
   * `crit`, `alg` (known and allowed), `encoding` (payload and signature are base64url), `key` (there is one that fits),
   * `signature`, `claims` (a strict JSON object), and then one for each requirement on claims and `typ`.
   */
  name: string
  /** Where it stands that it must be checked, such as `RFC 7519 §4.1.3`. */
  rule: string
  /**
   * - `passed`: what it asks for holds.
   * - `failed`: it does not, and the token is refused. `error` says why.
   * - `not_reached`: what it needs is not there, because an earlier check has failed.
   * - `not_asked`: no option asks for it, and the token has nothing that it would look at.
   */
  outcome: Outcome
  /** Why it failed: the first in the list is what `Verifier.verify` throws. */
  error?: TollgateError
}

/** Everything that is known of a token. */
export interface Inspection {
  /** Whether `Verifier.verify` accepts the token: every check has passed, or was not asked for. */
  verified: boolean
  /** The protected header, if it can be read. **Anyone can have written it** unless `verified` is true. */
  protectedHeader?: JwsHeader
  /** The claims, if they can be read. **Anyone can have written them** unless `verified` is true. */
  claims?: JwtClaims
  /** What verified the signature, if something did. That says nothing of the claims. */
  key?: Verified['key']
  /** Every check, in the order in which `Verifier.verify` makes them. */
  checks: Check[]
}
