/** Requests of protected resources (RFC 6750, RFC 9449), and what these say of themselves (RFC 9728). */
import { TollgateError } from '../errors.js'
import { addHeaders, headerLines, unlessAborted } from '../internal/exchange.js'
import { invalidOption } from '../internal/options.js'
import { requireStack } from '../internal/stack.js'
import { isSecure } from '../internal/url.js'
import { challengesOf, newNonces, proofOf, resourceMetadataOf, transportOf } from './core.js'
import type { Challenge, DpopProofParameters, PresentableTokens, ProtectedResourceMetadata } from './resource-types.js'
import type { CallOptions, OAuthClient } from './types.js'

/**
 * A DPoP proof by the key of `client`, for one request that is sent now (RFC 9449 §4.2).
 *
 * @throws TollgateError `ERR_OPTION_INVALID`, also about `dpop` where the client has no key; `ERR_FETCH_INSECURE`;
 * `ERR_OAUTH_SIGNING_FAILED`
 */
export async function dpopProof(
  client: OAuthClient,
  { url, ...parameters }: DpopProofParameters,
  options: Pick<CallOptions, 'now'> = {},
): Promise<string> {
  return proofOf(client, { ...parameters, url: String(url) }, options)
}

/** The nonces that resource servers asked for, for as long as the key is in use: a nonce may be bound to the key. */
const nonces = new WeakMap<CryptoKeyPair, ReturnType<typeof newNonces>>()

function noncesOf(dpop: CryptoKeyPair) {
  requireStack()
  let known = nonces.get(dpop)
  if (!known) nonces.set(dpop, (known = newNonces()))
  return known
}

/** The headers that show the token. */
const CREDENTIALS = ['authorization', 'dpop']

/**
 * Sends a request with the access token of `tokens`, and gives the response, whatever its status. A token that is bound to the key
 * of `client` is shown with a proof; where the resource server asks for a nonce, the request is sent once more, unless its body is
 * a stream. Redirects are not followed unless `init.redirect` says so: a proof is for one URL. Without `options.timeout` the
 * response may take as long as it likes.
 *
 * What a resource demands is in its challenges: see `parseChallenges`.
 *
 * @throws TollgateError `ERR_FETCH_INSECURE`; `ERR_OPTION_INVALID`, also about `dpop` where a bound token comes without the key;
 * `ERR_OAUTH_SIGNING_FAILED`. What `fetch` rejects with otherwise
 */
export async function protectedResourceRequest(
  client: OAuthClient,
  tokens: PresentableTokens,
  url: string | URL,
  init: RequestInit = {},
  options: CallOptions = {},
): Promise<Response> {
  const { access_token, token_type } = tokens
  const network = transportOf(options)
  const target = new URL(url)
  if (!isSecure(target) || target.username || target.password) throw new TollgateError('ERR_FETCH_INSECURE')
  // The platform would quote it in its error.
  if (typeof access_token !== 'string' || !/^[!-~]+$/.test(access_token)) throw invalidOption('access_token')
  if (token_type !== 'Bearer' && token_type !== 'DPoP') throw invalidOption('token_type')
  const isBound = token_type === 'DPoP'
  if (isBound && !client.dpop) throw invalidOption('dpop', 'missing')

  const signal = anyOf(init.signal, options.signal, options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout))
  const known = isBound ? noncesOf(client.dpop!) : undefined
  const attempt = async (): Promise<Response> => {
    const request = new Request(target, { ...init, ...(signal && { signal }), redirect: init.redirect ?? 'manual' })
    const taken = CREDENTIALS.find((name) => request.headers.has(name))
    if (taken !== undefined) throw new TypeError(`the header \`${taken}\` is set by the protocol`)
    addHeaders(request, network.headers)
    request.headers.set('authorization', `${token_type} ${access_token}`)
    if (known) {
      const nonce = known.get(target.href)
      request.headers.set('dpop', await dpopProof(client, { url: target, method: request.method, access_token, nonce }, options))
    }
    signal?.throwIfAborted()
    const response = network.fetch(request)
    // As of every other request: a `fetch` that ignores the signal must not hang us.
    return signal ? unlessAborted(response, signal) : response
  }
  const response = await attempt()
  const isAsked = known?.learn(target.href, response.status, headerLines(response))
  if (!isAsked || isUsedUp(init.body)) return response
  await response.body?.cancel()
  const second = await attempt()
  known!.learn(target.href, second.status, headerLines(second))
  return second
}

/** Aborts when the first of `signals` does. */
function anyOf(...signals: (AbortSignal | null | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== null && signal !== undefined)
  return given.length > 1 ? AbortSignal.any(given) : given[0]
}

/** Whether a body that was sent cannot be sent again: a stream, also one of Node, or another source of pieces. */
function isUsedUp(body: unknown): boolean {
  return body instanceof ReadableStream || (typeof body === 'object' && body !== null && Symbol.asyncIterator in body)
}

/**
 * The challenges in a `WWW-Authenticate` header, or in that of a response (RFC 9110 §11.6.1): of Bearer (RFC 6750 §3), DPoP
 * (RFC 9449 §7.1) and any other scheme. Without the header there are none. The time is linear in its length.
 *
 * @throws TollgateError `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`: malformed, a parameter is there twice, or there are more than
 * 16 challenges or 32 parameters of one
 */
export function parseChallenges(from: string | Response): readonly Challenge[] {
  return challengesOf(typeof from === 'string' ? from : from.headers.get('www-authenticate') ?? '')
}

/**
 * The metadata of `resource`, a resource identifier, from where RFC 9728 §3.1 says; or from `resource_metadata`, the parameter of
 * a challenge. The document names exactly this resource, or it is refused.
 *
 * @throws TollgateError `ERR_OAUTH_RESOURCE_MISMATCH`; `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`; `ERR_FETCH_*`; `ERR_OPTION_INVALID`
 * for a resource with a fragment
 */
export async function protectedResourceMetadata(
  resource: string | URL,
  { resource_metadata, ...options }: CallOptions & { resource_metadata?: string | undefined } = {},
): Promise<ProtectedResourceMetadata> {
  return resourceMetadataOf(String(resource), resource_metadata, options)
}
