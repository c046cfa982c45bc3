import { Client, initSync } from '../generated/client/tollgate_client.js'
import { errorFromCore } from '../internal/core-error.js'
import type { WasmSource } from '../internal/wasm.js'

export { Client as Core } from '../generated/client/tollgate_client.js'

let loaded = false

/** The core of a client with `options`, in JSON. Instantiates the wasm module first; a failure to is not remembered. */
export function newCore(source: WasmSource, options: string): Client {
  if (!loaded) initSync({ module: source() })
  loaded = true
  const core = new Client(options)
  const error = core.error()
  if (error === undefined) return core
  core.free()
  throw errorFromCore(error)
}
