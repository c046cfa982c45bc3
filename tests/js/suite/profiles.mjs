// @ts-check
// Each kind of JWT: what its specification requires, and that none passes for another.

import { AUDIENCE, ISSUER, NOW, base64url, claims, utf8 } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** @type {Record<string, { typ: string | undefined, claims: Record<string, unknown>, alg: string }>} */
const KINDS = {
  'at+jwt': { typ: 'at+jwt', claims: { client_id: 'app', jti: 'j' }, alg: 'ES256' },
  id_token: { typ: undefined, claims: {}, alg: 'HS256' },
  'logout+jwt': { typ: 'logout+jwt', claims: { jti: 'j', events: { [EVENT]: {} }, sid: 's' }, alg: 'HS256' },
};

const ABSENT = undefined;
const PASSES = null;
/** @param {string} claim @param {string} reason */
const failed = (claim, reason) => ({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim, reason });

/** changes of the claims, and what comes of them. @type {Record<string, Array<[Record<string, unknown>, object | null]>>} */
const ROWS = {
  'at+jwt': [
    ...['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'].flatMap((claim) =>
      /** @type {Array<[Record<string, unknown>, object | null]>} */ ([
        [{ [claim]: ABSENT }, failed(claim, 'missing')],
        [{ [claim]: null }, failed(claim, 'malformed')],
        [{ [claim]: {} }, failed(claim, 'malformed')],
      ]),
    ),
    ...['sub', 'client_id', 'jti', 'acr'].map(
      (claim) => /** @type {[Record<string, unknown>, object]} */ ([{ [claim]: 7 }, failed(claim, 'malformed')]),
    ),
    [{ auth_time: 'now' }, failed('auth_time', 'malformed')],
    [{ auth_time: NOW, acr: '1', scope: 'read' }, PASSES],
  ],
  id_token: [
    ...['iss', 'sub', 'aud', 'exp', 'iat'].map(
      (claim) => /** @type {[Record<string, unknown>, object]} */ ([{ [claim]: ABSENT }, failed(claim, 'missing')]),
    ),
    [{ sub: 's'.repeat(255) }, PASSES],
    [{ sub: 's'.repeat(256) }, failed('sub', 'malformed')],
    [{ sub: 'é' }, failed('sub', 'malformed')],
    [{ sub: '' }, failed('sub', 'malformed')],
    [{ aud: [AUDIENCE, 'other'] }, failed('azp', 'missing')],
    [{ aud: [AUDIENCE, 'other'], azp: AUDIENCE }, PASSES],
    [{ aud: [AUDIENCE, 'other'], azp: 'other' }, failed('azp', 'mismatch')],
    [{ azp: 'other' }, failed('azp', 'mismatch')],
    [{ azp: AUDIENCE, nonce: 'unasked', at_hash: 'unasked' }, PASSES],
    [{ azp: 7 }, failed('azp', 'malformed')],
    [{ nonce: 7 }, failed('nonce', 'malformed')],
    [{ auth_time: '1' }, failed('auth_time', 'malformed')],
    [{ events: { [EVENT]: {} } }, failed('events', 'mismatch')],
  ],
  'logout+jwt': [
    ...['iss', 'aud', 'iat', 'exp', 'jti', 'events'].map(
      (claim) => /** @type {[Record<string, unknown>, object]} */ ([{ [claim]: ABSENT }, failed(claim, 'missing')]),
    ),
    [{ sub: ABSENT }, PASSES],
    [{ sid: ABSENT }, PASSES],
    [{ sub: ABSENT, sid: ABSENT }, failed('sid', 'missing')],
    [{ sid: 7 }, failed('sid', 'malformed')],
    [{ nonce: 'n' }, failed('nonce', 'mismatch')],
    [{ nonce: null }, failed('nonce', 'mismatch')],
    [{ events: [EVENT] }, failed('events', 'malformed')],
    [{ events: { [EVENT]: true } }, failed('events', 'malformed')],
    [{ events: { 'urn:other': {} } }, failed('events', 'mismatch')],
    [{ events: { [EVENT]: {}, 'urn:other': {} } }, PASSES],
  ],
};

/** @type {Case[]} */
const rows = Object.entries(KINDS).map(([profile, kind]) => ({
  name: `the profile ${profile} requires what its specification does`,
  async run(t) {
    const { verifier, token } = await t.subject(kind.alg, { profile });
    const header = kind.typ === undefined ? {} : { typ: kind.typ };
    for (const [changes, refusal] of [/** @type {const} */ ([{}, PASSES]), ...(ROWS[profile] ?? [])]) {
      const text = await token(claims({ ...kind.claims, ...changes }), header);
      if (refusal === PASSES) t.equal(verifier.verifySync(text).claims.iss, ISSUER, JSON.stringify(changes));
      else await t.fails(() => verifier.verifySync(text), /** @type {any} */ (refusal));
    }
  },
}));

/** typ, and which profiles it passes. @type {Array<[string | undefined, string[]]>} */
const TYPES = [
  ['at+jwt', ['at+jwt']],
  ['application/AT+JWT', ['at+jwt']],
  ['logout+jwt', ['logout+jwt']],
  ['JWT', ['id_token']],
  [undefined, ['id_token', 'logout+jwt']],
  ['dpop+jwt', []],
  ['secevent+jwt', []],
  ['token-introspection+jwt', []],
  ['', []],
];

