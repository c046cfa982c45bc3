/** A response on its way into the core. */
import { TollgateError } from '../errors.js'
import { call } from './core.js'
import { formOf } from './incoming.js'
import type { ArrivedResponse, CallOptions, OAuthClient, ServerMetadata, TransactionSource } from './types.js'

/** As the core takes it; mirrors `Callback` in `src/oauth/callback.rs`. */
type Callback = { url: string } | { form: string }

/**
 * What the flow `name` makes of `response`, which must belong to what `source` says.
 *
 * @throws TollgateError as the flow says
 */
export async function callWithResponse<T>(
  name: string,
  server: ServerMetadata,
  client: OAuthClient,
  response: ArrivedResponse,
  source: TransactionSource,
  options: CallOptions = {},
): Promise<T> {
  const callback = await callbackOf(response, options.signal)
  let transaction = source
  if (typeof transaction === 'function') {
    const { state } = await call<{ state?: string }>('authorizationResponseState', server, client, callback, options)
    transaction = state === undefined ? undefined : await transaction(state)
  }
  return call<T>(name, server, client, { ...callback, transaction: transaction ?? undefined }, options)
}

async function callbackOf(response: ArrivedResponse, signal: AbortSignal | undefined): Promise<Callback> {
  if (response instanceof URLSearchParams) return { form: String(response) }
  if (typeof response === 'string' || response instanceof URL) return { url: String(response) }
  if (!(response instanceof Request)) throw new TypeError('`response` must be a string, URL, URLSearchParams or Request')
  if (response.method === 'GET') return { url: response.url }
  // OAuth 2.0 Form Post Response Mode §2.
  const form = await formOf(response, signal)
  if (form !== undefined) return { form }
  throw new TollgateError('ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID', { claim: 'response_mode', reason: 'malformed' })
}
