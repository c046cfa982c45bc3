// @ts-check
// `tollgate/inspect` from the tarball: every check of a token, and never another verdict than `tollgate/verify`'s.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { workspace } from '../install.mjs';
import { groups, outcome } from '../suite/index.mjs';
import { hang, serve } from '../suite/server.mjs';
import { AUDIENCE, EXPECTED, ISSUER, NOW, base64url, claims, newSigner, signer } from '../suite/tokens.mjs';

const { folder, remove } = await workspace('inspect');
after(remove);

const app = join(folder, 'app.mjs');
await writeFile(
  app,
  `export * as verify from 'tollgate/verify';\nexport * as errors from 'tollgate/errors';\nexport { inspect } from 'tollgate/inspect';\n`,
);
const modules = await import(pathToFileURL(app).href);
const { errors, inspect, verify } = modules;

/** The names of the checks that ended so, in their order. @param {any} inspection @param {string} outcome */
const ended = (inspection, outcome) =>
  inspection.checks
    .filter((/** @type {any} */ check) => check.outcome === outcome)
    .map((/** @type {any} */ { name }) => name);

/** @param {any} inspection @param {string} name */
const errorOf = (inspection, name) =>
  inspection.checks.find((/** @type {any} */ check) => check.name === name && check.outcome === 'failed')?.error;

/** What a failure is, without where it was made. @param {any} error */
const described = ({ code, claim, reason, message }) => ({ code, claim, reason, message });

const key = await signer('ES256');
const JWS = ['form', 'header', 'crit', 'alg', 'encoding', 'key', 'signature', 'claims'];
const options = { ...EXPECTED, key: key.jwk };

/** @param {object} [header] @param {Record<string, unknown>} [changes] */
const tokenOf = (header, changes) => key.token(claims(changes), header);

/** The token with another part. @param {string} token @param {number} at @param {string} part */
const withPart = (token, at, part) => token.split('.').with(at, part).join('.');

describe('a good token', () => {
  test('passes every check that is asked for, and is shown as `verify` returns it', async () => {
    const token = await tokenOf({ typ: 'JWT' });
    const inspection = await inspect(token, { ...options, key: { ...key.jwk, kid: 'a' } });
    assert.equal(inspection.verified, true);
    const verifier = await verify.createVerifier({ ...options, key: { ...key.jwk, kid: 'a' } });
    const { protectedHeader, claims: shown, key: used } = await verifier.verify(token);
    assert.deepEqual(inspection.protectedHeader, protectedHeader);
    assert.deepEqual(inspection.claims, shown);
    assert.deepEqual(inspection.key, used);
    assert.deepEqual(ended(inspection, 'passed').slice(0, JWS.length), JWS);
    for (const name of ['iss', 'aud', 'exp']) assert.ok(ended(inspection, 'passed').includes(name), name);
    assert.ok(ended(inspection, 'not_asked').includes('sub'));
    assert.deepEqual([...ended(inspection, 'failed'), ...ended(inspection, 'not_reached')], []);
    for (const check of inspection.checks) {
      assert.deepEqual(Object.keys(check), ['name', 'rule', 'outcome']);
      assert.match(check.rule, /^(RFC \d+|OpenID Connect .+) §[\d.]+/, check.name);
    }
  });

  test('has members and numbers as JavaScript reads them', async () => {
    const payload = `{"iss":"${ISSUER}","aud":"${AUDIENCE}","exp":${NOW + 60}.5,"__proto__":{"a":1},"big":12345678901234567890,"text":"\\u0041"}`;
    const inspection = await inspect(await key.tokenOf('{"alg":"ES256"}', payload), options);
    assert.equal(inspection.verified, true);
    assert.deepEqual(inspection.claims, JSON.parse(payload));
    assert.equal(Object.getPrototypeOf(inspection.claims), Object.prototype);
  });

  for (const alg of ['HS256', 'RS256', 'PS256', 'EdDSA']) {
    test(`of ${alg} passes`, async () => {
      const other = await signer(alg);
      const inspection = await inspect(await other.token(claims()), {
        ...EXPECTED,
        key: alg === 'HS256' ? other.raw : other.jwk,
      });
      assert.equal(inspection.verified, true);
      assert.equal(inspection.key.alg, alg);
    });
  }

  test('of an algorithm that few issuers use passes, with no other module to load', async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
    const input = `${base64url('{"alg":"ES384"}')}.${base64url(JSON.stringify(claims()))}`;
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-384' }, privateKey, Buffer.from(input));
    const { key_ops: _, ext: __, ...jwk } = await crypto.subtle.exportKey('jwk', publicKey);
    const inspection = await inspect(`${input}.${base64url(new Uint8Array(signature))}`, { ...EXPECTED, key: jwk });
    assert.equal(inspection.verified, true);
  });
});

