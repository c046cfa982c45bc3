/** Logging out at the server, and being told by it (OpenID Connect RP-Initiated Logout, Back-Channel Logout 1.0). */
import { TollgateError } from '../errors.js'
import { sha256Hex } from '../internal/digest.js'
import { invalidOption, requirePlain } from '../internal/options.js'
import { MemoryReplayStore, type ReplayStore } from '../internal/replay.js'
import { call, membersOf } from './core.js'
import { formOf } from './incoming.js'
import type { EndSessionParameters, LogoutTokenClaims, LogoutTokenParameters } from './resource-types.js'
import type { CallOptions, OAuthClient, ServerMetadata } from './types.js'

/**
 * The URL to send the user to, who is to be logged out at the server too.
 *
 * @throws TollgateError `ERR_OAUTH_METADATA_INVALID` when the server has no such endpoint; `ERR_OPTION_INVALID`
 */
export async function endSessionUrl(
  server: ServerMetadata,
  client: OAuthClient,
  parameters: EndSessionParameters = {},
): Promise<string> {
  const { url } = await call<{ url: string }>('endSessionUrl', server, client, parameters)
  return url
}

/** What the core makes of a logout token; mirrors `src/oauth/logout_token.rs`. */
interface Validated {
  readonly claims: LogoutTokenClaims
  /** Seconds since the epoch: from then on it is refused anyway. */
  readonly until: number
}

const stores = new WeakMap<ServerMetadata, ReplayStore>()

function storeOf(server: ServerMetadata): ReplayStore {
  let store = stores.get(server)
  if (!store) stores.set(server, (store = new MemoryReplayStore()))
  return store
}

/**
 * Validates a logout token (Back-Channel Logout §2.6), or the request that it came with: a form that is posted, of at most
 * 1 MiB. Each token is taken once. The sessions of `sid`, or without it all of `sub`, are to end.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID` about `logout_token`: the request is none with a logout token; answer with the status 400, as to the others
 * - `ERR_JWT_CLAIM_VALIDATION_FAILED`, of a token that was used before about `jti`
 * - `ERR_JWT_EXPIRED`, `ERR_JWT_INVALID`, `ERR_JWS_INVALID`, `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`, `ERR_JOSE_ALG_NOT_ALLOWED`,
 *   `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_INVALID`, `ERR_JWKS_NO_MATCHING_KEY`, `ERR_FETCH_*`
 * - `ERR_OAUTH_STORE_FAILED`: `replay` failed; see `cause`
 */
export async function validateLogoutToken(
  server: ServerMetadata,
  client: OAuthClient,
  token: string | Request,
  expectations: LogoutTokenParameters = {},
  options: CallOptions = {},
): Promise<LogoutTokenClaims> {
  requirePlain(expectations)
  const { replay = storeOf(server), ...parameters } = expectations
  if (replay !== false && typeof replay?.add !== 'function') throw new TypeError('`replay` must be a ReplayStore or `false`')
  const logout_token = typeof token === 'string' ? token : await posted(token, options.signal)
  const validated = await call<Validated>('validateLogoutToken', server, client, { ...parameters, logout_token }, options)
  const claims = membersOf(validated.claims)
  if (replay === false) return claims
  // Of one that is for several clients each makes use.
  const id = await sha256Hex(JSON.stringify([claims.iss, client.client_id, claims.jti]))
  const isNew = await added(replay, id, validated.until)
  if (!isNew) throw new TollgateError('ERR_JWT_CLAIM_VALIDATION_FAILED', { claim: 'jti', reason: 'mismatch' })
  return claims
}

async function added(replay: ReplayStore, id: string, expiresAt: number): Promise<boolean> {
  try {
    // Whatever else a store gives, it is not that the token is new.
    return (await replay.add(id, expiresAt)) === true
  } catch (cause) {
    throw new TollgateError('ERR_OAUTH_STORE_FAILED', { cause })
  }
}

/** The logout token in a Logout Request (§2.5). */
async function posted(request: Request, signal: AbortSignal | undefined): Promise<string> {
  const form = await formOf(request, signal)
  if (form === undefined) throw invalidOption('logout_token')
  const [token, ...more] = new URLSearchParams(form).getAll('logout_token')
  if (token === undefined || more.length > 0) throw invalidOption('logout_token', token === undefined ? 'missing' : 'malformed')
  return token
}
