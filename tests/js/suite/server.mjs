// @ts-check
// A scripted server behind the `fetch` option.

/** @typedef {(request: Request) => Response | Promise<Response>} Route */

/**
 * A `fetch` that answers by URL and remembers what it was asked.
 * @param {Record<string, unknown>} routes each a JSON value, or a function that answers
 */
export function serve(routes) {
  /** @type {string[]} */
  const calls = [];
  /** @type {Request[]} */
  const requests = [];
  const fetch = async (/** @type {any} */ input, /** @type {any} */ init) => {
    const request = new Request(input, init);
    calls.push(request.url);
    requests.push(request);
    if (!(request.url in routes)) return new Response('not found', { status: 404 });
    const route = routes[request.url];
    return typeof route === 'function' ? route(request) : Response.json(route);
  };
  return { fetch, calls, requests, routes };
}

/** An answer that never comes, whatever the signal says. */
export const hang = () => new Promise(() => {});

/** A body of 50 MB, which counts what is read of it. */
export function huge() {
  const state = { bytes: 0 };
  const chunk = new Uint8Array(65_536).fill(0x20);
  const body = new ReadableStream({
    pull(controller) {
      if (state.bytes > 50_000_000) return controller.close();
      state.bytes += chunk.length;
      controller.enqueue(chunk.slice());
    },
  });
  return { state, respond: () => new Response(body, { headers: { 'content-type': 'application/json' } }) };
}
