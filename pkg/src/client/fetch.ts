/** Requests that carry the access token (RFC 6750 §2.1). */
import { TollgateError } from '../errors.js'
import { invalidOption } from '../internal/options.js'
import { isSecure } from '../internal/url.js'
import { currentUrl, originOf } from './url.js'
import type { ClientOptions } from './types.js'

/** The origins that the access token may be sent to. */
export function originsOf({ allowedOrigins, resource = [], redirect_uri }: ClientOptions): Set<string> {
  const resources = typeof resource === 'string' ? [resource] : resource
  if (allowedOrigins !== undefined && !Array.isArray(allowedOrigins)) {
    throw new TypeError('`allowedOrigins` must be an array')
  }
  const allowed = allowedOrigins?.map((url: string) => {
    const origin = originOf(url)
    if (origin === undefined) throw invalidOption('allowedOrigins')
    return origin
  })
  return new Set(allowed ?? [redirect_uri, ...resources].flatMap((url) => originOf(url) ?? []))
}

/** What a request with an access token needs. */
export interface Authorization {
  fetch: typeof fetch
  /** Where the token may be sent. */
  origins: ReadonlySet<string>
  /** The base of relative URLs where there is no page. */
  base: string
  /** An access token that is not `rejected`; `undefined` when there is no way to another one. */
  token(rejected?: string): Promise<string | undefined>
}

/** Sends the request with the access token, and once more with a new one when the server calls it invalid. */
export async function authorizedFetch(
  { fetch, origins, base, token }: Authorization,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Promise<Response> {
  const target = input instanceof Request ? input : new URL(input, currentUrl() ?? base)
  const url = new URL(target instanceof Request ? target.url : target)
  if (!isSecure(url)) throw new TollgateError('ERR_FETCH_INSECURE')
  if (!origins.has(url.origin)) throw new TollgateError('ERR_OAUTH_ORIGIN_NOT_ALLOWED')

  const prepare = () => {
    const request = new Request(target, init)
    if (request.headers.has('authorization')) {
      throw new TypeError('the request has an "authorization" header already; remove it, or use the platform\'s fetch')
    }
    return request
  }
  const send = (request: Request, access_token: string | undefined) => {
    request.headers.set('authorization', `Bearer ${access_token}`)
    return fetch(request)
  }
  const request = prepare()
  const access_token = await token()
  const response = await send(request, access_token)
  // A body that was a stream is used up.
  const isRepeatable = !(target instanceof Request && target.bodyUsed) && !(init?.body instanceof ReadableStream)
  if (!isTokenInvalid(response) || !isRepeatable) return response
  const renewed = await token(access_token)
  if (renewed === undefined) return response
  await response.body?.cancel()
  return send(prepare(), renewed)
}

/** Whether the server refused the access token as such (RFC 6750 §3.1). */
function isTokenInvalid({ status, headers }: Response): boolean {
  return status === 401 && /\berror="?invalid_token\b/i.test(headers.get('www-authenticate') ?? '')
}
