import type { WasmSource } from '../internal/wasm.js'
import type { KernelModules } from '../kernel/kernels.js'
import { arithmetic, loadAhead } from './backend.js'
import { isLoaded, loadCore } from './core.js'
import type { JwsHeader, JwtClaims, Verifier, VerifierOptions } from './types.js'
import { IssuersVerifier } from './issuers.js'
import { portableOptions } from './platform-key.js'
import { WasmVerifier } from './verifier.js'

/** A `WebAssembly.Module`. The types of Node.js alone do not name it. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object

/** What `init` takes: a compiled module, its bytes, or where to get them. */
export type InitSource = WasmModule | ArrayBuffer | ArrayBufferView | URL | Response | PromiseLike<Response>

/** The functions of `tollgate/verify`; their documentation is at the entry. */
export interface VerifyApi {
  init(source?: InitSource): Promise<void>
  createVerifier(options: VerifierOptions): Promise<Verifier>
  decodeJwt<C = JwtClaims>(token: string): C
  decodeProtectedHeader(token: string): JwsHeader
}

/** @internal The functions over the module of `source`, and those of the `modules` that keys need. */
export function bindVerify(source: WasmSource, modules: KernelModules): VerifyApi {
  return {
    async init(given) {
      if (isLoaded()) return
      const module = given === undefined ? undefined : await compile(given)
      loadCore(module ? () => module : source)
    },
    async createVerifier(options) {
      if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
      const computing = arithmetic(modules, options)
      // Before the core is compiled, which takes longer than any other thing here.
      loadAhead(computing, options)
      const core = loadCore(source)
      const [portable, issuers] = await Promise.all([
        portableOptions(options),
        Array.isArray(options.issuer) ? Promise.all(options.issuer.map(portableOptions)) : undefined,
      ])
      const verifier = issuers
        ? new IssuersVerifier(core, { ...portable, issuer: issuers }, computing)
        : new WasmVerifier(core, portable, computing)
      await verifier.prepare()
      if (portable.preload) await verifier.load()
      return verifier
    },
    decodeJwt(token) {
      return loadCore(source).decode(token).claims as never
    },
    decodeProtectedHeader(token) {
      const core = loadCore(source)
      if (!core.buffer.decode_header(core.write(token))) throw core.error()
      return core.header(token)
    },
  }
}

async function compile(source: InitSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source
  if (source instanceof URL) return WebAssembly.compileStreaming(globalThis.fetch(source))
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource)
  return WebAssembly.compileStreaming(source)
}
