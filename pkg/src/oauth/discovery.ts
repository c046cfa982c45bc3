/** Where a server says what it is. */
import { discovered } from './core.js'
import type { CallOptions, ServerMetadata } from './types.js'

/**
 * Finds the metadata of `issuer`: by OpenID Connect Discovery §4, and where there is none by RFC 8414 §3. The document names
 * exactly this issuer, or it is refused.
 *
 * @throws TollgateError `ERR_FETCH_*`; `ERR_OAUTH_METADATA_INVALID`, `ERR_OAUTH_METADATA_ISSUER_MISMATCH`; `ERR_OPTION_INVALID` for
 * an issuer with a query or a fragment
 */
export async function discover(issuer: string, options?: CallOptions): Promise<ServerMetadata> {
  return discovered(issuer, options)
}
