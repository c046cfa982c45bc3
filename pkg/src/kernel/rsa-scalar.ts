/** The kernel of RSA without SIMD, in a file of its own: it is fetched where it is chosen. */
export { initSync, Kernel } from '../generated/rsa/tollgate_rsa.js'
export { default as wasm } from '../generated/rsa/inline.js'
