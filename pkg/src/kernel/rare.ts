/** The kernel of the algorithms that few issuers use, in a file of its own: it is fetched where a key needs it. */
export { initSync, Kernel } from '../generated/rare/tollgate_rare.js'
export { default as wasm } from '../generated/rare/inline.js'
