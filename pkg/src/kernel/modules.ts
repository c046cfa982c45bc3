import type { KernelModules } from './kernels.js'

/** Each kernel in a file of its own. */
export const kernelModules: KernelModules = {
  rsa: () => import('./rsa.js'),
  p256: () => import('./p256.js'),
  p384: () => import('./p384.js'),
  ed25519: () => import('./ed25519.js'),
  rare: () => import('./rare.js'),
  portable: () => import('./portable.js'),
}
