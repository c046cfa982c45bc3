// @ts-check
// Every expectation: with what it passes, and each way in which it fails. An expectation that is set makes its claim
// mandatory.

import { AUDIENCE, EXPECTED, ISSUER, NOW, claims, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

/** A failed claim. @param {string} claim @param {string} reason */
const failed = (claim, reason) => ({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim, reason });
/** @param {string} claim */
const expired = (claim) => ({ code: 'ERR_JWT_EXPIRED', claim, reason: 'mismatch' });

const PASSES = null;
const ABSENT = undefined;

/** A number as it stands in JSON: JavaScript would write it otherwise. @param {string} text */
const raw = (text) => ({ raw: text });

/** options; values of the claim and what comes of them. @type {Array<[string, string, object, Array<[unknown, object | null]>]>} */
const TABLE = [
  [
    'issuer',
    'iss',
    {},
    [
      [ISSUER, PASSES],
      [ABSENT, failed('iss', 'missing')],
      ...[
        'https',
        ISSUER.slice(0, -1),
        `${ISSUER}/`,
        `${ISSUER}.evil`,
        ISSUER.toUpperCase(),
        ` ${ISSUER}`,
        '',
        `${ISSUER}\u200b`,
      ].map((iss) => /** @type {[unknown, object]} */ ([iss, failed('iss', 'mismatch')])),
      ...[[ISSUER], [], {}, null, 1, true].map(
        (iss) => /** @type {[unknown, object]} */ ([iss, failed('iss', 'malformed')]),
      ),
    ],
  ],
  [
    'audience',
    'aud',
    {},
    [
      [AUDIENCE, PASSES],
      [[AUDIENCE], PASSES],
      [['other', AUDIENCE], PASSES],
      [ABSENT, failed('aud', 'missing')],
      ...['', 'https://api', `${AUDIENCE}/`, [], ['other'], ['https://api.exampl']].map(
        (aud) => /** @type {[unknown, object]} */ ([aud, failed('aud', 'mismatch')]),
      ),
      ...[1, null, true, { [AUDIENCE]: true }, [AUDIENCE, 1], [[AUDIENCE]], [null]].map(
        (aud) => /** @type {[unknown, object]} */ ([aud, failed('aud', 'malformed')]),
      ),
    ],
  ],
  [
    'a list of audiences',
    'aud',
    { audience: ['a', 'b'] },
    [
      ['a', PASSES],
      ['b', PASSES],
      [['x', 'b'], PASSES],
      ['c', failed('aud', 'mismatch')],
      ['a,b', failed('aud', 'mismatch')],
      [ABSENT, failed('aud', 'missing')],
    ],
  ],
  [
    'audience null',
    'aud',
    { audience: null },
    [
      ['anyone', PASSES],
      [ABSENT, PASSES],
      [[], PASSES],
    ],
  ],
  [
    'subject',
    'sub',
    { subject: 's' },
    [
      ['s', PASSES],
      [ABSENT, failed('sub', 'missing')],
      ['S', failed('sub', 'mismatch')],
      ['', failed('sub', 'mismatch')],
      [['s'], failed('sub', 'malformed')],
      [1, failed('sub', 'malformed')],
      [null, failed('sub', 'malformed')],
    ],
  ],
  [
    'the default requireExp',
    'exp',
    {},
    [
      [NOW + 1, PASSES],
      [NOW, expired('exp')],
      [NOW - 1, expired('exp')],
      [0, expired('exp')],
      [-1, expired('exp')],
      [NOW + 0.5, expired('exp')],
      [NOW + 1.5, PASSES],
      [raw(`${NOW + 1}.0`), PASSES],
      [raw('17e8'), expired('exp')],
      [raw('1.8E+9'), PASSES],
      [raw('-9007199254740991'), expired('exp')],
      [raw('9007199254740991'), PASSES],
      ...[
        '1e400',
        '-1e400',
        '9007199254740992',
        '9223372036854775807',
        '-9223372036854775808',
        '18446744073709551616',
        '1e99999999999999999999',
      ].map((exp) => /** @type {[unknown, object]} */ ([raw(exp), failed('exp', 'malformed')])),
      ...[String(NOW + 300), '', null, true, [NOW + 300], { exp: NOW + 300 }].map(
        (exp) => /** @type {[unknown, object]} */ ([exp, failed('exp', 'malformed')]),
      ),
      [ABSENT, failed('exp', 'missing')],
    ],
  ],
  [
    'requireExp false',
    'exp',
    { requireExp: false },
    [
      [ABSENT, PASSES],
      [NOW + 1, PASSES],
      [NOW, expired('exp')],
      ['x', failed('exp', 'malformed')],
    ],
  ],
  [
    'clockTolerance',
    'exp',
    { clockTolerance: 10 },
    [
      [NOW - 9, PASSES],
      [NOW - 10, expired('exp')],
      [ABSENT, failed('exp', 'missing')],
    ],
  ],
  [
    'no option',
    'nbf',
    {},
    [
      [ABSENT, PASSES],
      [NOW, PASSES],
      [NOW - 1e6, PASSES],
      [-1, PASSES],
      [NOW + 1, failed('nbf', 'mismatch')],
      [NOW + 0.1, failed('nbf', 'mismatch')],
      [raw('9007199254740991'), failed('nbf', 'mismatch')],
      [raw('9223372036854775808'), failed('nbf', 'malformed')],
      ['1', failed('nbf', 'malformed')],
      [null, failed('nbf', 'malformed')],
    ],
  ],
  [
    'clockTolerance',
    'nbf',
    { clockTolerance: 10 },
    [
      [NOW + 10, PASSES],
      [NOW + 11, failed('nbf', 'mismatch')],
    ],
  ],
  [
    'no option',
    'iat',
    {},
    [
      [ABSENT, PASSES],
      [NOW + 1000, PASSES],
      ['1', failed('iat', 'malformed')],
      [raw('1e400'), failed('iat', 'malformed')],
    ],
  ],
  [
    'maxTokenAge',
    'iat',
    { maxTokenAge: 60 },
    [
      [NOW, PASSES],
      [NOW - 60, PASSES],
      [NOW - 61, expired('iat')],
      [-1, expired('iat')],
      [raw('-9007199254740991'), expired('iat')],
      [NOW + 1, failed('iat', 'mismatch')],
      [ABSENT, failed('iat', 'missing')],
      [String(NOW), failed('iat', 'malformed')],
    ],
  ],
  [
    'maxTokenAge 0',
    'iat',
    { maxTokenAge: 0 },
    [
      [NOW, PASSES],
      [NOW - 1, expired('iat')],
    ],
  ],
  [
    'maxTokenAge and clockTolerance',
    'iat',
    { maxTokenAge: 60, clockTolerance: 5 },
    [
      [NOW - 65, PASSES],
      [NOW - 66, expired('iat')],
      [NOW + 5, PASSES],
      [NOW + 6, failed('iat', 'mismatch')],
    ],
  ],
  [
    'requiredClaims',
    'jti',
    { requiredClaims: ['jti'] },
    [
      ['x', PASSES],
      [null, PASSES],
      [0, PASSES],
      [ABSENT, failed('jti', 'missing')],
    ],
  ],
  [
    'requiredScopes',
    'scope',
    { requiredScopes: ['read', 'write:x'] },
    [
      ['read write:x', PASSES],
      ['a write:x b read', PASSES],
      [['write:x', 'read'], PASSES],
      [ABSENT, failed('scope', 'missing')],
      ...['', 'read', 'write:x', 'READ write:x', 'read,write:x', 'readwrite:x', [], ['read'], ['read write:x']].map(
        (scope) => /** @type {[unknown, object]} */ ([scope, failed('scope', 'mismatch')]),
      ),
      ...[null, 1, { read: true }, ['read', 'write:x', 1]].map(
        (scope) => /** @type {[unknown, object]} */ ([scope, failed('scope', 'malformed')]),
      ),
    ],
  ],
  [
    'nonce',
    'nonce',
    { nonce: 'n' },
    [
      ['n', PASSES],
      ['N', failed('nonce', 'mismatch')],
      ['', failed('nonce', 'mismatch')],
      [ABSENT, failed('nonce', 'missing')],
      [['n'], failed('nonce', 'malformed')],
    ],
  ],
  [
    'acrValues',
    'acr',
    { acrValues: ['1', '2'] },
    [
      ['2', PASSES],
      ['3', failed('acr', 'mismatch')],
      ['1 2', failed('acr', 'mismatch')],
      [ABSENT, failed('acr', 'missing')],
      [1, failed('acr', 'malformed')],
    ],
  ],
  [
    'maxAge and clockTolerance',
    'auth_time',
    { maxAge: 60, clockTolerance: 5 },
    [
      [NOW, PASSES],
      [NOW - 65, PASSES],
      [NOW - 66, failed('auth_time', 'mismatch')],
      [NOW + 5, PASSES],
      [NOW + 6, failed('auth_time', 'mismatch')],
      [-1, failed('auth_time', 'mismatch')],
      [raw('1e400'), failed('auth_time', 'malformed')],
      [String(NOW), failed('auth_time', 'malformed')],
      [ABSENT, failed('auth_time', 'missing')],
    ],
  ],
  ...['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf'].map(
    (name) =>
      /** @type {any} */ ([
        `requiredClaims of ${name}`,
        name,
        { requiredClaims: [name] },
        [
          [ABSENT, failed(name, 'missing')],
          [raw('1'), PASSES],
        ],
      ]),
  ),
];

/** @param {string} claim @param {unknown} value */
function payload(claim, value) {
  const { [claim]: _, ...rest } = /** @type {any} */ (claims());
  if (value === ABSENT) return JSON.stringify(rest);
  const text = Object(value).raw ?? JSON.stringify(value);
  return `{${JSON.stringify(rest).slice(1, -1)},${JSON.stringify(claim)}:${text}}`;
}

/** @type {Case[]} */
const table = TABLE.map(([option, claim, options, rows]) => ({
  name: `${claim} is checked as RFC 7519 says, with ${option}`,
  async run(t) {
    const { tokenOf } = await signer('HS256');
    const good = await tokenOf('{"alg":"HS256"}', payload(claim, rows.find(([, refusal]) => refusal === PASSES)?.[0]));
    const subject = await t.subject('HS256', options);
    for (const [value, refusal] of rows) {
      const token = await tokenOf('{"alg":"HS256"}', payload(claim, value));
      const shown = `${claim} ${JSON.stringify(value)}`;
      if (refusal === PASSES) {
        t.ok(await subject.verifier.verify(token), shown);
        continue;
      }
      for (const call of [() => subject.verifier.verify(token), () => subject.verifier.verifySync(token)]) {
        await t.fails(call, /** @type {any} */ (refusal), token.split('.'));
        t.ok(await subject.verifier.verify(good), `the next good token after ${shown}`);
      }
    }
  },
}));

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

export default [...table, ...typ, ...perCall, ...clock];
