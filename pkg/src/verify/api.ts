import type { WasmSource } from '../internal/wasm.js'
import { isLoaded, loadCore } from './core.js'
import type { JwsHeader, JwtClaims, Verifier, VerifierOptions } from './types.js'
import { WasmVerifier } from './verifier.js'

/** What `init` takes: a compiled module, its bytes, or where to get them. */
export type InitSource = WebAssembly.Module | BufferSource | URL | Response | PromiseLike<Response>

/** The functions of `tollgate/verify`. */
export interface VerifyApi {
  /**
   * Instantiates the wasm module. Never needed: every function does so on first use. For those who serve
   * `tollgate/verify.wasm` as a file of their own, or want the module compiled off the main thread.
   *
   * @param source The module; its bytes; a `Response` with them; or their URL. Default: what the package carries.
   */
  init(source?: InitSource): Promise<void>
  /**
   * Makes a verifier. Fetches nothing unless `preload` is set.
   *
   * @throws TollgateError `ERR_OPTION_INVALID`, `ERR_JWK_INVALID`, `ERR_JWKS_INVALID`, `ERR_JOSE_NOT_SUPPORTED`,
   * `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_FETCH_INSECURE`; with `preload`, those of `Verifier.load`.
   */
  createVerifier(options: VerifierOptions): Promise<Verifier>
  /**
   * The claims of a token whose signature is **not** verified (RFC 7519 §7.2 step 10): for display, never to decide.
   *
   * @throws TollgateError `ERR_JWS_INVALID`, `ERR_JWT_INVALID`.
   */
  decodeJwt<C = JwtClaims>(token: string): C
  /**
   * The protected header of a token whose signature is **not** verified.
   *
   * @throws TollgateError `ERR_JWS_INVALID`.
   */
  decodeProtectedHeader(token: string): JwsHeader
}

/** The functions over the module of `source`. */
export function bindVerify(source: WasmSource): VerifyApi {
  return {
    async init(given) {
      if (isLoaded()) return
      const module = given === undefined ? undefined : await compile(given)
      loadCore(module ? () => module : source)
    },
    async createVerifier(options) {
      if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
      const verifier = new WasmVerifier(loadCore(source), options)
      if (options.preload) await verifier.load()
      return verifier
    },
    decodeJwt(token) {
      const core = loadCore(source)
      if (!core.buffer.decode_claims(core.write(token))) throw core.error()
      return core.claims()
    },
    decodeProtectedHeader(token) {
      const core = loadCore(source)
      if (!core.buffer.decode_header(core.write(token))) throw core.error()
      return core.header()
    },
  }
}

async function compile(source: InitSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source
  if (source instanceof URL) return WebAssembly.compileStreaming(globalThis.fetch(source))
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource)
  return WebAssembly.compileStreaming(source)
}
