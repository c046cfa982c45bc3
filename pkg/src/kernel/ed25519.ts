/** The kernel of Ed25519, in a file of its own: it is fetched where a key needs it. */
export { initSync, Kernel } from '../generated/ed25519/tollgate_ed25519.js'
export { default as wasm } from '../generated/ed25519/inline.js'
