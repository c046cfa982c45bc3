// @ts-check
// The inspector: a token, decoded and verified as it is typed.

import { inspect } from '/tollgate/inspect.js';
import { decodeJwt, decodeProtectedHeader } from '/tollgate/verify.js';
import { checkList } from './checks.js';
import { byId, element, errorDetails, fieldTable } from './dom.js';
import { CLAIMS, DATES, HEADER } from './explain.js';
import { AUDIENCE, ISSUER, makeSamples } from './samples.js';
import { describeDate } from './time.js';

const token = byId('token', HTMLTextAreaElement);
const key = byId('key', HTMLTextAreaElement);
const secret = byId('secret', HTMLInputElement);
const expectedIssuer = byId('expected-issuer', HTMLInputElement);
const expectedAudience = byId('expected-audience', HTMLInputElement);
const profile = byId('profile', HTMLSelectElement);
const verdict = byId('verdict', HTMLElement);
const sources = /** @type {HTMLInputElement[]} */ ([...document.getElementsByName('key-source')]);

/** Starts the inspector, with the first sample in it. @param {string} knownIssuer that discovery may reach from this page */
export async function startInspector(knownIssuer) {
  byId('known-issuer', HTMLElement).textContent = knownIssuer;
  byId('view-inspect', HTMLElement).addEventListener('input', ({ target }) => {
    if (target === token) markSample(undefined);
    update();
  });
  for (const source of sources) {
    source.addEventListener('change', () => {
      if (source.value === 'issuer') expectedIssuer.value = knownIssuer;
      showPanels();
      update();
    });
  }
  showPanels();
  const samples = await makeSamples();
  byId('samples', HTMLElement).append(...samples.map((sample) => {
    const button = element('button', { type: 'button', 'aria-pressed': 'false' }, sample.label);
    button.addEventListener('click', () => showSample(sample, button));
    return button;
  }));
  const [first] = samples;
  // A browser that restores a page restores what was typed, too.
  if (first && token.value === '') showSample(first, document.querySelector('#samples button'));
  else update();
}

/**
 * Shows an access token that `issuer` issued for `audience`.
 * @param {{ token: string, issuer: string, audience: string }} shown
 */
export function inspectIssued(shown) {
  markSample(undefined);
  token.value = shown.token;
  expectedIssuer.value = shown.issuer;
  expectedAudience.value = shown.audience;
  profile.value = 'at+jwt';
  choose('issuer');
}

/**
 * @param {import('./samples.js').Sample} sample
 * @param {Element | null} button
 */
function showSample(sample, button) {
  markSample(button, sample.about);
  token.value = sample.token;
  key.value = sample.key;
  expectedIssuer.value = ISSUER;
  expectedAudience.value = AUDIENCE;
  profile.value = sample.profile ?? 'jwt';
  choose('key');
}

/** @param {string} source */
function choose(source) {
  for (const input of sources) input.checked = input.value === source;
  showPanels();
  update();
}

/**
 * @param {Element | null | undefined} pressed
 * @param {string} [about]
 */
function markSample(pressed, about = 'Your own token.') {
  for (const button of document.querySelectorAll('#samples button')) {
    button.setAttribute('aria-pressed', String(button === pressed));
  }
  byId('sample-about', HTMLElement).textContent = about;
}

function chosenSource() {
  return sources.find(({ checked }) => checked)?.value;
}

function showPanels() {
  for (const { value } of sources) byId(`${value}-panel`, HTMLElement).hidden = value !== chosenSource();
}

function update() {
  const text = token.value.trim();
  showParts(token.value);
  show('header', text, () => fieldTable(rows(decodeProtectedHeader(text), HEADER), 'Header parameters'));
  show('claims', text, () => fieldTable(rows(decodeJwt(text), CLAIMS), 'Claims'));
  show('signature', text, () => {
    const signature = text.split('.')[2] ?? '';
    const bytes = Math.floor(signature.length * 3 / 4);
    return element('p', 'signature', signature === '' ? 'empty' : signature, element('span', 'note', `${bytes} bytes`));
  });
  judge(text);
}

/**
 * Colours the three parts under the transparent text of the editor.
 * @param {string} text
 */
