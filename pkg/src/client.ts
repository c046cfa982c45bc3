/**
 * Signs users in at an OpenID Connect or OAuth 2.0 authorization server, from a single-page app.
 *
 * @module
 */
import { bindClient } from './client/client.js'
import wasm from './generated/client/inline.js'
import { inline } from './internal/wasm.js'

/**
 * Makes a client. Loads the wasm module, and sends nothing yet.
 *
 * @throws TollgateError `ERR_OPTION_INVALID`, where `claim` names the option; `ERR_FETCH_INSECURE` for an issuer that is not https
 */
export const createClient = /* @__PURE__ */ bindClient(/* @__PURE__ */ inline(wasm), () => import('./signature.js'))
export type * from './client/types.js'
