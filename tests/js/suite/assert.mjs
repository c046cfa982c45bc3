// @ts-check
// The few assertions that the suite needs, in plain JavaScript: it runs where there is no node:assert.

class AssertionError extends Error {
  name = 'AssertionError';
}

/** @param {unknown} value */
const show = (value) => {
  const text = typeof value === 'string' || typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text && text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

/** @type {(value: unknown, message: string) => asserts value} */
export function ok(value, message) {
  if (!value) throw new AssertionError(message);
}

/** @param {unknown} actual @param {unknown} expected @param {string} [what] */
export function equal(actual, expected, what = 'value') {
  ok(Object.is(actual, expected), `${what}: expected ${show(expected)}, found ${show(actual)}`);
}

/** Compares plain data, member by member. @param {any} actual @param {any} expected @param {string} [what] */
export function deepEqual(actual, expected, what = 'value') {
  const plain = (/** @type {any} */ value) => typeof value === 'object' && value !== null;
  if (!plain(actual) || !plain(expected)) return equal(actual, expected, what);
  equal(Array.isArray(actual), Array.isArray(expected), `${what} is an array`);
  equal(Object.keys(actual).sort().join(), Object.keys(expected).sort().join(), `members of ${what}`);
  for (const name of Object.keys(expected)) deepEqual(actual[name], expected[name], `${what}.${name}`);
}

/** What `action` throws or rejects with. @param {() => unknown} action @returns {Promise<any>} */
export async function failure(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new AssertionError('nothing was thrown');
}
