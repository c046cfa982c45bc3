// @ts-check
// What a call came to, in a form in which two sides can be compared.

/**
 * @typedef {{ value: unknown } | { error: string, code?: string | undefined, claim?: string | undefined, reason?: string | undefined, message: string }} Outcome
 */

/** @param {() => unknown} call @returns {Promise<Outcome>} */
export async function outcome(call) {
  try {
    return { value: plain(await call()) };
  } catch (/** @type {any} */ error) {
    if (!(error instanceof Error)) return { error: `thrown ${typeof error}`, message: String(error) };
    const { code, claim, reason, message } = /** @type {any} */ (error);
    return { error: error.constructor.name, code: typeof code === 'string' ? code : undefined, claim, reason, message };
  }
}

/** @param {any} value @returns {unknown} */
function plain(value) {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
  // Which kind of object a resolver makes of a key is each side's own business.
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Reflect.ownKeys(value).filter((name) => name !== 'key').map((name) => [String(name), plain(value[name])]));
  }
  return value;
}
