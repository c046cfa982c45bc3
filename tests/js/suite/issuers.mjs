// @ts-check
// Several issuers in one verifier: each with its keys and its policy, and none with those of another.

import { hang, serve } from './server.mjs';
import { AUDIENCE, NOW, base64url, claims, newSigner } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const A = 'https://a.example';
const B = 'https://b.example';
const WRONG_ISS = { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'iss', reason: 'mismatch' };
const FORGED = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };

/** An issuer with a key named `k`. @param {string} issuer @param {string} [alg] */
async function party(issuer, alg = 'ES256') {
  const { jwk, token } = await newSigner(alg);
  const set = { keys: [{ ...jwk, kid: 'k', alg }] };
  return {
    issuer,
    set,
    routes: {
      [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/jwks` },
      [`${issuer}/jwks`]: set,
    },
    /** @param {object} [changes] of the claims @param {object} [header] */
    token: (changes, header) => token(claims({ iss: issuer, ...changes }), { kid: 'k', ...header }),
  };
}

/** A verifier of two issuers with one kid, found by discovery. @param {Context} t @param {object} [options] */
async function pair(t, options) {
  const [a, b] = [await party(A), await party(B)];
  const server = serve({ ...a.routes, ...b.routes });
  const verifier = await t.createVerifier({
    issuer: [{ issuer: A }, { issuer: B }],
    audience: AUDIENCE,
    fetch: server.fetch,
    now: () => NOW,
    ...options,
  });
  return { a, b, verifier, ...server };
}

/** @type {Case[]} */
const keys = [
  {
    name: 'two issuers with the same kid, their tokens interleaved, never cross',
    async run(t) {
      const { a, b, verifier, calls } = await pair(t);
      t.deepEqual(calls, [], 'fetched by createVerifier');
      for (let round = 0; round < 20; round++) {
        for (const [own, other] of [
          [a, b],
          [b, a],
        ]) {
          t.equal((await verifier.verify(await own.token())).claims.iss, own.issuer, 'iss');
          t.equal(verifier.verifySync(await own.token()).claims.iss, own.issuer, 'iss');
          const forged = await own.token({ iss: other.issuer });
          await t.fails(() => verifier.verify(forged), FORGED, forged.split('.'));
          await t.fails(() => verifier.verifySync(forged), FORGED, forged.split('.'));
        }
      }
      t.equal(calls.length, 4, 'fetches: metadata and keys of each');
    },
  },
  {
    name: 'concurrent tokens of many issuers are verified by the keys of each',
    async run(t) {
      const parties = await Promise.all([...Array(10).keys()].map((at) => party(`https://${at}.example`)));
      const { fetch } = serve(Object.assign({}, ...parties.map(({ routes }) => routes)));
      const issuer = parties.map(({ issuer }) => ({ issuer }));
      const verifier = await t.createVerifier({ issuer, audience: AUDIENCE, fetch, now: () => NOW });
      const good = parties.map(async ({ token }) => (await verifier.verify(await token())).claims.iss);
      const forged = parties.map(async ({ token }, at) => {
        const text = await token({ iss: `https://${(at + 1) % 10}.example` });
        await t.fails(() => verifier.verify(text), FORGED);
      });
      await Promise.all(forged);
      t.deepEqual(
        await Promise.all(good),
        parties.map(({ issuer }) => issuer),
        'iss',
      );
    },
  },
  {
    name: 'a token of an issuer that is not known is refused, and nothing is fetched for it',
    async run(t) {
      const { a, verifier, calls } = await pair(t);
      for (const iss of [
        'https://evil.example',
        `${A}/`,
        'https://A.example',
        'https://a.example.evil.example',
        'https://a',
        ` ${A}`,
        '',
        '__proto__',
        'constructor',
        'k'.repeat(10_000),
      ]) {
        const token = await a.token({ iss });
        await t.fails(() => verifier.verify(token), WRONG_ISS, token.split('.'));
        await t.fails(() => verifier.verifySync(token), WRONG_ISS);
      }
      const missing = { ...WRONG_ISS, reason: 'missing' };
      await t.fails(async () => verifier.verify(await a.token({ iss: undefined })), missing);
      for (const iss of [null, 1, true, [A], { [A]: A }]) {
        await t.fails(async () => verifier.verify(await a.token({ iss })), { ...WRONG_ISS, reason: 'malformed' });
      }
      t.deepEqual(calls, [], 'fetched');
    },
  },
  {
    name: 'what is no strict JWT selects no issuer',
    async run(t) {
      const { a, verifier, calls } = await pair(t);
      const [header, , signature] = (await a.token()).split('.');
      for (const payload of [`{"iss":"${B}","iss":"${A}"}`, `{"iss":"${B}","\\u0069ss":"${A}"}`, `[]`, `"${A}"`, '{']) {
        await t.fails(() => verifier.verify(`${header}.${base64url(payload)}.${signature}`), { code: 'ERR_JWT_INVALID' });
      }
      for (const token of ['', 'a.b', '....', `${header}..`, 'a.b.c.d.e']) {
        const error = await t.failure(() => verifier.verify(token));
        t.ok(['ERR_JWS_INVALID', 'ERR_JWT_INVALID'].includes(error.code), `${token}: ${error}`);
      }
      const error = await t.failure(() => verifier.verify(/** @type {any} */ (undefined)));
      t.ok(error instanceof TypeError, `${error}`);
      t.deepEqual(calls, [], 'fetched');
      t.ok(await verifier.verify(await a.token()), 'the next good token');
    },
  },
  {
    name: 'tokens that are verified within the clock or the expectations of a call change nothing of it',
    async run(t) {
      /** @type {(() => void) | undefined} */
      let within;
      const inside = () => {
        const action = within;
        within = undefined;
        action?.();
      };
      const { a, b, verifier } = await pair(t, { now: () => (inside(), NOW) });
      const [good, other] = [await a.token({ sub: 'good' }), await b.token({ sub: 'other', more: 'than the good one has' })];
      const forged = await a.token({ iss: B });
      await verifier.load();
      const verify = (/** @type {string} */ token) => () => void verifier.verifySync(token);
      /** @type {Promise<unknown>[]} */
      const failing = [];
      const fails = () => void failing.push(t.fails(async () => verifier.verifySync(forged), FORGED));
      /** @type {((token: string) => unknown)[]} */
      const calls = [
        (token) => verifier.verifySync(token),
        (token) => verifier.verify(token),
        (token) => verifier.verifySync(token, { get subject() { return inside(), 'good'; } }),
        (token) => verifier.verify(token, { get subject() { return inside(), 'good'; } }),
      ];
      for (const call of calls)
        for (const action of [verify(other), verify(good), fails]) {
          within = action;
          t.equal(/** @type {any} */ (await call(good)).claims.sub, 'good');
          t.equal(within, undefined, 'it was called');
          within = action;
          await t.fails(async () => call(forged), FORGED);
        }
      await Promise.all(failing);
    },
  },
  {
    name: 'each issuer may have its keys from elsewhere, a symmetric one too, which no other issuer gets',
    async run(t) {
      const [a, b, c] = [await party(A), await party(B, 'RS256'), await newSigner('HS256')];
      const C = 'https://c.example';
      const { fetch, calls } = serve({ ...a.routes });
      const issuer = [{ issuer: A, jwksUri: `${A}/jwks` }, { issuer: B, jwks: b.set }, { issuer: C, key: c.raw }];
      const verifier = await t.createVerifier({ issuer, audience: AUDIENCE, fetch, now: () => NOW });
      t.ok(await verifier.verify(await a.token()), 'jwksUri');
      t.ok(await verifier.verify(await b.token()), 'jwks');
      t.ok(await verifier.verify(await c.token(claims({ iss: C }))), 'key');
      t.deepEqual(calls, [`${A}/jwks`], 'fetched');
      for (const iss of [A, B]) {
        const token = await c.token(claims({ iss }), { kid: 'k' });
        await t.fails(() => verifier.verify(token), { code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
      }
    },
  },
];

/** @type {Case[]} */
const policies = [
  {
    name: 'an issuer replaces what the options around it say, and keeps what it does not mention',
    async run(t) {
      const [a, b] = [await party(A), await party(B)];
      const issuer = [
        { issuer: A, jwks: a.set },
        { issuer: B, jwks: b.set, audience: 'other', typ: 'at+jwt', clockTolerance: 0 },
      ];
      const options = { audience: AUDIENCE, requiredClaims: ['sub'], clockTolerance: 60, now: () => NOW };
      const verifier = await t.createVerifier({ issuer, ...options });
      t.ok(await verifier.verify(await a.token({ exp: NOW - 30 })), 'the audience and the tolerance around');
      const typ = { typ: 'at+jwt' };
      t.ok(await verifier.verify(await b.token({ aud: 'other' }, typ)), 'those of its own');
      for (const [token, claim, reason, code] of [
        [await a.token({ aud: 'other' }), 'aud', 'mismatch'],
        [await b.token({}, typ), 'aud', 'mismatch'],
        [await b.token({ aud: 'other' }), 'typ', 'missing'],
        [await b.token({ aud: 'other', exp: NOW - 30 }, typ), 'exp', 'mismatch', 'ERR_JWT_EXPIRED'],
        [await a.token({ sub: undefined }), 'sub', 'missing'],
        [await b.token({ aud: 'other', sub: undefined }, typ), 'sub', 'missing'],
      ]) {
        await t.fails(() => verifier.verify(token), { code: code ?? WRONG_ISS.code, claim, reason });
      }
    },
  },
  {
    name: 'expectations of a call are met besides those of the issuer',
    async run(t) {
      const { a, b, verifier } = await pair(t);
      t.ok(await verifier.verify(await a.token(), { issuer: A }), 'the same issuer');
      await t.fails(async () => verifier.verify(await b.token(), { issuer: A }), WRONG_ISS);
      const subject = { code: WRONG_ISS.code, claim: 'sub', reason: 'mismatch' };
      await t.fails(async () => verifier.verifySync(await a.token(), { subject: 'x' }), subject);
    },
  },
  {
    name: 'the audience may be said by each issuer, and must be by one of the two places',
    async run(t) {
      const a = await party(A);
      const own = { issuer: A, jwks: a.set, audience: AUDIENCE };
      const verifier = await t.createVerifier({ issuer: [own], now: () => NOW });
      t.ok(await verifier.verify(await a.token()), 'verifies');
      const missing = { code: 'ERR_OPTION_INVALID', claim: 'audience', reason: 'missing' };
      await t.fails(() => t.createVerifier({ issuer: [own, { issuer: B, jwks: a.set }] }), missing);
      const undef = { ...own, audience: undefined };
      await t.fails(() => t.createVerifier({ issuer: [undef], audience: AUDIENCE }), missing);
    },
  },
  ...[
    /** @type {[string, object, string, string]} */ (['no issuer', { issuer: [] }, 'issuer', 'malformed']),
    /** @type {[string, object, string, string]} */ ([
      'an issuer twice',
      { issuer: [{ issuer: A }, { issuer: B }, { issuer: A }] },
      'issuer',
      'mismatch',
    ]),
    /** @type {[string, object, string, string]} */ ([
      '1001 issuers',
      { issuer: [...Array(1001).keys()].map((at) => ({ issuer: `https://${at}.example` })) },
      'issuer',
      'malformed',
    ]),
    /** @type {[string, object, string, string]} */ (['an empty issuer', { issuer: [{ issuer: '', jwks: { keys: [] } }] }, 'issuer', 'malformed']),
    ...['jwksUri', 'jwks', 'key'].map(
      (name) =>
        /** @type {[string, object, string, string]} */ ([
          `a ${name} for all issuers`,
          { issuer: [{ issuer: A }], [name]: 'x' },
          name,
          'mismatch',
        ]),
    ),
    ...['fetch', 'now', 'timeout', 'signal', 'waitUntil', 'jwksCache', 'preload'].map(
      (name) =>
        /** @type {[string, object, string, string]} */ ([
          `a ${name} of one issuer`,
          { issuer: [{ issuer: A, [name]: () => 1 }] },
          name,
          'mismatch',
        ]),
    ),
    /** @type {[string, object, string, string]} */ ([
      'an option that is not known',
      { issuer: [{ issuer: A, audiences: 'x' }] },
      'audiences',
      'mismatch',
    ]),
    /** @type {[string, object, string, string]} */ ([
      'two sources of keys',
      { issuer: [{ issuer: A, jwksUri: `${A}/jwks`, jwks: { keys: [] } }] },
      'jwks',
      'mismatch',
    ]),
  ].map(([what, options, claim, reason]) => ({
    name: `${what} is refused`,
    async run(/** @type {Context} */ t) {
      const create = () => t.createVerifier({ audience: null, ...options });
      await t.fails(create, { code: 'ERR_OPTION_INVALID', claim, reason });
    },
  })),
  {
    name: 'issuers that are no plain objects with a string are a TypeError',
    async run(t) {
      for (const issuer of [[A], [null], [{}], [{ issuer: 1 }], [{ issuer: [{ issuer: A }] }], [Object.create({ issuer: A })]]) {
        const error = await t.failure(() => t.createVerifier({ audience: null, issuer }));
        t.ok(error instanceof TypeError, `${JSON.stringify(issuer)}: ${error}`);
      }
    },
  },
];

/** @type {Case[]} */
const loading = [
  {
    name: 'load() loads all, and one issuer that fails disables no other',
    async run(t) {
      const { a, b, verifier, routes, calls } = await pair(t);
      routes[`${A}/jwks`] = () => new Response('', { status: 503 });
      await t.fails(() => verifier.load(), { code: 'ERR_FETCH_STATUS', status: 503 });
      t.ok(verifier.verifySync(await b.token()), 'the other issuer');
      await t.fails(async () => verifier.verifySync(await a.token()), { code: 'ERR_JWKS_NOT_LOADED' });
      t.equal(calls.length, 4, 'fetches');
      await t.fails(async () => verifier.verify(await a.token()), { code: 'ERR_FETCH_STATUS', status: 503 });
    },
  },
  {
    name: 'an issuer that does not answer makes no other wait',
    async run(t) {
      const { a, b, verifier, routes } = await pair(t, { timeout: 50 });
      routes[`${A}/jwks`] = hang;
      const slow = t.failure(async () => verifier.verify(await a.token()));
      t.ok(await verifier.verify(await b.token()), 'the other issuer');
      t.equal((await slow).code, 'ERR_FETCH_TIMEOUT', 'code');
    },
  },
  {
    name: 'preload loads all of them',
    async run(t) {
      const { a, b, verifier } = await pair(t, { preload: true });
      for (const { token } of [a, b]) t.ok(verifier.verifySync(await token()), 'verifies');
    },
  },
  {
    name: 'a thousand issuers are told apart',
    async run(t) {
      const { set, token } = await party(A);
      const issuer = [...Array(1000).keys()].map((at) => ({ issuer: `https://${at}.example`, jwks: set }));
      const verifier = await t.createVerifier({ issuer, audience: AUDIENCE, now: () => NOW });
      for (const at of [0, 499, 999]) {
        t.ok(await verifier.verify(await token({ iss: `https://${at}.example` })), `the issuer ${at}`);
      }
      await t.fails(async () => verifier.verify(await token({ iss: 'https://1000.example' })), WRONG_ISS);
      verifier.free();
    },
  },
  {
    name: 'issuers share a cache of keys, each under its own name',
    async run(t) {
      /** @type {Map<string, any>} */
      const entries = new Map();
      const jwksCache = {
        get: async (/** @type {string} */ key) => entries.get(key),
        set: async (/** @type {string} */ key, /** @type {unknown} */ value) => void entries.set(key, value),
      };
      const { a, b, verifier, fetch, calls } = await pair(t, { jwksCache });
      await verifier.load();
      t.deepEqual([...entries.keys()].sort(), [`tollgate:jwks:issuer:${A}`, `tollgate:jwks:issuer:${B}`], 'names');
      const issuer = [{ issuer: B }, { issuer: A }];
      const second = await t.createVerifier({ issuer, audience: AUDIENCE, fetch, now: () => NOW, jwksCache });
      for (const { token } of [a, b]) t.ok(await second.verify(await token()), 'verifies');
      await t.fails(async () => second.verify(await a.token({ iss: B })), FORGED);
      t.equal(calls.length, 4, 'fetches');
    },
  },
  {
    name: 'jwks() of several issuers is undefined, and after free() every call is a TypeError',
    async run(t) {
      const { a, verifier } = await pair(t);
      await verifier.load();
      t.equal(verifier.jwks(), undefined, 'jwks()');
      const token = await a.token();
      verifier.free();
      for (const call of [
        () => verifier.verify(token),
        () => verifier.verifySync(token),
        () => verifier.load(),
        () => verifier.jwks(),
      ]) {
        t.ok((await t.failure(call)) instanceof TypeError, `${call}`);
      }
      verifier.free();
    },
  },
];

export default [...keys, ...policies, ...loading];
