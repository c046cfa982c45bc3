// @ts-check
// Drives the whole demo in a headless Chromium: a login, a session, its end, and what must be refused.

import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { startDemo } from './demo.mjs';

const LONGEST = 90_000;
const STEP = 20_000;
const PICTURES = fileURLToPath(new URL('../../target/demo/', import.meta.url));

/**
 * Runs every check and prints a line for each.
 * @returns {Promise<boolean>} whether all passed
 */
export async function checkDemo() {
  /** @type {(() => Promise<unknown>)[]} */
  const closers = [];
  const timeout = setTimeout(LONGEST).then(() => {
    throw new Error(`It was not done after ${LONGEST / 1000} seconds.`);
  });
  const start = performance.now();
  try {
    const checks = await Promise.race([checkAll(closers), timeout]);
    console.log(`The demo works: ${checks} checks in ${((performance.now() - start) / 1000).toFixed(1)} s; pictures are in target/demo`);
    return true;
  } catch (error) {
    console.error(`\nThe demo does not work. ${/** @type {Error} */ (error).message}`);
    return false;
  } finally {
    // A browser that does not answer any more is ended with this process.
    await Promise.race([Promise.allSettled(closers.map((close) => close())), setTimeout(5_000)]);
  }
}

/** @param {(() => Promise<unknown>)[]} closers */
async function checkAll(closers) {
  await rm(PICTURES, { recursive: true, force: true });
  await mkdir(PICTURES, { recursive: true });
  const demo = await startDemo(0);
  closers.push(demo.close);
  const browser = await launchBrowser();
  closers.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(STEP);

  let checks = 0;
  /**
   * @param {string} title
   * @param {() => Promise<unknown>} action
   */
  async function check(title, action) {
    try {
      await action();
    } catch (error) {
      await page.screenshot({ path: `${PICTURES}failure.png` }).catch(() => {});
      const { message } = /** @type {Error} */ (error);
      throw new Error(`Failed: ${title}\n${message}\nThe page is at ${page.url()}; see target/demo/failure.png`, { cause: error });
    }
    checks += 1;
    console.log(`ok  ${title}`);
  }

  const visitor = new Visitor(page, demo);
  await checkInspector(check, visitor);
  await checkSession(check, visitor);
  await checkRefusals(check, visitor);
  await checkLogout(check, visitor);
  await check('no Content-Security-Policy was violated, and the browser reported no error', async () => {
    assert.deepEqual(visitor.complaints, []);
  });
  return checks;
}

/** @typedef {(title: string, action: () => Promise<unknown>) => Promise<void>} Check */

/** What the checks do with the page, and what they see of it and of the server. */
class Visitor {
  /** @type {string[]} */
  complaints = [];
  /** What the token endpoint granted: parameters of the request and members of the response. @type {Record<string, string>[]} */
  grants = [];
  /** The code verifiers and tokens that passed, none of which may be shown or kept in the timeline. @type {Set<string>} */
  secrets = new Set();

