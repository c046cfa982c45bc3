// @ts-check
// The cache of verified tokens: a verdict is found by the exact token alone, and holds no longer than its times and keys.

import { serve } from './server.mjs';
import { EXPECTED, NOW, claims, newSigner, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const URI = 'https://issuer.example/jwks';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Whether `action` hands a token to the core, where it is verified: a remembered one is not. @param {() => unknown} action */
function verifies(action) {
  const { encodeInto } = TextEncoder.prototype;
  let count = 0;
  TextEncoder.prototype.encodeInto = function (...parameters) {
    count++;
    return encodeInto.apply(this, parameters);
  };
  try {
    action();
  } finally {
    TextEncoder.prototype.encodeInto = encodeInto;
  }
  return count > 0;
}

/** A verifier that remembers, and its clock. @param {Context} t @param {object} [options] @param {Record<string, unknown>} [changes] of the claims */
async function subject(t, options, changes) {
  const clock = { now: NOW };
  const made = await t.subject('HS256', { cache: { maxEntries: 10 }, now: () => clock.now, ...options }, changes);
  return { ...made, clock };
}

/** @param {string} claim */
const expired = (claim) => ({ code: 'ERR_JWT_EXPIRED', claim, reason: 'mismatch' });
/** @param {string} claim */
const failed = (claim) => ({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim, reason: 'mismatch' });

/** options, claims, the last second in which the token passes, and why it does not in the next. @type {Array<[string, object, Record<string, unknown>, number, any]>} */
const ENDS = [
  ['exp', {}, { exp: NOW + 60 }, NOW + 59, expired('exp')],
  ['exp without iat', {}, { exp: NOW + 60, iat: undefined }, NOW + 59, expired('exp')],
  ['exp with a fraction', {}, { exp: NOW + 60.9 }, NOW + 59, expired('exp')],
  ['exp and clockTolerance', { clockTolerance: 5 }, { exp: NOW + 60 }, NOW + 64, expired('exp')],
  ['maxTokenAge', { maxTokenAge: 20 }, { iat: NOW - 10 }, NOW + 10, expired('iat')],
  ['maxTokenAge and clockTolerance', { maxTokenAge: 20, clockTolerance: 5 }, { iat: NOW - 10 }, NOW + 15, expired('iat')],
  ['maxAge', { maxAge: 20 }, { auth_time: NOW - 10 }, NOW + 10, failed('auth_time')],
  ['the first of several ends', { maxTokenAge: 90, maxAge: 50 }, { iat: NOW, auth_time: NOW, exp: NOW + 40 }, NOW + 39, expired('exp')],
];

/** The same for the first second in which it passes, and why it does not in the one before. @type {typeof ENDS} */
const STARTS = [
  ['nbf', {}, { nbf: NOW - 10 }, NOW - 10, failed('nbf')],
  ['nbf and clockTolerance', { clockTolerance: 5 }, { nbf: NOW - 10 }, NOW - 15, failed('nbf')],
  ['an iat that maxTokenAge needs', { maxTokenAge: 60 }, { iat: NOW - 10 }, NOW - 10, failed('iat')],
  ['an auth_time that maxAge needs', { maxAge: 60 }, { auth_time: NOW - 10 }, NOW - 10, failed('auth_time')],
];

/** @type {Case[]} */
const times = [
  ...ENDS.map(([what, options, changes, last, refusal]) => ({
    name: `a remembered token does not outlive ${what}`,
    async run(/** @type {Context} */ t) {
      const { verifier, good, clock } = await subject(t, options, changes);
      verifier.verifySync(good);
      clock.now = last + 0.9;
      t.ok(!verifies(() => verifier.verifySync(good)), 'it is remembered to the end');
      for (const now of [last + 1, last + 2, last + 100]) {
        clock.now = now;
        await t.fails(() => verifier.verifySync(good), refusal, good.split('.'));
        await t.fails(() => verifier.verify(good), refusal);
      }
    },
  })),
  ...STARTS.map(([what, options, changes, first, refusal]) => ({
    name: `a remembered token is refused before ${what} when the clock is set back`,
    async run(/** @type {Context} */ t) {
      const { verifier, good, clock } = await subject(t, options, changes);
      verifier.verifySync(good);
      clock.now = first;
      t.ok(verifies(() => verifier.verifySync(good)), 'before it was remembered it is verified anew');
      t.ok(!verifies(() => verifier.verifySync(good)), 'and remembered from then');
      clock.now = first - 1;
      await t.fails(() => verifier.verifySync(good), refusal);
    },
  })),
  {
    name: 'a clock that is set back within a second is no reason to forget',
    async run(t) {
      const { verifier, good, clock } = await subject(t);
      clock.now = NOW + 0.9;
      verifier.verifySync(good);
      clock.now = NOW;
      t.ok(!verifies(() => verifier.verifySync(good)), 'the same second');
      clock.now = NOW - 0.1;
      t.ok(verifies(() => verifier.verifySync(good)), 'the second before');
    },
  },
];

/** @type {Case[]} */
const keys = [
  {
    name: 'a remembered token is refused once its key is gone',
    async run(t) {
      const [old, young] = [await newSigner('ES256'), await newSigner('ES256')];
      const server = serve({ [URI]: { keys: [{ ...old.jwk, kid: 'old' }] } });
      const options = { ...EXPECTED, jwksUri: URI, fetch: server.fetch, cache: { maxEntries: 9 } };
      const verifier = await t.createVerifier(options);
      const token = await old.token(claims(), { kid: 'old' });
      t.equal((await verifier.verify(token)).key.kid, 'old', 'kid');
      t.ok(!verifies(() => verifier.verifySync(token)), 'it is remembered');
      t.equal(verifier.verifySync(token).key.kid, 'old', 'kid of the remembered one');
      server.routes[URI] = { keys: [{ ...young.jwk, kid: 'young' }] };
      await verifier.load();
      await t.fails(() => verifier.verifySync(token), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
      await t.fails(() => verifier.verify(token), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
      // The same name on another key is another key.
      server.routes[URI] = { keys: [{ ...young.jwk, kid: 'old' }] };
      await verifier.load();
      await t.fails(() => verifier.verifySync(token), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    },
  },
  {
    name: 'a remembered token is not good for longer than the keys are',
    async run(t) {
      const { jwk, token } = await newSigner('ES256');
      const clock = { now: NOW };
      const server = serve({ [URI]: { keys: [jwk] } });
      const options = { ...EXPECTED, jwksUri: URI, fetch: server.fetch, now: () => clock.now };
      const verifier = await t.createVerifier({ ...options, cache: { maxEntries: 9 } });
      const good = await token(claims({ exp: NOW + 1e6 }));
      await verifier.verify(good);
      t.ok(!verifies(() => verifier.verifySync(good)), 'it is remembered');
      clock.now += 1e5;
      await t.fails(() => verifier.verifySync(good), { code: 'ERR_JWKS_NOT_LOADED' });
      server.routes[URI] = { keys: [] };
      await t.fails(() => verifier.verify(good), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
    },
  },
];

/** @type {Case[]} */
const entries = [
  {
    name: 'a token is remembered only when that was asked for',
    async run(t) {
      for (const options of [{ cache: undefined }, { cache: false }]) {
        const { verifier, good } = await subject(t, options);
        verifier.verifySync(good);
        t.ok(verifies(() => verifier.verifySync(good)), JSON.stringify(options));
      }
      const { verifier, good } = await subject(t);
      t.ok(verifies(() => verifier.verifySync(good)), 'the first time');
      t.ok(!verifies(() => verifier.verifySync(good)), 'the second time');
    },
  },
  {
    name: 'a remembered token says the same, in objects of its own',
    async run(t) {
      const { verifier, good } = await subject(t, {}, { nested: { list: [1] } });
      const plain = await t.subject('HS256', {}, { nested: { list: [1] } });
      const expected = plain.verifier.verifySync(good);
      for (let round = 0; round < 3; round++) {
        const found = round === 1 ? await verifier.verify(good) : verifier.verifySync(good);
        t.deepEqual(found, expected, `round ${round}`);
        found.claims.nested.list.push('changed');
        found.claims.sub = 'changed';
        found.protectedHeader.alg = 'changed';
        found.key.alg = 'changed';
        found.key.kid = 'changed';
      }
    },
  },
  {
    name: 'a token that differs by one letter is another token',
    async run(t) {
      const { verifier, good, refuses } = await subject(t);
      verifier.verifySync(good);
      for (const at of [3, good.indexOf('.') + 9, good.length - 9]) {
        const changed = good.slice(0, at) + (good[at] === 'A' ? 'B' : 'A') + good.slice(at + 1);
        const error = await t.failure(() => verifier.verifySync(changed));
        t.ok(error instanceof t.TollgateError, `at ${at}: ${error?.stack}`);
      }
      // Other spellings of the same bytes.
      const last = ALPHABET.indexOf(good.slice(-1));
      for (const spelling of [good.slice(0, -1) + ALPHABET[last ^ 1], `${good}=`, `${good}\n`, ` ${good}`, `${good}.`]) {
        await refuses(spelling, { code: 'ERR_JWS_INVALID' });
      }
      t.ok(!verifies(() => verifier.verifySync(good)), 'the token itself is still remembered');
    },
  },
  {
    name: 'a token that was refused is not remembered, nor is its refusal',
    async run(t) {
      const { verifier, good, clock } = await subject(t, {}, { nbf: NOW + 10 });
      await t.fails(() => verifier.verifySync(good), failed('nbf'));
      clock.now = NOW + 10;
      t.ok(verifies(() => verifier.verifySync(good)), 'verified when it is time');
      clock.now = NOW + 9;
      await t.fails(() => verifier.verifySync(good), failed('nbf'));
    },
  },
  {
    name: 'two verifiers do not share what they remember',
    async run(t) {
      const strict = await subject(t, { subject: 'someone else' });
      const { verifier, good } = await subject(t);
      verifier.verifySync(good);
      await t.fails(() => strict.verifier.verifySync(good), failed('sub'));
      const { raw: key } = await newSigner('HS256');
      const other = await t.createVerifier({ ...EXPECTED, key, cache: { maxEntries: 9 } });
      await t.fails(() => other.verifySync(good), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    },
  },
  {
    name: 'a call with expectations of its own neither reads nor fills the cache',
    async run(t) {
      const { verifier, good } = await subject(t);
      verifier.verifySync(good, {});
      t.ok(verifies(() => verifier.verifySync(good)), 'it was not remembered');
      t.ok(verifies(() => verifier.verifySync(good, { subject: claims().sub })), 'it is verified');
      await t.fails(() => verifier.verifySync(good, { subject: 'someone else' }), failed('sub'));
      await t.fails(() => verifier.verify(good, { maxTokenAge: 9 }), expired('iat'));
      t.ok(!verifies(() => verifier.verifySync(good)), 'it is remembered for the others');
    },
  },
  {
    name: 'the token that was not used for the longest makes room',
    async run(t) {
      const { verifier, token } = await subject(t, { cache: { maxEntries: 2 } });
      const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((sub) => token(claims({ sub }))));
      for (const each of [a, b, a, c]) verifier.verifySync(each);
      t.ok(!verifies(() => verifier.verifySync(c)), 'c, the last');
      t.ok(!verifies(() => verifier.verifySync(a)), 'a, which was used again');
      t.ok(verifies(() => verifier.verifySync(b)), 'b made room');
      t.ok(!verifies(() => verifier.verifySync(a)), 'a, which was used after c');
      t.ok(verifies(() => verifier.verifySync(c)), 'c made room for b');
      for (const [each, sub] of [[a, 'a'], [b, 'b'], [c, 'c']]) t.equal(verifier.verifySync(each).claims.sub, sub, 'sub');
    },
  },
  {
    name: 'a cache of one entry remembers one token',
    async run(t) {
      const { verifier, token } = await subject(t, { cache: { maxEntries: 1 } });
      const [a, b] = await Promise.all(['a', 'b'].map((sub) => token(claims({ sub }))));
      verifier.verifySync(a);
      t.ok(!verifies(() => verifier.verifySync(a)), 'a');
      verifier.verifySync(b);
      t.ok(!verifies(() => verifier.verifySync(b)), 'b');
      t.ok(verifies(() => verifier.verifySync(a)), 'a made room');
    },
  },
  {
    name: 'a token of 8192 letters is remembered, and a longer one is not',
    async run(t) {
      const { verifier, token } = await subject(t);
      const shorter = await token(claims({ filler: '' }));
      const filler = 'x'.repeat(Math.floor(((8192 - shorter.length) * 3) / 4));
      const made = await Promise.all([-1, 0, 1, 2, 3, 4].map((more) => token(claims({ filler: filler.slice(-1).repeat(filler.length + more) }))));
      for (const each of made) {
        verifier.verifySync(each);
        t.equal(verifies(() => verifier.verifySync(each)), each.length > 8192, `${each.length} letters`);
      }
      t.ok(made.some(({ length }) => length <= 8192 && length > 8188) && made.some(({ length }) => length > 8192), 'both sides');
    },
  },
  {
    name: 'a verifier that was freed remembers nothing',
    async run(t) {
      const { verifier, good } = await subject(t);
      verifier.verifySync(good);
      verifier.free();
      t.ok(/free/.test((await t.failure(() => verifier.verifySync(good))).message), 'a clear message');
    },
  },
  {
    name: 'createVerifier refuses a cache of no size, of any size, or of unknown options',
    async run(t) {
      const { raw: key } = await signer('HS256');
      for (const [cache, claim] of /** @type {Array<[any, string]>} */ ([
        [true, 'cache'],
        [null, 'cache'],
        [100, 'cache'],
        ['100', 'cache'],
        [{}, 'maxEntries'],
        [[], 'maxEntries'],
        ...[0, -1, 1.5, 100_001, NaN, Infinity, '10', null, undefined].map((maxEntries) => [{ maxEntries }, 'maxEntries']),
        [{ maxEntries: 10, ttl: 60 }, 'ttl'],
      ])) {
        const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key, cache }));
        if (error instanceof TypeError && Array.isArray(cache)) continue;
        t.refusal(error, { code: 'ERR_OPTION_INVALID', claim, reason: 'malformed' });
      }
      for (const maxEntries of [1, 100_000]) t.ok(await t.createVerifier({ ...EXPECTED, key, cache: { maxEntries } }), 'made');
    },
  },
];

export default [...times, ...keys, ...entries];
