// @ts-check
// Building the page. Tokens and answers of servers are untrusted: they reach the document as text, never as HTML.

/**
 * The element of the page with this id, of this class.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} with the id "${id}"`);
  return found;
}

/**
 * A new element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string | Record<string, string>} [attributes] or the class alone
 * @param {...(string | Node | undefined)} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(typeof attributes === 'string' ? { class: attributes } : attributes)) {
    if (value !== '') made.setAttribute(attribute, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/**
 * A table of names, values and what they mean.
 * @param {{ name: string, value: string, note?: string | undefined }[]} rows
 * @param {string} label for those who cannot see it
 */
export function fieldTable(rows, label) {
  const body = rows.map(({ name, value, note }) => element(
    'tr',
    {},
    element('th', { scope: 'row' }, element('code', {}, name)),
    element('td', {}, element('div', 'meaning', element('span', 'value', value), element('span', 'note', note ?? ''))),
  ));
  return element('table', { class: 'fields', 'aria-label': label }, element('tbody', {}, ...body));
}

/**
 * A failure: code, message and what else is known of it.
 * @param {unknown} error
 */
export function errorDetails(error) {
  const { code, message, claim, reason } = describeError(error);
  return element(
    'div',
    'error-details',
    element(
      'p',
      {},
      element('code', 'code', code),
      claim ? element('code', 'tag', claim) : undefined,
      reason ? element('span', 'tag', reason) : undefined,
    ),
    element('p', {}, message),
  );
}

/**
 * @param {unknown} error
 * @returns {{ code: string, message: string, claim?: string, reason?: string }}
 */
export function describeError(error) {
  const { code, name, message, claim, reason } = /** @type {Record<string, any>} */ (error);
  return { code: code ?? name, message: sentence(message), claim, reason };
}

/** @param {string} text */
function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?)]$/.test(text) ? '' : '.'}`;
}
