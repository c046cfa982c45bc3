// @ts-check
// Loopback HTTP servers, and `fetch` handlers served by them.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** @typedef {(request: Request) => Response | Promise<Response>} FetchHandler */

/**
 * Listens on `port` of the loopback interface, or on any free port when that one is taken.
 * @param {number} port
 */
export async function listen(port) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (port === 0 || /** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE') throw error;
    return listen(0);
  }
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    server,
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * Serves a `fetch` handler, as an edge runtime would. Requests reach it without a body: nothing here reads one.
 * @param {FetchHandler} handler
 * @returns {import('node:http').RequestListener}
 */
export function fetchListener(handler) {
  return async (incoming, outgoing) => {
    let response;
    try {
      response = await handler(requestOf(incoming));
    } catch (error) {
      console.error(error);
      response = new Response('Internal Server Error\n', { status: 500 });
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(new Uint8Array(await response.arrayBuffer()));
  };
}

/** @param {import('node:http').IncomingMessage} incoming */
function requestOf(incoming) {
  const { address, port } = /** @type {import('node:net').AddressInfo} */ (incoming.socket.address());
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    for (const item of value ?? []) headers.append(name, item);
  }
  return new Request(`http://${address}:${port}${incoming.url}`, { method: incoming.method ?? 'GET', headers });
}
