import { inline, type InlineWasm, type WasmSource } from '../internal/wasm.js'
import type { KernelClass } from './kernels.js'

/** What wasm-bindgen writes for a kernel. */
export interface Glue {
  initSync(source: { module: WebAssembly.Module }): unknown
  Kernel: KernelClass
}

/** A kernel in a file of its own. It imports nothing that other files do: a bundler would make one more file of that. */
export interface KernelFile extends Glue {
  wasm: InlineWasm
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

/** The same of a file that is fetched first; only once, where that succeeds. */
export function inFile(fetch: () => Promise<KernelFile>): () => Promise<{ kernel: () => KernelClass }> {
  let kernel: (() => KernelClass) | undefined
  return async () => {
    const file = await fetch()
    kernel ??= instance(file, inline(file.wasm))
    return { kernel }
  }
}
