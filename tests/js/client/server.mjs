// @ts-check
// An authorization server behind the `fetch` option: it enforces PKCE, one-time codes and rotation, and does what it is told wrong.

import { base64url, signer, utf8 } from '../suite/tokens.mjs';

export const ISSUER = 'https://as.example';
export const CLIENT_ID = 'spa';
export const NOW = 1_700_000_000;
export const LIFETIME = 300;

// Of the server, whatever a test takes away from the client.
const { subtle } = crypto;

const UNGUESSABLE = () => crypto.randomUUID().replaceAll('-', '');

/** @param {number} status @param {unknown} body @param {Record<string, string>} [headers] */
export const json = (status, body, headers) => Response.json(body, { status, headers });

/** @param {{ alg?: string, metadata?: object }} [options] */
export async function authorizationServer({ alg = 'ES256', metadata = {} } = {}) {
  const key = await signer(alg);
  /** @type {Map<string, URLSearchParams>} */
  const codes = new Map();
  /** The claims of the login, by the refresh token that is live. @type {Map<string, any>} */
  const live = new Map();

  const server = {
    now: NOW,
    sub: 'user-1',
    /** Every request, as `METHOD path`. @type {string[]} */
    calls: [],
    /** The parameters of every token request. @type {URLSearchParams[]} */
    tokenRequests: [],
    /** Everything that must not be seen outside: codes, tokens, verifiers. @type {string[]} */
    secrets: [],
    /** Answers in place of the server, by path. @type {Record<string, ((request: Request) => Response | Promise<Response>) | undefined>} */
    instead: {},
    /** Changes the ID token. @type {(claims: any) => any} */
    idToken: (claims) => claims,
    /** Changes the Token Response. @type {(answer: any) => any} */
    tokenResponse: (answer) => answer,
    /** Signs ID tokens; the published key stays. */
    key,

    /** How often the token endpoint was asked. */
    get tokenCalls() {
      return server.tokenRequests.length;
    },
    /** @param {RequestInfo | URL} input @param {RequestInit} [init] */
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      server.calls.push(`${request.method} ${pathname}`);
      if (pathname === '/token') {
        const parameters = new URLSearchParams(await request.clone().text());
        server.tokenRequests.push(parameters);
        for (const name of ['code', 'code_verifier', 'refresh_token']) server.secrets.push(...parameters.getAll(name));
      }
      const answer = server.instead[pathname] ?? endpoints[pathname] ?? (() => new Response(null, { status: 404 }));
      return answer(request);
    },

    /** What the server sends the browser to once the user has consented. @param {string} authorizationUrl */
    consent(authorizationUrl) {
      const { searchParams } = new URL(authorizationUrl);
      const code = UNGUESSABLE();
      server.secrets.push(code);
      codes.set(code, searchParams);
      return server.redirect(searchParams, { code });
    },

    /** @param {URLSearchParams} asked @param {Record<string, string>} answer */
    redirect(asked, answer) {
      const url = new URL(/** @type {string} */ (asked.get('redirect_uri')));
      const parameters = { ...answer, state: /** @type {string} */ (asked.get('state')), iss: ISSUER };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },
  };

  /** @param {any} login @param {string | null} resource */
  async function tokens(login, resource) {
    const [access_token, refresh_token] = [UNGUESSABLE(), UNGUESSABLE()];
    server.secrets.push(access_token, refresh_token);
    live.set(refresh_token, login);
    const claims = { iss: ISSUER, sub: server.sub, aud: CLIENT_ID, exp: server.now + 600, iat: server.now, ...login };
    const id_token = await server.key.token(server.idToken(claims), { alg });
    const answer = { access_token, token_type: 'Bearer', expires_in: LIFETIME, refresh_token, scope: 'openid', id_token };
    access.set(access_token, resource ?? 'userinfo');
    return json(200, server.tokenResponse(answer));
  }
  /** What every access token is for. @type {Map<string, string>} */
  const access = new Map();

  /** @type {Record<string, (request: Request) => Response | Promise<Response>>} */
  const endpoints = {
    '/.well-known/openid-configuration': () =>
      json(200, {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/authorize`,
        token_endpoint: `${ISSUER}/token`,
        jwks_uri: `${ISSUER}/jwks`,
        userinfo_endpoint: `${ISSUER}/userinfo`,
        end_session_endpoint: `${ISSUER}/logout`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        id_token_signing_alg_values_supported: [alg],
        ...metadata,
      }),
    '/jwks': () => json(200, { keys: [{ ...key.jwk, alg, use: 'sig' }] }),
    '/token': async () => {
      const asked = /** @type {URLSearchParams} */ (server.tokenRequests.at(-1));
      const resource = asked.get('resource');
      if (asked.get('client_id') !== CLIENT_ID) return json(401, { error: 'invalid_client' });
      if (asked.get('grant_type') === 'refresh_token') {
        const login = live.get(asked.get('refresh_token') ?? '');
        if (!login || !live.delete(asked.get('refresh_token') ?? '')) return json(400, { error: 'invalid_grant' });
        const { nonce: _, ...rest } = login;
        return tokens(rest, resource);
      }
      const authorization = codes.get(asked.get('code') ?? '');
      codes.delete(asked.get('code') ?? '');
      const challenge = base64url(new Uint8Array(await subtle.digest('SHA-256', utf8(asked.get('code_verifier') ?? ''))));
      if (authorization?.get('code_challenge') !== challenge) return json(400, { error: 'invalid_grant' });
      if (authorization.get('redirect_uri') !== asked.get('redirect_uri')) return json(400, { error: 'invalid_grant' });
      return tokens({ nonce: authorization.get('nonce'), auth_time: server.now - 5 }, resource);
    },
    '/userinfo': (request) => {
      const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
      if (access.get(token) !== 'userinfo') return json(401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer error="invalid_token"' });
      return json(200, { sub: server.sub, name: 'User One' });
    },
  };
  return server;
}
