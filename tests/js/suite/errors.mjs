// @ts-check
// Each error code that verification has, and what raises it.

import { hang, serve } from './server.mjs';
import { AUDIENCE, EXPECTED, ISSUER, NOW, base64url, claims, newSigner, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const URI = 'https://issuer.example/jwks';

/** @param {Context} t @param {unknown} route @param {object} [options] */
const load = async (t, route, options) =>
  (await t.createVerifier({ ...EXPECTED, jwksUri: URI, fetch: serve({ [URI]: route }).fetch, ...options })).load();

/** @param {Context} t @param {object} metadata */
const discover = async (t, metadata) =>
  (
    await t.createVerifier({
      issuer: ISSUER,
      audience: AUDIENCE,
      fetch: serve({ [`${ISSUER}/.well-known/openid-configuration`]: metadata }).fetch,
    })
  ).load();

/** @param {Context} t @param {(subject: Awaited<ReturnType<Context['subject']>>) => string | Promise<string>} make */
const verify = async (t, make) => {
  const subject = await t.subject();
  return subject.verifier.verify(await make(subject));
};

/** @type {Record<string, (t: Context) => unknown>} */
export const RAISED_BY = {
  ERR_JWS_INVALID: (t) => verify(t, () => 'no token'),
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: (t) => verify(t, async () => (await newSigner('HS256')).token(claims())),
  ERR_JWT_INVALID: (t) => verify(t, ({ tokenOf }) => tokenOf('{"alg":"HS256"}', '[]')),
  ERR_JWT_EXPIRED: (t) => verify(t, ({ token }) => token(claims({ exp: NOW }))),
  ERR_JWT_CLAIM_VALIDATION_FAILED: (t) => verify(t, ({ token }) => token(claims({ aud: 'other' }))),
  ERR_JOSE_ALG_NOT_ALLOWED: (t) => verify(t, () => `${base64url('{"alg":"none"}')}.${base64url('{}')}.`),
  ERR_JOSE_NOT_SUPPORTED: (t) => verify(t, ({ token }) => token(claims(), { crit: ['x'], x: 1 })),
  ERR_JWK_INVALID: (t) => t.createVerifier({ ...EXPECTED, key: new Uint8Array(8) }),
  ERR_JWKS_INVALID: (t) => load(t, {}),
  ERR_JWKS_NO_MATCHING_KEY: async (t) => {
    const verifier = await t.createVerifier({ ...EXPECTED, jwks: { keys: [] } });
    return verifier.verify(await (await signer('ES256')).token(claims()));
  },
  ERR_JWKS_NOT_LOADED: async (t) => {
    const verifier = await t.createVerifier({ ...EXPECTED, jwksUri: URI });
    return verifier.verifySync(await (await signer('ES256')).token(claims()));
  },
  ERR_FETCH_INSECURE: (t) => t.createVerifier({ ...EXPECTED, jwksUri: 'http://issuer.example/jwks' }),
  ERR_FETCH_FAILED: (t) => load(t, () => Promise.reject(new TypeError('no network'))),
  ERR_FETCH_TIMEOUT: (t) => load(t, hang, { timeout: 20 }),
  ERR_FETCH_TOO_LARGE: (t) => load(t, () => new Response(' '.repeat(2_000_000))),
  ERR_FETCH_STATUS: (t) => load(t, () => new Response('', { status: 500 })),
  ERR_OAUTH_METADATA_INVALID: (t) => discover(t, {}),
  ERR_OAUTH_METADATA_ISSUER_MISMATCH: (t) => discover(t, { issuer: 'https://evil.example' }),
  ERR_OPTION_INVALID: (t) => t.createVerifier({ ...EXPECTED, key: new Uint8Array(32), clockTolerance: -1 }),
};

/** @type {Case[]} */
export default Object.entries(RAISED_BY).map(([code, raise]) => ({
  name: `${code} is raised, with a message that says what to do`,
  async run(t) {
    const error = await t.failure(() => raise(t));
    t.refusal(error, { code, claim: error.claim, reason: error.reason });
    t.ok(error.message.length > 40 && !/undefined|\[object/.test(error.message), error.message);
  },
}));
