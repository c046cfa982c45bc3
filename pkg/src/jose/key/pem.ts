/** PEM (RFC 7468) and the little DER that WebCrypto needs around its keys. */

const LINE = 64

/** `der` as a PEM text. */
export function pemOf(label: string, der: Uint8Array): string {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(''))
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
}

/** The bytes of the one `label` in `pem`, which begins with it; nothing when it is malformed. */
export function derOf(label: string, pem: string): Uint8Array<ArrayBuffer> | undefined {
  const [start, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`]
  const text = pem.trimEnd()
  if (!text.startsWith(start) || !text.endsWith(end)) return undefined
  const base64 = text.slice(start.length, -end.length).replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** Tags of DER. */
export const Tag = { Integer: 2, OctetString: 4, Null: 5, Oid: 6, Sequence: 0x30, Version: 0xa0, Parameters: 0xa0 } as const

/** One element of DER: where its content is, and where the next begins. */
interface Element {
  tag: number
  start: number
  end: number
}

/** The element at `at` of `der`; throws a `RangeError` where it does not end within `limit`. */
export function element(der: Uint8Array, at: number, limit = der.length): Element {
  const tag = der[at]
  const first = der[at + 1]
  if (tag === undefined || first === undefined) throw new RangeError('the DER ends too early')
  const octets = first < 0x80 ? 0 : first & 0x7f
  if (octets > 3 || (first >= 0x80 && octets === 0)) throw new RangeError('the DER is malformed')
  let length = octets ? 0 : first
  for (let index = 0; index < octets; index++) length = length * 256 + (der[at + 2 + index] ?? 0)
  const start = at + 2 + octets
  if (start + length > limit) throw new RangeError('the DER ends too early')
  return { tag, start, end: start + length }
}

/** The elements in the element `outer`, with where each begins. */
export function children(der: Uint8Array, outer: Element): (Element & { at: number })[] {
  const found = []
  for (let at = outer.start; at < outer.end; ) {
    const inner = element(der, at, outer.end)
    found.push({ ...inner, at })
    at = inner.end
  }
  return found
}

/** An element of DER. */
export function der(tag: number, ...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, content) => sum + content.length, 0)
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  const bytes = new Uint8Array(1 + octets.length + length)
  bytes.set([tag, ...octets])
  let at = 1 + octets.length
  for (const content of contents) {
    bytes.set(content, at)
    at += content.length
  }
  return bytes
}
