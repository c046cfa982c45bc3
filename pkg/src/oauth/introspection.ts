/** Introspection (RFC 7662, RFC 9701) and revocation (RFC 7009). */
import { TollgateError } from '../errors.js'
import { sha256Hex } from '../internal/digest.js'
import { unlessAborted } from '../internal/exchange.js'
import { invalidOption, requirePlain } from '../internal/options.js'
import { call, membersOf, transportOf } from './core.js'
import type {
  Introspection,
  IntrospectionParameters,
  Introspector,
  IntrospectorParameters,
  TokenInQuestion,
} from './resource-types.js'
import type { CallOptions, OAuthClient, ServerMetadata } from './types.js'

/**
 * What the server says of a token that was shown to `client`, a protected resource. A token that is not active is no failure;
 * an active one that does not meet an expectation is.
 *
 * @throws TollgateError
 * - `ERR_OAUTH_ENDPOINT_ERROR`: the server refused to answer; `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`; `ERR_FETCH_*`
 * - `ERR_JWT_EXPIRED`, `ERR_JWT_CLAIM_VALIDATION_FAILED`: the token, or the signed answer, is not what was expected
 * - `ERR_JWT_INVALID`, `ERR_JWS_INVALID`, `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`, `ERR_JOSE_ALG_NOT_ALLOWED`,
 *   `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_INVALID`, `ERR_JWKS_NO_MATCHING_KEY`: the signed answer
 */
export async function introspect(
  server: ServerMetadata,
  client: OAuthClient,
  token: string,
  parameters: IntrospectionParameters = {},
  options?: CallOptions,
): Promise<Introspection> {
  requirePlain(parameters)
  return membersOf(await call<Introspection>('introspect', server, client, { ...parameters, token }, options))
}

/**
 * Revokes a token. That there was none counts as success (RFC 7009 §2.2).
 *
 * @throws TollgateError
 * - `ERR_OAUTH_ENDPOINT_ERROR`: see `error`; `unsupported_token_type` where the server does not revoke tokens of this kind
 * - `ERR_FETCH_*`: the token may still be good; try again, after `retryAfter` seconds where the server said so
 */
export async function revoke(
  server: ServerMetadata,
  client: OAuthClient,
  token: string,
  parameters: TokenInQuestion = {},
  options?: CallOptions,
): Promise<void> {
  requirePlain(parameters)
  await call('revoke', server, client, { ...parameters, token }, options)
}

/** An answer, and until when it is used. */
interface Answer {
  introspection: Introspection
  from: number
  until: number
}

const MAX_ENTRIES = 100_000
const MAX_AGE = 3600

/**
 * Introspects tokens as `introspect` does, and remembers what the server said of those that are active, by the SHA-256 of the
 * token: never the token. Calls for one token at the same time share one request.
 *
 * That a token is not active is not remembered: an attacker has as many of those as they like, each would push out one that is
 * good, and none would be asked for again.
 *
 * @throws TollgateError `ERR_OPTION_INVALID`
 */
export function createIntrospector(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: IntrospectorParameters = {},
  options: CallOptions = {},
): Introspector {
  requirePlain(parameters)
  const { maxEntries = 1000, maxAge = 60, ...expectations } = parameters
  if (!(Number.isInteger(maxEntries) && maxEntries >= 1 && maxEntries <= MAX_ENTRIES)) throw invalidOption('maxEntries')
  if (!(typeof maxAge === 'number' && maxAge > 0 && maxAge <= MAX_AGE)) throw invalidOption('maxAge')
  const { now: seconds } = transportOf(options)
  /** The one that was used last at the end. */
  const answers = new Map<string, Answer>()
  const asking = new Map<string, Promise<Introspection>>()

  function remembered(id: string): Introspection | undefined {
    const answer = answers.get(id)
    if (!answer) return undefined
    answers.delete(id)
    const now = seconds()
    // A clock that was set back may have been wrong before.
    if (!(now >= answer.from && now < answer.until)) return undefined
    answers.set(id, answer)
    return answer.introspection
  }

  function remember(id: string, introspection: Introspection): void {
    if (!introspection.active) return
    const from = seconds()
    const until = Math.min(from + maxAge, introspection.exp ?? Infinity)
    if (!(until > from)) return
    const [oldest] = answers.size >= maxEntries ? answers.keys() : []
    if (oldest !== undefined) answers.delete(oldest)
    answers.set(id, { introspection, from, until })
  }

  function ask(id: string, token: string): Promise<Introspection> {
    const asked = asking.get(id)
    if (asked) return asked
    const answer = introspect(server, client, token, expectations, options).then((introspection) => {
      // One that was forgotten meanwhile stays so.
      if (asking.get(id) === answer) remember(id, introspection)
      return introspection
    })
    const ended = () => void (asking.get(id) === answer && asking.delete(id))
    asking.set(id, answer)
    answer.then(ended, ended)
    return answer
  }

  return Object.freeze({
    async introspect(token: string, { signal }: { signal?: AbortSignal | undefined } = {}) {
      if (typeof token !== 'string') throw new TypeError('`token` must be a string')
      signal?.throwIfAborted()
      const id = await sha256Hex(token)
      const known = remembered(id)
      if (known) return known
      // Others wait for the answer too.
      return signal ? unlessAborted(ask(id, token), signal) : ask(id, token)
    },
    async forget(token?: string) {
      if (token === undefined) {
        answers.clear()
        asking.clear()
        return
      }
      const id = await sha256Hex(token)
      answers.delete(id)
      asking.delete(id)
    },
  })
}
