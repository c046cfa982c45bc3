/** The kernel of ECDSA on P-384, in a file of its own: it is fetched where a key needs it. */
export { initSync, Kernel } from '../generated/p384/tollgate_p384.js'
export { default as wasm } from '../generated/p384/inline.js'
