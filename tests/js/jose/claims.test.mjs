// @ts-check
// The claims of a JWT, with a signature and without.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SECRET, b64, b64json, mac, ours, same, sameRefusal, stricter } from './package.mjs';

const NOW = 1_700_000_000;
const currentDate = new Date(NOW * 1000);
const HEADER = '{"alg":"HS256"}';

/** Verifies claims with and without a signature, with both. @param {string} claims @param {any} [options] @param {string} [header] */
async function verdict(claims, options, header = HEADER) {
  const jwt = await mac(header, claims);
  const signed = await same(({ jwtVerify }) => jwtVerify(jwt, SECRET, { currentDate, ...options }), `${claims} ${JSON.stringify(options)}`);
  const unsecured = `${b64json({ ...JSON.parse(header), alg: 'none' })}.${b64(claims)}.`;
  await same(({ UnsecuredJWT }) => UnsecuredJWT.decode(unsecured, { currentDate, ...options }), `unsecured ${claims}`);
  return signed;
}

describe('claims are validated alike', () => {
  test('without options only times are looked at', async () => {
    for (const claims of ['{}', '{"iss":1,"sub":[],"aud":{},"jti":null}', `{"exp":${NOW + 1},"nbf":${NOW},"iat":${NOW + 1000}}`]) {
      assert.ok((await verdict(claims)).value, claims);
    }
  });

  test('what is no object is refused', async () => {
    for (const claims of ['', '[]', '1', '"a"', 'null', '{', '{}}', "{'a':1}", '\ud800']) {
      assert.equal((await verdict(claims)).error?.code, 'ERR_JWT_INVALID', claims);
    }
  });

  for (const [option, claim, values, wrong] of /** @type {[string, string, any[], any[]][]} */ ([
    ['issuer', 'iss', ['a', ['a'], ['b', 'a']], ['b', [], ['b'], '', 'A', ['']]],
    ['subject', 'sub', ['a'], ['b', '', 'A']],
    ['audience', 'aud', ['a', ['a'], ['b', 'a']], ['b', [], ['b'], '', 'A', ['']]],
  ])) {
    test(`${option} and "${claim}"`, async () => {
      for (const value of values) assert.ok((await verdict(`{"${claim}":"a"}`, { [option]: value })).value);
      for (const value of wrong) assert.equal((await verdict(`{"${claim}":"a"}`, { [option]: value })).error?.claim, claim);
      for (const claims of ['{}', `{"${claim}":null}`, `{"${claim}":1}`, `{"${claim}":{}}`, `{"${claim}":[]}`, `{"${claim}":["b"]}`]) {
        const { error } = await verdict(claims, { [option]: values[0] });
        assert.deepEqual([error?.claim, error?.reason], [claim, claims === '{}' ? 'missing' : 'check_failed'], claims);
      }
    });
  }

  test('one of several audiences is enough', async () => {
    assert.ok((await verdict('{"aud":["x","a"]}', { audience: ['y', 'a'] })).value);
    assert.ok((await verdict('{"aud":["x","a"]}', { audience: ['y'] })).error);
  });

  test('requiredClaims', async () => {
    assert.ok((await verdict('{"jti":null,"x":0}', { requiredClaims: ['jti', 'x'] })).value);
    for (const claim of ['jti', 'typ', 'toString', '__proto__', '']) {
      const { error } = await verdict('{"x":0}', { requiredClaims: [claim] });
      assert.deepEqual([error?.claim, error?.reason], [claim, 'missing']);
    }
    assert.ok((await verdict('{}', { requiredClaims: [] })).value);
  });

  test('typ', async () => {
    const header = (/** @type {unknown} */ typ) => JSON.stringify({ alg: 'HS256', typ });
    for (const [typ, expected] of [['JWT', 'jwt'], ['application/at+jwt', 'at+jwt'], ['AT+JWT', 'application/at+jwt'], ['a/b', 'A/B']]) {
      assert.ok((await verdict('{}', { typ: expected }, header(typ))).value, typ);
    }
    for (const [typ, expected] of [['JWT', 'at+jwt'], [undefined, 'JWT'], ['', 'JWT'], ['x/JWT', 'JWT'], ['application/a/b', 'a/b']]) {
      const { error } = await verdict('{}', { typ: expected }, header(typ));
      assert.deepEqual([error?.claim, error?.reason], ['typ', 'check_failed'], typ);
    }
    // A claim of that name is something else.
    const { error } = await verdict('{}', { typ: 'JWT', requiredClaims: ['typ'] }, header('JWT'));
    assert.equal(error?.reason, 'missing');
  });

  test('exp and nbf at their second', async () => {
    for (const [claims, options, claim] of /** @type {[string, any, string?][]} */ ([
      [`{"exp":${NOW}}`, {}, 'exp'],
      [`{"exp":${NOW + 1}}`, {}],
      [`{"exp":${NOW}}`, { clockTolerance: 1 }],
      [`{"exp":${NOW - 1}}`, { clockTolerance: 1 }, 'exp'],
      [`{"exp":${NOW - 59}}`, { clockTolerance: '1 minute' }],
      [`{"exp":0}`, {}, 'exp'],
      [`{"exp":-1}`, {}, 'exp'],
      [`{"nbf":${NOW}}`, {}],
      [`{"nbf":${NOW + 1}}`, {}, 'nbf'],
      [`{"nbf":${NOW + 1}}`, { clockTolerance: 1 }],
      [`{"nbf":${NOW + 2}}`, { clockTolerance: 1 }, 'nbf'],
      [`{"nbf":${NOW + 0.5}}`, {}, 'nbf'],
      [`{"exp":${NOW + 1}e0}`, {}],
    ])) {
      assert.equal((await verdict(claims, options)).error?.claim, claim, claims);
    }
  });

  test('times that are no numbers', async () => {
    for (const claim of ['exp', 'nbf', 'iat']) {
      for (const value of ['"1"', 'null', 'true', '[]', '{}']) {
        const { error } = await verdict(`{"${claim}":${value}}`);
        assert.deepEqual([error?.claim, error?.reason], [claim, 'invalid']);
      }
    }
  });

  test('maxTokenAge', async () => {
    for (const [claims, options, claim] of /** @type {[string, any, string?][]} */ ([
      [`{"iat":${NOW - 10}}`, { maxTokenAge: 10 }],
      [`{"iat":${NOW - 11}}`, { maxTokenAge: 10 }, 'iat'],
      [`{"iat":${NOW - 11}}`, { maxTokenAge: 10, clockTolerance: 1 }],
      [`{"iat":${NOW - 7200}}`, { maxTokenAge: '2 hours' }],
      [`{"iat":${NOW - 7201}}`, { maxTokenAge: '2 hours' }, 'iat'],
      [`{"iat":${NOW}}`, { maxTokenAge: 0 }],
      [`{"iat":${NOW + 1}}`, { maxTokenAge: 10 }, 'iat'],
      [`{"iat":${NOW + 1}}`, { maxTokenAge: 10, clockTolerance: 1 }],
      ['{}', { maxTokenAge: 10 }, 'iat'],
      ['{"iat":"1"}', { maxTokenAge: 10 }, 'iat'],
    ])) {
      assert.equal((await verdict(claims, options)).error?.claim, claim, `${claims} ${JSON.stringify(options)}`);
    }
  });

  test('the first of several failures', async () => {
    const expectations = { issuer: 'i', subject: 's', audience: 'a', typ: 'JWT', maxTokenAge: 10, requiredClaims: ['jti', 'x'] };
    const claims = { iss: 'i', sub: 's', aud: 'a', iat: NOW, jti: 1, x: 1, exp: NOW + 1, nbf: NOW };
    const wrong = { iss: 'x', sub: 'x', aud: 'x', iat: NOW - 100, exp: NOW - 1, nbf: NOW + 10 };
    const names = Object.keys(claims);
    const header = '{"alg":"HS256","typ":"JWT"}';
    assert.ok((await verdict(JSON.stringify(claims), expectations, header)).value);
    for (const one of names) {
      for (const other of names) {
        const absent = JSON.stringify({ ...claims, [one]: undefined, [other]: undefined });
        await verdict(absent, expectations, header);
        const both = JSON.stringify({ ...claims, ...pick(wrong, one), ...pick(wrong, other) });
        await verdict(both, expectations, header);
        await verdict(JSON.stringify({ ...claims, ...pick(wrong, one), [other]: undefined }), expectations, header);
      }
    }
    await verdict('{}', expectations);
  });

  test('options that cannot be used', async () => {
    const jwt = await mac(HEADER, '{}');
    for (const options of [
      { clockTolerance: -1 },
      { clockTolerance: NaN },
      { clockTolerance: Infinity },
      { clockTolerance: '5 parsecs' },
      { clockTolerance: '-5s' },
      { clockTolerance: true },
      { clockTolerance: null },
      { currentDate: new Date(NaN) },
    ]) {
      const error = await sameRefusal(({ jwtVerify }) => jwtVerify(jwt, SECRET, /** @type {any} */ (options)), JSON.stringify(options));
      assert.equal(error.name, 'TypeError');
    }
    const aged = await mac(HEADER, `{"iat":${NOW}}`);
    for (const maxTokenAge of [-1, NaN, 'x', '1 day ago', '', null, true]) {
      const options = /** @type {any} */ ({ maxTokenAge, currentDate });
      const error = await sameRefusal(({ jwtVerify }) => jwtVerify(aged, SECRET, options), String(maxTokenAge));
      assert.equal(error.name, 'TypeError');
    }
  });

  test('spans of time', async () => {
    const units = ['s', 'sec', 'secs', 'second', 'seconds', 'm', 'min', 'mins', 'minute', 'minutes', 'h', 'hr', 'hrs', 'hour', 'hours', 'd', 'day', 'days', 'w', 'week', 'weeks', 'y', 'yr', 'yrs', 'year', 'years'];
    const spans = units.flatMap((unit) => [`1${unit}`, `2.5 ${unit}`, `+ 3 ${unit.toUpperCase()}`, `-4 ${unit}`, `5 ${unit} ago`, `6 ${unit} from now`, `-1 ${unit} ago`, `1  ${unit}`, `1 ${unit} `]);
    for (const span of [...spans, '', '1', 's', '1 month', '.5s', '1.s', '1e3s', `${'9'.repeat(400)}y`]) {
      // The clock runs on between the two: what is compared is the span, to ten seconds.
      await same(({ UnsecuredJWT }) => {
        const now = Date.now() / 1000;
        const [, payload] = new UnsecuredJWT().setExpirationTime(span).encode().split('.');
        return Math.round((JSON.parse(Buffer.from(payload, 'base64url').toString()).exp - now + 5) / 10);
      }, span);
    }
  });
});

