// @ts-check
// The honest answers of the scripted server: it enforces PKCE, one-time codes and rotation, and believes whatever client calls.

import { json } from '../client/server.mjs';
import { GRANT } from './grant-types.mjs';
import { decodedJwt } from './scripted-record.mjs';
import { clientOf, refuse, tokenIssuer, unguessable } from './scripted-tokens.mjs';

/** @typedef {import('./scripted.mjs').ScriptedServer} ScriptedServer */
/** @typedef {import('./scripted-record.mjs').Recorded} Recorded */
/** @typedef {(request: Recorded) => Response | Promise<Response>} Handler */

/** The protected resource. */
export const RESOURCE = 'https://rs.example/api';

const PATH = {
  jwks: '/jwks',
  token: '/token',
  par: '/par',
  device: '/device',
  ciba: '/ciba',
  introspection: '/introspect',
  revocation: '/revoke',
  userinfo: '/userinfo',
  registration: '/register',
};

/** @typedef {keyof typeof PATH | 'openidConfiguration' | 'metadata' | 'resourceMetadata' | 'resource'} Endpoint */

/**
 * @typedef {object} AuthorizationResponse
 * @property {string} redirectUri
 * @property {URLSearchParams} parameters
 * @property {string} mode `response_mode`
 */

/**
 * The URL of a document of metadata: the well-known path comes before that of the identifier (RFC 8414 §3, RFC 9728 §3).
 * @param {string} name
 * @param {string} id
 */
function wellKnown(name, id) {
  const { origin, pathname } = new URL(id);
  return `${origin}/.well-known/${name}${pathname === '/' ? '' : pathname}`;
}

