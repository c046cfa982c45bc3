// @ts-check
// The tokens of the scripted server, and the grants they are given for.

import { json } from '../client/server.mjs';
import { base64url, utf8 } from '../suite/tokens.mjs';
import { GRANT } from './grant-types.mjs';
import { basicOf, decodedJwt } from './scripted-record.mjs';

/** @typedef {import('./scripted.mjs').ScriptedServer} ScriptedServer */
/** @typedef {import('./scripted-record.mjs').Recorded} Recorded */

/**
 * What a user has granted to a client, or a client has by itself.
 * @typedef {object} Login
 * @property {string} client_id
 * @property {string} sub
 * @property {string} scope
 * @property {string | null} [resource]
 * @property {string | null} [nonce]
 * @property {number} [auth_time]
 * @property {string | undefined} [acr]
 * @property {unknown} [authorization_details]
 * @property {boolean} [offline] whether it comes with a refresh token
 * @property {object} [extra] members of the Token Response
 */

/** @typedef {Login & { kind: string, exp: number, jkt?: object | undefined }} Active an access or refresh token that is live */

export const LIFETIME = 300;
export const unguessable = () => crypto.randomUUID().replaceAll('-', '');

/** An error response (RFC 6749 §5.2). @param {string} error @param {number} [status] @param {Record<string, string>} [headers] */
export const refuse = (error, status = 400, headers = {}) => json(status, { error, error_description: `It says ${error}` }, headers);

/** @param {'SHA-256' | 'SHA-512'} name @param {string} text */
const digest = async (name, text) => new Uint8Array(await crypto.subtle.digest(name, utf8(text)));

/**
 * Who calls: by a parameter, by Basic, or by an assertion; nothing of that is verified.
 * @param {Pick<Recorded, 'headers' | 'form'>} request
 */
export function clientOf({ headers, form }) {
  const authorization = headers['authorization'] ?? '';
  if (authorization.startsWith('Basic ')) return basicOf(authorization.slice('Basic '.length)).id;
  const assertion = form.get('client_assertion');
  return assertion ? decodedJwt(assertion).payload.sub : form.get('client_id');
}

