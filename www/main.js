// @ts-check
// The demo page: two views, one shown at a time, chosen by the fragment of the URL.

import { byId } from './dom.js';
import { startInspector } from './inspect.js';
import { startLogin } from './login.js';

const VIEWS = ['inspect', 'login'];
const LAST_VIEW = 'tollgate-demo:view';
const opened = new URL(location.href);

/** Shows the view of the fragment; when the authorization server opened the page there is none, and it shows the last one. */
function showView() {
  const view = VIEWS.find((name) => location.hash === `#${name}`) ?? sessionStorage.getItem(LAST_VIEW) ?? 'inspect';
  sessionStorage.setItem(LAST_VIEW, view);
  for (const name of VIEWS) byId(`view-${name}`, HTMLElement).hidden = name !== view;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#${view}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

/** Says what keeps the page from working. @param {unknown} error */
function fail(error) {
  const failure = byId('failure', HTMLElement);
  failure.textContent = `The demo could not start: ${error instanceof Error ? error.message : error}`;
  failure.hidden = false;
}

showView();
window.addEventListener('hashchange', showView);
try {
  const response = await fetch('/config.json');
  /** @type {import('./server/page.mjs').DemoConfig} */
  const config = await response.json();
  await Promise.all([startInspector(config.issuer), startLogin(config, opened)]);
} catch (error) {
  fail(error);
}
