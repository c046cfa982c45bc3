/** Where the bytes of a wasm module come from. */
export type WasmSource = () => WebAssembly.Module

/**
 * A module as text, each byte by a code of its own so that gzip and brotli see what repeats; written by
 * `xtask/src/inline.rs`.
 */
export interface InlineWasm {
  /** The characters of codes. */
  alphabet: string
  /** How many of the last of them begin a code of two. */
  prefixes: number
  /** All bytes, in hexadecimal, in the order of their codes. */
  order: string
  /** The codes of the bytes. */
  text: string
}

/** A module that stands in the JavaScript, compiled when it is first needed. */
export function inline(wasm: InlineWasm): WasmSource {
  return () => new WebAssembly.Module(decode(wasm))
}

function decode({ alphabet, prefixes, order, text }: InlineWasm): Uint8Array<ArrayBuffer> {
  const single = alphabet.length - prefixes
  const ranked = Uint8Array.from({ length: 256 }, (_, rank) => Number.parseInt(order.slice(2 * rank, 2 * rank + 2), 16))
  const indices = new Uint8Array(128)
  for (let index = 0; index < alphabet.length; index++) indices[alphabet.charCodeAt(index)] = index

  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const index = indices[text.charCodeAt(at)]!
    const rank = index < single ? index : (index - single + 1) * single + indices[text.charCodeAt(++at)]!
    bytes[length++] = ranked[rank]!
  }
  return bytes.subarray(0, length)
}
