import { TollgateError } from '../errors.js'
import { CoreVerifier, initSync } from '../generated/inspect/tollgate_inspect.js'
import { errorFromCore, thrownByCore } from '../internal/core-error.js'
import { drive, type Transport } from '../internal/exchange.js'
import { optionsJson, readClock, transport } from '../internal/options.js'
import type { WasmSource } from '../internal/wasm.js'
import { portableOptions } from '../verify/platform-key.js'
import { keySource } from '../verify/source.js'
import type { Check, Inspection, InspectExpectations, InspectOptions } from './types.js'

/** How many bytes a token may have; mirrors `MAX_BYTES` in `src/jose/jws.rs`. */
const MAX_TOKEN = 65_536

/** What the core returns; mirrors `View` in `src/wasm/inspect.rs`. */
interface CoreInspection extends Omit<Inspection, 'checks'> {
  checks: (Omit<Check, 'error'> & { error?: string })[]
}

/** The function of `tollgate/inspect`; its documentation is at the entry. */
export type Inspect = (token: string, options: InspectOptions, expect?: InspectExpectations) => Promise<Inspection>

/** The function over the module of `source`. */
export function bindInspect(source: WasmSource): Inspect {
  return async (token, options, expect) => {
    if (typeof token !== 'string') throw new TypeError('the token must be a string')
    if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
    const { jwksUri, jwks, key, fetch, now, timeout, signal, ...policy } = await portableOptions(options)
    const network = transport({ fetch, now, timeout }, signal)
    const expectations = expect === undefined ? undefined : optionsJson(expect)
    const { kind, bytes } = keySource({ jwksUri, jwks, key }, policy.issuer)
    instantiate(source)
    let verifier: CoreVerifier | undefined
    try {
      verifier = new CoreVerifier(optionsJson(policy), kind, bytes, '{}')
      const failure = await loadKeys(verifier, network)
      const inspection = verifier.inspect(bounded(token), expectations, readClock(network)) as CoreInspection
      return { ...inspection, checks: inspection.checks.map((check) => withError(check, failure)) }
    } catch (thrown) {
      throw thrownByCore(thrown)
    } finally {
      verifier?.free()
    }
  }
}

/** As much of a token as tells that it is too long: its copy in wasm memory would never be given back. */
const bounded = (token: string): string => token.slice(0, MAX_TOKEN + 1)

let isInstantiated = false

/** A failure is not remembered. */
function instantiate(source: WasmSource): void {
  if (!isInstantiated) initSync({ module: source() })
  isInstantiated = true
}

/** Fetches the keys where they are remote, and returns why there are none: the other checks do not need them. */
async function loadKeys(verifier: CoreVerifier, network: Transport): Promise<TollgateError | undefined> {
  const load = verifier.load()
  try {
    await drive(load, network)
    return undefined
  } catch (failure) {
    if (failure instanceof TollgateError) return failure
    throw failure
  } finally {
    load.free()
  }
}

/** That keys are not loaded is no news to whoever tried to; why is. */
function withError({ error: json, ...check }: CoreInspection['checks'][number], failure?: TollgateError): Check {
  if (json === undefined) return check
  const error = errorFromCore(json)
  return { ...check, error: error.code === 'ERR_JWKS_NOT_LOADED' && failure ? failure : error }
}
