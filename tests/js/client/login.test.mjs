// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ASYMMETRIC, base64url, newSigner, utf8 } from '../suite/tokens.mjs';
import { arrive, clientOf, failsWith, listen, showsNoSecret, signedIn, typesOf } from './login.mjs';
import { APP, openPage, REDIRECT_URI, setGlobal } from './page.mjs';
import { authorizationServer, CLIENT_ID, ISSUER, json, LIFETIME, NOW } from './server.mjs';

/** An insecure context has randomness, and no `subtle`. @param {object} [subtle] */
function withoutWebCrypto(subtle) {
  const { getRandomValues, randomUUID } = crypto;
  setGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto), randomUUID: randomUUID.bind(crypto), subtle });
}

describe('signing in by redirect', () => {
  test('asks for a code with PKCE S256, state and nonce', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server, { scope: 'openid email', resource: 'https://api.example' });
    await client.signIn({ prompt: 'login', login_hint: 'user@example', acr_values: 'gold', max_age: 60 });
    const { origin, pathname, searchParams } = new URL(page.left[0]);
    assert.equal(origin + pathname, `${ISSUER}/authorize`);
    const { state, nonce, code_challenge, ...asked } = Object.fromEntries(searchParams);
    assert.deepEqual(asked, {
      response_type: 'code', client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, scope: 'openid email', resource: 'https://api.example',
      code_challenge_method: 'S256', prompt: 'login', login_hint: 'user@example', acr_values: 'gold', max_age: '60',
    });
    assert.equal(new Set([state, nonce, code_challenge]).size, 3);
    for (const random of [state, nonce, code_challenge]) assert.match(random, /^[\w-]{22,}$/);
  });

  test('never uses a state, nonce or verifier twice', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    for (let index = 0; index < 5; index++) await client.signIn();
    for (const name of ['state', 'nonce', 'code_challenge']) {
      assert.equal(new Set(page.left.map((url) => new URL(url).searchParams.get(name))).size, 5, name);
    }
  });

  test('ends in a session that shows the claims of the ID token and no token', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await signedIn(server, page);
    const { claims, ...rest } = client.session;
    assert.deepEqual(rest, { expires_at: NOW + LIFETIME, scope: 'openid' });
    assert.equal(claims.sub, server.sub);
    assert.ok(Object.isFrozen(client.session) && Object.isFrozen(claims));
    showsNoSecret(server, JSON.stringify(client.session));
    assert.ok(server.secrets.includes(await client.accessToken()));
    assert.equal(server.tokenCalls, 1);
  });

  test('tells that the session has changed', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    const events = listen(client);
    await arrive(server, page, client);
    const session = await client.start();
    assert.deepEqual(events, [['sessionchange', session]]);
    assert.equal(client.session, session);
  });

  test('leaves no verifier, code or token in any storage, with the store in memory', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    const before = listen(client);
    await arrive(server, page, client);
    assert.match(page.stored, /code_verifier/);
    await client.start();
    showsNoSecret(server, page.stored);
    assert.doesNotMatch(page.stored, /verifier|nonce/);
    showsNoSecret(server, JSON.stringify(before));
  });

  test('finishes two logins that were begun side by side', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    const first = await arrive(server, page, client);
    const second = await arrive(server, page, client);
    await client.handleRedirect(first);
    await client.handleRedirect(second);
    assert.equal(server.tokenCalls, 2);
  });

  test('sweeps transactions that have expired, and no other', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    page.sessionStorage.setItem('of the app', 'untouched');
    const client = await clientOf(server);
    await client.signIn();
    server.now += 1800;
    await client.signIn();
    assert.equal(page.sessionStorage.length, 3);
    server.now += 1801;
    await client.signIn();
    assert.equal(page.sessionStorage.length, 3);
    assert.equal(page.sessionStorage.getItem('of the app'), 'untouched');
  });

  test('refuses any other mode, and to leave a page that is not there', async () => {
    const server = await authorizationServer();
    const client = await clientOf(server);
    await assert.rejects(client.signIn({ mode: 'popup' }), TypeError);
    await assert.rejects(client.signIn(), TypeError);
    assert.deepEqual(server.calls, []);
  });

  test('does not fall back to anything when the server has no S256', async () => {
    const page = openPage();
    const server = await authorizationServer({ metadata: { code_challenge_methods_supported: ['plain'] } });
    const client = await clientOf(server);
    await failsWith(server, 'ERR_PKCE_NOT_SUPPORTED', () => client.signIn());
    assert.deepEqual(page.left, []);
    assert.equal(page.sessionStorage.length, 0);
  });
});

