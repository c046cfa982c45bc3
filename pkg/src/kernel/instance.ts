import type { WasmSource } from '../internal/wasm.js'
import type { KernelClass } from './kernels.js'

/** What wasm-bindgen writes for a kernel. */
export interface Glue {
  initSync(source: { module: WebAssembly.Module }): unknown
  Kernel: KernelClass
}

/** The kernels of a module, which is instantiated on the first call; a failure to is not remembered. */
export function instance(glue: Glue, source: WasmSource): () => KernelClass {
  let isInstantiated = false
  return () => {
    if (!isInstantiated) glue.initSync({ module: source() })
    isInstantiated = true
    return glue.Kernel
  }
}
