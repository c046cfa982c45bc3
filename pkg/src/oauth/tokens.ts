/** What a Token Request came to. */
import { call, membersOf } from './core.js'
import type { CallOptions, OAuthClient, ServerMetadata, TokenSet } from './types.js'

/** The result of the core; mirrors `TokenSet::to_json` in `src/oauth/token_request.rs`. */
interface Granted {
  readonly response: Readonly<Record<string, unknown>>
  readonly [member: string]: unknown
}

/** The tokens of the grant `name`. */
export async function grant<T = TokenSet>(
  name: string,
  server: ServerMetadata,
  client: OAuthClient,
  parameters: object,
  options?: CallOptions,
): Promise<T> {
  const { response, ...ours } = await call<Granted>(name, server, client, parameters, options)
  // Members that no server says: only what was validated is there.
  const { claims, expires_at, login, ...theirs } = membersOf(response)
  return Object.freeze({ ...theirs, ...ours }) as T
}
