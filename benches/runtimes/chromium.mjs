// @ts-check
// Chromium: a bundle in a page that is isolated, where the clock has a resolution of 5 microseconds.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { open } from '../../tests/js/browser/page.mjs';

const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

const PAGE = `
import { perform } from '../guest.mjs';
import { EVERYWHERE } from '../subjects/index.mjs';
globalThis.perform = (job) => perform(job, EVERYWHERE);
`;

/** @param {string} library */
const first = (library) => `
import { subjects } from '../subjects/${library}.mjs';
export async function run({ question, tokens }) {
  const { verify } = await subjects[0].setup(question);
  await verify(tokens[0]);
}
`;

/** @param {string[]} libraries */
const sources = (libraries) => ({
  'page.mjs': PAGE,
  ...Object.fromEntries(libraries.map((library) => [`first-${library}.mjs`, first(library)])),
});

/** @param {import('./app.mjs').App} app @returns {Promise<import('./index.mjs').Runtime>} */
export async function openChromium(app) {
  const folder = join(app.folder, 'chromium');
  const site = join(folder, 'site');
  await mkdir(site, { recursive: true });
  const files = sources(['tollgate', 'jose', 'aws-jwt-verify']);
  for (const [name, source] of Object.entries(files)) {
    await writeFile(join(folder, name), source);
    // Each as an application of its own, in which what is imported on demand is a file of its own too.
    await build({
      absWorkingDir: folder,
      entryPoints: [name],
      outdir: site,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      logLevel: 'error',
    });
  }
  await writeFile(join(site, 'index.html'), '<!doctype html><meta charset="utf-8"><title>benchmark</title>');
  const { page: blank, close } = await open({ '/': site }, { headers: HEADERS });
  const browser = /** @type {import('playwright-core').Browser} */ (blank.context().browser());
  const origin = blank.url();

  /** Does something in a page that nothing was loaded in before. @template T @param {(page: import('playwright-core').Page) => Promise<T>} action */
  async function fresh(action) {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(origin);
      return await action(page);
    } finally {
      await context.close();
    }
  }

  return {
    name: 'chromium',
    label: 'Chromium',
    version: browser.version(),
    perform: (jobs) =>
      fresh(async (page) => {
        await page.addScriptTag({ url: '/page.mjs', type: 'module' });
        await page.waitForFunction('typeof perform === "function"');
        const results = [];
        for (const job of jobs) {
          results.push(await page.evaluate((job) => /** @type {any} */ (globalThis).perform(job), job));
        }
        return results;
      }),
    async first(job) {
      return (library) =>
        fresh((page) =>
          page.evaluate(
            async ({ url, job }) => {
              const start = performance.now();
              await (await import(url)).run(job);
              return performance.now() - start;
            },
            { url: `/first-${library}.mjs`, job },
          ),
        );
    },
    close,
  };
}
