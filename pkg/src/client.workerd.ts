/** `tollgate/client` where modules are imported, because they may not be compiled from bytes. */
import { bindClient } from './client/client.js'
import module from './generated/client/tollgate_client_bg.wasm'

// No fallback: WebCrypto has every algorithm there but ES256K and ML-DSA, whose ID tokens are refused.
export const createClient = /* @__PURE__ */ bindClient(() => module)
