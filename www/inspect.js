// @ts-check
// The inspector: a token, decoded and verified as it is typed.

import { createVerifier, decodeJwt, decodeProtectedHeader } from '/tollgate/verify.js';
import { byId, element, errorDetails, fieldTable } from './dom.js';
import { CLAIMS, DATES, HEADER } from './explain.js';
import { AUDIENCE, ISSUER, makeSamples } from './samples.js';
import { describeDate } from './time.js';

const token = byId('token', HTMLTextAreaElement);
const key = byId('key', HTMLTextAreaElement);
const secret = byId('secret', HTMLInputElement);
const expectedIssuer = byId('expected-issuer', HTMLInputElement);
const expectedAudience = byId('expected-audience', HTMLInputElement);
const verdict = byId('verdict', HTMLElement);
const sources = /** @type {HTMLInputElement[]} */ ([...document.getElementsByName('key-source')]);

/** Starts the inspector, with the first sample in it. @param {string} knownIssuer that discovery may reach from this page */
export async function startInspector(knownIssuer) {
  byId('known-issuer', HTMLElement).textContent = knownIssuer;
  byId('view-inspect', HTMLElement).addEventListener('input', ({ target }) => {
    if (target === token) markSample(undefined);
    inspect();
  });
  for (const source of sources) {
    source.addEventListener('change', () => {
      if (source.value === 'issuer') expectedIssuer.value = knownIssuer;
      showPanels();
      inspect();
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
  else inspect();
}

/**
 * Shows a token that `issuer` issued for `audience`.
 * @param {{ token: string, issuer: string, audience: string }} shown
 */
export function inspectIssued(shown) {
  markSample(undefined);
  token.value = shown.token;
  expectedIssuer.value = shown.issuer;
  expectedAudience.value = shown.audience;
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
  choose('key');
}

/** @param {string} source */
function choose(source) {
  for (const input of sources) input.checked = input.value === source;
  showPanels();
  inspect();
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

function inspect() {
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

/** The latest judgement that was asked for; an older one that ends later is dropped. */
let latest = 0;

/** @param {string} text */
async function judge(text) {
  const judgement = ++latest;
  const { state, title, details } = await judgementOf(text);
  if (judgement !== latest) return;
  verdict.dataset['state'] = state;
  byId('verdict-title', HTMLElement).textContent = title;
  byId('verdict-details', HTMLElement).replaceChildren(...details);
}

/**
 * @param {string} text
 * @returns {Promise<{ state: 'none' | 'good' | 'bad', title: string, details: Node[] }>}
 */
async function judgementOf(text) {
  if (text === '') {
    return { state: 'none', title: 'Nothing to check yet', details: [element('p', 'hint', 'Paste a token, or choose a sample.')] };
  }
  try {
    const verifier = await currentVerifier();
    const { key: used } = await verifier.verify(text);
    const by = [used.alg, used.kid && `key ${used.kid}`].filter(Boolean).join(', ');
    return {
      state: 'good',
      title: 'Verified',
      details: [
        element('p', {}, `The signature is right (${by}) and the claims are as expected.`),
        ...unchecked(),
      ],
    };
  } catch (error) {
    return { state: 'bad', title: 'Refused', details: [errorDetails(error)] };
  }
}

/** What was left open, so that "Verified" does not say more than it means. */
function unchecked() {
  const open = [expectedIssuer.value === '' ? 'issuer' : '', expectedAudience.value === '' ? 'audience' : ''].filter(Boolean);
  return open.length === 0 ? [] : [element('p', 'hint', `Not checked, for nothing is expected of it: ${open.join(' and ')}.`)];
}

/**
 * The last verifier, and what it was made from.
 * @type {{ from: string, verifier: Promise<import('/tollgate/verify.js').Verifier> } | undefined}
 */
let made;

/** The verifier for the key and the expectations on the page; it keeps its keys until they change. */
function currentVerifier() {
  const from = [chosenSource(), key.value, secret.value, expectedIssuer.value, expectedAudience.value].join('\n');
  if (made?.from === from) return made.verifier;
  made?.verifier.then((verifier) => verifier.free(), () => {});
  const issuer = expectedIssuer.value.trim();
  const audience = expectedAudience.value.trim();
  made = { from, verifier: createVerifier({ ...(issuer && { issuer }), audience: audience || null, ...keySource() }) };
  return made.verifier;
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
