// @ts-check
// Ways in which other libraries were talked out of a check: matchers, switches, inherited members, missing secrets.

import { serve } from './server.mjs';
import { AUDIENCE, EXPECTED, ISSUER, NOW, claims, macToken, newSigner, signer, utf8 } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const NOT_ALLOWED = { code: 'ERR_JOSE_ALG_NOT_ALLOWED' };

/** @param {string} claim @param {string} reason */
const failed = (claim, reason) => ({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim, reason });

/** What matches by a pattern or a function, or switches a check off. @type {Array<[string, object]>} */
const REFUSED = [
  ['an issuer that is a RegExp', { issuer: /issuer/ }],
  ['an audience that is a RegExp', { audience: /api/ }],
  ['a list of audiences with a RegExp', { audience: [AUDIENCE, /api/g] }],
  ['a subject that is a RegExp', { subject: /.*/ }],
  ['a typ that is a RegExp', { typ: /jwt/i }],
  ['an issuer that is a function', { issuer: () => true }],
  ['an audience that is a function', { audience: () => true }],
  ['an issuer that has a test method', { issuer: { test: () => true } }],
  ['an audience that is NaN', { audience: NaN }],
  ['an audience that is an invalid date', { audience: new Date(NaN) }],
  ['an audience with a toJSON method', { audience: { toJSON: () => null } }],
  ['requiredClaims that are a RegExp', { requiredClaims: /x/ }],
  ['a switch that ignores exp', { ignoreExpiration: true }],
  ['a switch that ignores nbf', { ignoreNotBefore: true }],
  ['a switch that ignores everything', { dangerouslyDisableValidation: true }],
  ['the expectation of another library', { allowedAud: AUDIENCE }],
];

/** @type {Case[]} */
const refused = REFUSED.map(([what, options]) => ({
  name: `${what} is refused, never ignored`,
  async run(t) {
    const { raw: key } = await signer('HS256');
    const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key, ...options }));
    if (error instanceof TypeError) return t.ok(error.message.length > 10, 'the TypeError says what is wrong');
    t.refusal(error, { code: 'ERR_OPTION_INVALID', claim: error.claim, reason: error.reason });
    t.ok(error.claim, `the error names the option: ${error.message}`);
  },
}));

