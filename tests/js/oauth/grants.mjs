// @ts-check
// Two grants that `oidc-provider` leaves to its users: token exchange and JWT assertions. Both verify what they are given with `jose`.

import { createLocalJWKSet, jwtVerify } from 'jose';
import { GRANT } from './grant-types.mjs';

const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:';
const JWT_TYPES = [`${TOKEN_TYPE}jwt`, `${TOKEN_TYPE}id_token`];

/**
 * @param {any} provider
 * @param {any} errors of `oidc-provider`
 * @param {{ keys: any[] }} jwks of the server
 */
export function registerGrants(provider, errors, jwks) {
  const { InvalidGrant, InvalidRequest, InvalidScope } = errors;
  const issuer = provider.issuer;
  const published = { keys: jwks.keys.map(({ kty, crv, x, y, n, e, alg, kid, use }) => ({ kty, crv, x, y, n, e, alg, kid, use })) };

  /** @param {string} token @param {{ keys: any[] }} keys @param {import('jose').JWTVerifyOptions} expected */
  const verified = async (token, keys, expected) => {
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(keys), expected);
      return payload;
    } catch (cause) {
      throw new InvalidGrant('the JWT is not valid', { cause });
    }
  };

  /**
   * Who a subject or actor token speaks of, and with what scope: an opaque access token or an ID token of this server (RFC 8693 §2.1).
   * @param {any} context @param {string} token @param {string} type
   * @returns {Promise<{ sub: string, scope?: string }>}
   */
  async function partyOf(context, token, type) {
    const { clientId } = context.oidc.client;
    if (JWT_TYPES.includes(type)) {
      const { sub = '' } = await verified(token, published, { issuer, audience: clientId });
      return { sub };
    }
    if (type !== `${TOKEN_TYPE}access_token`) throw new InvalidRequest(`${type} is not supported`);
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
    if (!found?.isValid) throw new InvalidGrant('the token is not active');
    return { sub: found.accountId ?? found.clientId, scope: found.scope };
  }

  /**
   * A Bearer access token of `sub`.
   * @param {any} context @param {string} sub @param {string} scope @param {object} [claims]
   */
  async function issued(context, sub, scope, claims) {
    const { client, params } = context.oidc;
    const grant = new provider.Grant({ accountId: sub, clientId: client.clientId });
    grant.addOIDCScope(scope);
    const token = new provider.AccessToken({ accountId: sub, client, grantId: await grant.save(), gty: params.grant_type, scope });
    token.extra = claims;
    return { access_token: await token.save(), expires_in: token.expiration, token_type: token.tokenType, scope };
  }

  /** RFC 8693 §2. @param {any} context */
  async function exchange(context) {
    const { subject_token, subject_token_type, actor_token, actor_token_type, requested_token_type, scope } = context.oidc.params;
    if (!subject_token || !subject_token_type) throw new InvalidRequest('subject_token and subject_token_type are required');
    if (Boolean(actor_token) !== Boolean(actor_token_type)) throw new InvalidRequest('actor_token and actor_token_type go together');
    const issued_token_type = `${TOKEN_TYPE}access_token`;
    if ((requested_token_type ?? issued_token_type) !== issued_token_type) {
      throw new InvalidRequest(`${requested_token_type} is not issued`);
    }
    const subject = await partyOf(context, subject_token, subject_token_type);
    const actor = actor_token && (await partyOf(context, actor_token, actor_token_type));
    const granted = scope ?? subject.scope ?? 'openid';
    const held = new Set(subject.scope?.split(' '));
    if (subject.scope && !granted.split(' ').every((/** @type {string} */ value) => held.has(value))) {
      throw new InvalidScope('the subject token has less', granted);
    }
    const answer = await issued(context, subject.sub, granted, actor && { act: { sub: actor.sub } });
    context.body = { ...answer, issued_token_type };
  }

  /** RFC 7523 §3: of a client that signs for its users. @param {any} context */
  async function bearer(context) {
    const { client, params } = context.oidc;
    const { assertion, scope = 'openid' } = params;
    if (!assertion) throw new InvalidRequest('assertion is required');
    if (!client.jwks) throw new InvalidGrant('the client has no keys');
    const expected = { issuer: client.clientId, audience: [issuer, `${issuer}/token`], requiredClaims: ['sub', 'exp'] };
    const { sub, jti, exp } = await verified(assertion, client.jwks, expected);
    if (jti && !(await provider.ReplayDetection.unique(client.clientId, jti, exp))) throw new InvalidGrant('the assertion was used before');
    context.body = await issued(context, /** @type {string} */ (sub), scope);
  }

  provider.registerGrantType(GRANT.exchange, exchange, [
    'subject_token',
    'subject_token_type',
    'actor_token',
    'actor_token_type',
    'requested_token_type',
    'audience',
    'resource',
    'scope',
  ], ['audience', 'resource']);
  provider.registerGrantType(GRANT.bearer, bearer, ['assertion', 'scope']);
}
