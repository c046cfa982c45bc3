import { TollgateError } from '../errors.js'
import { TokenBuffer, initSync, require_stack } from '../generated/verify/tollgate_verify.js'
import { errorFromCore } from '../internal/core-error.js'
import { copyJson } from '../internal/json.js'
import { requireStack } from '../internal/stack.js'
import type { WasmSource } from '../internal/wasm.js'
import type { JwsHeader } from './types.js'

/** A token that nothing has verified, decoded. */
export interface Decoded {
  claims: { iss?: unknown }
  /** In bytes. */
  length: number
  /** How many tokens had been written then. */
  writes: number
}

/**
 * The one instance of the wasm module, and the buffer through which tokens go in and their parts come out.
 *
 * Views on wasm memory are cached because making them costs more than the copy, and go stale whenever the memory
 * grows: `encodeInto` then silently writes nothing. So each use looks whether its view is still attached.
 */
export class Core {
  readonly buffer: TokenBuffer
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder()
  readonly #memory: WebAssembly.Memory
  readonly #outputAt: number
  #input = new Uint8Array()
  #output = new Uint32Array()
  #writes = 0
  /** The last header and how it was spelled, with the dot behind it: all tokens of an issuer have the same. */
  #header: JwsHeader | undefined
  #encodedHeader: string | undefined

  constructor(module: WebAssembly.Module) {
    this.#memory = initSync({ module }).memory
    this.buffer = new TokenBuffer()
    this.#outputAt = this.buffer.output
  }

  /** Throws where the stack is nearly used up. */
  requireStack(): void {
    requireStack(require_stack)
  }

  /**
   * Writes `token` where the module reads it.
   *
   * @returns its length in bytes
   */
  write(token: string): number {
    if (typeof token !== 'string') throw new TypeError('the token must be a string')
    if (this.#input.byteLength === 0) {
      const [inputAt, capacity] = this.#results()
      this.#input = new Uint8Array(this.#memory.buffer, inputAt, capacity)
    }
    this.#writes++
    const { read, written } = this.#encoder.encodeInto(token, this.#input)
    if (read !== token.length) throw new TollgateError('ERR_JWS_INVALID')
    return written
  }

  /** Decodes `token`. Throws when it is no JWT. */
  decode(token: string): Decoded {
    const length = this.write(token)
    if (!this.buffer.decode_claims(length)) throw this.error()
    return { claims: this.claims(), length, writes: this.#writes }
  }

  /** Whether `decoded` is the last token that was written: another may have been, by whatever code of the caller ran since. */
  holds(decoded: Decoded | undefined): decoded is Decoded {
    return decoded?.writes === this.#writes
  }

  /** The protected header of `token`, which the last call decoded. */
  header(token: string): JwsHeader {
    if (this.#encodedHeader === undefined || !token.startsWith(this.#encodedHeader)) {
      const output = this.#results()
      this.#header = JSON.parse(this.#text(output[2]!, output[3]!))
      this.#encodedHeader = token.slice(0, token.indexOf('.') + 1)
    }
    return copyJson(this.#header!)
  }

  /** The claims that the last call decoded. */
  claims<C>(): C {
    const output = this.#results()
    return JSON.parse(this.#text(output[4]!, output[5]!))
  }

  /** The index of the key that verified the last token, and of which generation of keys it is. */
  key(): { index: number; generation: number } {
    const output = this.#results()
    return { index: output[6]!, generation: output[7]! }
  }

  /** The first second in which the last token passes, and the first in which it does not any more. */
  window(): { from: number; until: number } {
    const output = this.#results()
    return { from: output[8]!, until: output[9]! }
  }

  /** Why the last call returned `false`. */
  error(): TollgateError {
    return errorFromCore(this.buffer.error())
  }

  #results(): Uint32Array {
    if (this.#output.byteLength === 0) this.#output = new Uint32Array(this.#memory.buffer, this.#outputAt, 10)
    return this.#output
  }

  #text(at: number, length: number): string {
    return this.#decoder.decode(new Uint8Array(this.#memory.buffer, at, length))
  }
}

let core: Core | undefined

/** The instance, made on the first call. A failure is not remembered. Throws where the stack is nearly used up. */
export function loadCore(source: WasmSource): Core {
  requireStack(core && require_stack)
  return (core ??= new Core(source()))
}

/** Whether there is an instance already. */
export function isLoaded(): boolean {
  return core !== undefined
}
