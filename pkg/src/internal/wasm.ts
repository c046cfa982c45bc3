/** Where the bytes of a wasm module come from. */
export type WasmSource = () => WebAssembly.Module

/**
 * A module as text, each byte by a code of its own so that gzip and brotli see what repeats; written by
 * `xtask/src/inline.rs`.
 */
export interface InlineWasm {
  /** Which bytes have a code of one character, in hexadecimal: four bytes a digit, the first of them its lowest bit. */
  frequent: string
  /** The codes of the bytes. */
  text: string
}

/** How many characters begin a code of two. */
const PREFIXES = 2

/** A module that stands in the JavaScript, compiled when it is first needed. */
export function inline(wasm: InlineWasm): WasmSource {
  return () => new WebAssembly.Module(decode(wasm))
}

function decode({ frequent, text }: InlineWasm): Uint8Array<ArrayBuffer> {
  // The printable characters of ASCII but those that a string could not have as they are; the last ones are the prefixes.
  const indices = new Uint8Array(128)
  let index = 0
  for (let char = 33; char < 127; char++) if (!'"$\'<\\`'.includes(String.fromCharCode(char))) indices[char] = index++
  const single = index - PREFIXES

  const all = Array.from({ length: 256 }, (_, byte) => byte)
  const isFrequent = (byte: number) => (Number.parseInt(frequent[byte >> 2]!, 16) >> (byte & 3)) & 1
  const ranked = Uint8Array.from([...all.filter(isFrequent), ...all.filter((byte) => !isFrequent(byte))])

  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const first = indices[text.charCodeAt(at)]!
    const rank = first < single ? first : (first - single + 1) * single + indices[text.charCodeAt(++at)]!
    bytes[length++] = ranked[rank]!
  }
  return bytes.subarray(0, length)
}
