// @ts-check
// One wasm instance, many verifiers and tokens: nothing leaks from one to the next, and memory may grow under all.

import { ALGORITHMS, EXPECTED, claims, newSigner, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

/** Sizes of a claim, in an order that grows the memory between small tokens. */
const SIZES = [0, 1, 100, 5_000, 3, 1_000, 40_000, 0, 20_000, 45_000, 7, 46_000, 12];

/** @type {Case[]} */
export default [
  {
    name: 'tokens of any size verify in any order, each with its own claims',
    async run(t) {
      const { verifier, token } = await t.subject();
      for (const size of [...SIZES, ...[...SIZES].reverse()]) {
        const filler = 'x'.repeat(size);
        t.equal((await verifier.verify(await token(claims({ filler })))).claims.filler, filler, `${size} bytes`);
      }
    },
  },
  {
    name: 'a token of 65536 letters verifies, and the same with one letter more is refused',
    async run(t) {
      const { token, accepts, refuses } = await t.subject();
      const shorter = await token(claims({ filler: '' }));
      const filler = 'x'.repeat(Math.floor(((65_536 - shorter.length) * 3) / 4));
      const longest = [filler, `${filler}x`, `${filler}xx`].map((filler) => token(claims({ filler })));
      const exact = (await Promise.all(longest)).find(({ length }) => length === 65_536);
      t.ok(exact, 'there is such a token');
      await accepts(exact);
      await refuses(`${exact}A`, { code: 'ERR_JWS_INVALID' });
    },
  },
  {
    name: 'a longer token leaves nothing of itself in a shorter one',
    async run(t) {
      const { verifier, token, good } = await t.subject();
      const long = await token(claims({ sub: 'long', filler: 'x'.repeat(30_000) }));
      const before = verifier.verifySync(good);
      for (let round = 0; round < 5; round++) {
        t.equal(verifier.verifySync(long).claims.sub, 'long', 'sub of the long one');
        t.deepEqual(verifier.verifySync(good), before, 'the short one');
      }
    },
  },
  {
    name: 'results stay what they were when later tokens are verified',
    async run(t) {
      const { verifier, token } = await t.subject();
      const tokens = await Promise.all(
        SIZES.map((size, at) => token(claims({ sub: `s-${at}`, filler: 'y'.repeat(size) }))),
      );
      const results = await Promise.all(tokens.map((text) => verifier.verify(text)));
      for (const [at, { claims: found }] of results.entries()) {
        t.equal(found.sub, `s-${at}`, 'sub');
        t.equal(found.filler.length, SIZES[at], 'filler');
      }
    },
  },
  {
    name: 'a call within a call does not take the place of the outer one',
    async run(t) {
      const { raw: key, token } = await signer('HS256');
      const [outer, inner] = await Promise.all(['outer', 'inner'].map((sub) => token(claims({ sub }))));
      const plain = await t.createVerifier({ ...EXPECTED, key });
      const now = () => plain.verifySync(inner).claims.exp - 1;
      const verifier = await t.createVerifier({ ...EXPECTED, key, now });
      const expect = {
        get subject() {
          return plain.verifySync(inner).claims.sub && 'outer';
        },
      };
      t.equal(verifier.verifySync(outer).claims.sub, 'outer', 'with a clock that verifies');
      t.equal(plain.verifySync(outer, expect).claims.sub, 'outer', 'with an expectation that verifies');
    },
  },
  {
    name: 'memory that grows under a verifier does not make it miss a token',
    async run(t) {
      const { verifier, good, token } = await t.subject();
      const held = [];
      for (let count = 0; count < 40; count++) {
        const keys = await Promise.all(
          Array.from({ length: 20 }, async (_, at) => ({
            ...(await signer('RS256')).jwk,
            kid: `${count}-${at}-${'k'.repeat(2000)}`,
          })),
        );
        held.push(await t.createVerifier({ ...EXPECTED, jwks: { keys } }));
        t.ok(verifier.verifySync(good), `after ${count} more verifiers`);
        t.equal((await verifier.verify(await token(claims({ count })))).claims.count, count, 'count');
      }
      for (const other of held) other.free();
      t.ok(verifier.verifySync(good), 'after they were freed');
    },
  },
  {
    name: 'verifiers of all algorithms work side by side, and freeing one leaves the others',
    async run(t) {
      const subjects = await Promise.all(ALGORITHMS.map((alg) => t.subject(alg)));
      while (subjects.length > 0) {
        for (const { verifier, good, alg } of subjects) t.equal(verifier.verifySync(good).key.alg, alg, 'alg');
        subjects.shift()?.verifier.free();
      }
    },
  },
  {
    name: 'a verifier that was freed says so, and may be freed again',
    async run(t) {
      const { verifier, good } = await t.subject();
      verifier.free();
      verifier.free();
      for (const call of [
        () => verifier.verify(good),
        () => verifier.verifySync(good),
        () => verifier.load(),
        () => verifier.jwks(),
      ]) {
        const error = await t.failure(call);
        t.ok(
          /free/.test(error.message) && !/null pointer|unreachable/.test(error.message),
          `a clear message, not ${error?.stack}`,
        );
        t.ok(!(error instanceof WebAssembly.RuntimeError), 'not a trap');
      }
    },
  },
  {
    name: 'a stack that overflows around a token leaves every verifier as it was',
    async run(t) {
      const subjects = await Promise.all(['HS256', 'RS256', 'EdDSA', 'ES384'].map((alg) => t.subject(alg)));
      const { jwk, token } = await newSigner('ES256');
      const jwks = { keys: [jwk] };
      const issuers = await t.createVerifier({ ...EXPECTED, issuer: [{ issuer: EXPECTED.issuer, jwks }] });
      const text = await token(claims());
      const calls = [
        ...subjects.map((subject) => () => subject.verifier.verifySync(subject.good)),
        ...subjects.map((subject) => () => subject.verifier.jwks()),
        () => issuers.verifySync(text),
        () => t.decodeJwt(text),
        () => t.decodeProtectedHeader(text),
      ];
      for (const call of calls) {
        let left = 0;
        let failures = 0;
        // The way back from where the stack has ended, with a little more of it each time.
        const dive = (/** @type {number[]} */ ...padding) => {
          try {
            dive(...padding);
          } catch {
            // It has ended.
          }
          if (left-- <= 0) return;
          try {
            call();
          } catch {
            failures++;
          }
        };
        for (const padding of [[], [1], [1, 2, 3, 4, 5, 6, 7]]) {
          left = 300;
          dive(...padding);
        }
        t.ok(failures > 0, 'some of them did not have the room');
        call();
      }
      for (const { verifier, good } of subjects) t.ok(await verifier.verify(good), 'the next good token');
      for (const { verifier } of subjects) verifier.free();
    },
  },
  {
    name: 'a verifier that an expectation frees while it is read says so',
    async run(t) {
      const { verifier, good } = await t.subject();
      const expect = {
        get subject() {
          verifier.free();
          return claims().sub;
        },
      };
      for (const call of [() => verifier.verifySync(good, expect), () => verifier.verify(good, expect)]) {
        t.equal((await t.failure(call)).message, 'the verifier was freed', 'message');
      }
      t.ok((await t.subject()).verifier.verifySync(good), 'another verifier');
    },
  },
  {
    name: 'options and expectations count as they were when they were passed',
    async run(t) {
      const { jwk, token } = await newSigner('ES256');
      const fetch = async () => Response.json({ keys: [jwk] });
      const options = { ...EXPECTED, jwksUri: 'https://issuer.example/jwks', fetch };
      const issuer = { issuer: EXPECTED.issuer, jwks: { keys: [jwk] } };
      const [making, makingMany] = [
        t.createVerifier(options),
        t.createVerifier({ audience: EXPECTED.audience, now: EXPECTED.now, issuer: [issuer] }),
      ];
      options.audience = 'another';
      issuer.issuer = 'https://another.example';
      const good = await token(claims({ nonce: 'sent' }));
      t.ok(await (await makingMany).verify(good), 'the issuer that was passed');
      const verifier = await making;
      const expect = { nonce: 'another' };
      const verifying = t.failure(() => verifier.verify(good, expect));
      expect.nonce = 'sent';
      t.equal((await verifying).claim, 'nonce', 'the claim that is refused');
      t.ok(await verifier.verify(good), 'the audience that was passed');
    },
  },
  {
    name: 'a verifier that is freed while it fetches ends with an error, not a trap',
    async run(t) {
      const { jwk } = await newSigner('ES256');
      let answer = (/** @type {Response} */ _) => {};
      const fetch = () => new Promise((resolve) => (answer = resolve));
      const { good } = await t.subject('ES256');
      const verifier = await t.createVerifier({ ...EXPECTED, jwksUri: 'https://issuer.example/jwks', fetch });
      const pending = t.failure(() => verifier.verify(good));
      await Promise.resolve();
      verifier.free();
      answer(Response.json({ keys: [jwk] }));
      const error = await pending;
      t.ok(/free/.test(error.message), `a clear message, not ${error?.stack}`);
      t.ok((await t.subject('ES256')).verifier.verifySync(good), 'another verifier');
    },
  },
  {
    name: 'Symbol.dispose frees',
    async run(t) {
      if (!Symbol.dispose) return;
      const { verifier, good } = await t.subject();
      verifier[Symbol.dispose]();
      await t.failure(() => verifier.verify(good));
    },
  },
  {
    name: 'a thousand refused tokens in a row leave the verifier as it was',
    async run(t) {
      const { verifier, good } = await t.subject('EdDSA');
      const [header, payload, signature] = good.split('.');
      const bad = [
        '',
        '...',
        `${header}.${payload}.`,
        `${header}..${signature}`,
        `.${payload}.${signature}`,
        'é'.repeat(70_000),
        `${good}A`,
      ];
      for (let round = 0; round < 1000; round++) {
        const error = await t.failure(() => verifier.verifySync(bad[round % bad.length]));
        t.ok(error instanceof t.TollgateError, `typed, not ${error?.stack}`);
      }
      t.ok(verifier.verifySync(good), 'the next good token');
    },
  },
  {
    name: 'init may be called any number of times, before and after use',
    async run(t) {
      await Promise.all([t.init(), t.init()]);
      const { verifier, good } = await t.subject();
      await t.init();
      t.ok(verifier.verifySync(good), 'verifies');
    },
  },
];
