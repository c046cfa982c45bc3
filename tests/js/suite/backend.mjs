// @ts-check
// What computes with public keys: whichever it is, the verdicts and the errors are the same.

import RARE_TOKENS from './rare-tokens.mjs';
import { serve } from './server.mjs';
import { ALGORITHMS, ASYMMETRIC, EXPECTED, NOW, claims, newSigner, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const BACKENDS = ['auto', 'portable', 'webcrypto'];
const URI = 'https://issuer.example/jwks';
const NO_SIGNATURE = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
const NO_KEY = { code: 'ERR_JWKS_NO_MATCHING_KEY' };
const NOT_SUPPORTED = { code: 'ERR_JOSE_NOT_SUPPORTED' };

/** A runtime that lacks the algorithm says so; then there is nothing to compare. @param {unknown} error */
const isLacking = (error) => /** @type {any} */ (error)?.code === 'ERR_JOSE_NOT_SUPPORTED';

/** @param {import('./context.mjs').Context} t @param {any} options @returns {Promise<any>} */
const verifierOf = (t, options) => t.createVerifier({ ...EXPECTED, ...options }).catch((/** @type {unknown} */ error) => {
  if (options.backend === 'webcrypto' && isLacking(error)) return undefined;
  throw error;
});

/** Changes the letter of `token` at `at`, counted from its end. @param {string} token @param {number} at */
const changed = (token, at) => {
  const index = token.length - at;
  return token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
};

/** @type {Case[]} */
const verdicts = BACKENDS.flatMap((backend) =>
  ALGORITHMS.map((alg) => ({
    name: `${backend} tells signatures of ${alg} from others, the first time and later`,
    async run(t) {
      const [own, foreign] = [await signer(alg), await newSigner(alg)];
      const verifier = await verifierOf(t, { key: own.jwk ?? own.raw, backend });
      if (!verifier) return;
      const [good, other] = [await own.token(claims()), await foreign.token(claims())];
      for (let round = 0; round < 4; round++) {
        t.equal((await verifier.verify(good)).claims.sub, claims().sub);
        await t.fails(async () => verifier.verify(other), NO_SIGNATURE);
        for (const at of [20, 40]) await t.fails(async () => verifier.verify(changed(good, at)), NO_SIGNATURE);
        await t.fails(async () => verifier.verify(good.replace(/\.[^.]+$/, '.')), NO_SIGNATURE);
        await t.fails(async () => verifier.verify(await own.token(claims({ exp: NOW - 1 }))), { code: 'ERR_JWT_EXPIRED', claim: 'exp', reason: 'mismatch' });
      }
      if (backend !== 'webcrypto' || alg.startsWith('HS')) t.equal(verifier.verifySync(good).key.alg, alg);
      else await t.fails(async () => verifier.verifySync(good), NOT_SUPPORTED);
      verifier.free();
    },
  })),
);

/** @type {Case[]} */
const rare = RARE_TOKENS.slice(0, 4).map(({ alg, jwk, token }) => ({
  name: `portable verifies ${alg}, and webcrypto does or says that it cannot`,
  async run(t) {
    t.equal((await verifierOf(t, { key: jwk, backend: 'portable' })).verifySync(token).key.alg, alg);
    const verifier = await verifierOf(t, { key: jwk, backend: 'webcrypto' });
    if (!verifier) return;
    t.equal((await verifier.verify(token)).key.alg, alg);
    await t.fails(async () => verifier.verify(changed(token, 20)), NO_SIGNATURE);
  },
}));

/** @type {Case[]} */
const keys = BACKENDS.flatMap((backend) => [
  {
    name: `${backend} refuses keys that are none`,
    async run(t) {
      const [ec, rsa] = [(await signer('ES256')).jwk, (await signer('RS256')).jwk];
      // Of the same size in letters as 1024 bits take.
      const short = rsa.n.slice(-171);
      for (const key of [{ ...ec, y: ec.x }, { ...rsa, e: 'AQ' }, { ...rsa, n: short }, { ...rsa, e: 'AQAA' }]) {
        await t.fails(async () => t.createVerifier({ ...EXPECTED, key, backend }), { code: 'ERR_JWK_INVALID' });
      }
    },
  },
  {
    name: `${backend} selects keys of a fetched set by their kid, and sees when they change`,
    async run(t) {
      const [one, two, three] = [await newSigner('ES256'), await newSigner('ES256'), await newSigner('ES256')];
      /** @type {any} */
      const routes = { [URI]: { keys: [{ ...one.jwk, kid: 'a' }, { ...two.jwk, kid: 'b' }] } };
      const clock = { now: NOW };
      const verifier = await verifierOf(t, { jwksUri: URI, fetch: serve(routes).fetch, now: () => clock.now, backend });
      const [a, b] = [await one.token(claims(), { kid: 'a' }), await two.token(claims(), { kid: 'b' })];
      const verified = await Promise.all([a, b, a, b].map((token) => verifier.verify(token)));
      t.equal(verified.map(({ key }) => key.kid).join(), 'a,b,a,b');
      await t.fails(async () => verifier.verify(await one.token(claims(), { kid: 'b' })), NO_SIGNATURE);
      t.equal((await verifier.verify(await two.token(claims()))).key.kid, 'b');
      routes[URI] = { keys: [{ ...three.jwk, kid: 'a' }] };
      clock.now += 31;
      const c = await three.token(claims(), { kid: 'a' });
      await t.fails(async () => verifier.verify(c), NO_SIGNATURE);
      await t.fails(async () => verifier.verify(await three.token(claims(), { kid: 'c' })), NO_KEY);
      t.equal((await verifier.verify(c)).key.kid, 'a');
      await t.fails(async () => verifier.verify(a), NO_SIGNATURE);
      await t.fails(async () => verifier.verify(b), NO_KEY);
    },
  },
]);

/** @type {Case[]} */
const options = [
  {
    name: 'an unknown backend and a memory that is none are refused',
    async run(t) {
      const { jwk } = await signer('ES256');
      for (const [given, claim] of /** @type {[object, string][]} */ ([
        [{ backend: 'wasm' }, 'backend'],
        [{ backend: null }, 'backend'],
        [{ keyTables: null }, 'keyTables'],
        [{ keyTables: 5 }, 'keyTables'],
        [{ keyTables: {} }, 'maxBytes'],
        [{ keyTables: { maxBytes: -1 } }, 'maxBytes'],
        [{ keyTables: { maxBytes: 1.5 } }, 'maxBytes'],
        [{ keyTables: { maxBytes: 2 ** 30 + 1 } }, 'maxBytes'],
        [{ keyTables: { maxBytes: 1, other: 1 } }, 'other'],
      ]))
        await t.fails(async () => t.createVerifier({ ...EXPECTED, key: jwk, ...given }), { code: 'ERR_OPTION_INVALID', claim, reason: 'malformed' });
      for (const given of [{ backend: undefined }, { keyTables: undefined }, { keyTables: { maxBytes: 2 ** 30 } }])
        (await t.createVerifier({ ...EXPECTED, key: jwk, ...given })).free();
    },
  },
  ...ASYMMETRIC.map((alg) => ({
    name: `${alg} verifies with tables by use or ahead of it, without them, and with room for one of two keys`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      const [one, two] = [await newSigner(alg), await newSigner(alg)];
      const set = { keys: [{ ...one.jwk, kid: 'a' }, { ...two.jwk, kid: 'b' }] };
      const tokens = [await one.token(claims(), { kid: 'a' }), await two.token(claims(), { kid: 'b' })];
      for (const [maxBytes, preload] of /** @type {const} */ ([[0, false], [60_000, false], [2 ** 20, false], [0, true], [60_000, true], [2 ** 20, true]])) {
        const verifier = await t.createVerifier({ ...EXPECTED, jwks: set, keyTables: { maxBytes }, preload });
        for (const rounds of [1, 2, 40, 40])
          for (const [at, token] of tokens.entries())
            for (let round = 0; round < rounds; round++) {
              t.equal(verifier.verifySync(token).key.kid, set.keys[at]?.kid);
              await t.fails(async () => verifier.verifySync(changed(token, 30)), NO_SIGNATURE);
            }
        verifier.free();
      }
    },
  })),
];

export default [...verdicts, ...rare, ...keys, ...options];
