/** The kernels where modules are imported, because they may not be compiled from bytes. Each is instantiated when a key needs it. */
import * as ed25519Glue from '../generated/ed25519/tollgate_ed25519.js'
import ed25519 from '../generated/ed25519/tollgate_ed25519_bg.wasm'
import * as p256Glue from '../generated/p256/tollgate_p256.js'
import p256 from '../generated/p256/tollgate_p256_bg.wasm'
import * as p384Glue from '../generated/p384/tollgate_p384.js'
import p384 from '../generated/p384/tollgate_p384_bg.wasm'
import * as portableGlue from '../generated/portable/tollgate_portable.js'
import portable from '../generated/portable/tollgate_portable_bg.wasm'
import * as rareGlue from '../generated/rare/tollgate_rare.js'
import rare from '../generated/rare/tollgate_rare_bg.wasm'
import * as scalarGlue from '../generated/rsa/tollgate_rsa.js'
import scalar from '../generated/rsa/tollgate_rsa_bg.wasm'
import * as relaxedGlue from '../generated/rsa_relaxed/tollgate_rsa_relaxed.js'
import relaxed from '../generated/rsa_relaxed/tollgate_rsa_relaxed_bg.wasm'
import { type Glue, instance } from './instance.js'
import type { KernelModules } from './kernels.js'
import { choiceOf } from './rsa-levels.js'

const imported = (glue: Glue, module: WebAssembly.Module) => {
  const kernel = instance(glue, () => module)
  return async () => ({ kernel })
}

// Relaxed SIMD is always there; that it is fused is not.
const rsaKernel = /* @__PURE__ */ choiceOf(() => [
  { load: imported(relaxedGlue, relaxed) },
  { load: imported(scalarGlue, scalar) },
])

export const kernelModules: KernelModules = {
  rsa: async () => {
    // At once, as the others are, and not when it is asked for.
    const choice = rsaKernel()
    return { kernel: () => choice }
  },
  p256: /* @__PURE__ */ imported(p256Glue, p256),
  p384: /* @__PURE__ */ imported(p384Glue, p384),
  ed25519: /* @__PURE__ */ imported(ed25519Glue, ed25519),
  rare: /* @__PURE__ */ imported(rareGlue, rare),
  portable: /* @__PURE__ */ imported(portableGlue, portable),
}
