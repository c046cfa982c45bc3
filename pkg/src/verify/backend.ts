import { KEY_KIND, KEY_KINDS } from '../generated/algorithms.js'
import { integerOf, invalidOption } from '../internal/options.js'
import { type KernelModules, Kernels } from '../kernel/kernels.js'
import type { Jwk, VerifierOptions } from './types.js'
import { WebCryptoKeys } from './webcrypto.js'

const MAX_TABLE_BYTES = 2 ** 30

/** What computes with public keys: the kernels, or in their place WebCrypto. Of all issuers of a verifier. */
export interface Arithmetic {
  kernels: Kernels
  webCrypto: WebCryptoKeys | undefined
}

/** The arithmetic that the options ask for. */
export function arithmetic(modules: KernelModules, { backend = 'auto', keyTables }: VerifierOptions): Arithmetic {
  if (backend !== 'auto' && backend !== 'portable' && backend !== 'webcrypto') throw invalidOption('backend')
  const maxTableBytes = keyTables === undefined ? {} : { maxTableBytes: integerOf('keyTables', keyTables, 'maxBytes', 0, MAX_TABLE_BYTES) }
  const kernels = new Kernels(modules, { isPortable: backend === 'portable', ...maxTableBytes })
  return { kernels, webCrypto: backend === 'webcrypto' ? new WebCryptoKeys() : undefined }
}

/**
 * Begins to load the kernel that the options make sure of, while there is other work: that of the JWK, or the only one that the
 * algorithms can need. Whatever fails is left to those who need it.
 */
export function loadAhead({ kernels, webCrypto }: Arithmetic, { key, algorithms }: VerifierOptions): void {
  if (webCrypto) return
  const { kty, crv } = (key ?? {}) as Partial<Jwk>
  const kinds = new Set<number | undefined>(Array.isArray(algorithms) ? algorithms.map((alg) => KEY_KIND[alg]) : [])
  const named = KEY_KINDS.findIndex((kind) => kind === (kty === 'RSA' ? 'Rsa' : String(crv).replace('-', '')))
  const [kind] = named >= 0 ? [named] : kinds.size === 1 ? kinds : []
  if (kind !== undefined) kernels.load(1 << kind).catch(() => {})
}
