// @ts-check
// How much memory wasm has: import this before what instantiates it. Every memory that an instance exports is counted.

/** @type {Set<WebAssembly.Memory>} */
const memories = new Set();

/** @param {WebAssembly.Instance} instance */
function note(instance) {
  for (const value of Object.values(instance.exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
  return instance;
}

const { Instance, instantiate } = WebAssembly;
WebAssembly.Instance = /** @type {any} */ (
  new Proxy(Instance, { construct: (target, args) => note(Reflect.construct(target, args)) })
);
WebAssembly.instantiate = /** @type {any} */ (
  async (/** @type {any} */ source, /** @type {any} */ imports) => {
    const result = /** @type {any} */ (await instantiate(source, imports));
    note(result.instance ?? result);
    return result;
  }
);

/** Bytes of all memories. */
export const wasmBytes = () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

const collectGarbage = /** @type {any} */ (globalThis).gc;

/**
 * Bytes in use, after garbage was collected: of JavaScript, with its buffers; and of wasm. What OpenSSL holds is in neither; `external` is not used, since
 * older versions of Node.js count wasm memory there too.
 */
export function memory() {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, wasm: wasmBytes() };
}
