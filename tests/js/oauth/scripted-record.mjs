// @ts-check
// What the scripted server remembers of a request, and bodies that are not what was announced.

import { bytesOf } from '../suite/tokens.mjs';

/**
 * @typedef {object} Recorded
 * @property {string} endpoint
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers by their names in lower case
 * @property {string} body
 * @property {URLSearchParams} form `body` as `application/x-www-form-urlencoded`
 * @property {RequestRedirect} redirect what was to be done with one
 * @property {{ header: any, payload: any } | undefined} dpop the proof, not verified
 */

/** @param {Request} request @param {string} endpoint @returns {Promise<Recorded>} */
export async function recorded(request, endpoint) {
  const { method, url, redirect } = request;
  const headers = Object.fromEntries(request.headers);
  const body = await request.text();
  const proof = headers['dpop'];
  return { endpoint, method, url, headers, body, form: new URLSearchParams(body), redirect, dpop: proof ? decodedJwt(proof) : undefined };
}

/** The header and the payload of a JWT, not verified. @param {string} token */
export function decodedJwt(token) {
  const [header, payload] = token.split('.').slice(0, 2).map((part) => JSON.parse(new TextDecoder().decode(bytesOf(part))));
  return { header, payload };
}

/** The parameters whose values are secrets, or stand for the user. */
const SECRET = [
  'actor_token',
  'assertion',
  'auth_req_id',
  'client_assertion',
  'client_notification_token',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'password',
  'refresh_token',
  'request',
  'subject_token',
  'token',
];

/** @param {Recorded} request @returns {string[]} */
export function secretsOf({ headers, form }) {
  const [scheme = '', credentials = ''] = (headers['authorization'] ?? '').split(' ');
  const basic = scheme.toLowerCase() === 'basic' ? [credentials, basicOf(credentials).secret] : [credentials];
  return [...basic, headers['dpop'] ?? '', ...SECRET.flatMap((name) => form.getAll(name))].filter((secret) => secret !== '');
}

/** @param {string} credentials of `client_secret_basic` (RFC 6749 §2.3.1) */
export function basicOf(credentials) {
  const [id = '', secret = ''] = atob(credentials).split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  return { id, secret };
}

/** A body that breaks off in the middle. @param {string} [text] what comes before that */
export function brokenOff(text = '{"access_token":"') {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    pull: (controller) => controller.error(new TypeError('terminated')),
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

/** What a proxy in front of the server says. @param {number} [status] */
export const notJson = (status = 502) =>
  new Response('<html><body><h1>Bad Gateway</h1></body></html>', { status, headers: { 'content-type': 'text/html' } });
