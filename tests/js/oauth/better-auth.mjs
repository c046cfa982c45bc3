// @ts-check
// An application that is an authorization server by the OAuth provider plugin of `better-auth`, in this process, on a loopback origin.

import { randomBytes } from 'node:crypto';
import { oauthProvider, oauthProviderAuthServerMetadata, oauthProviderOpenIdConfigMetadata } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { jwt } from 'better-auth/plugins';
import { listen } from '../../../www/server/http.mjs';
import { LOGGED_OUT_URI, REDIRECT_URI, clientKey } from './clients.mjs';
import { bodyOf, consentPage, loginPage } from './pages.mjs';

const API = '/api/auth';
const PAGE = { login: '/login', consent: '/consent' };

/** The user that is signed up. */
export const ACCOUNT = { user: 'ada', password: 'analytical engine', email: 'ada@example.com', name: 'Ada' };

/** Starts the server, with one user and a client of every kind. */
export async function startBetterAuth() {
  const { server, origin, close } = await listen(0);
  server.unref();
  try {
    const auth = application(origin);
    const headers = await signUp(auth);
    const { key, jwks } = await clientKey('better-auth-client');
    const clients = {
      none: await register(auth, headers, 'none'),
      client_secret_basic: await register(auth, headers, 'client_secret_basic'),
      client_secret_post: await register(auth, headers, 'client_secret_post'),
      private_key_jwt: { key, ...(await register(auth, headers, 'private_key_jwt', { jwks })) },
    };
    const answer = answersOf(auth, origin);
    server.on('request', async (incoming, outgoing) => {
      const response = await answer(await requestOf(incoming, origin));
      outgoing.writeHead(response.status, [...response.headers].flat());
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    });
    return { issuer: origin + API, clients, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param {string} origin */
function application(origin) {
  const options = {
    baseURL: origin,
    secret: randomBytes(32).toString('base64'),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [
      jwt(),
      oauthProvider({
        loginPage: PAGE.login,
        consentPage: PAGE.consent,
        scopes: ['openid', 'profile', 'email', 'offline_access', CLIENT_SCOPE],
        clientPrivileges: () => true,
        silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
      }),
    ],
  };
  const tables = Object.values(getAuthTables(options)).map(({ modelName }) => [modelName, []]);
  return betterAuth({ ...options, database: memoryAdapter(Object.fromEntries(tables)) });
}

/** @typedef {ReturnType<typeof application>} Application */

/** What a client may do in its own name. */
export const CLIENT_SCOPE = 'reports:read';

/** Signs the user up. @param {Application} auth @returns {Promise<Headers>} of a request of theirs */
async function signUp(auth) {
  const { email, password, name } = ACCOUNT;
  const { headers } = await auth.api.signUpEmail({ body: { email, password, name }, returnHeaders: true });
  return new Headers({ cookie: headers.getSetCookie().map((line) => line.split(';')[0]).join('; ') });
}

/** @typedef {'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'} Method */

/** @param {Application} auth @param {Headers} headers @param {Method} method @param {{ jwks?: { keys: any[] } }} [more] */
async function register(auth, headers, method, more) {
  const metadata = await auth.api.adminCreateOAuthClient({
    headers,
    body: {
      client_name: method,
      redirect_uris: [REDIRECT_URI],
      post_logout_redirect_uris: [LOGGED_OUT_URI],
      token_endpoint_auth_method: method,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid profile email offline_access',
      enable_end_session: true,
      // A public client has nothing to show for itself.
      ...(method !== 'none' && {
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        client_credentials_scopes: [CLIENT_SCOPE],
      }),
      ...more,
    },
  });
  return { metadata: /** @type {Record<string, any> & { client_id: string }} */ (metadata) };
}

/**
 * What the application answers: the API, the metadata that the plugin leaves to it, and its two pages.
 * @param {Application} auth
 * @param {string} origin
 * @returns {(request: Request) => Promise<Response>}
 */
function answersOf(auth, origin) {
  const metadata = { oauth: oauthProviderAuthServerMetadata(auth), openid: oauthProviderOpenIdConfigMetadata(auth) };

  /** Calls the API as its own page would, and goes where it says. @param {Request} page @param {string} path @param {object} body */
  const submit = async (page, path, body) => {
    const headers = { 'content-type': 'application/json', origin, cookie: page.headers.get('cookie') ?? '' };
    const oauth_query = new URL(page.url).search.slice(1);
    const call = new Request(origin + API + path, { method: 'POST', headers, body: JSON.stringify({ ...body, oauth_query }) });
    const response = await auth.handler(call);
    const answer = await response.json();
    if (!response.ok) return Response.json(answer, { status: response.status });
    const moved = new Headers({ location: answer.url ?? answer.redirect_uri });
    for (const cookie of response.headers.getSetCookie()) moved.append('set-cookie', cookie);
    return new Response(null, { status: 303, headers: moved });
  };

  return async (request) => {
    const { pathname, search, searchParams } = new URL(request.url);
    if (pathname === `${API}/.well-known/openid-configuration`) return metadata.openid(request);
    if (pathname === `/.well-known/oauth-authorization-server${API}`) return metadata.oauth(request);
    if (pathname !== PAGE.login && pathname !== PAGE.consent) return auth.handler(request);
    if (request.method === 'GET') {
      const action = pathname + search;
      return html(pathname === PAGE.login ? loginPage(action) : consentPage(action, searchParams.get('scope') ?? ''));
    }
    const form = new URLSearchParams(await request.text());
    if (pathname === PAGE.consent) return submit(request, '/oauth2/consent', { accept: form.get('answer') === 'accept' });
    return submit(request, '/sign-in/email', { email: `${form.get('login')}@example.com`, password: form.get('password') });
  };
}

/** @param {string} page */
const html = (page) => new Response(page, { headers: { 'content-type': 'text/html' } });

/** @param {import('node:http').IncomingMessage} incoming @param {string} origin */
async function requestOf(incoming, origin) {
  const body = await bodyOf(incoming);
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    // `fetch` cannot help saying that it is no navigation, and the plugin redirects nothing else.
    if (!name.startsWith('sec-fetch-')) for (const value of values) headers.append(name, value);
  }
  return new Request(origin + incoming.url, { method: incoming.method ?? 'GET', headers, ...(body && { body }) });
}
