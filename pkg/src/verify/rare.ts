import { initSync, verify_signature } from '../generated/rare/tollgate_rare.js'
import type { WasmSource } from '../internal/wasm.js'

/** The module of the rare algorithms, as the core calls it; mirrors `Rare` in `src/wasm/signature.rs`. */
export interface Rare {
  /** 1 when the signature verifies, 0 when it does not, -1 when the key cannot be used. Never throws. */
  verify(jwk: string, alg: string, message: Uint8Array, signature: Uint8Array): number
}

/** Gets at the module; where it is a file of its own, that is fetched when this is called. */
export type RareSource = () => Promise<Rare>

let loaded = false

/** The one instance of the module. Instantiates it on the first call; a failure to is not remembered. */
export function loadRare(source: WasmSource): Rare & { verifySignature: typeof verify_signature } {
  if (!loaded) initSync({ module: source() })
  loaded = true
  return {
    verify(...check) {
      try {
        return Number(verify_signature(...check))
      } catch {
        return -1
      }
    },
    verifySignature: verify_signature,
  }
}
