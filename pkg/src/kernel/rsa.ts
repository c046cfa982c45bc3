/** The kernel of RSA: which level there is to be. */
import { inFile } from './instance.js'
import { choiceOf, type Level } from './rsa-levels.js'

/** A module of one function, `() => v128`, of this code. */
const moduleOf = (...code: number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 5, 1, 0x60, 0, 1, 0x7b],
    ...[3, 2, 1, 0],
    ...[10, code.length + 4, 1, code.length + 2, 0, ...code, 0x0b],
  )

const V128_CONST = [0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const F64X2_RELAXED_MADD = [0xfd, 0x87, 2]

const levels = (): Level[] => [
  {
    needs: moduleOf(...V128_CONST, ...V128_CONST, ...V128_CONST, ...F64X2_RELAXED_MADD),
    load: inFile(() => import('./rsa-relaxed.js')),
  },
  { needs: moduleOf(...V128_CONST), load: inFile(() => import('./rsa-simd.js')) },
  { load: inFile(() => import('./rsa-scalar.js')) },
]

/** The kernel of the level that the engine has, can be loaded and computes right. */
export const rsaKernel = /* @__PURE__ */ choiceOf(levels)