test('a CryptoKey and what was issued with an ID token are checked as by `verify`', async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('access'))).subarray(0, 16);
  const payload = JSON.stringify(claims({ at_hash: base64url(hash) }));
  const input = `${base64url('{"alg":"ES256"}')}.${base64url(payload)}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Buffer.from(input));
  const token = `${input}.${base64url(new Uint8Array(signature))}`;
  const idToken = { ...EXPECTED, key: publicKey, profile: 'id_token' };
  assert.equal((await inspect(token, idToken)).verified, true);
  assert.equal((await inspect(token, idToken, { accessToken: 'access' })).verified, true);
  const other = await inspect(token, idToken, { accessToken: 'other' });
  assert.deepEqual(ended(other, 'failed'), ['at_hash']);
  assert.equal(errorOf(other, 'at_hash').claim, 'at_hash');
});

describe('a bad token fails its check, and the others go on', async () => {
  const good = await tokenOf();
  const foreign = await newSigner('ES256');
  /** @type {[string, string, string[], string, string[]][]} */
  const table = [
    ['of two parts', 'a.b', ['form'], 'ERR_JWS_INVALID', JWS.slice(1)],
    ['without parts', '', ['form'], 'ERR_JWS_INVALID', JWS.slice(1)],
    ['that is too long', 'a'.repeat(70_000), ['form'], 'ERR_JWS_INVALID', JWS.slice(1)],
    ['whose header is no JSON', withPart(good, 0, base64url('{')), ['header'], 'ERR_JWS_INVALID', ['crit', 'alg', 'key', 'signature']],
    ['whose header is no base64url', withPart(good, 0, '='), ['header'], 'ERR_JWS_INVALID', ['crit', 'alg', 'key', 'signature']],
    ['whose kid is a number', await tokenOf({ kid: 1 }), ['header'], 'ERR_JWS_INVALID', ['key', 'signature']],
    ['with an extension', await tokenOf({ crit: ['x'], x: 1 }), ['crit'], 'ERR_JOSE_NOT_SUPPORTED', []],
    ['with an unencoded payload', await tokenOf({ b64: false }), ['crit'], 'ERR_JOSE_NOT_SUPPORTED', []],
    ['of another algorithm', await tokenOf({ alg: 'RS256' }), ['alg'], 'ERR_JOSE_ALG_NOT_ALLOWED', ['key', 'signature']],
    ['that is unsecured', `${base64url('{"alg":"none"}')}.${good.split('.')[1]}.`, ['alg'], 'ERR_JOSE_ALG_NOT_ALLOWED', ['key', 'signature']],
    ['whose signature is no base64url', withPart(good, 2, '='), ['encoding'], 'ERR_JWS_INVALID', ['signature']],
    ['of another key', await foreign.token(claims()), ['signature'], 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', []],
    ['whose claims are no object', await key.tokenOf('{"alg":"ES256"}', '[]'), ['claims'], 'ERR_JWT_INVALID', ['iss', 'exp']],
    ['of another issuer', await tokenOf({}, { iss: 'x' }), ['iss'], 'ERR_JWT_CLAIM_VALIDATION_FAILED', []],
    ['for another audience', await tokenOf({}, { aud: 'x' }), ['aud'], 'ERR_JWT_CLAIM_VALIDATION_FAILED', []],
    ['that has expired', await tokenOf({}, { exp: NOW }), ['exp'], 'ERR_JWT_EXPIRED', []],
    ['that is not yet good', await tokenOf({}, { nbf: NOW + 1 }), ['nbf'], 'ERR_JWT_CLAIM_VALIDATION_FAILED', []],
    ['whose iat is no time', await tokenOf({}, { iat: 'x' }), ['iat'], 'ERR_JWT_CLAIM_VALIDATION_FAILED', []],
    [
      'that is wrong in every way',
      withPart(await key.token(claims({ iss: 'x', aud: 'x', exp: NOW, nbf: NOW + 1 })), 2, good.split('.')[2] ?? ''),
      ['signature', 'iss', 'aud', 'nbf', 'exp'],
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      [],
    ],
  ];
  for (const [what, token, failed, code, missed] of table) {
    test(what, async () => {
      const inspection = await inspect(token, options);
      assert.equal(inspection.verified, false);
      assert.deepEqual(ended(inspection, 'failed'), failed);
      const error = errorOf(inspection, failed[0] ?? '');
      assert.ok(error instanceof errors.TollgateError);
      assert.equal(error.code, code);
      for (const name of missed) assert.ok(ended(inspection, 'not_reached').includes(name), `${name} is not reached`);
      if (missed.length === 0) assert.deepEqual(ended(inspection, 'not_reached'), []);
    });
  }

  test('and what can be read of it is shown', async () => {
    const expired = await inspect(await tokenOf({}, { exp: 1 }), options);
    assert.equal(expired.claims.exp, 1);
    assert.equal(expired.key.alg, 'ES256', 'the signature is good');
    const forged = await inspect(await foreign.token(claims()), options);
    assert.deepEqual([forged.claims.iss, forged.key], [ISSUER, undefined]);
    const broken = await inspect('a.b', options);
    assert.deepEqual(Object.keys(broken).sort(), ['checks', 'verified']);
  });
});

describe('keys that are fetched', () => {
  const URI = `${ISSUER}/jwks`;
  /** @param {Record<string, unknown>} routes @param {object} [more] */
  const remote = async (routes, more) => {
    const server = serve(routes);
    const inspection = await inspect(await tokenOf({ kid: 'a' }), { ...EXPECTED, fetch: server.fetch, ...more });
    return { inspection, ...server };
  };
  const set = { keys: [{ ...key.jwk, kid: 'a' }] };

  test('verify, by jwksUri and by discovery, and are fetched again each time', async () => {
    const { inspection } = await remote({ [URI]: set }, { jwksUri: URI });
    assert.deepEqual([inspection.verified, inspection.key.kid], [true, 'a']);
    const routes = { [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: URI }, [URI]: set };
    const discovered = await remote(routes);
    assert.equal(discovered.inspection.verified, true);
    await inspect('a.b.c', { ...EXPECTED, fetch: discovered.fetch });
    assert.equal(discovered.calls.filter((url) => url === URI).length, 2);
  });

  for (const [what, route, code] of /** @type {[string, unknown, string][]} */ ([
    ['a network that fails', () => Promise.reject(new TypeError('offline')), 'ERR_FETCH_FAILED'],
    ['a server that fails', () => new Response(null, { status: 503 }), 'ERR_FETCH_STATUS'],
    ['a server that never answers', hang, 'ERR_FETCH_TIMEOUT'],
    ['a set that is none', {}, 'ERR_JWKS_INVALID'],
  ])) {
    test(`${what} fails the check of the key, and the claims are checked all the same`, async () => {
      const { inspection } = await remote({ [URI]: route }, { jwksUri: URI, timeout: 50 });
      assert.deepEqual(ended(inspection, 'failed'), ['key']);
      assert.deepEqual(ended(inspection, 'not_reached'), ['signature']);
      assert.equal(errorOf(inspection, 'key').code, code);
      assert.ok(ended(inspection, 'passed').includes('exp'));
      assert.equal(inspection.verified, false);
    });
  }

  test('the cause of a failure is kept', async () => {
    const offline = new TypeError('offline');
    const { inspection } = await remote({ [URI]: () => Promise.reject(offline) }, { jwksUri: URI });
    assert.equal(errorOf(inspection, 'key').cause, offline);
  });

  test('a set without the key fails the check of the key', async () => {
    const { inspection } = await remote({ [URI]: { keys: [] } }, { jwksUri: URI });
    assert.equal(errorOf(inspection, 'key').code, 'ERR_JWKS_NO_MATCHING_KEY');
  });

  test('an abort is thrown, for then nobody waits for a list', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(remote({ [URI]: set }, { jwksUri: URI, signal }), /enough/);
  });
});

describe('wrong options are thrown as by createVerifier', () => {
  for (const [what, wrong] of /** @type {[string, any][]} */ ([
    ['no audience', { key: key.jwk }],
    ['no key', { audience: null }],
    ['two keys', { ...options, jwks: { keys: [] } }],
    ['a key that is none', { ...EXPECTED, key: { kty: 'EC' } }],
    ['an algorithm that does not fit', { ...options, algorithms: ['RS256'] }],
    ['an unknown algorithm', { ...options, algorithms: ['none'] }],
    ['an unknown option', { ...options, audiences: 'x' }],
    ['an option that is undefined', { ...options, subject: undefined }],
    ['plain http', { ...EXPECTED, jwksUri: 'http://issuer.example/jwks' }],
    ['nothing', undefined],
    ['a class', new (class {
      audience = null;
    })()],
    ['a clock of text', { ...options, now: 'noon' }],
  ])) {
    test(what, async () => {
      const [ours, theirs] = await Promise.all(
        [() => inspect('a.b.c', wrong), () => verify.createVerifier(wrong)].map((action) =>
          action().then(() => assert.fail('nothing was thrown'), (/** @type {any} */ error) => error),
        ),
      );
      assert.equal(ours.constructor, theirs.constructor);
      assert.deepEqual(described(ours), described(theirs));
    });
  }

  for (const [claim, value] of Object.entries({ preload: true, cache: { maxEntries: 1 }, jwksMaxAge: 60, issuer: [{ issuer: ISSUER }] })) {
    test(`${claim}, which makes no sense here`, async () => {
      await assert.rejects(inspect('a.b.c', { ...options, [claim]: value }), { code: 'ERR_OPTION_INVALID', claim });
    });
  }

  test('a token of a hundred million letters, which leaves nothing in memory', async () => {
    const { memory } = (await import(pathToFileURL(join(folder, '../node_modules/tollgate/dist/generated/inspect/tollgate_inspect.js')).href)).initSync();
    const inspection = await inspect('é'.repeat(100_000_000), options);
    assert.equal(errorOf(inspection, 'form').code, 'ERR_JWS_INVALID');
    assert.ok(memory.buffer.byteLength < 4 << 20, `${memory.buffer.byteLength} bytes`);
  });

  test('a token that is no string, and a clock in milliseconds', async () => {
    await assert.rejects(inspect(/** @type {any} */ (undefined), options), TypeError);
    await assert.rejects(inspect('a.b.c', { ...options, now: () => Date.now() }), TypeError);
  });
});

describe('the list says of every token of the suite what `verify` says', () => {
  let compared = 0;
  /** @type {string[]} */
  let differences = [];

  /** @param {any} token @param {any} options @param {any} expect @param {PromiseSettledResult<any>} result */
  async function compare(token, options, expect, result) {
    const inspection = await inspect(token, options, expect);
    const failure = inspection.checks.find((/** @type {any} */ check) => check.outcome === 'failed')?.error;
    assert.equal(inspection.verified, result.status === 'fulfilled');
    if (result.status === 'rejected') return assert.deepEqual(described(failure), described(result.reason));
    const { claims, protectedHeader, key } = inspection;
    assert.deepEqual({ claims, protectedHeader, key }, result.value);
  }

  /** A verifier whose every verdict is compared. @param {any} given */
  async function createVerifier(given) {
    const verifier = await verify.createVerifier(given);
    const { preload: _, now: clock, fetch, signal, check, cache, jwksCache, waitUntil, ...data } = given;
    // Where keys are fetched, the suite counts requests; and one's own check is no part of the list.
    if ((data.key === undefined && data.jwks === undefined) || check) return verifier;
    // Some cases change what they have passed.
    const options = structuredClone(data);
    const verifyOne = verifier.verify.bind(verifier);
    verifier.verify = async (/** @type {any} */ token, /** @type {any} */ expect) => {
      const now = clock?.() ?? Date.now() / 1000;
      const [result] = await Promise.allSettled([verifyOne(token, expect)]);
      const isVerdict = result.status === 'fulfilled' || result.reason.code?.startsWith('ERR_J');
      if (isVerdict) {
        const difference = await compare(token, { ...options, now: () => now }, expect, result).catch((error) => error);
        if (difference) differences.push(`${token}: ${difference}`);
        compared += 1;
      }
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    };
    return verifier;
  }

  const watched = { ...modules, verify: { ...verify, createVerifier } };
  for (const group of ['rfc', 'keys', 'pem', 'algorithms', 'signatures', 'syntax', 'claims', 'options', 'jwks']) {
    test(group, async () => {
      differences = [];
      // Whether the case itself passes is told where the suite runs.
      for (const index of (groups[group] ?? []).keys()) await outcome(group, index, watched);
      assert.deepEqual(differences, []);
    });
  }

  test('which are many', () => assert.ok(compared > 500, `${compared}`));
});
