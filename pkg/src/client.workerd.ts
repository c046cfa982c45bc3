/** `tollgate/client` where modules are imported, because they may not be compiled from bytes. */
import { bindClient } from './client/client.js'
import module from './generated/client/tollgate_client_bg.wasm'

// No fallback: WebCrypto has every algorithm there.
export const createClient = /* @__PURE__ */ bindClient(() => module)
