import { TollgateError } from '../errors.js'
import { requirePlain } from '../internal/options.js'
import { type KernelModules, Kernels } from '../kernel/kernels.js'
import type { VerifierOptions } from './types.js'
import { WebCryptoKeys } from './webcrypto.js'

const MAX_TABLE_BYTES = 2 ** 30

/** What computes with public keys: the kernels, or in their place WebCrypto. Of all issuers of a verifier. */
export interface Arithmetic {
  kernels: Kernels
  webCrypto: WebCryptoKeys | undefined
}

/** The arithmetic that the options ask for. */
export function arithmetic(modules: KernelModules, { backend = 'auto', keyTables }: VerifierOptions): Arithmetic {
  if (backend !== 'auto' && backend !== 'portable' && backend !== 'webcrypto') throw invalid('backend')
  const maxTableBytes = keyTables === undefined ? {} : { maxTableBytes: maxBytes(keyTables) }
  const kernels = new Kernels(modules, { isPortable: backend === 'portable', ...maxTableBytes })
  return { kernels, webCrypto: backend === 'webcrypto' ? new WebCryptoKeys() : undefined }
}

function maxBytes(keyTables: unknown): number {
  if (typeof keyTables !== 'object' || keyTables === null) throw invalid('keyTables')
  requirePlain(keyTables)
  const { maxBytes, ...others } = keyTables as { maxBytes?: unknown }
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw invalid(unknown)
  const isGood = typeof maxBytes === 'number' && Number.isInteger(maxBytes) && maxBytes >= 0 && maxBytes <= MAX_TABLE_BYTES
  if (!isGood) throw invalid('maxBytes')
  return maxBytes
}

function invalid(claim: string): TollgateError {
  return new TollgateError('ERR_OPTION_INVALID', { claim, reason: 'malformed' })
}
