// @ts-check
// A stand-in for the page: what the client uses of a browser, on `globalThis`.

import { afterEach } from 'node:test';

export const APP = 'https://app.example';
export const REDIRECT_URI = `${APP}/callback`;

/** @implements {Storage} */
export class FakeStorage {
  #records = new Map();
  get length() {
    return this.#records.size;
  }
  /** @param {number} index */
  key(index) {
    return [...this.#records.keys()][index] ?? null;
  }
  /** @param {string} key */
  getItem(key) {
    return this.#records.get(key) ?? null;
  }
  /** @param {string} key @param {string} record */
  setItem(key, record) {
    this.#records.set(key, String(record));
  }
  /** @param {string} key */
  removeItem(key) {
    this.#records.delete(key);
  }
  clear() {
    this.#records.clear();
  }
  /** Everything that is in it, as text. */
  get text() {
    return JSON.stringify([...this.#records]);
  }
}

/** Web Locks, with the names that were asked for. */
export class FakeLocks {
  /** @type {string[]} */
  names = [];
  /** @type {Map<string, Promise<unknown>>} */
  #last = new Map();
  /** @param {string} name @param {() => Promise<unknown>} action */
  request(name, action) {
    this.names.push(name);
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(action);
    this.#last.set(name, turn.catch(() => {}));
    return turn;
  }
}

/** @type {Map<string, PropertyDescriptor | undefined>} */
const replaced = new Map();

/** Makes `name` a global until the test ends. @param {string} name @param {unknown} value */
export function setGlobal(name, value) {
  if (!replaced.has(name)) replaced.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

afterEach(() => {
  for (const [name, descriptor] of replaced) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
  replaced.clear();
});

/** One tab: it stays when another page is loaded. @param {string} [url] */
export function openPage(url = `${APP}/`) {
  const events = new EventTarget();
  const page = {
    /** What the address bar shows. */
    url,
    /** Where the page was sent to. @type {string[]} */
    left: [],
    sessionStorage: new FakeStorage(),
    localStorage: new FakeStorage(),
    /** Everything that is in any storage, as text. */
    get stored() {
      return page.sessionStorage.text + page.localStorage.text;
    },
    /** Another tab has changed `key` of the local storage. @param {string | null} key */
    storageEvent(key) {
      events.dispatchEvent(Object.assign(new Event('storage'), { key }));
    },
  };
  setGlobal('sessionStorage', page.sessionStorage);
  setGlobal('localStorage', page.localStorage);
  setGlobal('addEventListener', events.addEventListener.bind(events));
  setGlobal('location', {
    get href() {
      return page.url;
    },
    assign: (/** @type {string} */ target) => page.left.push(new URL(target, page.url).href),
  });
  const history = {
    /** @type {unknown} */
    state: { router: 'state' },
    replaceState(/** @type {unknown} */ state, /** @type {string} */ _, /** @type {string} */ target) {
      const next = new URL(target, page.url);
      if (next.origin !== new URL(page.url).origin) throw new DOMException('another origin', 'SecurityError');
      history.state = state;
      page.url = next.href;
    },
  };
  setGlobal('history', history);
  return page;
}
