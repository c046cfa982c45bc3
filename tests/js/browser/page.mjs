// @ts-check
// A page with a strict Content-Security-Policy on loopback, in a headless Chromium.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

/** What the package needs of a policy, and nothing more. */
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves folders, each under its path. @param {Record<string, string>} folders @param {Record<string, string>} headers */
async function serveFolders(folders, headers) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const prefix = Object.keys(folders)
      .filter((name) => path.startsWith(name))
      .sort((a, b) => b.length - a.length)[0];
    try {
      const file = join(folders[prefix], path.slice(prefix.length) || 'index.html');
      const body = await readFile(file);
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        ...headers,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/**
 * Opens the page that `folders` hold at `/`.
 * @param {Record<string, string>} folders
 * @param {{ csp?: string, headers?: Record<string, string>, prepare?: (page: import('playwright-core').Page, origin: string) => Promise<unknown> }} [options]
 */
export async function open(folders, { csp = CSP, headers, prepare } = {}) {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error('no Chromium was found; install it, or name it in CHROMIUM_PATH');
  const { origin, close } = await serveFolders(folders, { 'content-security-policy': csp, ...headers });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.location().url.endsWith('/favicon.ico'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await prepare?.(page, origin);
  await page.goto(origin);
  return {
    page,
    /** What the browser said on its console. */
    complaints,
    async close() {
      await browser.close();
      close();
    },
  };
}

/** Waits until the page can run cases, and runs them there. @param {Awaited<ReturnType<typeof open>>} opened */
export async function runner({ page, complaints }) {
  await page.waitForFunction('typeof runCase === "function"', undefined, { timeout: 15_000 }).catch(() => {
    throw new Error(`the page did not start: ${complaints.join('; ')}`);
  });
  return (/** @type {string} */ group, /** @type {number} */ index) =>
    page.evaluate(
      ([group, index]) => /** @type {any} */ (globalThis).runCase(group, index),
      /** @type {const} */ ([group, index]),
    );
}
