/** The kernel of Ed25519, which stands in a file of its own: it is fetched where a key needs it. */
import wasm from '../generated/ed25519/inline.js'
import * as glue from '../generated/ed25519/tollgate_ed25519.js'
import { inline } from '../internal/wasm.js'
import { instance } from './instance.js'

export const kernel = /* @__PURE__ */ instance(glue, /* @__PURE__ */ inline(wasm))
