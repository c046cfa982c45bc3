import { TollgateError } from '../errors.js'
import { fetched, type KernelClass } from './kernels.js'

/** The same arithmetic by other instructions of the engine. */
export interface Level {
  /** A module of nothing but what the level needs of the engine; nothing where that is known to be there. */
  needs?: Uint8Array<ArrayBuffer>
  load(): Promise<{ kernel: () => KernelClass }>
}

/** The choice among `levels`, which is made once; a failure to is not remembered. */
export function choiceOf(levels: () => readonly Level[]): () => Promise<KernelClass> {
  let choice: Promise<KernelClass> | undefined
  return () => {
    if (!choice) {
      choice = firstThatWorks(levels())
      choice.catch(() => (choice = undefined))
    }
    return choice
  }
}

/**
 * The kernel of the first level that the engine has, that can be loaded, and that gives the answers that are known: an engine
 * may lack fused multiplication, or have a defect. The last level is asked too.
 *
 * @throws What kept the first of them from being loaded, `ERR_FETCH_FAILED` where it was not fetched: the next time that
 * may be otherwise. `ERR_JOSE_NOT_SUPPORTED` where all were loaded and none gives the answers.
 */
export async function firstThatWorks(levels: readonly Level[]): Promise<KernelClass> {
  const failures: unknown[] = []
  for (const { needs, load } of levels) {
    if (needs && !WebAssembly.validate(needs)) continue
    try {
      const { kernel } = await fetched(load())
      const made = kernel()
      if (made.self_test()) return made
    } catch (failure) {
      failures.push(failure)
    }
  }
  if (failures.length > 0) throw failures[0]
  const cause = new Error('this WebAssembly engine computes wrong results')
  throw new TollgateError('ERR_JOSE_NOT_SUPPORTED', { cause })
}