/** The left half of the SHA-256 of `text`. @param {string} text */
const half = async (text) => base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))).slice(0, 16));

/** @type {Case[]} */
const rest = [
  {
    name: 'a token of one kind does not pass for another',
    async run(t) {
      for (const [profile, kind] of Object.entries(KINDS)) {
        const { verifier, token } = await t.subject(kind.alg, { profile });
        for (const [typ, passes] of TYPES) {
          const text = await token(claims(kind.claims), typ === undefined ? {} : { typ });
          if (passes.includes(profile)) t.ok(verifier.verifySync(text), `${profile} ${typ}`);
          else await t.fails(() => verifier.verifySync(text), failed('typ', typ === undefined ? 'missing' : 'mismatch'));
        }
      }
      const { verifier, token } = await t.subject('HS256', { profile: 'jwt' });
      for (const [typ] of TYPES) t.ok(verifier.verifySync(await token(claims(), typ === undefined ? {} : { typ })), `jwt ${typ}`);
    },
  },
  {
    name: 'typ makes the type of a logout token mandatory',
    async run(t) {
      const { verifier, token } = await t.subject('HS256', { profile: 'logout+jwt', typ: 'logout+jwt' });
      const logout = claims(KINDS['logout+jwt']?.claims);
      t.ok(verifier.verifySync(await token(logout, { typ: 'logout+jwt' })), 'with it');
      await t.fails(async () => verifier.verify(await token(logout)), failed('typ', 'missing'));
    },
  },
  {
    name: 'an access token is not signed with a shared secret',
    async run(t) {
      for (const options of [{}, { algorithms: ['HS256'] }]) {
        await t.fails(() => t.subject('HS256', { profile: 'at+jwt', ...options }), { code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
      }
    },
  },
  {
    name: 'options that a profile contradicts are refused',
    async run(t) {
      for (const [options, claim, reason] of /** @type {Array<[any, string, string]>} */ ([
        [{ profile: 'id_token', audience: null }, 'audience', 'mismatch'],
        [{ profile: 'id_token', audience: ['a', 'b'] }, 'audience', 'mismatch'],
        [{ profile: 'id_token', typ: 'at+jwt' }, 'typ', 'mismatch'],
        [{ profile: 'logout+jwt', nonce: 'n' }, 'nonce', 'mismatch'],
        [{ profile: 'JWT' }, 'profile', 'malformed'],
        [{ profile: 'toString' }, 'profile', 'malformed'],
        [{ profile: 7 }, 'profile', 'malformed'],
      ])) {
        await t.fails(() => t.subject('HS256', options), { code: 'ERR_OPTION_INVALID', claim, reason });
      }
      t.ok(await t.subject('HS256', { profile: 'id_token', audience: [AUDIENCE] }), 'a list of one client');
    },
  },
  {
    name: 'an ID token is bound to what was issued with it, where a call says what that was',
    async run(t) {
      const { accepts, refuses, token } = await t.subject('HS256', { profile: 'id_token' });
      const good = await token(claims({ at_hash: await half('at-1'), c_hash: await half('c-1'), nonce: 'n' }));
      await accepts(good, { accessToken: 'at-1', code: 'c-1', nonce: 'n' });
      await refuses(good, failed('at_hash', 'mismatch'), { accessToken: 'at-2' });
      await refuses(good, failed('c_hash', 'mismatch'), { code: 'c-2' });
      await refuses(good, failed('nonce', 'mismatch'), { nonce: 'N' });
      const bare = await token(claims());
      await refuses(bare, failed('at_hash', 'missing'), { accessToken: 'at-1' });
      await refuses(bare, failed('c_hash', 'missing'), { code: 'c-1' });
      await refuses(bare, failed('nonce', 'missing'), { nonce: 'n' });
    },
  },
  {
    name: 'crit names extensions that the application handles, and nothing else',
    async run(t) {
      const { verifier, token, good } = await t.subject('HS256', { crit: ['urn:x', 'y'] });
      for (const header of [{ crit: ['urn:x'], 'urn:x': 1 }, { crit: ['y', 'urn:x'], 'urn:x': 1, y: null }, { 'urn:x': 1 }]) {
        t.ok(verifier.verifySync(await token(claims(), header)), JSON.stringify(header));
      }
      for (const [header, code, reason] of /** @type {Array<[any, string, string]>} */ ([
        [{ crit: ['z'], z: 1 }, 'ERR_JOSE_NOT_SUPPORTED', 'mismatch'],
        [{ crit: ['urn:x', 'z'], 'urn:x': 1, z: 1 }, 'ERR_JOSE_NOT_SUPPORTED', 'mismatch'],
        [{ crit: ['b64'], b64: true }, 'ERR_JOSE_NOT_SUPPORTED', 'mismatch'],
        [{ crit: ['alg'] }, 'ERR_JOSE_NOT_SUPPORTED', 'mismatch'],
        [{ crit: ['urn:x'] }, 'ERR_JWS_INVALID', 'malformed'],
        [{ crit: ['y', 'y'], y: 1 }, 'ERR_JWS_INVALID', 'malformed'],
        [{ crit: [] }, 'ERR_JWS_INVALID', 'malformed'],
      ])) {
        await t.fails(async () => verifier.verifySync(await token(claims(), header)), { code, claim: 'crit', reason });
      }
      t.ok(verifier.verifySync(good), 'the next good token');
    },
  },
];

export default [...rows, ...rest];
