/** `tollgate/verify` where modules are imported, because they may not be compiled from bytes. */
import module from './generated/verify/tollgate_verify_bg.wasm'
import rare from './generated/rare/tollgate_rare_bg.wasm'
import { bindVerify } from './verify/api.js'
import { loadRare } from './verify/rare.js'

export const { init, createVerifier, decodeJwt, decodeProtectedHeader } = /* @__PURE__ */ bindVerify(
  () => module,
  async () => loadRare(() => rare),
)
export { cacheApiJwksStore, kvJwksStore } from './verify/jwks-store.js'
