// @ts-check
// The single-page app of README.md, under the policy of README.md, logs in at an authorization server.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { build } from 'esbuild';
import { workspace } from '../install.mjs';
import { textsOf } from '../readme.mjs';
import { newSigner } from '../suite/tokens.mjs';
import { open } from './page.mjs';

const ISSUER = 'https://as.example.com';
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/jwks`,
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
};

const { folder, remove } = await workspace('readme');
after(remove);
const [app] = await textsOf('README.md', 'Log in from a single-page app: ts');
const [http] = await textsOf('README.md', 'Log in from a single-page app: http');
const csp = /^Content-Security-Policy: (.+)$/m.exec(http)?.[1];

const site = join(folder, 'site');
await mkdir(site);
await writeFile(join(folder, 'app.ts'), app);
await writeFile(
  join(site, 'index.html'),
  '<!doctype html><title>App</title><script type="module" src="/app.js"></script>',
);
await build({
  absWorkingDir: folder,
  entryPoints: ['app.ts'],
  outfile: join(site, 'app.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'error',
});

const key = await newSigner('ES256');

/** An authorization server for one user, who consents at once. @param {import('playwright-core').Page} page @param {string[]} asked */
async function serveIssuer(page, asked) {
  let nonce = '';
  await page.route(`${ISSUER}/**`, async (route) => {
    const url = new URL(route.request().url());
    asked.push(`${route.request().method()} ${url.pathname}`);
    /** @param {unknown} body */
    const answer = (body) => route.fulfill({ json: body, headers: { 'access-control-allow-origin': '*' } });
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return answer(METADATA);
      case '/jwks':
        return answer({ keys: [{ ...key.jwk, alg: 'ES256' }] });
      case '/authorize': {
        nonce = url.searchParams.get('nonce') ?? '';
        assert.equal(url.searchParams.get('client_id'), 'spa');
        assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.search = String(
          new URLSearchParams({ code: 'the-code', state: url.searchParams.get('state') ?? '', iss: ISSUER }),
        );
        return route.fulfill({ status: 302, headers: { location: back.href } });
      }
      case '/token': {
        const parameters = new URLSearchParams(route.request().postData() ?? '');
        assert.equal(parameters.get('code'), 'the-code');
        const iat = Math.floor(Date.now() / 1000);
        const id_token = await key.token({ iss: ISSUER, aud: 'spa', sub: 'someone', iat, exp: iat + 300, nonce });
        return answer({
          access_token: 'the-access-token',
          token_type: 'Bearer',
          expires_in: 300,
          refresh_token: 'r',
          id_token,
        });
      }
      default:
        return route.fulfill({ status: 404 });
    }
  });
}

describe('the single-page app of README.md', () => {
  test(
    'logs in, calls its API and leaves a clean URL, under the policy of README.md',
    { timeout: 60_000 },
    async () => {
      assert.ok(csp, 'the block holds a Content-Security-Policy');
      /** @type {string[]} */
      const asked = [];
      /** @type {string[]} */
      const said = [];
      /** @type {string | undefined} */
      let authorization;
      const { page, complaints, close } = await open(
        { '/': site },
        {
          csp,
          async prepare(page, origin) {
            page.on('console', (message) => said.push(message.text()));
            await serveIssuer(page, asked);
            await page.route(`${origin}/api/me`, (route) => {
              authorization = route.request().headers().authorization;
              return route.fulfill({ json: { name: 'Someone' } });
            });
          },
        },
      );
      try {
        for (let waited = 0; !said.some((text) => text.startsWith('signed in')) && waited < 20_000; waited += 50)
          await page.waitForTimeout(50);
        assert.deepEqual(complaints, []);
        assert.ok(
          said.some((text) => text.startsWith('signed in as someone')),
          `said ${JSON.stringify(said)}, asked ${asked}`,
        );
        assert.equal(authorization, 'Bearer the-access-token');
        assert.equal(new URL(page.url()).search, '', 'no code is left in the URL');
        assert.equal(asked.filter((request) => request === 'POST /token').length, 1);
      } finally {
        await close();
      }
    },
  );
});
