// @ts-check
// Decoding without verification: as strict as verification, and synchronous.

import { NOW, base64url, claims, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const part = (/** @type {unknown} */ value) => base64url(typeof value === 'string' ? value : JSON.stringify(value));

const HEADER = part({ alg: 'HS256' });
const CLAIMS = part({});

/** @type {Case[]} */
export default [
  {
    name: 'decodeJwt gives the claims and decodeProtectedHeader the header, of any algorithm',
    async run(t) {
      for (const alg of ['HS256', 'ES256']) {
        const token = await (await signer(alg)).token(claims(), { kid: 'a', typ: 'JWT' });
        t.deepEqual(t.decodeJwt(token), claims(), 'claims');
        t.deepEqual(t.decodeProtectedHeader(token), { alg, kid: 'a', typ: 'JWT' }, 'header');
      }
      const foreign = `${part({ alg: 'ES512' })}.${part({ exp: NOW })}.AA`;
      t.deepEqual(t.decodeProtectedHeader(foreign), { alg: 'ES512' }, 'header of an algorithm that is not verified');
      t.deepEqual(t.decodeJwt(foreign), { exp: NOW }, 'claims');
    },
  },
  {
    name: 'decodeJwt keeps __proto__ as data',
    async run(t) {
      const found = t.decodeJwt(`${HEADER}.${part('{"__proto__":{"admin":true}}')}.AA`);
      t.ok(Object.hasOwn(found, '__proto__'), 'an own member');
      t.equal(found.admin, undefined, 'admin');
    },
  },
  ...[
    ['an empty string', ''],
    ['two segments', `${HEADER}.${CLAIMS}`],
    ['four segments', `${HEADER}.${CLAIMS}.AA.AA`],
    ['10 MB of dots', '.'.repeat(10_000_000)],
    ['a padded header', `${HEADER}=.${CLAIMS}.AA`],
    ['a padded payload', `${HEADER}.${CLAIMS}=.AA`],
    ['a padded signature', `${HEADER}.${CLAIMS}.AA==`],
    ['other trailing bits in its signature', `${HEADER}.${CLAIMS}.AB`],
    ['a line feed at its end', `${HEADER}.${CLAIMS}.AA\n`],
    ['a letter that is not ASCII', `é${HEADER}.${CLAIMS}.AA`],
  ].map(([what, token]) => ({
    name: `neither decodes a token with ${what}`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      for (const decode of [t.decodeJwt, t.decodeProtectedHeader])
        await t.fails(() => decode(token), { code: 'ERR_JWS_INVALID' }, [HEADER]);
    },
  })),
  ...[
    ['an array', '[]'],
    ['with a member twice', '{"alg":"none","alg":"HS256"}'],
    ['not JSON', 'alg'],
    ['empty', ''],
  ].map(([what, header]) => ({
    name: `decodeProtectedHeader refuses a header that is ${what}`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      await t.fails(() => t.decodeProtectedHeader(`${part(header)}.${CLAIMS}.AA`), { code: 'ERR_JWS_INVALID' });
    },
  })),
  ...[
    ['a payload that is an array', '[]'],
    ['a payload with a member twice', '{"sub":"a","sub":"b"}'],
    ['a payload that is not JSON', 'text'],
    ['an empty payload', ''],
    ['a payload nested too deep', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ].map(([what, payload]) => ({
    name: `decodeJwt refuses a token with ${what}`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      const token = `${HEADER}.${part(payload)}.AA`;
      await t.fails(() => t.decodeJwt(token), { code: 'ERR_JWT_INVALID' });
      t.deepEqual(t.decodeProtectedHeader(token), { alg: 'HS256' }, 'header');
    },
  })),
  ...['decodeJwt', 'decodeProtectedHeader'].map((name) => ({
    name: `${name} of what is no string is a TypeError`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      for (const value of [undefined, null, 1, {}, [], new Uint8Array(3)]) {
        const error = await t.failure(() => /** @type {any} */ (t)[name](value));
        t.ok(error instanceof TypeError, `a TypeError, not ${error?.stack}`);
      }
    },
  })),
];
