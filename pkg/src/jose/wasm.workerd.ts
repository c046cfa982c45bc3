/** The same where modules are imported, because they may not be compiled from bytes. */
import module from '../generated/jose/tollgate_jose_bg.wasm'

export const source = (): WebAssembly.Module => module