/** @type {Case[]} */
const rest = [
  {
    name: 'a token without a claim fails each expectation of that claim, alone and with all others met',
    async run(t) {
      /** @type {Array<[object, string]>} */
      const expectations = [
        [{}, 'iss'],
        [{}, 'aud'],
        [{}, 'exp'],
        [{ subject: claims().sub }, 'sub'],
        [{ maxTokenAge: 60 }, 'iat'],
        [{ requiredClaims: ['sub'] }, 'sub'],
      ];
      for (const [options, claim] of expectations) {
        const { token, refuses } = await t.subject('HS256', options);
        await refuses(await token(claims({ [claim]: undefined })), failed(claim, 'missing'));
      }
      const all = { subject: claims().sub, maxTokenAge: 60, requiredClaims: ['iss', 'aud', 'exp', 'sub', 'iat'] };
      const { token, refuses } = await t.subject('HS256', all);
      for (const claim of all.requiredClaims) {
        await refuses(await token(claims({ [claim]: undefined })), failed(claim, 'missing'));
      }
    },
  },
  {
    name: 'claims that only a prototype or __proto__ has are missing',
    async run(t) {
      const { alg, tokenOf, refuses } = await t.subject('HS256', { subject: 's' }, { sub: 's' });
      const { sub: _, ...rest } = claims();
      const text = `${JSON.stringify(rest).slice(0, -1)},"__proto__":{"sub":"s"},"constructor":{"sub":"s"}}`;
      await refuses(await tokenOf(JSON.stringify({ alg }), text), failed('sub', 'missing'));
    },
  },
  {
    name: 'a typ that only resembles the expected one is refused',
    async run(t) {
      const { verifier, token } = await t.subject('HS256', { typ: 'at+jwt' });
      for (const typ of [
        'applicatiom/at+jwt',
        'application/application/at+jwt',
        'at+jwt;x',
        'at',
        'at+jwt/',
        '/at+jwt',
      ]) {
        await t.fails(async () => verifier.verify(await token(claims(), { typ })), failed('typ', 'mismatch'));
        t.ok(
          await verifier.verify(await token(claims(), { typ: 'application/at+jwt' })),
          `the next good token after ${typ}`,
        );
      }
    },
  },
  {
    name: 'a key that is undefined is no key: no secret is guessed',
    async run(t) {
      const { fetch } = serve({});
      for (const secret of ['undefined', 'null', '[object Object]', '\0'.repeat(32)]) {
        const token = await macToken(utf8(secret), {}, claims());
        const verifier = await t.createVerifier({ ...EXPECTED, key: undefined, fetch });
        const error = await t.failure(() => verifier.verify(token));
        t.ok(['ERR_FETCH_STATUS', NOT_ALLOWED.code].includes(error.code), `refused, not ${error?.stack}`);
      }
      for (const key of [null, '', new Uint8Array()]) {
        t.ok(await t.failure(() => t.createVerifier({ ...EXPECTED, key })), 'refused at once');
      }
    },
  },
  {
    name: 'an alg that only JSON could hold is refused: a list, an object, a number',
    async run(t) {
      const subject = await t.subject();
      for (const alg of ['["HS256"]', '{"0":"HS256"}', '0', 'true', 'null', '["none"]']) {
        const token = await subject.tokenOf(`{"alg":${alg}}`, JSON.stringify(claims()));
        const { claim, reason } = await t.failure(() => subject.verifier.verify(token));
        await subject.refuses(token, { code: 'ERR_JWS_INVALID', claim, reason });
      }
    },
  },
  {
    name: 'times at the edges of every integer type have one meaning, in exp, nbf and iat',
    async run(t) {
      const { tokenOf, verifier, good } = await t.subject('HS256', { maxTokenAge: 1e9 });
      const edges = ['-1', '-0', '1.5', '1e400', '-1e400', '1e-400', '9007199254740992', '9223372036854775807'].concat(
        ['9223372036854775808', '-9223372036854775808', '-9223372036854775809', '18446744073709551616', '4294967296'],
        ['2147483648', '-2147483649', '1e308', '1e309', '0.1e11', '1700000000000'],
      );
      for (const claim of ['exp', 'nbf', 'iat']) {
        for (const edge of edges) {
          const { [claim]: _, ...others } = /** @type {any} */ (claims());
          const text = `${JSON.stringify(others).slice(0, -1)},"${claim}":${edge}}`;
          const number = Number(edge);
          const exact = Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
          const holds = {
            exp: number > NOW,
            nbf: number <= NOW,
            iat: number <= NOW && NOW - number <= 1e9,
          }[/** @type {'exp'} */ (claim)];
          const token = await tokenOf('{"alg":"HS256"}', text);
          if (exact && holds) {
            t.equal((await verifier.verify(token)).claims[claim], number, `${claim} ${edge}`);
          } else {
            const error = await t.failure(() => verifier.verify(token));
            t.equal(error.claim, claim, `claim of ${claim} ${edge}`);
            t.equal(error.reason, exact ? 'mismatch' : 'malformed', `reason of ${claim} ${edge}`);
            t.ok(await verifier.verify(good), 'the next good token');
          }
        }
      }
    },
  },
  {
    name: 'a key of another curve or type verifies nothing, whatever the token says',
    async run(t) {
      const [rsa, ec, okp] = await Promise.all(['RS256', 'ES256', 'EdDSA'].map((alg) => newSigner(alg)));
      for (const [mine, other] of [
        [rsa, ec],
        [ec, okp],
        [okp, rsa],
      ]) {
        const verifier = await t.createVerifier({ ...EXPECTED, key: mine.jwk });
        await t.fails(async () => verifier.verify(await other.token(claims())), NOT_ALLOWED);
        const disguised = await other.token(claims(), { alg: mine.alg });
        await t.fails(() => verifier.verify(disguised), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
        t.equal((await verifier.verify(await mine.token(claims()))).claims.iss, ISSUER, 'the next good token');
      }
    },
  },
];

export default [...refused, ...rest];
