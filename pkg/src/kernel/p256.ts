/** The kernel of ECDSA on P-256, in a file of its own: it is fetched where a key needs it. */
export { initSync, Kernel } from '../generated/p256/tollgate_p256.js'
export { default as wasm } from '../generated/p256/inline.js'
