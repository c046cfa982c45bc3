// @ts-check
// What happened, by action, the latest on top; kept over the redirect. What reaches it is already masked: no secret and no
// whole token.

import { byId, element, fieldTable } from './dom.js';

/** @typedef {{ name: string, value: string, note?: string | undefined }} Field */

/**
 * @typedef {object} Step
 * @property {'exchange' | 'check' | 'error'} kind
 * @property {string} title
 * @property {string} text
 * @property {string} [line] the request line, and the status of the response
 * @property {{ label: string, fields: Field[], open?: boolean }[]} [tables]
 */

/** @typedef {{ title: string, at: number, steps: (Step & { at: number })[] }} Action */

const STORED = 'tollgate-demo:timeline';
const MOST_ACTIONS = 20;

const list = byId('timeline', HTMLOListElement);
const overview = byId('overview', HTMLElement);
const clear = byId('clear', HTMLButtonElement);

/** The latest first. @type {Action[]} */
let actions = JSON.parse(sessionStorage.getItem(STORED) ?? '[]');

/** Shows what happened before the page was loaded. */
export function startTimeline() {
  clear.addEventListener('click', () => {
    actions = [];
    show();
  });
  show();
}

/** Begins an action; what is recorded from now on belongs to it. @param {string} title */
export function begin(title) {
  actions.unshift({ title, at: Date.now(), steps: [] });
  actions.splice(MOST_ACTIONS);
  show();
}

/** @param {Step} step */
export function record(step) {
  const dated = { ...step, at: Date.now() };
  actions[0]?.steps.push(dated);
  list.querySelector('ol')?.append(renderStep(dated));
  save();
}

/** The titles of the steps of the latest action. */
export function latestSteps() {
  return actions[0]?.steps.map(({ title }) => title) ?? [];
}

function show() {
  save();
  list.replaceChildren(...actions.map(renderAction));
  overview.hidden = actions.length > 0;
  clear.hidden = actions.length === 0;
}

function save() {
  sessionStorage.setItem(STORED, JSON.stringify(actions));
}

/** @param {Action} action */
function renderAction({ title, at, steps }) {
  return element(
    'li',
    'card action',
    element('div', 'step-head', element('h3', {}, title), time(at)),
    element('ol', 'steps', ...steps.map(renderStep)),
  );
}

/** @param {Step & { at: number }} step */
function renderStep({ kind, title, text, line, tables = [], at }) {
  return element(
    'li',
    `step step-${kind}`,
    element('div', 'step-head', element('h4', {}, title), time(at)),
    element('p', {}, text),
    line === undefined ? undefined : element('p', 'line', element('code', {}, line)),
    ...tables.filter(({ fields }) => fields.length > 0).map(({ label, fields, open = false }) => {
      const details = element('details', {}, element('summary', {}, label), fieldTable(fields, `${title}: ${label}`));
      details.open = open;
      return details;
    }),
  );
}

/** @param {number} at */
function time(at) {
  const date = new Date(at);
  return element('time', { datetime: date.toISOString() }, date.toLocaleTimeString());
}