describe('stricter on purpose (docs/jose.md)', () => {
  test('an aud that has other values than texts', async () => {
    const jwt = await mac(HEADER, '{"aud":["a",1]}');
    await stricter(({ jwtVerify }) => jwtVerify(jwt, SECRET, { audience: 'a' }), { name: 'JWTClaimValidationFailed', message: 'unexpected "aud" claim value' });
  });

  test('times that JavaScript does not hold exactly', async () => {
    for (const exp of ['1e400', '9007199254740993']) {
      const jwt = await mac(HEADER, `{"exp":${exp}}`);
      await stricter(({ jwtVerify }) => jwtVerify(jwt, SECRET), { name: 'JWTClaimValidationFailed', message: '"exp" claim must be a number' });
    }
  });

  test('fractions of a tolerance are cut off', async () => {
    const jwt = await mac(HEADER, `{"exp":${NOW - 0.25}}`);
    await stricter(({ jwtVerify }) => jwtVerify(jwt, SECRET, { currentDate, clockTolerance: 0.5 }), { name: 'JWTExpired', code: 'ERR_JWT_EXPIRED' });
  });

  test('a token does not live into the second of a fractional exp', async () => {
    const jwt = await mac(HEADER, `{"exp":${NOW + 0.5}}`);
    await stricter(({ jwtVerify }) => jwtVerify(jwt, SECRET, { currentDate }), { name: 'JWTExpired', code: 'ERR_JWT_EXPIRED' });
  });

  test('options of another type than documented', async () => {
    const jwt = await mac(HEADER, '{}');
    for (const option of ['issuer', 'subject', 'audience', 'typ']) {
      await stricter(({ jwtVerify }) => jwtVerify(jwt, SECRET, /** @type {any} */ ({ [option]: 1 })), { name: 'TypeError' }, option);
    }
    const requiredClaims = /** @type {any} */ ('exp');
    await stricter(({ jwtVerify }) => jwtVerify(jwt, SECRET, { requiredClaims }), { name: 'TypeError' }, 'requiredClaims');
  });

  test('claims are refused before their options are looked at by npm only', async () => {
    await assert.rejects(ours.jwtVerify(await mac(HEADER, '{}'), SECRET, { issuer: 'a', clockTolerance: -1 }), TypeError);
  });
});

/** @param {Record<string, unknown>} from @param {string} name */
const pick = (from, name) => (name in from ? { [name]: from[name] } : {});