describe('returnTo', () => {
  for (const [returnTo, at] of [
    ['/inbox?unread=1#top', '/inbox?unread=1#top'],
    [`${APP}/inbox`, '/inbox'],
    ['inbox', '/start/inbox'],
  ]) {
    test(`${returnTo} is where the page is after the callback`, async () => {
      const [server, page] = [await authorizationServer(), openPage(`${APP}/start/page`)];
      const client = await clientOf(server);
      await arrive(server, page, client, { returnTo });
      const session = await client.start();
      assert.equal(session.returnTo, at);
      assert.equal(page.url, APP + at);
      assert.deepEqual(history.state, { router: 'state' });
    });
  }

  for (const returnTo of [
    'https://evil.example/', '//evil.example/', '/\\evil.example', '\\\\evil.example', 'https:evil.example', 'javascript:alert(1)', 'data:text/html,x',
    '\t//evil.example', '/\t/evil.example', `${APP}//evil.example`, '/%5c/../..//evil.example', 'http://app.example/', `${APP}.evil.example/`, 'http://[',
  ]) {
    test(`${JSON.stringify(returnTo)} leads nowhere else`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      const client = await clientOf(server);
      await arrive(server, page, client, { returnTo });
      const session = await client.start();
      assert.equal(new URL(page.url).origin, APP);
      assert.ok(!page.url.includes('code='));
      // A browser that is sent to it stays here.
      assert.equal(new URL(session.returnTo ?? '/', page.url).origin, APP);
    });
  }
});

