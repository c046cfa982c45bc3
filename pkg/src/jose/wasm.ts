/** The wasm module of `tollgate/jose`, as it stands in the JavaScript. */
import wasm from '../generated/jose/inline.js'
import { inline } from '../internal/wasm.js'

export const source = /* @__PURE__ */ inline(wasm)
