// @ts-check
// Whose expectations count, and when they are asked: the type of the token, those of one call, the clock, the signature first.

import { expired, failed } from './claims.mjs';
import { AUDIENCE, EXPECTED, ISSUER, NOW, claims, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

/** @type {Case[]} */
const typ = [
  {
    name: 'typ is compared as a media type, and must be there when it is expected',
    async run(t) {
      const { verifier, token } = await t.subject('HS256', { typ: 'at+jwt' });
      for (const good of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+JWT']) {
        t.ok(await verifier.verify(await token(claims(), { typ: good })), good);
      }
      for (const bad of ['JWT', '', 'dpop+jwt', 'at+jwt ', 'x/at+jwt', 'application/x/at+jwt']) {
        await t.fails(async () => verifier.verify(await token(claims(), { typ: bad })), failed('typ', 'mismatch'));
      }
      await t.fails(async () => verifier.verify(await token(claims())), failed('typ', 'missing'));
    },
  },
  {
    name: 'any typ passes when none is expected',
    async run(t) {
      const { token, accepts } = await t.subject();
      for (const typ of ['JWT', 'dpop+jwt', '']) await accepts(await token(claims(), { typ }));
    },
  },
];

/** @type {Case[]} */
const perCall = [
  {
    name: 'expectations of one call add to those of the verifier, for that call only',
    async run(t) {
      const { verifier, good, refuses, accepts } = await t.subject();
      await accepts(good, { subject: claims().sub, maxTokenAge: 10, requiredClaims: ['iat'] });
      await refuses(good, failed('sub', 'mismatch'), { subject: 'someone else' });
      await refuses(good, failed('aud', 'mismatch'), { audience: 'https://other.example' });
      await refuses(good, failed('typ', 'missing'), { typ: 'at+jwt' });
      await refuses(good, failed('jti', 'missing'), { requiredClaims: ['jti'] });
      await refuses(good, expired('iat'), { maxTokenAge: 9 });
      await refuses(good, failed('scope', 'missing'), { requiredScopes: ['read'] });
      await refuses(good, failed('auth_time', 'missing'), { maxAge: 9 });
      await refuses(good, failed('acr', 'missing'), { acrValues: ['1'] });
      await refuses(good, failed('nonce', 'missing'), { nonce: 'n' });
      t.ok(verifier.verifySync(good), 'without expectations');
    },
  },
  {
    name: 'an expectation that is undefined is refused: it would not be checked',
    async run(t) {
      const { refuses, good } = await t.subject();
      for (const name of ['subject', 'audience', 'typ', 'maxTokenAge']) {
        await refuses(good, { code: 'ERR_OPTION_INVALID', claim: name, reason: 'missing' }, { [name]: undefined });
      }
    },
  },
];

/** @type {Case[]} */
const clock = [
  {
    name: 'now is asked at every call',
    async run(t) {
      let now = NOW;
      const { verifier, good } = await t.subject('HS256', { now: () => now });
      t.ok(verifier.verifySync(good), 'before exp');
      now = NOW + 300;
      await t.fails(() => verifier.verify(good), expired('exp'));
      now = NOW + 299;
      t.ok(verifier.verifySync(good), 'before exp again');
    },
  },
  {
    name: 'the clock of the runtime is used when no other is given',
    async run(t) {
      const { raw: key, token } = await signer('HS256');
      const verifier = await t.createVerifier({ issuer: ISSUER, audience: AUDIENCE, key });
      const seconds = Math.floor(Date.now() / 1000);
      t.ok(await verifier.verify(await token(claims({ exp: seconds + 60 }))), 'a fresh token');
      await t.fails(async () => verifier.verify(await token(claims({ exp: seconds - 60 }))), expired('exp'));
    },
  },
  {
    name: 'a signature is checked before any claim',
    async run(t) {
      const { good, refuses } = await t.subject('ES256', {}, {});
      const other = await signer('EdDSA');
      const [header] = good.split('.');
      const [, payload] = (await other.token(claims({ exp: 1, iss: 'other' }))).split('.');
      await refuses(`${header}.${payload}.${good.split('.')[2]}`, { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    },
  },
  {
    name: 'claims of two verifiers with the same key do not mix',
    async run(t) {
      const { raw: key, token } = await signer('HS256');
      const [a, b] = await Promise.all(['a', 'b'].map((audience) => t.createVerifier({ ...EXPECTED, audience, key })));
      const [forA, forB] = await Promise.all(['a', 'b'].map((aud) => token(claims({ aud }))));
      for (let round = 0; round < 3; round++) {
        t.equal((await a.verify(forA)).claims.aud, 'a', 'aud');
        t.equal((await b.verify(forB)).claims.aud, 'b', 'aud');
        await t.fails(() => a.verify(forB), failed('aud', 'mismatch'));
        await t.fails(() => b.verifySync(forA), failed('aud', 'mismatch'));
      }
    },
  },
];

export default [...typ, ...perCall, ...clock];