describe('the ID token', () => {
  for (const alg of ASYMMETRIC) {
    test(`is verified under ${alg}`, async () => {
      const [server, page] = [await authorizationServer({ alg }), openPage()];
      const client = await signedIn(server, page);
      assert.equal(client.session.claims.sub, server.sub);
    });

    test(`is refused under ${alg} when another key has signed it`, async () => {
      const [server, page] = [await authorizationServer({ alg }), openPage()];
      server.key = await newSigner(alg);
      const client = await clientOf(server);
      await arrive(server, page, client);
      await failsWith(server, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', () => client.start());
      assert.equal(client.session, null);
    });

    test(`is verified under ${alg}, or refused, where there is no WebCrypto`, async () => {
      const [server, page] = [await authorizationServer({ alg }), openPage()];
      const client = await clientOf(server);
      const right = server.key;
      const wrong = await newSigner(alg);
      withoutWebCrypto();
      server.key = wrong;
      await arrive(server, page, client);
      await failsWith(server, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', () => client.start());
      server.key = right;
      await arrive(server, page, client);
      assert.equal((await client.start()).claims.sub, server.sub);
    });
  }

  test('is refused when its RSA key is too short, which WebCrypto would take', async () => {
    const [server, page] = [await authorizationServer({ alg: 'RS256' }), openPage()];
    const short = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
    const { publicKey, privateKey } = await crypto.subtle.generateKey(short, true, ['sign', 'verify']);
    const { kty, n, e } = await crypto.subtle.exportKey('jwk', publicKey);
    server.instead['/jwks'] = () => json(200, { keys: [{ kty, n, e, alg: 'RS256', use: 'sig' }] });
    /** @param {object} claims @param {object} [header] */
    const token = async (claims, header) => {
      const input = [header, claims].map((part) => base64url(JSON.stringify(part))).join('.');
      const signature = await crypto.subtle.sign(short.name, privateKey, /** @type {any} */ (utf8(input)));
      return `${input}.${base64url(new Uint8Array(signature))}`;
    };
    server.key = { ...server.key, token };
    const client = await clientOf(server);
    await arrive(server, page, client);
    await failsWith(server, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', () => client.start());
  });

  test('is verified by WebCrypto alone where it can', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    const client = await clientOf(server);
    const { subtle } = crypto;
    await arrive(server, page, client);
    withoutWebCrypto({ importKey: subtle.importKey.bind(subtle), sign: subtle.sign.bind(subtle), verify: async () => false });
    await failsWith(server, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', () => client.start());
  });

  test('is verified by wasm where WebCrypto lacks the algorithm', async () => {
    const [server, page] = [await authorizationServer({ alg: 'EdDSA' }), openPage()];
    let refused = 0;
    withoutWebCrypto({
      async importKey() {
        refused += 1;
        throw new DOMException('Unrecognized name.', 'NotSupportedError');
      },
    });
    const client = await signedIn(server, page);
    assert.equal(client.session.claims.sub, server.sub);
    assert.equal(refused, 1);
  });

  /** @type {[string, (claims: any) => any, string, string][]} */
  const CHANGES = [
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'iss'],
    ['for another client', (claims) => ({ ...claims, aud: 'another' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'aud'],
    ['with another nonce', (claims) => ({ ...claims, nonce: 'another' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'nonce'],
    ['without a nonce', ({ nonce: _, ...claims }) => claims, 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'nonce'],
    ['with another at_hash', (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'at_hash'],
    ['that has expired', (claims) => ({ ...claims, exp: NOW - 3600, iat: NOW - 7200 }), 'ERR_JWT_EXPIRED', 'exp'],
    ['without a subject', ({ sub: _, ...claims }) => claims, 'ERR_JWT_CLAIM_VALIDATION_FAILED', 'sub'],
  ];
  for (const [what, change, code, claim] of CHANGES) {
    test(`${what} is refused`, async () => {
      const [server, page] = [await authorizationServer(), openPage()];
      server.idToken = change;
      const client = await clientOf(server);
      await arrive(server, page, client);
      const error = await failsWith(server, code, () => client.start());
      assert.equal(error.claim, claim);
      assert.equal(client.session, null);
      showsNoSecret(server, page.stored);
    });
  }

  test('is required when the scope has openid', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    server.tokenResponse = ({ id_token: _, ...answer }) => answer;
    const client = await clientOf(server);
    await arrive(server, page, client);
    await failsWith(server, 'ERR_OIDC_ID_TOKEN_MISSING', () => client.start());
  });

  test('is not required when the scope has no openid', async () => {
    const [server, page] = [await authorizationServer(), openPage()];
    server.tokenResponse = ({ id_token: _, ...answer }) => ({ ...answer, scope: 'api' });
    const client = await clientOf(server, { scope: 'api' });
    const events = listen(client);
    await arrive(server, page, client);
    assert.deepEqual(await client.start(), { expires_at: NOW + LIFETIME, scope: 'api' });
    assert.deepEqual(typesOf(events), ['sessionchange']);
  });
});

describe('createClient', () => {
  test('refuses wrong types by TypeError and wrong values by code', async () => {
    const server = await authorizationServer();
    await assert.rejects(clientOf(server, { issuer: new URL(ISSUER) }), TypeError);
    await assert.rejects(clientOf(server, { timeout: '5' }), TypeError);
    assert.equal((await failsWith(server, 'ERR_OPTION_INVALID', () => clientOf(server, { client_id: undefined }))).claim, 'client_id');
    for (const redirect_uri of ['/callback', '', `${REDIRECT_URI}#top`, 'javascript:alert(1)']) {
      assert.equal((await failsWith(server, 'ERR_OPTION_INVALID', () => clientOf(server, { redirect_uri }))).claim, 'redirect_uri');
    }
    await clientOf(server, { redirect_uri: 'com.example.app:/callback' });
    assert.equal((await failsWith(server, 'ERR_OPTION_INVALID', () => clientOf(server, { store: 'cookie' }))).claim, 'store');
    assert.equal((await failsWith(server, 'ERR_OPTION_INVALID', () => clientOf(server, { allowedOrigins: ['api.example'] }))).claim, 'allowedOrigins');
    await failsWith(server, 'ERR_FETCH_INSECURE', () => clientOf(server, { issuer: 'http://as.example' }));
    assert.deepEqual(server.calls, []);
  });

  test('works where there is no page: nobody is signed in there', async () => {
    const client = await clientOf(await authorizationServer(), { store: 'local' });
    assert.equal(await client.start(), null);
    assert.equal(client.session, null);
  });
});
