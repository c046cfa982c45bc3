/** Where the bytes of a wasm module come from. */
export type WasmSource = () => WebAssembly.Module

/** A module that stands in the JavaScript as base64, compiled when it is first needed. */
export function inline(base64: string): WasmSource {
  return () => new WebAssembly.Module(decodeBase64(base64))
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
