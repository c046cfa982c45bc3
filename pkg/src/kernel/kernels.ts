import { TollgateError } from '../errors.js'
import { DEFAULT_TABLE_BYTES, KEY_KINDS } from '../generated/algorithms.js'

/** One kernel: the arithmetic of some kinds of public keys in a wasm module of its own; mirrors `src/wasm/kernel.rs`. */
export interface Kernel {
  import(kind: number, key: Uint8Array): number | undefined
  verify(key: number, input: Uint8Array, signature: Uint8Array): boolean
  power(key: number, signature: Uint8Array): Uint8Array | undefined
  build_table(key: number): boolean
  release(key: number): void
  readonly table_bytes: number
}

/** Makes kernels whose tables take at most so many bytes. */
export interface KernelClass {
  new (maxTableBytes: number): Kernel
  /** Whether the arithmetic gives the answers that are known. */
  self_test(): boolean
}

/** The modules, by what their files are called. */
export type ModuleName = 'rsa' | 'p256' | 'p384' | 'ed25519' | 'rare' | 'portable'

/** Gets at each module. Where it is a file of its own, that is fetched when its function is called. */
export type KernelModules = Record<ModuleName, () => Promise<{ kernel: () => KernelClass | Promise<KernelClass> }>>

/** Which module computes with keys of each kind. */
const MODULE: Record<(typeof KEY_KINDS)[number], ModuleName> = {
  Rsa: 'rsa',
  P256: 'p256',
  P384: 'p384',
  P521: 'rare',
  Secp256k1: 'rare',
  Ed25519: 'ed25519',
  MlDsa44: 'rare',
  MlDsa65: 'rare',
  MlDsa87: 'rare',
}

/** The module that computes with keys of the kind of this number. */
export const moduleOf = (kind: number): ModuleName => MODULE[KEY_KINDS[kind]!]

/**
 * The kernels of those that share them, as the core calls them; mirrors `Kernels` in `src/wasm/signature.rs`. They are loaded
 * when keys need them.
 */
export class Kernels {
  readonly #modules: KernelModules
  readonly #moduleOf: (kind: number) => ModuleName
  readonly #maxTableBytes: number
  readonly #loading = new Map<ModuleName, Promise<Kernel>>()
  /** The kernels that are there, by kind of key. */
  readonly #kernels: (Kernel | undefined)[] = []
  /** Where each key is that was imported. */
  readonly #keys: ({ kernel: Kernel; key: number } | undefined)[] = []

  constructor(modules: KernelModules, { isPortable = false, maxTableBytes = DEFAULT_TABLE_BYTES } = {}) {
    this.#modules = modules
    this.#moduleOf = isPortable ? () => 'portable' : moduleOf
    this.#maxTableBytes = maxTableBytes
  }

  /**
   * Loads the kernels of some kinds of keys: a bit for each, by its number.
   *
   * @throws TollgateError `ERR_FETCH_FAILED`; `ERR_JOSE_NOT_SUPPORTED` where the engine computes wrong results.
   * @throws What the platform throws for a module that cannot be compiled.
   */
  async load(kinds: number): Promise<void> {
    const numbers = KEY_KINDS.map((_, kind) => kind).filter((kind) => kinds & (1 << kind))
    const load = async (kind: number) => {
      this.#kernels[kind] ??= await this.#module(this.#moduleOf(kind))
    }
    // What fails leaves alone what does not, and that is waited for.
    const loads = await Promise.allSettled(numbers.map(load))
    const failed = loads.find((load) => load.status === 'rejected')
    if (failed) throw failed.reason
  }

  #module(name: ModuleName): Promise<Kernel> {
    let loading = this.#loading.get(name)
    if (!loading) {
      loading = this.#instantiate(name)
      this.#loading.set(name, loading)
      // A failure is not remembered.
      loading.catch(() => this.#loading.delete(name))
    }
    return loading
  }

  async #instantiate(name: ModuleName): Promise<Kernel> {
    const { kernel } = await fetched(this.#modules[name]())
    const Kernel = await kernel()
    return new Kernel(this.#maxTableBytes)
  }

  computes(kind: number): boolean {
    return this.#kernels[kind] !== undefined
  }

  import(kind: number, bytes: Uint8Array): number {
    const kernel = this.#kernels[kind]
    const key = kernel?.import(kind, bytes)
    if (!kernel || key === undefined) return -1
    const free = this.#keys.indexOf(undefined)
    const number = free < 0 ? this.#keys.length : free
    this.#keys[number] = { kernel, key }
    return number
  }

  verify(number: number, input: Uint8Array, signature: Uint8Array): boolean {
    const { kernel, key } = this.#keys[number]!
    return kernel.verify(key, input, signature)
  }

  power(number: number, signature: Uint8Array, power: Uint8Array): boolean {
    const { kernel, key } = this.#keys[number]!
    const result = kernel.power(key, signature)
    if (result?.length !== power.length) return false
    power.set(result)
    return true
  }

  buildTable(number: number): boolean {
    const { kernel, key } = this.#keys[number]!
    return kernel.build_table(key)
  }

  release(number: number): void {
    const { kernel, key } = this.#keys[number]!
    this.#keys[number] = undefined
    kernel.release(key)
  }
}

/** Waits for a file. */
export function fetched<T>(file: Promise<T>): Promise<T> {
  return file.catch((cause: unknown) => {
    throw new TollgateError('ERR_FETCH_FAILED', { cause })
  })
}
