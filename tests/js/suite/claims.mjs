// @ts-check
// Every expectation of a claim: with what it passes, and each way in which it fails. An expectation that is set makes its
// claim mandatory.

import { AUDIENCE, ISSUER, NOW, claims, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

/** A failed claim. @param {string} claim @param {string} reason */
export const failed = (claim, reason) => ({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim, reason });
/** @param {string} claim */
export const expired = (claim) => ({ code: 'ERR_JWT_EXPIRED', claim, reason: 'mismatch' });

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
export default TABLE.map(([option, claim, options, rows]) => ({
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
