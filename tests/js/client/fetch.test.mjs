// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientOf, failsWith, signedIn } from './login.mjs';
import { APP, openPage } from './page.mjs';
import { authorizationServer, json, LIFETIME } from './server.mjs';

const API = 'https://api.example';
const INVALID_TOKEN = { 'www-authenticate': 'Bearer realm="api", error="invalid_token", error_description="expired"' };

/**
 * A client whose user is signed in, and an API at every URL that is not the server's.
 * @param {object} [options] @param {(answer: any) => any} [tokenResponse]
 */
async function withApi(options, tokenResponse = (answer) => answer) {
  const [server, page] = [await authorizationServer(), openPage()];
  server.tokenResponse = tokenResponse;
  const api = {
    /** @type {{ url: string, authorization: string | null, body: string }[]} */
    requests: [],
    /** @type {(request: Request) => Response} */
    answer: () => json(200, { ok: true }),
  };
  const fetch = async (/** @type {RequestInfo | URL} */ input, /** @type {RequestInit | undefined} */ init) => {
    const request = new Request(input, init);
    if (new URL(request.url).hostname === 'as.example') return server.fetch(request);
    const { url, headers } = request;
    api.requests.push({ url, authorization: headers.get('authorization'), body: await request.clone().text() });
    return api.answer(request);
  };
  const client = await signedIn(server, page, { fetch, resource: API, ...options });
  page.url = `${APP}/inbox/`;
  return { server, page, client, api };
}

/** An API that refuses `token`. @param {string} token */
const refusing = (token) => (/** @type {Request} */ request) =>
  request.headers.get('authorization') === `Bearer ${token}` ? json(401, {}, INVALID_TOKEN) : json(200, { ok: true });

describe('client.fetch', () => {
  test('sends the access token to the resource and to the origin of the app', async () => {
    const { client, api } = await withApi();
    const token = await client.accessToken();
    for (const input of [`${API}/items`, new URL(`${API}/items`), '/api', 'api', new Request(`${API}/items`)]) {
      assert.equal((await client.fetch(input)).status, 200);
    }
    assert.deepEqual(api.requests.map(({ url }) => url), [`${API}/items`, `${API}/items`, `${APP}/api`, `${APP}/inbox/api`, `${API}/items`]);
    assert.ok(api.requests.every(({ authorization }) => authorization === `Bearer ${token}`));
  });

  test('keeps method, headers and body of the request', async () => {
    const { client, api } = await withApi();
    await client.fetch(`${API}/items`, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'hello' });
    assert.equal(api.requests[0].body, 'hello');
  });

  for (const url of ['https://evil.example/', 'https://api.example.evil.example/', 'https://api.example:8443/', 'https://sub.api.example/']) {
    test(`refuses ${url} before anything is sent`, async () => {
      const { server, client, api } = await withApi();
      await failsWith(server, 'ERR_OAUTH_ORIGIN_NOT_ALLOWED', () => client.fetch(url));
      assert.deepEqual(api.requests, []);
    });
  }

  for (const url of ['http://api.example/', 'ftp://api.example/', 'data:text/plain,x', 'http://127.0.0.1.evil.example/']) {
    test(`refuses ${url}, which is not https`, async () => {
      const { server, client, api } = await withApi({ allowedOrigins: [API, 'http://api.example', 'http://127.0.0.1.evil.example'] });
      await failsWith(server, 'ERR_FETCH_INSECURE', () => client.fetch(url));
      assert.deepEqual(api.requests, []);
    });
  }

  test('sends the token where `allowedOrigins` says, and nowhere else', async () => {
    const { server, client, api } = await withApi({ allowedOrigins: ['https://other.example', 'http://127.0.0.1:8080'] });
    await client.fetch('https://other.example/x');
    await client.fetch('http://127.0.0.1:8080/x');
    await failsWith(server, 'ERR_OAUTH_ORIGIN_NOT_ALLOWED', () => client.fetch(`${API}/items`));
    await failsWith(server, 'ERR_OAUTH_ORIGIN_NOT_ALLOWED', () => client.fetch('/api'));
    assert.equal(api.requests.length, 2);
  });

  test('does not replace an authorization header of the app', async () => {
    const { client, api } = await withApi();
    await assert.rejects(client.fetch(`${API}/items`, { headers: { Authorization: 'Basic x' } }), TypeError);
    await assert.rejects(client.fetch(new Request(`${API}/items`, { headers: { authorization: 'Basic x' } })), TypeError);
    assert.deepEqual(api.requests, []);
  });

  test('needs a session', async () => {
    const server = await authorizationServer();
    const client = await clientOf(server);
    await failsWith(server, 'ERR_OAUTH_SESSION_MISSING', () => client.fetch(`${APP}/api`));
  });

  test('refreshes a token that has expired before it sends anything', async () => {
    const { server, client, api } = await withApi();
    const token = await client.accessToken();
    server.now += LIFETIME;
    await client.fetch(`${API}/items`);
    assert.equal(api.requests.length, 1);
    assert.notEqual(api.requests[0].authorization, `Bearer ${token}`);
  });

  test('gives the rejection of the platform', async () => {
    const { client, api } = await withApi();
    const failure = new TypeError('fetch failed');
    api.answer = () => {
      throw failure;
    };
    await assert.rejects(client.fetch(`${API}/items`), (error) => error === failure);
  });
});

