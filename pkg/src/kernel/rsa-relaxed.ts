/** The kernel of RSA by relaxed SIMD, in a file of its own: it is fetched where it is chosen. */
export { initSync, Kernel } from '../generated/rsa_relaxed/tollgate_rsa_relaxed.js'
export { default as wasm } from '../generated/rsa_relaxed/inline.js'
