/** The kernel of RSA by SIMD of 128 bits. */
import wasm from '../generated/rsa_simd/inline.js'
import * as glue from '../generated/rsa_simd/tollgate_rsa_simd.js'
import { inline } from '../internal/wasm.js'
import { instance } from './instance.js'

export const kernel = /* @__PURE__ */ instance(glue, /* @__PURE__ */ inline(wasm))
