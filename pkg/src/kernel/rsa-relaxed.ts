/** The kernel of RSA by relaxed SIMD. */
import wasm from '../generated/rsa_relaxed/inline.js'
import * as glue from '../generated/rsa_relaxed/tollgate_rsa_relaxed.js'
import { inline } from '../internal/wasm.js'
import { instance } from './instance.js'

export const kernel = /* @__PURE__ */ instance(glue, /* @__PURE__ */ inline(wasm))
