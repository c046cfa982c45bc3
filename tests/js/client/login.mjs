// @ts-check
// Clients of the scripted server, and whole logins.

import assert from 'node:assert/strict';
import { createClient, TollgateError } from './package.mjs';
import { REDIRECT_URI } from './page.mjs';
import { authorizationServer, CLIENT_ID, ISSUER } from './server.mjs';

/** @typedef {Awaited<ReturnType<typeof authorizationServer>>} Server */
/** @typedef {ReturnType<typeof import('./page.mjs').openPage>} Page */

/** A client of `server`. @param {Server} server @param {object} [options] @returns {Promise<any>} */
export const clientOf = (server, options) =>
  createClient({
    issuer: ISSUER, client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, fetch: server.fetch, now: () => server.now, ...options,
  });

/**
 * Sends the user to the server, has them consent, and brings the page to the callback.
 * @param {Server} server @param {Page} page @param {any} client @param {object} [options] @returns {Promise<string>}
 */
export async function arrive(server, page, client, options) {
  await client.signIn(options);
  page.url = server.consent(/** @type {string} */ (page.left.at(-1)));
  return page.url;
}

/**
 * A client whose user is signed in.
 * @param {Server} server @param {Page} page @param {object} [options]
 */
export async function signedIn(server, page, options) {
  const client = await clientOf(server, options);
  await arrive(server, page, client);
  await client.start();
  return client;
}

/** What `action` fails with: a TollgateError of `code`, which shows no secret. @param {Server} server @param {string} code @param {() => Promise<unknown>} action */
export async function failsWith(server, code, action) {
  const error = await action().then(
    () => assert.fail(`expected ${code}, but nothing was thrown`),
    (/** @type {any} */ thrown) => thrown,
  );
  assert.ok(error instanceof TollgateError, String(error?.stack ?? error));
  assert.equal(error.code, code);
  showsNoSecret(server, [error.message, error.stack, JSON.stringify(error), String(error.cause ?? '')].join('\n'));
  return error;
}

/** @param {Server} server @param {string} text */
export function showsNoSecret(server, text) {
  for (const secret of server.secrets) assert.ok(!text.includes(secret), 'a secret is shown');
}

/** Every event that `client` tells, in order. @param {any} client @returns {[string, any][]} */
export function listen(client) {
  /** @type {[string, any][]} */
  const events = [];
  for (const type of ['sessionchange', 'tokenrefresh', 'signedout', 'error']) {
    client.addEventListener(type, (/** @type {any} */ event) => events.push([type, event.detail]));
  }
  return events;
}

/** @param {[string, any][]} events */
export const typesOf = (events) => events.map(([type]) => type);