  /**
   * @param {import('playwright-core').Page} page
   * @param {Awaited<ReturnType<typeof startDemo>>} demo
   */
  constructor(page, demo) {
    this.page = page;
    this.demo = demo;
    this.tokenEndpoint = demo.authorizationServer.provider.urlFor('token');
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // Browsers report every response of 400 and more as an error; here, two are asked for.
      const wanted = [demo.resource, this.tokenEndpoint].includes(message.location().url)
        && message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !wanted) this.complaints.push(message.text());
    });
    demo.authorizationServer.provider.on('grant.success', (/** @type {any} */ { oidc, body }) => {
      this.grants.push({ ...oidc.params, issued: body.refresh_token, access_token: body.access_token });
      for (const value of [oidc.params.code_verifier, body.access_token, body.refresh_token, body.id_token]) {
        if (value) this.secrets.add(value);
      }
    });
  }

  /** @param {string} id */
  click(id) {
    return this.page.click(`#${id}`);
  }

  /** Waits until the element with this id shows `text`. @param {string} id @param {string | RegExp} text */
  shows(id, text) {
    return this.page.locator(`#${id}`, { hasText: text }).waitFor();
  }

  /** How the check of this name ended. @param {string} name */
  async outcome(name) {
    await this.page.locator('#verdict[aria-busy="false"]').waitFor();
    return this.page.locator(`#checks [data-check="${name}"]`).getAttribute('data-outcome');
  }

  /** Waits for the authorization server's page with this title. @param {string} title */
  async isAsked(title) {
    await this.page.waitForURL(`${this.demo.authorizationServer.issuer}/**`);
    await this.page.getByRole('heading', { name: title }).waitFor();
  }

  /** Answers the authorization server's page with this title. @param {string} title @param {string} button */
  async answer(title, button) {
    await this.isAsked(title);
    await this.page.getByRole('button', { name: button }).click();
  }

  /** Saves a picture in each colour scheme. @param {string} name */
  async picture(name) {
    await this.page.mouse.move(0, 0);
    for (const colorScheme of /** @type {const} */ (['dark', 'light'])) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.screenshot({ path: `${PICTURES}${name}-${colorScheme}.png`, animations: 'disabled' });
    }
  }
}

/**
 * @param {Check} check
 * @param {Visitor} visitor
 */
