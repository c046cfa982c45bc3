/** The wasm module under jose's names: instantiated by whatever is called first. */
import { KEY_KIND } from '../generated/algorithms.js'
import { REASONS, type ErrorCode, type Reason } from '../generated/errors.js'
import {
  decode_base64url,
  encode_base64url,
  ImportedKey,
  initSync,
  json,
  jwk_of_pem,
  require_stack,
  validate_claims,
  validate_header,
} from '../generated/jose/tollgate_jose.js'
import { codeOf } from '../internal/messages.js'
import { requireStack as requireStackFor } from '../internal/stack.js'
import type { WasmSource } from '../internal/wasm.js'
import { type KernelModules, Kernels, moduleOf } from '../kernel/kernels.js'

export type { ImportedKey }

/** What a text is; mirrors `Json` in `src/wasm/jose.rs`. */
const Json = { Malformed: 0, Object: 1 } as const

/** Longer inputs are refused: their copies in wasm memory would never be given back. */
export const MAX_BYTES = 1 << 24

/** Longer JSON is refused: what is made of it in wasm memory is many times its length, and would never be given back. */
export const MAX_JSON = 1 << 20

/** Why the core refused. */
export interface Refusal {
  code: ErrorCode
  claim?: string
  reason?: Reason
}

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder()

let source: WasmSource | undefined
let kernelModules: KernelModules | undefined
let kernels: Kernels | undefined
let loaded = false

/**
 * Says where the modules come from, and returns `value`. An entry exports what this returns: so a bundler that keeps an
 * export keeps the module, and one that keeps none keeps nothing.
 */
export function provide<T>(common: WasmSource, modules: KernelModules, value: T): T {
  source = common
  kernelModules = modules
  return value
}

const loadedKernels = (): Kernels => (kernels ??= new Kernels(kernelModules!))

/** Whether the kernel of keys for `alg` is the large one, which need not be loaded where WebCrypto has the algorithm. */
export const isRare = (alg: string): boolean => KEY_KIND[alg] !== undefined && moduleOf(KEY_KIND[alg]!) === 'rare'

/** Loads the kernel of keys for `alg`, if that needs one. */
export async function loadKernel(alg: string): Promise<void> {
  const kind = KEY_KIND[alg]
  if (kind !== undefined) await loadedKernels().load(1 << kind)
}

/** Every call into the module comes after this. */
function load(): void {
  if (!loaded) initSync({ module: source!() })
  loaded = true
}

/** Throws where the stack is nearly used up. */
export const requireStack = (): void => requireStackFor(loaded ? require_stack : undefined)

/** The bytes of `text` in UTF-8. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)

/** What `text` spells in base64url, strictly; nothing when it is malformed. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length > MAX_BYTES) return undefined
  load()
  return decode_base64url(text) as Uint8Array<ArrayBuffer> | undefined
}

/** `bytes` in base64url. */
export function encodeBase64url(bytes: Uint8Array): string {
  load()
  return encode_base64url(bytes)
}

/** The value that `bytes` are in strict JSON; nothing when they are malformed. */
export function parseJson(bytes: Uint8Array): { value: unknown; isObject: boolean } | undefined {
  if (bytes.length > MAX_JSON) return undefined
  load()
  const kind = json(bytes)
  if (kind === Json.Malformed) return undefined
  return { value: JSON.parse(decoder.decode(bytes)), isObject: kind === Json.Object }
}

/** Checks the parts of a header, in JSON. Returns whether the payload is encoded, or throws a `Refusal`. */
export function validateHeader(
  protectedHeader: Uint8Array | undefined,
  unprotectedHeader: Uint8Array | undefined,
  understood: Uint8Array,
): boolean {
  return refusing(() => validate_header(protectedHeader, unprotectedHeader, understood))
}

/** Validates claims, in JSON; `now` is in seconds. */
export function validateClaims(
  policy: Uint8Array,
  header: Uint8Array,
  understood: Uint8Array,
  claims: Uint8Array,
  now: number,
): Refusal | undefined {
  load()
  const failure = validate_claims(policy, header, understood, claims, now)
  return failure === undefined ? undefined : refusal(failure)
}

/** Imports a public JWK, in JSON. Throws a `Refusal`: of `ERR_JOSE_NOT_SUPPORTED` while its kernel is not loaded. */
export const importPublic = (jwk: string, alg: string): ImportedKey =>
  refusing(() => ImportedKey.public(jwk, alg, loadedKernels()))

/** Imports a secret. Throws a `Refusal`. */
export const importSecret = (bytes: Uint8Array, alg: string): ImportedKey =>
  refusing(() => ImportedKey.secret(bytes, alg))

/** The public JWK, in JSON, of a PEM text. Throws a `Refusal`. */
export const jwkOfPem = (pem: string): string => refusing(() => jwk_of_pem(pem))

function refusing<T>(action: () => T): T {
  load()
  try {
    return action()
  } catch (thrown) {
    throw typeof thrown === 'string' ? refusal(thrown) : thrown
  }
}

function refusal(json: string): Refusal {
  const { code, claim, reason } = JSON.parse(json) as { code: number; claim?: string; reason?: number }
  return {
    code: codeOf(code),
    ...(claim !== undefined && { claim }),
    ...(reason !== undefined && { reason: REASONS[reason]! }),
  }
}
