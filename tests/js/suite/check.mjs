// @ts-check
// The caller's own check: it runs last, and what it throws is what the caller gets.

import { claims } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

class Forbidden extends Error {}

/** @type {Case[]} */
export default [
  {
    name: 'check sees a token that has passed all else, and no other',
    async run(t) {
      /** @type {any[]} */
      const seen = [];
      const { verifier, token, good, ...subject } = await t.subject('HS256', { check: (/** @type {any} */ verified) => void seen.push(verified) });
      for (const call of [() => verifier.verifySync(good), () => verifier.verify(good)]) {
        t.equal(await call(), seen.pop(), 'what check sees is what the caller gets');
      }
      const [header, payload] = good.split('.');
      const bad = [
        ['', 'ERR_JWS_INVALID'],
        [`${header}.${payload}.${'A'.repeat(43)}`, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
        [await token(claims({ exp: 1 })), 'ERR_JWT_EXPIRED'],
        [await token(claims({ iss: 'other' })), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
        [await subject.tokenOf('{"alg":"HS256"}', '[]'), 'ERR_JWT_INVALID'],
      ];
      for (const [text, code] of bad) {
        for (const call of [() => verifier.verify(text), () => verifier.verifySync(text)]) {
          t.equal((await t.failure(call)).code, code, 'code');
        }
      }
      await t.failure(() => verifier.verifySync(good, { subject: 'someone else' }));
      t.deepEqual(seen, [], 'refused tokens that check saw');
    },
  },
  {
    name: 'what check throws is thrown as it is',
    async run(t) {
      const forbidden = new Forbidden('not this one');
      for (const check of [
        () => {
          throw forbidden;
        },
        async () => {
          throw forbidden;
        },
        () => Promise.reject(forbidden),
      ]) {
        const { verifier, good } = await t.subject('HS256', { check });
        t.equal(await t.failure(() => verifier.verify(good)), forbidden, 'of verify');
      }
      const { verifier, good } = await t.subject('HS256', {
        check() {
          throw forbidden;
        },
      });
      t.equal(await t.failure(() => verifier.verifySync(good)), forbidden, 'of verifySync');
    },
  },
  {
    name: 'verify waits for a check that is asynchronous, and verifySync says that it cannot',
    async run(t) {
      let done = false;
      const check = async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        done = true;
      };
      const { verifier, good } = await t.subject('HS256', { check });
      await verifier.verify(good);
      t.ok(done, 'verify waited');
      // A rejection that nobody handles would end the process.
      for (const check of [async () => {}, () => Promise.reject(new Forbidden()), () => ({ then() {} })]) {
        const { verifier, good } = await t.subject('HS256', { check });
        const error = await t.failure(() => verifier.verifySync(good));
        t.ok(error instanceof TypeError && /verifySync/.test(error.message), `a clear TypeError, not ${error?.stack}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  },
  {
    name: 'a check that returns something was meant otherwise',
    async run(t) {
      for (const result of [false, true, null, 0, 'no']) {
        for (const check of [() => result, async () => result]) {
          const { verifier, good } = await t.subject('HS256', { check });
          for (const call of [() => verifier.verify(good), () => verifier.verifySync(good)]) {
            t.ok((await t.failure(call)) instanceof TypeError, `${result}`);
          }
        }
      }
    },
  },
  {
    name: 'check is called for a remembered token too',
    async run(t) {
      let allowed = true;
      let calls = 0;
      const forbidden = new Forbidden();
      const check = () => {
        calls++;
        if (!allowed) throw forbidden;
      };
      const { verifier, good } = await t.subject('HS256', { check, cache: { maxEntries: 9 } });
      verifier.verifySync(good);
      verifier.verifySync(good);
      await verifier.verify(good);
      t.equal(calls, 3, 'calls');
      allowed = false;
      t.equal(await t.failure(() => verifier.verifySync(good)), forbidden, 'of verifySync');
      t.equal(await t.failure(() => verifier.verify(good)), forbidden, 'of verify');
      allowed = true;
      t.ok(verifier.verifySync(good), 'again');
    },
  },
  {
    name: 'a check may verify another token, and free the verifier',
    async run(t) {
      const plain = await t.subject();
      const other = await plain.token(claims({ sub: 'other' }));
      const made = await t.subject('HS256', {
        check(/** @type {any} */ { claims: { sub } }) {
          t.equal(plain.verifier.verifySync(other).claims.sub, 'other', 'sub within');
          t.equal(sub, claims().sub, 'sub without');
          made.verifier.free();
        },
      });
      t.equal(made.verifier.verifySync(made.good).claims.sub, claims().sub, 'sub');
    },
  },
  {
    name: 'createVerifier refuses a check that is no function, and one that is undefined',
    async run(t) {
      for (const check of [undefined, null, true, {}, 'check']) {
        t.ok((await t.failure(() => t.subject('HS256', { check }))) instanceof TypeError, `${check}`);
      }
    },
  },
];