/** @param {ScriptedServer} server */
export function endpoints(server) {
  const issuer = tokenIssuer(server);
  /** The parameters that were pushed, by `request_uri`. @type {Map<string, URLSearchParams>} */
  const pushed = new Map();
  /** The clients that registered themselves, by the URL of their configuration. @type {Map<string, Record<string, unknown>>} */
  const registered = new Map();

  const metadata = () => json(200, { ...metadataOf(server.issuer, server.alg), ...server.metadata });

  /** @param {Recorded} request @param {string} parameter */
  function deferred(request, parameter) {
    const client_id = clientOf(request);
    if (!client_id) return refuse('invalid_client', 401);
    const scope = request.form.get('scope') ?? '';
    const login = { client_id, sub: server.sub, scope, nonce: request.form.get('nonce'), auth_time: server.now, offline: true };
    return { [parameter]: issuer.put(issuer.deferred, login), expires_in: 120, interval: 5 };
  }

  /** The token that a request for a protected resource shows, or the challenge (RFC 6750 §3, RFC 9449 §7.1). @param {Recorded} request */
  function authorized({ headers, dpop }, more = '') {
    const [scheme, token = ''] = (headers['authorization'] ?? '').split(' ');
    const challenge = (/** @type {string} */ text, /** @type {Record<string, string>} */ extra = {}) =>
      json(401, {}, { 'www-authenticate': text + more, ...extra });
    if (!token) return challenge('Bearer realm="api"');
    const found = issuer.active.get(token);
    if (!found || found.kind !== 'access_token' || found.exp <= server.now) return challenge('Bearer error="invalid_token"');
    if (!found.jkt) return found;
    if (scheme !== 'DPoP' || JSON.stringify(dpop?.header.jwk) !== JSON.stringify(found.jkt)) return challenge('DPoP error="invalid_token"');
    if (server.dpopNonce === undefined || dpop?.payload.nonce === server.dpopNonce) return found;
    return challenge('DPoP error="use_dpop_nonce"', { 'dpop-nonce': server.dpopNonce });
  }

  /** @param {Recorded} request @param {Record<string, unknown>} known */
  function configuration({ method, url, body }, known) {
    if (method === 'DELETE') {
      registered.delete(url);
      return new Response(null, { status: 204 });
    }
    if (method === 'PUT') registered.set(url, { ...known, ...JSON.parse(body) });
    return json(200, registered.get(url));
  }

  /** @type {Record<Endpoint, Handler>} */
  const handlers = {
    openidConfiguration: metadata,
    metadata,
    jwks: () => json(200, { keys: server.keys.map(({ jwk, kid, alg }) => ({ ...jwk, kid, alg, use: 'sig' })) }),
    token: issuer.token,
    par({ form }) {
      const request_uri = `urn:ietf:params:oauth:request_uri:${unguessable()}`;
      pushed.set(request_uri, form);
      return json(201, { request_uri, expires_in: 60 });
    },
    device(request) {
      const answer = deferred(request, 'device_code');
      if (answer instanceof Response) return answer;
      const verification_uri = `${server.issuer}/activate`;
      const user_code = 'WDJB-MJHT';
      const verification_uri_complete = `${verification_uri}?user_code=${user_code}`;
      return json(200, { ...answer, user_code, verification_uri, verification_uri_complete });
    },
    ciba(request) {
      const answer = deferred(request, 'auth_req_id');
      return answer instanceof Response ? answer : json(200, answer);
    },
    async introspection({ form, headers }) {
      const found = issuer.active.get(form.get('token') ?? '');
      const live = found !== undefined && found.exp > server.now;
      const { client_id, sub, scope, exp, resource } = found ?? {};
      const aud = resource ?? undefined;
      const answer = live ? { active: true, iss: server.issuer, client_id, sub, scope, exp, aud } : { active: false };
      if (!headers['accept']?.includes('application/token-introspection+jwt')) return json(200, answer);
      const claims = { iss: server.issuer, aud: clientOf({ form, headers }), iat: server.now, token_introspection: answer };
      const token = await server.sign(claims, { typ: 'token-introspection+jwt' });
      return new Response(token, { headers: { 'content-type': 'application/token-introspection+jwt' } });
    },
    revocation({ form }) {
      issuer.active.delete(form.get('token') ?? '');
      return new Response(null, { status: 200 });
    },
    async userinfo(request) {
      const found = authorized(request);
      if (found instanceof Response) return found;
      const claims = { sub: found.sub, name: 'User One', email: 'user-1@example.com' };
      if (!server.signedUserinfo) return json(200, claims);
      const token = await server.sign({ iss: server.issuer, aud: found.client_id, ...claims });
      return new Response(token, { headers: { 'content-type': 'application/jwt' } });
    },
    registration(request) {
      const known = registered.get(request.url);
      if (known) return request.headers['authorization'] ? configuration(request, known) : refuse('invalid_token', 401);
      if (request.method !== 'POST' || request.url !== server.issuer + PATH.registration) return refuse('invalid_token', 401);
      const client_id = unguessable();
      const registration_client_uri = `${server.issuer}${PATH.registration}/${client_id}`;
      const secrets = { client_secret: unguessable(), registration_access_token: unguessable() };
      for (const secret of Object.values(secrets)) server.secrets.add(secret);
      const issued = { client_id, client_id_issued_at: server.now, client_secret_expires_at: 0, registration_client_uri, ...secrets };
      registered.set(registration_client_uri, { ...JSON.parse(request.body), ...issued });
      return json(201, registered.get(registration_client_uri));
    },
    resourceMetadata: () => json(200, { resource: RESOURCE, authorization_servers: [server.issuer], bearer_methods_supported: ['header'] }),
    resource(request) {
      const found = authorized(request, `, resource_metadata="${wellKnown('oauth-protected-resource', RESOURCE)}"`);
      return found instanceof Response ? found : json(200, { sub: found.sub, scope: found.scope });
    },
  };

  /** Whose request it is. @param {Request} request @returns {{ endpoint: Endpoint | 'unknown', handler: Handler }} */
  function route({ url }) {
    const { origin, pathname } = new URL(url);
    const asked = origin + pathname;
    /** @type {Array<[Endpoint, string]>} */
    const places = [
      ['openidConfiguration', `${server.issuer}/.well-known/openid-configuration`],
      ['metadata', wellKnown('oauth-authorization-server', server.issuer)],
      ['resourceMetadata', wellKnown('oauth-protected-resource', RESOURCE)],
      ['resource', RESOURCE],
      .../** @type {Array<[Endpoint, string]>} */ (Object.entries(PATH).map(([endpoint, path]) => [endpoint, server.issuer + path])),
    ];
    const place = places.find(([, place]) => place === asked) ?? places.find(([, place]) => asked.startsWith(`${place}/`));
    if (!place) return { endpoint: 'unknown', handler: () => new Response(null, { status: 404 }) };
    return { endpoint: place[0], handler: handlers[place[0]] };
  }

  /**
   * The front channel.
   * @param {URLSearchParams} query
   * @param {Record<string, string | undefined>} [changes] of the parameters of the response
   * @returns {Promise<AuthorizationResponse>}
   */
  async function respond(query, changes = {}) {
    const asked = asksFor(query);
    const types = (asked.get('response_type') ?? '').split(' ');
    const details = asked.get('authorization_details');
    const login = {
      client_id: asked.get('client_id') ?? '',
      sub: server.sub,
      scope: asked.get('scope') ?? '',
      resource: asked.get('resource'),
      nonce: asked.get('nonce'),
      auth_time: server.now - 5,
      acr: asked.get('acr_values')?.split(' ')[0],
      authorization_details: details ? JSON.parse(details) : undefined,
      offline: true,
    };
    const redirect = { challenge: asked.get('code_challenge'), redirect_uri: asked.get('redirect_uri') };
    const code = types.includes('code') ? issuer.put(issuer.codes, { ...login, ...redirect }) : undefined;
    const access_token = types.includes('token') ? issuer.accessToken(login) : undefined;
    const answer = {
      code,
      access_token,
      ...(access_token && { token_type: 'Bearer', expires_in: '300' }),
      ...(types.includes('id_token') && { id_token: await issuer.idToken(login, { code, access_token }) }),
      state: asked.get('state') ?? undefined,
      iss: server.issuer,
      ...changes,
    };
    const usual = types.length === 1 && code ? 'query' : 'fragment';
    const mode = (asked.get('response_mode') ?? usual).replace(/^jwt$/, `${usual}.jwt`);
    const jarm = { aud: login.client_id, exp: server.now + 60, ...answer };
    const parameters = mode.endsWith('.jwt') ? { response: await server.sign(jarm) } : answer;
    const given = Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    return { redirectUri: redirect.redirect_uri ?? '', parameters: new URLSearchParams(given), mode };
  }

  /** The parameters of a request, by itself, pushed (RFC 9126) or in a request object (RFC 9101). @param {URLSearchParams} query */
  function asksFor(query) {
    const outer = pushed.get(query.get('request_uri') ?? '') ?? query;
    const object = outer.get('request');
    return object ? new URLSearchParams(decodedJwt(object).payload) : outer;
  }

  return { route, respond };
}

/** @param {string} issuer @param {string} alg */
const metadataOf = (issuer, alg) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: issuer + PATH.token,
  jwks_uri: issuer + PATH.jwks,
  pushed_authorization_request_endpoint: issuer + PATH.par,
  device_authorization_endpoint: issuer + PATH.device,
  backchannel_authentication_endpoint: issuer + PATH.ciba,
  introspection_endpoint: issuer + PATH.introspection,
  revocation_endpoint: issuer + PATH.revocation,
  userinfo_endpoint: issuer + PATH.userinfo,
  registration_endpoint: issuer + PATH.registration,
  end_session_endpoint: `${issuer}/logout`,
  response_types_supported: ['code', 'token', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
  response_modes_supported: ['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'],
  grant_types_supported: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials', 'password', ...Object.values(GRANT)],
  subject_types_supported: ['public'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA'],
  authorization_response_iss_parameter_supported: true,
  backchannel_token_delivery_modes_supported: ['poll', 'ping'],
  dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
  request_parameter_supported: true,
  id_token_signing_alg_values_supported: [alg],
  userinfo_signing_alg_values_supported: [alg],
  introspection_signing_alg_values_supported: [alg],
  authorization_signing_alg_values_supported: [alg],
  request_object_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
});
