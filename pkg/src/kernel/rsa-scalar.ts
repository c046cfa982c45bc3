/** The kernel of RSA without SIMD. */
import wasm from '../generated/rsa/inline.js'
import * as glue from '../generated/rsa/tollgate_rsa.js'
import { inline } from '../internal/wasm.js'
import { instance } from './instance.js'

export const kernel = /* @__PURE__ */ instance(glue, /* @__PURE__ */ inline(wasm))