/** @param {ScriptedServer} server */
export function tokenIssuer(server) {
  /**
   * What was granted in the browser, by the code.
   * @type {Map<string, Login & { challenge: string | null, redirect_uri: string | null }>}
   */
  const codes = new Map();
  /** What waits for the user, by `device_code` or `auth_req_id`. @type {Map<string, Login>} */
  const deferred = new Map();
  /** @type {Map<string, Active>} */
  const active = new Map();

  /** @template T @param {Map<string, T>} map @param {T} value */
  const put = (map, value) => {
    const secret = unguessable();
    server.secrets.add(secret);
    map.set(secret, value);
    return secret;
  };

  /** @template T @param {Map<string, T>} map @param {string | null} secret */
  const take = (map, secret) => {
    const value = map.get(secret ?? '');
    map.delete(secret ?? '');
    return value;
  };

  /** The left half of the hash of `text` (OpenID Connect Core §3.1.3.6). @param {string | undefined} text */
  async function halfHash(text) {
    if (text === undefined) return undefined;
    const hash = await digest(server.alg === 'EdDSA' ? 'SHA-512' : 'SHA-256', text);
    return base64url(hash.subarray(0, hash.length / 2));
  }

  /** @param {Login} login @param {{ code?: string | undefined, access_token?: string | undefined }} beside what it comes with */
  async function idToken({ client_id: aud, sub, nonce, auth_time, acr }, { code, access_token }) {
    const { issuer: iss, now } = server;
    const [at_hash, c_hash] = [await halfHash(access_token), await halfHash(code)];
    const claims = { iss, sub, aud, exp: now + LIFETIME, iat: now, nonce: nonce ?? undefined, auth_time, acr, at_hash, c_hash };
    const token = await server.sign(server.idToken(claims), server.idTokenHeader({}));
    server.secrets.add(token);
    return token;
  }

  /** @param {Login} login @param {Recorded['dpop']} [dpop] */
  const accessToken = (login, dpop) => put(active, { ...login, kind: 'access_token', exp: server.now + LIFETIME, jkt: dpop?.header.jwk });

  /** @param {Login} login @param {Recorded['dpop']} dpop */
  async function tokens(login, dpop) {
    const access_token = accessToken(login, dpop);
    const { nonce: _, ...again } = login;
    return {
      access_token,
      token_type: dpop ? 'DPoP' : 'Bearer',
      expires_in: LIFETIME,
      scope: login.scope,
      authorization_details: login.authorization_details,
      ...(login.offline && { refresh_token: put(active, { ...again, kind: 'refresh_token', exp: server.now + 100 * LIFETIME }) }),
      ...(login.scope.split(' ').includes('openid') && { id_token: await idToken(login, { access_token }) }),
      ...login.extra,
    };
  }

  /** @param {URLSearchParams} form @param {string} client_id @param {string} sub @returns {Login} */
  const granted = (form, client_id, sub) => ({ client_id, sub, scope: form.get('scope') ?? '', resource: form.get('resource') });

  /** @param {string | null} id @returns {Login | Response} */
  function decided(id) {
    if (!deferred.has(id ?? '')) return refuse('invalid_grant');
    if (server.decision === 'pending') return refuse('authorization_pending');
    const login = take(deferred, id);
    return server.decision === 'approved' && login ? login : refuse('access_denied');
  }

  /** @type {Record<string, (form: URLSearchParams, client_id: string) => Login | Response | Promise<Login | Response>>} */
  const grants = {
    async authorization_code(form, client_id) {
      const login = take(codes, form.get('code'));
      const challenge = base64url(await digest('SHA-256', form.get('code_verifier') ?? ''));
      if (!login || login.client_id !== client_id || login.challenge !== challenge) return refuse('invalid_grant');
      return login.redirect_uri === form.get('redirect_uri') ? login : refuse('invalid_grant');
    },
    refresh_token(form, client_id) {
      const login = take(active, form.get('refresh_token'));
      return login?.kind === 'refresh_token' && login.client_id === client_id ? login : refuse('invalid_grant');
    },
    client_credentials: (form, client_id) => granted(form, client_id, client_id),
    password: (form, client_id) =>
      form.get('username') && form.get('password') ? { ...granted(form, client_id, server.sub), offline: true } : refuse('invalid_grant'),
    [GRANT.device]: (form) => decided(form.get('device_code')),
    [GRANT.ciba]: (form) => decided(form.get('auth_req_id')),
    [GRANT.bearer]: (form, client_id) => granted(form, client_id, decodedJwt(form.get('assertion') ?? '').payload.sub),
    [GRANT.exchange](form, client_id) {
      const subject = active.get(form.get('subject_token') ?? '');
      if (!subject) return refuse('invalid_grant');
      const issued_token_type = form.get('requested_token_type') ?? 'urn:ietf:params:oauth:token-type:access_token';
      return { ...granted(form, client_id, subject.sub), extra: { issued_token_type } };
    },
  };

  /** The token endpoint. @param {Recorded} request */
  async function token({ form, headers, dpop }) {
    const client_id = clientOf({ form, headers });
    if (!client_id) return refuse('invalid_client', 401);
    if (dpop && server.dpopNonce !== undefined && dpop.payload.nonce !== server.dpopNonce) {
      return refuse('use_dpop_nonce', 400, { 'dpop-nonce': server.dpopNonce });
    }
    const grant = grants[form.get('grant_type') ?? ''];
    if (!grant) return refuse('unsupported_grant_type');
    const login = await grant(form, client_id);
    if (login instanceof Response) return login;
    return json(200, server.tokenResponse(await tokens(login, dpop)), { 'cache-control': 'no-store' });
  }

  return { codes, deferred, active, put, idToken, accessToken, token };
}
