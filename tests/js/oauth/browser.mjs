// @ts-check
// The user and their browser, without either: follows redirects, keeps cookies, fills in forms.

const HOPS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const ENTITIES = /** @type {Record<string, string>} */ ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });

/** What a user who refuses presses, by the name or the value of the button. */
const REFUSAL = /^(abort|cancel|refuse)$/;

/**
 * @typedef {object} Arrival where the browser was sent at last
 * @property {URL} url
 * @property {URLSearchParams} [form] what was posted there
 * @property {string} [page] the HTML, where it stayed at the server; a client's page is never fetched
 */

/** @typedef {{ refuse?: boolean, userCode?: string }} Behaviour `userCode` is typed where a form asks for it */

/** One user in one browser, whose sessions last as long as the object. */
export class Browser {
  /** By origin, name and path. @type {Map<string, { name: string, value: string, path: string, origin: string }>} */
  #cookies = new Map();

  /** @param {{ user?: string, password?: string }} [account] */
  constructor({ user = 'ada', password = 'analytical engine' } = {}) {
    this.user = user;
    this.password = password;
  }

  /**
   * Opens a page of the server and does what it asks for, until there is nothing more to do there.
   * @param {URL | string} url
   * @param {Behaviour} [behaviour]
   * @returns {Promise<Arrival>}
   */
  async visit(url, behaviour = {}) {
    /** @type {{ url: URL, form?: URLSearchParams }} */
    let step = { url: new URL(url) };
    const { origin } = step.url;
    let refused = false;
    for (let hop = 0; hop < HOPS; hop += 1) {
      if (step.url.origin !== origin) return step;
      const response = await this.#open(step);
      const location = REDIRECTS.has(response.status) && response.headers.get('location');
      const page = await response.text();
      if (location) {
        step = { url: new URL(location, step.url) };
        continue;
      }
      const form = formOf(page);
      if (!form) {
        if (!response.ok) throw new Error(`${response.status} from ${step.url.pathname}: ${page.slice(0, 1000)}`);
        return { url: step.url, page };
      }
      // Who has refused fills in nothing more.
      if (refused && form.fields.some(({ type }) => type !== 'hidden')) return { url: step.url, page };
      const pressed = behaviour.refuse ? form.buttons.find(refuses) : undefined;
      refused ||= pressed !== undefined;
      step = { url: new URL(form.action, step.url), form: this.#filled(form, pressed, behaviour) };
    }
    throw new Error(`The server sent the browser around for ${HOPS} times`);
  }

  /** @param {{ url: URL, form?: URLSearchParams }} step */
  async #open({ url, form }) {
    const sent = [...this.#cookies.values()].filter(({ origin, path }) => origin === url.origin && within(url.pathname, path));
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form ?? null,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(url, line);
    return response;
  }

  /** @param {URL} url @param {string} line */
  #keep({ origin }, line) {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim());
    const attribute = (/** @type {string} */ name) =>
      attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const [name, value] = split(pair, '=');
    const path = attribute('path') ?? '/';
    const key = `${origin} ${name} ${path}`;
    const expired = Date.parse(attribute('expires') ?? '') < Date.now() || attribute('max-age') === '0';
    if (expired) this.#cookies.delete(key);
    else this.#cookies.set(key, { name, value, path, origin });
  }

  /** @param {Form} form @param {Button | undefined} refusal @param {Behaviour} behaviour */
  #filled({ fields, buttons }, refusal, { userCode = '' }) {
    const answers = /** @type {Record<string, string>} */ ({ login: this.user, password: this.password, user_code: userCode });
    const filled = new URLSearchParams(fields.map(({ name, value, type }) => [name, type === 'hidden' ? value : answers[name] ?? value]));
    const pressed = refusal ?? buttons.find((button) => !refuses(button));
    if (pressed?.name) filled.set(pressed.name, pressed.value);
    return filled;
  }
}

/**
 * Logs in and consents, in a new browser or in the given one.
 * @param {URL | string} url the authorization request
 * @param {{ user?: string, browser?: Browser } & Behaviour} [options]
 * @returns {Promise<URL>} the callback, with its query or fragment
 */
export async function login(url, { user, browser = new Browser({ user }), ...behaviour } = {}) {
  const { url: callback, form, page } = await browser.visit(url, behaviour);
  if (page !== undefined || form) throw new Error(`No redirect to the client, but ${page ?? `a form for ${callback.href}`}`);
  return callback;
}

/**
 * The same with `response_mode=form_post`.
 * @param {URL | string} url
 * @param {{ user?: string, browser?: Browser } & Behaviour} [options]
 * @returns {Promise<{ url: URL, form: URLSearchParams }>} where the response was posted to, and its parameters
 */
export async function loginByPost(url, { user, browser = new Browser({ user }), ...behaviour } = {}) {
  const { url: callback, form } = await browser.visit(url, behaviour);
  if (!form) throw new Error('The response was not posted');
  return { url: callback, form };
}

/**
 * Confirms a user code (RFC 8628 §3.3).
 * @param {URL | string} url `verification_uri_complete`, or `verification_uri` with `userCode`
 * @param {{ user?: string, browser?: Browser } & Behaviour} [options]
 * @returns {Promise<string>} the last page
 */
export async function confirmDevice(url, { user, browser = new Browser({ user }), ...behaviour } = {}) {
  const { page } = await browser.visit(url, behaviour);
  if (page === undefined) throw new Error('The device flow left the server');
  return page;
}

/** @typedef {{ name: string, value: string, type: string }} Field */
/** @typedef {{ name: string, value: string }} Button */
/** @typedef {{ action: string, fields: Field[], buttons: Button[] }} Form */

/** @param {Button} button */
const refuses = ({ name, value }) => REFUSAL.test(name) || REFUSAL.test(value);

/** The first form of a page; its buttons may stand outside of it. @param {string} page @returns {Form | undefined} */
function formOf(page) {
  const [, opening, content] = /<form\b([^>]*)>(.*?)<\/form>/s.exec(page) ?? [];
  if (opening === undefined) return undefined;
  const elements = (/** @type {string} */ tag, /** @type {string} */ within) =>
    [...within.matchAll(new RegExp(`<${tag}\\b([^>]*)>`, 'g'))].map(([, text]) => attributesOf(text));
  const fields = elements('input', content).flatMap(({ name, value = '', type = 'text' }) => (name ? [{ name, value, type }] : []));
  const buttons = elements('button', page).map(({ name = '', value = '' }) => ({ name, value }));
  return { action: attributesOf(opening).action ?? '', fields, buttons };
}

/** @param {string} text @returns {Record<string, string>} */
function attributesOf(text) {
  const pairs = [...text.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name.toLowerCase(), decoded(value)]));
}

/** @param {string} text */
const decoded = (text) =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal, hexadecimal, name) => {
    if (name) return ENTITIES[name] ?? entity;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16));
  });

/** @param {string} text @param {string} separator @returns {[string, string]} */
function split(text, separator) {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Whether a cookie of `path` goes with a request for `pathname` (RFC 6265 §5.1.4). @param {string} pathname @param {string} path */
const within = (pathname, path) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
