/** The kernel of ECDSA on P-256, which stands in a file of its own: it is fetched where a key needs it. */
import wasm from '../generated/p256/inline.js'
import * as glue from '../generated/p256/tollgate_p256.js'
import { inline } from '../internal/wasm.js'
import { instance } from './instance.js'

export const kernel = /* @__PURE__ */ instance(glue, /* @__PURE__ */ inline(wasm))
