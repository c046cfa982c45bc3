// @ts-check
// Turns the messages of a login into steps of the timeline. Secrets are masked before they are recorded.

import { decodeProtectedHeader } from '/tollgate/verify.js';
import { describeError } from './dom.js';
import { CHECKS, CLAIMS, DATES, METADATA, PARAMETERS } from './explain.js';
import { describeDate } from './time.js';
import { record } from './timeline.js';

/** @typedef {import('./timeline.js').Field} Field */

/** Never shown, not even in part. */
const SECRET = new Set(['code_verifier', 'refresh_token', 'client_secret']);
/** Shown in part. */
const LONG = new Set(['access_token', 'id_token', 'id_token_hint', 'code', 'state', 'nonce', 'code_challenge', 'Authorization']);

/** How the latest ID token was signed, until the client has accepted it. */
let signature = '';

/**
 * A `fetch` that records what passes through it.
 * @param {string} resource the URL of the API
 * @returns {typeof fetch}
 */
export function observingFetch(resource) {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = new URLSearchParams(await request.clone().text());
    const authorization = request.headers.get('Authorization');
    const { title, text, meanings = PARAMETERS } = explain(request.url, body, authorization !== null, resource);
    const line = `${request.method} ${request.url}`;
    const sent = fieldsOf({ ...(authorization && { Authorization: authorization }), ...Object.fromEntries(body) }, PARAMETERS);
    try {
      const response = await fetch(request);
      const received = fieldsOf(await answerOf(response.clone(), meanings), meanings);
      record({
        kind: response.ok ? 'exchange' : 'error',
        title,
        text,
        line: `${line} → ${response.status} ${response.statusText}`.trim(),
        tables: [{ label: 'Request', fields: sent }, { label: 'Response', fields: received }],
      });
      return response;
    } catch (error) {
      record({ kind: 'error', title, text: `No response: ${describeError(error).message}`, line });
      throw error;
    }
  };
}

/**
 * @param {string} url
 * @param {URLSearchParams} body
 * @param {boolean} authorized
 * @param {string} resource
 * @returns {{ title: string, text: string, meanings?: Record<string, string> }}
 */
function explain(url, body, authorized, resource) {
  if (url === resource) {
    const text = authorized ? 'With the access token: the API verifies it.' : 'Without a token: the API asks for one.';
    return { title: 'API call', text };
  }
  if (url.includes('/.well-known/')) {
    return { title: 'Discovery', text: 'Where are the endpoints of this issuer, and what can it do?', meanings: METADATA };
  }
  if (body.get('grant_type') === 'authorization_code') {
    return { title: 'Token request', text: 'Redeems the code, and proves by the code verifier who asked for it.' };
  }
  if (body.get('grant_type') === 'refresh_token') {
    const what = body.has('resource') ? 'for the API' : 'for the UserInfo endpoint';
    return { title: 'Refresh', text: `Asks for an access token ${what}. The refresh token is used up, and another comes with it.` };
  }
  return authorized
    ? { title: 'UserInfo', text: 'Who is the user of this access token?', meanings: CLAIMS }
    : { title: 'Keys', text: 'Which keys does the issuer sign with?' };
}

/**
 * What a response says that is worth showing.
 * @param {Response} response
 * @param {Record<string, string>} meanings
 */
async function answerOf(response, meanings) {
  const challenge = response.headers.get('WWW-Authenticate');
  /** @type {Record<string, unknown>} */
  const body = await response.json().catch(() => ({}));
  if (typeof body['id_token'] === 'string') signature = describeSignature(body['id_token']);
  const shown = Object.entries(body).filter(([name]) => meanings !== METADATA || name in METADATA);
  return { ...(challenge && { 'WWW-Authenticate': challenge }), ...Object.fromEntries(shown) };
}

/** @param {string} idToken */
function describeSignature(idToken) {
  try {
    const { alg, kid } = decodeProtectedHeader(idToken);
    return kid === undefined ? String(alg) : `${alg}, key ${kid}`;
  } catch {
    return 'unreadable';
  }
}

/**
 * Records that the client accepted an ID token, which it does only when all of this holds.
 * @param {import('/tollgate/client.js').Session | null} session
 */
export function recordIdToken(session) {
  if (signature === '' || !session?.claims) return;
  const checked = Object.entries(session.claims).filter(([name]) => name in CHECKS);
  record({
    kind: 'check',
    title: 'ID token accepted',
    text: 'The client verified its signature and every claim that must hold.',
    tables: [{ label: 'Checks', fields: fieldsOf({ signature, ...Object.fromEntries(checked) }, CHECKS), open: true }],
  });
  signature = '';
}

/** @param {URL} url of the authorization request, where the browser is going */
export function recordAuthorizationRequest(url) {
  recordNavigation('Authorization request', 'The browser leaves for the authorization server, where the user logs in.', url, true);
}

/** @param {URL} url of the end session endpoint, where the browser is going */
export function recordLogoutRequest(url) {
  recordNavigation('Logout request', 'The session is gone here; the authorization server is asked to end its own.', url, false);
}

/**
 * @param {string} title
 * @param {string} text
 * @param {URL} url
 * @param {boolean} open
 */
function recordNavigation(title, text, url, open) {
  record({
    kind: 'exchange',
    title,
    text,
    line: `GET ${url.origin}${url.pathname}`,
    tables: [{ label: 'Request', fields: fieldsOf(Object.fromEntries(url.searchParams), PARAMETERS), open }],
  });
}

/** @param {URL} url that the authorization server sent the browser to */
export function recordAuthorizationResponse(url) {
  const refused = url.searchParams.has('error');
  record({
    kind: refused ? 'error' : 'exchange',
    title: 'Authorization response',
    text: refused
      ? 'The browser comes back with an error.'
      : 'The browser comes back with a code. Without the code verifier it is worth nothing.',
    line: `GET ${url.origin}${url.pathname}`,
    tables: [{ label: 'Response', fields: fieldsOf(Object.fromEntries(url.searchParams), PARAMETERS) }],
  });
}

/** @param {unknown} error */
export function recordError(error) {
  const { code, message } = describeError(error);
  record({ kind: 'error', title: code, text: message });
}

/**
 * @param {Record<string, unknown>} values
 * @param {Record<string, string>} meanings
 * @returns {Field[]}
 */
function fieldsOf(values, meanings) {
  return Object.entries(values).map(([name, value]) => ({
    name,
    value: masked(name, value),
    note: [DATES.has(name) ? describeDate(value) : '', meanings[name]].filter(Boolean).join('; '),
  }));
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function masked(name, value) {
  if (SECRET.has(name)) return '••••••••';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const short = LONG.has(name) && text.length > 24;
  return short ? `${text.slice(0, 16)}…${text.slice(-4)}` : text;
}