describe('client.fetch, when the API calls the token invalid,', () => {
  for (const [what, init] of /** @type {[string, RequestInit | undefined][]} */ ([
    ['without a body', undefined],
    ['with a text', { method: 'POST', body: 'hello' }],
    ['with bytes', { method: 'POST', body: new TextEncoder().encode('hello') }],
  ])) {
    test(`refreshes and sends the request once more ${what}`, async () => {
      const { server, client, api } = await withApi();
      api.answer = refusing(await client.accessToken());
      const response = await client.fetch(`${API}/items`, init);
      assert.equal(response.status, 200);
      assert.equal(server.tokenCalls, 2);
      assert.deepEqual(api.requests.map(({ body }) => body), init ? ['hello', 'hello'] : ['', '']);
      assert.equal(api.requests[1].authorization, `Bearer ${await client.accessToken()}`);
    });
  }

  test('shares the refresh with other requests', async () => {
    const { server, client, api } = await withApi();
    api.answer = refusing(await client.accessToken());
    const responses = await Promise.all(Array.from({ length: 5 }, () => client.fetch(`${API}/items`)));
    assert.deepEqual(responses.map(({ status }) => status), [200, 200, 200, 200, 200]);
    assert.equal(server.tokenCalls, 2);
  });

  test('tries once, not for ever', async () => {
    const { server, client, api } = await withApi();
    api.answer = () => json(401, {}, INVALID_TOKEN);
    assert.equal((await client.fetch(`${API}/items`)).status, 401);
    assert.equal(api.requests.length, 2);
    assert.equal(server.tokenCalls, 2);
  });

  for (const [what, request] of /** @type {[string, () => [any, any?]][]} */ ([
    ['a stream', () => [`${API}/items`, { method: 'POST', body: new Blob(['hello']).stream(), duplex: 'half' }]],
    ['the body of a Request', () => [new Request(`${API}/items`, { method: 'POST', body: 'hello' })]],
  ])) {
    test(`gives the answer when ${what} cannot be sent again`, async () => {
      const { server, client, api } = await withApi();
      api.answer = refusing(await client.accessToken());
      assert.equal((await client.fetch(...request())).status, 401);
      assert.equal(api.requests.length, 1);
      assert.equal(server.tokenCalls, 1);
    });
  }

  test('gives the answer when there is no refresh token', async () => {
    const { server, client, api } = await withApi({}, ({ refresh_token: _, ...answer }) => answer);
    api.answer = () => json(401, {}, INVALID_TOKEN);
    assert.equal((await client.fetch(`${API}/items`)).status, 401);
    assert.equal(api.requests.length, 1);
    assert.equal(server.tokenCalls, 1);
  });

  for (const [what, answer] of /** @type {[string, () => Response][]} */ ([
    ['401 without a challenge', () => json(401, {})],
    ['401 for another reason', () => json(401, {}, { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' })],
    ['403', () => json(403, {}, INVALID_TOKEN)],
    ['200 with such a header', () => json(200, {}, INVALID_TOKEN)],
  ])) {
    test(`takes ${what} for no such call`, async () => {
      const { server, client, api } = await withApi();
      api.answer = answer;
      assert.equal((await client.fetch(`${API}/items`)).status, answer().status);
      assert.equal(api.requests.length, 1);
      assert.equal(server.tokenCalls, 1);
    });
  }
});
