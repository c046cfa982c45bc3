// @ts-check
// The protected API: a standard `fetch` handler, as it would run at the edge. It answers who holds a valid access token.

import { createVerifier } from 'tollgate/verify';

const SCOPE = 'api:read';

/**
 * @param {object} options
 * @param {string} options.issuer whose access tokens are accepted; its keys are found by discovery
 * @param {string} options.audience that an access token must be for: this API
 * @param {string} options.allowedOrigin of the page that may call from a browser
 * @returns {import('./http.mjs').FetchHandler}
 */
export function createApi({ issuer, audience, allowedOrigin }) {
  /** @type {import('tollgate/verify').Verifier | undefined} */
  let verifier;

  return async (request) => {
    if (request.method === 'OPTIONS') return preflight(allowedOrigin);
    verifier ??= await createVerifier({ issuer, audience, typ: 'at+jwt', requiredClaims: ['sub', 'client_id', 'jti'] });
    const response = await answer(request, verifier);
    response.headers.set('Access-Control-Allow-Origin', allowedOrigin);
    response.headers.set('Access-Control-Expose-Headers', 'WWW-Authenticate');
    response.headers.set('Cache-Control', 'no-store');
    return response;
  };
}

/**
 * @param {Request} request
 * @param {import('tollgate/verify').Verifier} verifier
 */
async function answer(request, verifier) {
  const authorization = request.headers.get('Authorization');
  // RFC 6750 §3.1: a request without any credentials is not told of an error
  if (authorization === null) return challenge(401);
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
  if (token === undefined) return challenge(400, 'invalid_request', 'the Authorization header is not "Bearer" and one token');

  let claims;
  try {
    ({ claims } = await verifier.verify(token));
  } catch (error) {
    const { code, message } = /** @type {import('tollgate/errors').TollgateError} */ (error);
    // The keys could not be fetched: that says nothing about the token.
    if (/^ERR_(FETCH|OAUTH)_/.test(code)) return Response.json({ error: code }, { status: 503 });
    return challenge(401, 'invalid_token', message);
  }
  if (!String(claims['scope']).split(' ').includes(SCOPE)) {
    return challenge(403, 'insufficient_scope', 'the access token lacks a scope', SCOPE);
  }
  return Response.json({ message: `The gate is open, ${claims.sub}.`, scope: claims['scope'], expires_at: claims.exp });
}

/**
 * An error response with the challenge of RFC 6750 §3.
 * @param {number} status
 * @param {string} [error]
 * @param {string} [error_description]
 * @param {string} [scope]
 */
function challenge(status, error, error_description, scope) {
  const parameters = Object.entries({ realm: 'tollgate-demo', error, error_description, scope })
    .filter(([, value]) => value !== undefined)
    // RFC 6750 §3: neither quotation marks nor backslashes, nor anything beyond ASCII
    .map(([name, value]) => `${name}="${value?.replaceAll('"', "'").replace(/[^ !#-[\]-~]/g, '')}"`);
  return Response.json(
    { error: error ?? 'unauthorized', error_description: error_description ?? 'this resource needs an access token' },
    { status, headers: { 'WWW-Authenticate': `Bearer ${parameters.join(', ')}` } },
  );
}

/** @param {string} allowedOrigin */
function preflight(allowedOrigin) {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': allowedOrigin,
      'Access-Control-Allow-Headers': 'Authorization',
      'Access-Control-Allow-Methods': 'GET',
      'Access-Control-Max-Age': '600',
    },
  });
}
