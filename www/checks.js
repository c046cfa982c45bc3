// @ts-check
// The checks of a token, one line each.

import { element, errorDetails } from './dom.js';
import { TOKEN_CHECKS } from './explain.js';

/** @typedef {import('/tollgate/inspect.js').Check} Check */

/** What each outcome is called, for those who do not see its mark. @type {Record<Check['outcome'], string>} */
const OUTCOMES = { passed: 'passed', failed: 'failed', not_reached: 'not reached', not_asked: 'not asked for' };

/**
 * The list; what no option asks for comes last, behind a click.
 * @param {Check[]} checks
 * @returns {Node[]}
 */
export function checkList(checks) {
  const asked = checks.filter(({ outcome }) => outcome !== 'not_asked');
  const others = checks.filter(({ outcome }) => outcome === 'not_asked');
  const list = element('ol', { class: 'checks', 'aria-label': 'Checks of the token' }, ...asked.map(line));
  if (others.length === 0) return [list];
  const summary = element('summary', {}, `${others.length} that nothing asks for`);
  return [list, element('details', 'unasked', summary, element('ol', 'checks', ...others.map(line)))];
}

/** @param {Check} check */
function line({ name, rule, outcome, error }) {
  return element(
    'li',
    { 'data-outcome': outcome, 'data-check': name },
    element('span', 'hidden-label', `${OUTCOMES[outcome]}: `),
    element('code', 'check-name', name),
    element('span', 'check-meaning', TOKEN_CHECKS[name] ?? ''),
    element('span', 'check-rule', rule),
    error === undefined ? undefined : errorDetails(error),
  );
}