async function checkInspector(check, visitor) {
  const { page, demo } = visitor;
  await check('the page opens, under a strict Content-Security-Policy', async () => {
    const response = await page.goto(demo.url);
    const policy = response?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    assert.doesNotMatch(policy, /'unsafe-(inline|eval)'/);
  });
  await check('the inspector verifies a good token', async () => {
    await visitor.shows('verdict', 'Verified');
    await visitor.shows('claims', /in (1 hour|59 minutes)/);
    await visitor.picture('inspect');
  });
  await check('the list of checks is all passed, and so are the samples with ES384 and of an access token', async () => {
    for (const name of ['form', 'header', 'alg', 'key', 'signature', 'claims', 'iss', 'aud', 'exp']) {
      assert.equal(await visitor.outcome(name), 'passed', name);
    }
    await page.getByRole('button', { name: 'ES384' }).click();
    await visitor.shows('verdict', 'ES384, key demo-');
    assert.equal(await visitor.outcome('signature'), 'passed');
    await page.getByRole('button', { name: 'Access token' }).click();
    assert.equal(await visitor.outcome('types of claims'), 'passed');
    await visitor.shows('verdict', 'Verified');
  });
  for (const [sample, code, failed, passed, missed] of /** @type {const} */ ([
    ['Wrong kind', 'ERR_JWT_CLAIM_VALIDATION_FAILED', ['typ', 'requiredClaims'], ['signature', 'aud'], []],
    ['Expired', 'ERR_JWT_EXPIRED', ['exp'], ['signature', 'aud'], []],
    ['Tampered', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', ['signature'], ['key', 'claims', 'exp'], []],
    ['alg: none', 'ERR_JOSE_ALG_NOT_ALLOWED', ['alg'], ['form', 'claims', 'iss'], ['key', 'signature']],
    ['Key confusion', 'ERR_JOSE_ALG_NOT_ALLOWED', ['alg'], ['claims'], ['key', 'signature']],
    ['Two subjects', 'ERR_JWT_INVALID', ['claims'], ['signature'], ['iss', 'exp']],
    ['All wrong', 'ERR_JWT_CLAIM_VALIDATION_FAILED', ['signature', 'iss', 'aud', 'exp'], ['key', 'claims'], []],
  ])) {
    await check(`the inspector refuses the sample "${sample}" with ${code}, at ${failed.join(', ')}`, async () => {
      await page.getByRole('button', { name: sample, exact: true }).click();
      await visitor.shows('checks', code);
      const expected = { failed, passed, not_reached: missed };
      for (const [outcome, names] of Object.entries(expected)) {
        for (const name of names) assert.equal(await visitor.outcome(name), outcome, name);
      }
      assert.equal(await page.locator('#checks [data-outcome="failed"]').count(), failed.length);
    });
  }
  await visitor.picture('refused');
  await check('a narrow window shows the list without scrolling sideways', async () => {
    const size = page.viewportSize();
    await page.setViewportSize({ width: 400, height: 900 });
    await page.locator('#verdict').evaluate((verdict) => verdict.scrollIntoView());
    await visitor.picture('narrow');
    await page.evaluate(() => scrollTo(0, 0));
    const [inside, outside] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(Number(inside) <= Number(outside), `${inside} of ${outside} px`);
    if (size) await page.setViewportSize(size);
  });
  await check('a wrong key is told apart from a wrong token', async () => {
    await page.fill('#key', '{ "kty": "EC" }');
    await visitor.shows('verdict', 'Cannot be checked');
    await visitor.shows('verdict', 'ERR_JWK_INVALID');
    assert.equal(await page.locator('#checks li').count(), 0);
  });
  await check('markup in a token is shown as text', async () => {
    const markup = '<img src=x onerror=document.title=1>';
    const claims = Buffer.from(JSON.stringify({ sub: markup })).toString('base64url');
    await page.fill('#token', `eyJhbGciOiJub25lIn0.${claims}.`);
    await visitor.shows('claims', markup);
    assert.equal(await page.locator('#claims img').count(), 0);
  });
}

/**
 * @param {Check} check
 * @param {Visitor} visitor
 */
async function checkSession(check, visitor) {
  const { page, demo, grants } = visitor;
  const { resource } = demo;
  await page.getByRole('link', { name: 'Log in', exact: true }).click();
  await check('without a token the API answers 401', async () => {
    const [response] = await Promise.all([page.waitForResponse(resource), visitor.click('call-api-bare')]);
    assert.equal(response.status(), 401);
    assert.equal(response.headers()['www-authenticate'], 'Bearer realm="tollgate-demo"');
    await visitor.shows('outcome', 'The API answered 401');
  });
  await check('with a bad token the API answers 401 and invalid_token', async () => {
    const response = await fetch(resource, { headers: { Authorization: 'Bearer e30.e30.e30' } });
    assert.equal(response.status, 401);
    const challenge = response.headers.get('WWW-Authenticate') ?? '';
    assert.match(challenge, /^Bearer realm="tollgate-demo", error="invalid_token", error_description="[^"]+"$/);
  });
  await check('a user logs in and consents at the authorization server, on another origin', async () => {
    await visitor.click('sign-in');
    await visitor.answer('Log in', 'Continue');
    await visitor.answer('Allow access?', 'Allow');
    await page.waitForURL(`${new URL(demo.url).origin}/**`);
  });
  await check('the ID token is verified and the session is there', async () => {
    await visitor.shows('session', 'Ada');
    await visitor.shows('timeline', 'ID token accepted');
    await visitor.shows('outcome', 'You are logged in');
  });
  await check('the URL is clean', async () => assert.equal(page.url(), `${demo.url}#login`));
  await check('with the access token the API answers 200', async () => {
    const [response] = await Promise.all([page.waitForResponse(resource), visitor.click('call-api')]);
    assert.equal(response.status(), 200);
    await visitor.shows('outcome', 'The gate is open, ada');
  });
  await visitor.picture('login');
  await check('the access token refreshes, and the server rotates the refresh token', async () => {
    const [first] = grants;
    await visitor.click('refresh');
    await visitor.shows('outcome', 'There is a new access token');
    const second = grants.at(-1);
    assert.equal(second?.['grant_type'], 'refresh_token');
    assert.equal(second['refresh_token'], first?.['issued']);
    assert.notEqual(second['issued'], first?.['issued']);
    assert.notEqual(second['access_token'], first?.['access_token']);
  });
  await check('the rotated refresh token works, and the UserInfo endpoint answers', async () => {
    const rotated = grants.at(-1)?.['issued'];
    await visitor.click('user-info');
    await visitor.shows('outcome', 'ada as Ada, ada@example.com');
    assert.equal(grants.at(-1)?.['refresh_token'], rotated);
  });
  await check('the inspector verifies the access token with keys found by discovery', async () => {
    await visitor.click('inspect-token');
    await visitor.shows('verdict', 'Verified');
    await visitor.shows('header', 'at+jwt');
    await page.goBack();
  });
  await check('the session survives a reload', async () => {
    await page.reload();
    await visitor.shows('session', 'Ada');
    await visitor.click('call-api');
    await visitor.shows('outcome', 'The API answered 200');
  });
  await check('the timeline holds no secret and no whole token', async () => {
    const kept = await page.evaluate(() => sessionStorage.getItem('tollgate-demo:timeline') ?? '');
    const shown = await page.content();
    assert.ok(visitor.secrets.size >= 6);
    for (const secret of visitor.secrets) assert.ok(!kept.includes(secret) && !shown.includes(secret), 'a secret is in the timeline');
  });
}

/**
 * @param {Check} check
 * @param {Visitor} visitor
 */
async function checkRefusals(check, visitor) {
  const { page, demo, grants } = visitor;
  /** @param {string} code */
  async function refusedWith(code) {
    await visitor.shows('outcome', code);
    await visitor.shows('session', 'Ada');
    assert.equal(new URL(page.url()).search, '');
    await visitor.click('call-api');
    await visitor.shows('outcome', 'The API answered 200');
  }
  await check('a forged callback is refused, and the session survives', async () => {
    await visitor.click('forged-callback');
    await refusedWith('ERR_OAUTH_STATE_UNKNOWN');
  });
  await check('the callback of the session, opened again, redeems nothing and changes nothing', async () => {
    const before = grants.length;
    await visitor.click('used-callback');
    await visitor.shows('outcome', 'You are logged in');
    await visitor.shows('session', 'Ada');
    assert.equal(new URL(page.url()).search, '');
    assert.equal(grants.length, before);
  });
  await check('a token endpoint that answers 500 is reported, and the session survives', async () => {
    const headers = { 'Access-Control-Allow-Origin': new URL(demo.url).origin };
    await page.route(visitor.tokenEndpoint, (route) => route.fulfill({ status: 500, headers }), { times: 1 });
    await visitor.click('refresh');
    await refusedWith('ERR_FETCH_STATUS');
    await visitor.click('refresh');
    await visitor.shows('outcome', 'There is a new access token');
  });
  await check('a login that the user cancels is refused, and the session survives', async () => {
    await visitor.click('sign-in-again');
    await visitor.answer('Log in', 'Cancel');
    await refusedWith('ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR');
  });
}

/**
 * @param {Check} check
 * @param {Visitor} visitor
 */
async function checkLogout(check, visitor) {
  const { page, demo } = visitor;
  await check('log out ends the session, here and at the authorization server', async () => {
    await visitor.click('sign-out');
    await visitor.answer('Log out here too?', 'Log out');
    await visitor.shows('session', 'Nobody is logged in');
    await page.reload();
    await visitor.shows('session', 'Nobody is logged in');
  });
  await check('the callback of the ended session is refused', async () => {
    await visitor.click('used-callback');
    await visitor.shows('outcome', 'ERR_OAUTH_STATE_USED');
    await visitor.shows('session', 'Nobody is logged in');
  });
  await check('the next login asks who it is; by keyboard alone, the user denies consent', async () => {
    await page.focus('#sign-in');
    await page.keyboard.press('Enter');
    await visitor.isAsked('Log in');
    await page.keyboard.press('Enter');
    await visitor.isAsked('Allow access?');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await visitor.shows('outcome', 'access_denied');
    assert.equal(new URL(page.url()).search, '');
    assert.ok(page.url().startsWith(demo.url));
  });
}
