/** What a Token Request came to. */
import { call } from './core.js'
import type { CallOptions, OAuthClient, ServerMetadata, TokenSet } from './types.js'

/** The result of the core; mirrors `TokenSet::to_json` in `src/oauth/token_request.rs`. */
interface Granted {
  readonly response: Readonly<Record<string, unknown>>
  readonly [member: string]: unknown
}

/** The members of a `TokenSet` that no server says: only what was validated is there. */
const OURS = ['claims', 'expires_at', 'login']

/** The tokens of the grant `name`. */
export async function grant<T = TokenSet>(
  name: string,
  server: ServerMetadata,
  client: OAuthClient,
  parameters: object,
  options?: CallOptions,
): Promise<T> {
  const { response, ...ours } = await call<Granted>(name, server, client, parameters, options)
  // `null` is how some servers leave out a member.
  const theirs = Object.entries(response).filter(([name, value]) => value !== null && !OURS.includes(name))
  return Object.freeze({ ...Object.fromEntries(theirs), ...ours }) as T
}
