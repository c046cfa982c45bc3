import { inFile } from './instance.js'
import type { KernelModules } from './kernels.js'
import { rsaKernel } from './rsa.js'

/** Each kernel in a file of its own; of RSA, each level. */
export const kernelModules: KernelModules = {
  rsa: async () => {
    // At once, as the others are, and not when it is asked for.
    const choice = rsaKernel()
    return { kernel: () => choice }
  },
  p256: /* @__PURE__ */ inFile(() => import('./p256.js')),
  p384: /* @__PURE__ */ inFile(() => import('./p384.js')),
  ed25519: /* @__PURE__ */ inFile(() => import('./ed25519.js')),
  rare: /* @__PURE__ */ inFile(() => import('./rare.js')),
  portable: /* @__PURE__ */ inFile(() => import('./portable.js')),
}
