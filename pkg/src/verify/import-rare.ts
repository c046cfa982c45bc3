import { TollgateError } from '../errors.js'

/** Fetches the file of the rare algorithms once, and instantiates its module. */
export async function importRare() {
  const { rare } = await import('../rare.js').catch((cause: unknown) => {
    throw new TollgateError('ERR_FETCH_FAILED', { cause })
  })
  return rare()
}
