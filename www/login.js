// @ts-check
// The login: a client of `tollgate/client`, its session, and a timeline of all that it does.

import { createClient } from '/tollgate/client.js';
import { byId, element, errorDetails } from './dom.js';
import { inspectIssued } from './inspect.js';
import {
  observingFetch, recordAuthorizationRequest, recordAuthorizationResponse, recordError, recordIdToken, recordLogoutRequest,
} from './observe.js';
import { countdown, now } from './time.js';
import { begin, latestSteps, startTimeline } from './timeline.js';

/** @typedef {import('./server/page.mjs').DemoConfig} DemoConfig */

const LAST_CALLBACK = 'tollgate-demo:last-callback';
/** Longer than any access token lives, so that asking for it means to refresh. */
const EVER = 1e9;

const outcome = byId('outcome', HTMLElement);

/**
 * Starts the client, and finishes a login when the page was opened by the authorization server.
 * @param {DemoConfig} config
 * @param {URL} url of the page when it was opened
 */
export async function startLogin(config, url) {
  startTimeline();
  observeNavigation(new URL(config.issuer).origin);
  if (isAuthorizationResponse(url)) {
    if (latestSteps().at(-1) !== 'Authorization request') begin('A callback was opened');
    recordAuthorizationResponse(url);
  }
  const observed = observingFetch(config.resource);
  const client = await createClient({
    issuer: config.issuer,
    client_id: config.client_id,
    redirect_uri: config.redirect_uri,
    post_logout_redirect_uri: config.redirect_uri,
    scope: config.scope,
    resource: config.resource,
    store: 'session',
    fetch: observed,
  });
  client.addEventListener('sessionchange', () => showSession(client));
  client.addEventListener('tokenrefresh', ({ detail }) => recordIdToken(detail));
  client.addEventListener('error', ({ detail }) => fail(detail));

  /** @type {Record<string, () => Promise<void>>} */
  const actions = {
    'sign-in': () => client.signIn({ returnTo: '/#login' }),
    'sign-in-again': () => client.signIn({ returnTo: '/#login', prompt: 'login' }),
    'call-api': async () => tellResponse(await client.fetch(config.resource)),
    'call-api-bare': async () => tellResponse(await observed(config.resource)),
    'user-info': async () => {
      const { sub, name, email } = await client.userInfo();
      tell('good', `The authorization server knows ${sub} as ${name}, ${email}.`);
    },
    refresh: async () => {
      await client.accessToken({ minValidity: EVER });
      tell('good', 'There is a new access token. The refresh token was replaced too.');
    },
    'inspect-token': async () => {
      inspectIssued({ token: await client.accessToken(), issuer: config.issuer, audience: config.resource });
      location.hash = 'inspect';
    },
    'sign-out': () => client.signOut(),
  };
  for (const [id, action] of Object.entries(actions)) {
    const button = byId(id, HTMLButtonElement);
    button.addEventListener('click', () => perform(action, button));
  }

  try {
    const session = await client.start();
    if (isAuthorizationResponse(url)) {
      recordIdToken(session);
      sessionStorage.setItem(LAST_CALLBACK, url.search);
      tell('good', 'You are logged in. The ID token is genuine, and was issued for this login.');
    }
  } catch (error) {
    fail(error);
  }
  showSession(client);
  showCallback();
  setInterval(() => showExpiry(client), 1000);
}

/** @param {URL} url */
function isAuthorizationResponse({ searchParams }) {
  return searchParams.has('state') && (searchParams.has('code') || searchParams.has('error'));
}

/**
 * Performs one action at a time; the buttons stay enabled, so that the focus stays where it is.
 * @param {() => Promise<void>} action
 * @param {HTMLButtonElement} button
 */
async function perform(action, button) {
  const actions = byId('actions', HTMLElement);
  if (actions.ariaBusy === 'true') return;
  actions.ariaBusy = 'true';
  begin(button.textContent ?? '');
  outcome.replaceChildren();
  try {
    await action();
  } catch (error) {
    fail(error);
  } finally {
    actions.ariaBusy = 'false';
  }
}

/**
 * Records where the browser goes. Without a Navigation API those steps are missing, and the timeline tells a login in two parts.
 * @param {string} origin of the authorization server
 */
function observeNavigation(origin) {
  /** @type {EventTarget | undefined} */
  const navigation = Reflect.get(window, 'navigation');
  navigation?.addEventListener('navigate', (event) => {
    const url = new URL(Reflect.get(event, 'destination').url);
    if (url.origin !== origin) return;
    if (url.searchParams.has('response_type')) recordAuthorizationRequest(url);
    else recordLogoutRequest(url);
  });
}

/** @param {Response} response */
async function tellResponse(response) {
  const { message, error_description } = await response.json();
  tell(response.ok ? 'good' : 'bad', `The API answered ${response.status}: ${message ?? error_description}`);
}

/** @param {unknown} error */
function fail(error) {
  recordError(error);
  outcome.replaceChildren(element('div', 'message message-bad', errorDetails(error)));
}

/**
 * @param {'good' | 'bad'} state
 * @param {string} text
 */
function tell(state, text) {
  outcome.replaceChildren(element('p', `message message-${state}`, text));
}

/** @param {import('/tollgate/client.js').Client} client */
function showSession(client) {
  const { session } = client;
  const user = session?.claims?.name ?? session?.claims?.sub;
  byId('session', HTMLElement).replaceChildren(...(session ? [
    person('avatar', String(user).charAt(0), String(user), `Logged in at ${session.claims?.iss}`),
    element('dl', 'facts', ...fact('Access token', element('span', { id: 'expiry' })), ...fact('Scope', session.scope)),
  ] : [
    person('avatar avatar-nobody', '?', 'Nobody is logged in', 'Any name will do at the authorization server; there is no password.'),
  ]));
  for (const id of ['call-api', 'user-info', 'refresh', 'inspect-token', 'sign-in-again', 'sign-out']) {
    byId(id, HTMLButtonElement).hidden = session === null;
  }
  byId('sign-in', HTMLButtonElement).hidden = session !== null;
  showExpiry(client);
}

/** @param {import('/tollgate/client.js').Client} client */
function showExpiry({ session }) {
  const place = document.getElementById('expiry');
  if (!session || !place) return;
  const left = (session.expires_at ?? 0) - now();
  place.textContent = left > 0 ? `expires in ${countdown(left)}` : 'expired; the next call refreshes it';
}

function showCallback() {
  const search = sessionStorage.getItem(LAST_CALLBACK);
  const link = byId('used-callback', HTMLAnchorElement);
  link.hidden = search === null;
  byId('no-callback', HTMLElement).hidden = search !== null;
  if (search !== null) link.href = `/${search}`;
}

/**
 * @param {string} name
 * @param {string | Node} value
 */
function fact(name, value) {
  return [element('dt', {}, name), element('dd', {}, value)];
}

/**
 * @param {string} look of the avatar
 * @param {string} initial
 * @param {string} name
 * @param {string} about
 */
function person(look, initial, name, about) {
  return element(
    'div',
    'person',
    element('span', { class: look, 'aria-hidden': 'true' }, initial),
    element('div', {}, element('p', 'name', name), element('p', 'hint', about)),
  );
}
