/** `tollgate/verify` where modules are imported, because they may not be compiled from bytes. */
import module from './generated/verify/tollgate_verify_bg.wasm'
import { kernelModules } from './kernel/modules.workerd.js'
import { bindVerify } from './verify/api.js'

export const { init, createVerifier, decodeJwt, decodeProtectedHeader } = /* @__PURE__ */ bindVerify(() => module, kernelModules)
export { cacheApiJwksStore, kvJwksStore } from './verify/jwks-store.js'
