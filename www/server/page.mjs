// @ts-check
// The demo page and the built package, as static files.

import { readFile } from 'node:fs/promises';

const PAGE = new URL('../', import.meta.url);
const PACKAGE = new URL('../../pkg/dist/', import.meta.url);

const TYPES = /** @type {Record<string, string>} */ ({
  css: 'text/css',
  html: 'text/html',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
});

/**
 * @typedef {object} DemoConfig what the page is told at `/config.json`
 * @property {string} issuer
 * @property {string} client_id
 * @property {string} redirect_uri
 * @property {string} scope
 * @property {string} resource the URL of the API, which is its resource indicator too (RFC 8707)
 */

/**
 * @param {DemoConfig} config
 * @returns {import('./http.mjs').FetchHandler}
 */
export function createPage(config) {
  const headers = {
    // 'wasm-unsafe-eval' lets a page compile WebAssembly, and nothing else: scripts still come from here only.
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self' ${new URL(config.issuer).origin} ${new URL(config.resource).origin}`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
  };

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/config.json') return Response.json(config, { headers });
    const file = fileOf(pathname);
    const body = file && await readFile(file).catch(() => undefined);
    if (!file || !body) return new Response('Not Found\n', { status: 404, headers });
    const type = TYPES[file.pathname.slice(file.pathname.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    return new Response(body, { headers: { ...headers, 'Content-Type': type } });
  };
}

/**
 * The file at `pathname`: one that lies directly beside the page, or anywhere in the package.
 * @param {string} pathname
 */
function fileOf(pathname) {
  if (pathname === '/') return new URL('index.html', PAGE);
  const [, inPage] = /^\/([\w.-]+\.(?:css|html|js|svg))$/.exec(pathname) ?? [];
  if (inPage) return new URL(inPage, PAGE);
  const [, inPackage] = /^\/tollgate\/([\w./-]+\.(?:js|wasm))$/.exec(pathname) ?? [];
  // `URL` has resolved all dot segments of `pathname` already
  return inPackage && !inPackage.startsWith('/') ? new URL(inPackage, PACKAGE) : undefined;
}
