/**
 * Every check of a token with its outcome, for tools, tests and support: **not to decide with**. Whoever decides calls
 * `verify` of `tollgate/verify`, which is smaller and throws.
 *
 * @module
 */
import wasm from './generated/inspect/inline.js'
import { bindInspect } from './inspect/api.js'
import type { Inspection, InspectExpectations, InspectOptions } from './inspect/types.js'
import { inline } from './internal/wasm.js'

const bound = /* @__PURE__ */ bindInspect(/* @__PURE__ */ inline(wasm))

/**
 * Makes every check that a verifier of these options makes, and does not stop at one that fails: what is right and what is
 * wrong with a token, all at once.
 *
 * **For people, not for programs.** A refused token does not throw here; its claims are in the result all the same, and
 * anyone can have written them. Use `createVerifier` of `tollgate/verify` wherever something depends on the answer.
 *
 * Nothing is kept between two calls but the wasm instance: keys that are not among the options are fetched each time. When
 * that fails, the check `key` has failed with the reason, and the claims are checked all the same.
 *
 * @param token The compact JWS.
 * @param options As for `createVerifier`.
 * @param expect More expectations, as for `Verifier.verify`. Their checks come last in the list.
 * @throws TollgateError as `createVerifier`, about the options: `ERR_OPTION_INVALID`, `ERR_JWK_INVALID`,
 * `ERR_JWKS_INVALID`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_FETCH_INSECURE`. The reason of `signal`
 * when it aborts. Never about the token.
 */
export const inspect = (token: string, options: InspectOptions, expect?: InspectExpectations): Promise<Inspection> =>
  bound(token, options, expect)

export type * from './inspect/types.js'
