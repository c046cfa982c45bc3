/** The kernel of RSA by SIMD of 128 bits, in a file of its own: it is fetched where it is chosen. */
export { initSync, Kernel } from '../generated/rsa_simd/tollgate_rsa_simd.js'
export { default as wasm } from '../generated/rsa_simd/inline.js'
