// @ts-check
// What an authorization server sends to its clients: pings of CIBA and logout tokens, on a loopback listener.

import { listen } from '../../../www/server/http.mjs';
import { bodyOf } from './pages.mjs';

/**
 * @typedef {object} Notification
 * @property {string} path
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body
 */

/** Listens on any port. */
export async function listenForNotifications() {
  const { server, origin, close } = await listen(0);
  server.unref();
  /** @type {Notification[]} */
  const received = [];
  /** @type {Array<() => void>} */
  const waiting = [];
  server.on('request', async (request, response) => {
    const body = await bodyOf(request);
    received.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(204).end();
    for (const wake of waiting.splice(0)) wake();
  });
  return {
    origin,
    close,
    /** All that has come, oldest first. */
    received,
    /**
     * The first one for `path`, which may be still to come; it is taken off `received`.
     * @param {string} path
     * @returns {Promise<Notification>}
     */
    async take(path) {
      for (;;) {
        const index = received.findIndex((notification) => notification.path === path);
        if (index >= 0) return received.splice(index, 1)[0];
        await new Promise((resolve) => waiting.push(() => resolve(undefined)));
      }
    },
  };
}
