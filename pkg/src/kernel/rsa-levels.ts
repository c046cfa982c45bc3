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
 * The kernel of the first level that the engine has, and that gives the answers that are known: an engine may lack fused
 * multiplication, or have a defect. The last level is asked too.
 *
 * @throws Error when not even that gives them.
 */
export async function firstThatWorks(levels: readonly Level[]): Promise<KernelClass> {
  for (const { needs, load } of levels) {
    if (needs && !WebAssembly.validate(needs)) continue
    const { kernel } = await fetched(load())
    const made = kernel()
    if (made.self_test()) return made
  }
  throw new Error('this WebAssembly engine computes wrong results')
}
