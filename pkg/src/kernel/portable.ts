/** The kernel of every algorithm, by RustCrypto alone, which stands in a file of its own: it is fetched where a key needs it. */
import wasm from '../generated/portable/inline.js'
import * as glue from '../generated/portable/tollgate_portable.js'
import { inline } from '../internal/wasm.js'
import { instance } from './instance.js'

export const kernel = /* @__PURE__ */ instance(glue, /* @__PURE__ */ inline(wasm))
