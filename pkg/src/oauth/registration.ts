/** Dynamic client registration (RFC 7591) and its management (RFC 7592). */
import { call, membersOf } from './core.js'
import type { CallOptions, ServerMetadata } from './types.js'

/** The metadata of a client (RFC 7591 §2, OpenID Connect Registration §2). */
export interface ClientMetadata {
  redirect_uris?: readonly string[] | undefined
  token_endpoint_auth_method?: string | undefined
  grant_types?: readonly string[] | undefined
  response_types?: readonly string[] | undefined
  client_name?: string | undefined
  client_uri?: string | undefined
  logo_uri?: string | undefined
  scope?: string | undefined
  contacts?: readonly string[] | undefined
  tos_uri?: string | undefined
  policy_uri?: string | undefined
  jwks_uri?: string | undefined
  jwks?: { readonly keys: readonly object[] } | undefined
  software_id?: string | undefined
  software_version?: string | undefined
  /** Claims about the software that somebody else signed, a JWT (RFC 7591 §2.3). */
  software_statement?: string | undefined
  application_type?: 'web' | 'native' | undefined
  post_logout_redirect_uris?: readonly string[] | undefined
  backchannel_logout_uri?: string | undefined
  dpop_bound_access_tokens?: boolean | undefined
  readonly [member: string]: unknown
}

/** A registered client as the server describes it (RFC 7591 §3.2.1). Frozen. It may hold secrets. */
export interface RegisteredClient extends Readonly<ClientMetadata> {
  readonly client_id: string
  readonly client_secret?: string
  /** When the secret expires, in seconds since the epoch; 0 when it does not. */
  readonly client_secret_expires_at?: number
  readonly client_id_issued_at?: number
  /** Where the registration is managed (RFC 7592 §3). */
  readonly registration_client_uri?: string
  /** The token to manage it with. */
  readonly registration_access_token?: string
}

/** Where a registration is managed, and the token to do it with: what `registerClient` and each call since gave. */
export interface RegistrationAccess {
  readonly registration_client_uri: string
  readonly registration_access_token: string
}

/** Nobody in particular: these requests show a token of their own. */
const NOBODY = { client_id: 'unregistered' }

/**
 * Registers a client (RFC 7591 §3). `initial_access_token` is what the server asks of those who may.
 *
 * @throws TollgateError
 * - `ERR_OPTION_INVALID`; `ERR_OAUTH_METADATA_INVALID` when the server has no `registration_endpoint`
 * - `ERR_OAUTH_ENDPOINT_ERROR`: refused; see `error` (RFC 7591 §3.2.2)
 * - `ERR_OAUTH_ENDPOINT_RESPONSE_INVALID`; `ERR_FETCH_*`
 */
export async function registerClient(
  server: ServerMetadata,
  metadata: ClientMetadata,
  { initial_access_token, ...options }: CallOptions & { initial_access_token?: string | undefined } = {},
): Promise<RegisteredClient> {
  return membersOf(await call<RegisteredClient>('registerClient', server, NOBODY, { metadata, initial_access_token }, options))
}

/**
 * What is registered now (RFC 7592 §2.1). The access token may be another one than before.
 *
 * @throws TollgateError what `registerClient` throws
 */
export async function readClient(
  server: ServerMetadata,
  access: RegistrationAccess,
  options?: CallOptions,
): Promise<RegisteredClient> {
  return membersOf(await call<RegisteredClient>('readClient', server, NOBODY, accessOf(access), options))
}

/**
 * Replaces all that is registered with `metadata` (RFC 7592 §2.2).
 *
 * @throws TollgateError what `registerClient` throws
 */
export async function updateClient(
  server: ServerMetadata,
  access: RegistrationAccess,
  metadata: ClientMetadata,
  options?: CallOptions,
): Promise<RegisteredClient> {
  return membersOf(await call<RegisteredClient>('updateClient', server, NOBODY, { ...accessOf(access), metadata }, options))
}

/**
 * Ends the registration (RFC 7592 §2.3).
 *
 * @throws TollgateError what `registerClient` throws
 */
export async function deleteClient(
  server: ServerMetadata,
  access: RegistrationAccess,
  options?: CallOptions,
): Promise<void> {
  await call('deleteClient', server, NOBODY, accessOf(access), options)
}

/** A registration is taken as it is; only what gives access to it is sent. */
const accessOf = ({ registration_client_uri, registration_access_token }: RegistrationAccess): RegistrationAccess => ({
  registration_client_uri,
  registration_access_token,
})
