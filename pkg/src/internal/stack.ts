/** More than 50 kB in V8, with 16 arguments each; the deepest call into a module was seen to take less than 32. */
const LEVELS = 300

/** The same in frames of 2 kB, of which a module makes each for the price of a call: see `src/wasm/stack.rs`. */
const WASM_LEVELS = 25

/**
 * Throws a `RangeError` where the stack is nearly used up. If it overflowed within a wasm module, that would be left as it
 * stands: its destructors do not run, what it has borrowed stays borrowed, and no call would ever succeed again.
 *
 * @param descend What the module has for it, where there is an instance.
 */
export function requireStack(descend?: (levels: number) => void): void {
  if (descend) descend(WASM_LEVELS)
  else descendHere(LEVELS, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

// The addition keeps it from being a tail call, for which Safari needs no stack.
function descendHere(
  level: number,
  a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number,
  i: number, j: number, k: number, l: number, m: number, n: number, o: number,
): number {
  return level > 0 ? 1 + descendHere(level - 1, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o) : 0
}