function showParts(text) {
  const parts = text.split('.').flatMap((part, index) => [
    ...(index > 0 ? ['.'] : []),
    element('span', ['part-header', 'part-claims', 'part-signature'][index] ?? '', part),
  ]);
  byId('token-shown', HTMLElement).replaceChildren(...parts, '\n');
}

/**
 * @param {string} id
 * @param {string} text
 * @param {() => Element} content
 */
function show(id, text, content) {
  const place = byId(id, HTMLElement);
  try {
    place.replaceChildren(text === '' ? element('p', 'hint', 'No token') : content());
  } catch (error) {
    place.replaceChildren(errorDetails(error));
  }
}

/**
 * @param {object} members
 * @param {Record<string, string>} meanings
 */
function rows(members, meanings) {
  return Object.entries(members).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
    note: (DATES.has(name) ? describeDate(value) : undefined) ?? meanings[name],
  }));
}

/** Milliseconds of rest before an issuer is asked for its keys: not at every key stroke. */
const REST = 250;

/** Ends the judgement that is under way when another begins. */
let current = new AbortController();

/** @param {string} text */
async function judge(text) {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  verdict.ariaBusy = 'true';
  if (chosenSource() === 'issuer' && text !== '') await new Promise((resolve) => setTimeout(resolve, REST));
  if (signal.aborted) return;
  const { state, title, summary, checks } = await judgementOf(text, signal);
  if (signal.aborted) return;
  verdict.ariaBusy = 'false';
  verdict.dataset['state'] = state;
  byId('verdict-title', HTMLElement).textContent = title;
  byId('verdict-summary', HTMLElement).replaceChildren(...summary);
  byId('checks', HTMLElement).replaceChildren(...checks);
}

/**
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<{ state: 'none' | 'good' | 'bad', title: string, summary: Node[], checks: Node[] }>}
 */
async function judgementOf(text, signal) {
  if (text === '') {
    const summary = [element('p', 'hint', 'Paste a token, or choose a sample.')];
    return { state: 'none', title: 'Nothing to check yet', summary, checks: [] };
  }
  try {
    const inspection = await inspect(text, { ...options(), signal });
    const checks = checkList(inspection.checks);
    if (!inspection.verified) {
      return { state: 'bad', title: 'Refused', summary: [element('p', {}, refusal(inspection))], checks };
    }
    const { key: used } = inspection;
    const by = [used?.alg, used?.kid && `key ${used.kid}`].filter(Boolean).join(', ');
    const sentence = element('p', {}, `The signature is right (${by}) and the claims are as expected.`);
    return { state: 'good', title: 'Verified', summary: [sentence, ...unchecked()], checks };
  } catch (error) {
    // About the key or the expectations, never about the token.
    return { state: 'bad', title: 'Cannot be checked', summary: [errorDetails(error)], checks: [] };
  }
}

/** @param {import('/tollgate/inspect.js').Inspection} inspection */
function refusal({ checks }) {
  const failed = checks.filter(({ outcome }) => outcome === 'failed').length;
  const skipped = checks.filter(({ outcome }) => outcome === 'not_reached').length;
  const rest = skipped === 0 ? '' : ` For that, ${skipped} more could not be made.`;
  return `${failed === 1 ? 'One check has' : `${failed} checks have`} failed.${rest}`;
}

/** What was left open, so that "Verified" does not say more than it means. */
function unchecked() {
  const open = [expectedIssuer.value === '' ? 'issuer' : '', expectedAudience.value === '' ? 'audience' : ''].filter(Boolean);
  return open.length === 0 ? [] : [element('p', 'hint', `Not checked, for nothing is expected of it: ${open.join(' and ')}.`)];
}

/** What the page says of key and expectations, as options. */
function options() {
  const issuer = expectedIssuer.value.trim();
  const audience = expectedAudience.value.trim();
  const kind = /** @type {import('/tollgate/verify.js').Profile} */ (profile.value);
  return { ...(issuer && { issuer }), audience: audience || null, profile: kind, ...keySource() };
}

/** The key as it was pasted: a JWK Set, a JWK, or a PEM when it is no JSON. */
function keySource() {
  switch (chosenSource()) {
    case 'issuer': return {};
    case 'secret': return { key: new TextEncoder().encode(secret.value) };
  }
  const text = key.value.trim();
  try {
    const jwk = JSON.parse(text);
    return 'keys' in jwk ? { jwks: jwk } : { key: jwk };
  } catch {
    return { key: text };
  }
}
