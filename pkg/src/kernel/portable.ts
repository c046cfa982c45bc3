/** The kernel of every algorithm, by RustCrypto alone, in a file of its own: it is fetched where a key needs it. */
export { initSync, Kernel } from '../generated/portable/tollgate_portable.js'
export { default as wasm } from '../generated/portable/inline.js'
