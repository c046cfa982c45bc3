/** `tollgate/inspect` where modules are imported, because they may not be compiled from bytes. */
import module from './generated/inspect/tollgate_inspect_bg.wasm'
import { bindInspect } from './inspect/api.js'

export const inspect = /* @__PURE__ */ bindInspect(() => module)
