// @ts-check
// Decoding without verification: as strict as verification, and synchronous.

import { NOW, base64url, claims, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const part = (/** @type {unknown} */ value) => base64url(typeof value === 'string' ? value : JSON.stringify(value));

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
      const found = t.decodeJwt(`${part({ alg: 'HS256' })}.${part('{"__proto__":{"admin":true}}')}.AA`);
      t.ok(Object.hasOwn(found, '__proto__'), 'an own member');
      t.equal(found.admin, undefined, 'admin');
    },
  },
  ...[
    ['an empty string', ''], ['two segments', `${part({ alg: 'HS256' })}.${part({})}`], ['four segments', `${part({ alg: 'HS256' })}.${part({})}.AA.AA`],
    ['a padded header', `${part({ alg: 'HS256' })}=.${part({})}.AA`], ['a header that is an array', `${part([])}.${part({})}.AA`],
    ['a header with a member twice', `${part('{"alg":"none","alg":"HS256"}')}.${part({})}.AA`],
    ['10 MB of dots', '.'.repeat(10_000_000)], ['a line feed at its end', `${part({ alg: 'HS256' })}.${part({})}.AA\n`],
    ['a letter that is not ASCII', `é${part({ alg: 'HS256' })}.${part({})}.AA`],
  ].map(([what, token]) => ({
    name: `neither decodes a token with ${what}`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      for (const decode of [t.decodeJwt, t.decodeProtectedHeader]) {
        const { claim, reason } = await t.failure(() => decode(token));
        await t.fails(() => decode(token), { code: 'ERR_JWS_INVALID', claim, reason }, token.split('.', 5).filter((text) => text.length >= 8));
      }
    },
  })),
  ...[
    ['a payload that is an array', '[]'], ['a payload with a member twice', '{"sub":"a","sub":"b"}'], ['a payload that is not JSON', 'text'], ['an empty payload', ''],
    ['a payload nested too deep', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ].map(([what, payload]) => ({
    name: `decodeJwt refuses a token with ${what}`,
    async run(/** @type {import('./context.mjs').Context} */ t) {
      const token = `${part({ alg: 'HS256' })}.${part(payload)}.AA`;
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
