// @ts-check
// Options that would not be checked are refused, never ignored.

import { AUDIENCE, EXPECTED, ISSUER, claims, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

/** @type {Array<[string, object]>} */
const REFUSED = [
  ['no audience', { audience: undefined }],
  ['an empty audience', { audience: '' }],
  ['an empty list of audiences', { audience: [] }],
  ['an audience that is a number', { audience: 1 }],
  ['a list of audiences with null', { audience: [AUDIENCE, null] }],
  ['an empty issuer', { issuer: '' }],
  ['an issuer that is null', { issuer: null }],
  ['an issuer that is a number', { issuer: 1 }],
  ['no algorithms', { algorithms: [] }],
  ['algorithms that are a string', { algorithms: 'HS256' }],
  ['algorithms with a number', { algorithms: [1] }],
  ['an empty typ', { typ: '' }],
  ['a typ that is a number', { typ: 1 }],
  ['an empty subject', { subject: '' }],
  ['requiredClaims with a number', { requiredClaims: ['jti', 1] }],
  ['a negative clockTolerance', { clockTolerance: -1 }],
  ['a clockTolerance of text', { clockTolerance: '5 minutes' }],
  ['a clockTolerance that is NaN', { clockTolerance: NaN }],
  ['a clockTolerance that is infinite', { clockTolerance: Infinity }],
  ['a negative maxTokenAge', { maxTokenAge: -1 }],
  ['a maxTokenAge of text', { maxTokenAge: '1h' }],
  ['a maxTokenAge that is infinite', { maxTokenAge: Infinity }],
  ['a requireExp of text', { requireExp: 'false' }],
  ['a subject that is a function', { subject: () => 'x' }],
  ['a subject that is a symbol', { subject: Symbol('x') }],
  ['a maxTokenAge that is a function', { maxTokenAge: () => 60 }],
  ['a subject that turns into nothing', { subject: { toJSON() {} } }],
  ['a misspelt option', { audiences: AUDIENCE }],
  ['an option of another library', { ignoreExpiration: true }],
  ['requiredScopes that are a string', { requiredScopes: 'read' }],
  ['requiredScopes of which one has a space', { requiredScopes: ['read write'] }],
  ['no requiredScopes', { requiredScopes: [] }],
  ['a negative maxAge', { maxAge: -1 }],
  ['a maxAge of text', { maxAge: '1h' }],
  ['an empty nonce', { nonce: '' }],
  ['a nonce that is undefined', { nonce: undefined }],
  ['acrValues that are a string', { acrValues: '1' }],
  ['no acrValues', { acrValues: [] }],
  ['no crit', { crit: [] }],
  ['a crit that is a string', { crit: 'x' }],
  ['a crit of b64', { crit: ['b64'] }],
  ['a crit of a registered parameter', { crit: ['x', 'kid'] }],
  ['a profile that is not known', { profile: 'dpop+jwt' }],
  ['an access token, which only a call can have', { accessToken: 'x' }],
  ['an authorization code, which only a call can have', { code: 'x' }],
  ['two sources of keys', { jwksUri: 'https://issuer.example/jwks' }],
  ['a key and a JWK Set', { jwks: { keys: [] } }],
];

/** @type {Case[]} */
const refused = REFUSED.map(([what, options]) => ({
  name: `createVerifier refuses ${what}`,
  async run(t) {
    const { raw: key } = await signer('HS256');
    const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key, ...options }));
    if (error instanceof TypeError) return t.ok(error.message.length > 10, 'the TypeError says what is wrong');
    t.refusal(error, { code: 'ERR_OPTION_INVALID', claim: error.claim, reason: error.reason });
    t.ok(error.claim, `the error names the option: ${error.message}`);
  },
}));

/** @type {Case[]} */
const rest = [
  {
    name: 'options that are inherited are refused, since they would not be seen',
    async run(t) {
      class Options {
        audience = AUDIENCE;
        get subject() {
          return 'x';
        }
      }
      const { raw: key } = await signer('HS256');
      const { verifier, good } = await t.subject();
      for (const inherited of [new Options(), Object.create({ subject: 'x' })]) {
        for (const call of [
          () => t.createVerifier(Object.assign(inherited, { ...EXPECTED, key })),
          () => verifier.verify(good, inherited),
          () => verifier.verifySync(good, inherited),
        ]) {
          t.ok((await t.failure(call)) instanceof TypeError, 'a TypeError');
        }
      }
    },
  },
  {
    name: 'verify refuses expectations that JSON would leave out',
    async run(t) {
      const { verifier, good } = await t.subject();
      for (const subject of [() => 'x', Symbol('x'), { toJSON() {} }, undefined, NaN]) {
        const error = await t.failure(() => verifier.verify(good, { subject }));
        t.refusal(error, { code: 'ERR_OPTION_INVALID', claim: 'subject', reason: error.reason });
      }
    },
  },
  {
    name: 'createVerifier refuses to have no key, no JWK Set and no issuer',
    async run(t) {
      const error = await t.failure(() => t.createVerifier({ audience: AUDIENCE }));
      t.refusal(error, { code: 'ERR_OPTION_INVALID', claim: error.claim, reason: error.reason });
    },
  },
  {
    name: 'createVerifier refuses an algorithm that is not implemented, and none',
    async run(t) {
      const { raw: key } = await signer('HS256');
      for (const alg of ['none', 'None', 'XS256', 'hs256', '']) {
        const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key, algorithms: ['HS256', alg] }));
        t.ok(['ERR_JOSE_NOT_SUPPORTED', 'ERR_OPTION_INVALID'].includes(error.code), `${alg}: ${error?.stack}`);
      }
    },
  },
  {
    name: 'createVerifier refuses algorithms of which none fits the key',
    async run(t) {
      const { jwk } = await signer('ES256');
      for (const algorithms of [['HS256'], ['RS256', 'EdDSA']]) {
        await t.fails(() => t.createVerifier({ ...EXPECTED, key: jwk, algorithms }), {
          code: 'ERR_JOSE_ALG_NOT_ALLOWED',
        });
      }
    },
  },
  {
    name: 'HS256 in algorithms does not allow it for a JWK Set',
    async run(t) {
      const [oct, ec] = [await signer('HS256'), await signer('ES256')];
      const keys = [
        { ...oct.jwk, kid: 'oct' },
        { ...ec.jwk, kid: 'ec' },
      ];
      const verifier = await t.createVerifier({ ...EXPECTED, jwks: { keys }, algorithms: ['HS256', 'ES256'] });
      await t.fails(async () => verifier.verify(await oct.token(claims(), { kid: 'oct' })), {
        code: 'ERR_JOSE_ALG_NOT_ALLOWED',
      });
      t.ok(await verifier.verify(await ec.token(claims(), { kid: 'ec' })), 'ES256');
    },
  },
  {
    name: 'a key or options of a wrong type are a TypeError or name the option',
    async run(t) {
      for (const options of [
        undefined,
        null,
        1,
        'text',
        { ...EXPECTED, key: 1 },
        { ...EXPECTED, key: null },
        { ...EXPECTED, key: [] },
        { ...EXPECTED, key: true },
        { ...EXPECTED, key: {} },
        { ...EXPECTED, key: { der: 'text' } },
        { ...EXPECTED, key: { sec1: [4, 1, 1], crv: 'P-256' } },
        { ...EXPECTED, key: { sec1: new Uint8Array(65).fill(4) } },
        { ...EXPECTED, key: new ArrayBuffer(32) },
        { ...EXPECTED, key: await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['verify']) },
        { ...EXPECTED, key: new Uint8Array(32), timeout: Infinity },
        { ...EXPECTED, key: new Uint8Array(32), timeout: NaN },
        { ...EXPECTED, key: new Uint8Array(32), timeout: 0 },
        { ...EXPECTED, key: new Uint8Array(32), timeout: '5' },
        { ...EXPECTED, jwks: 'text' },
        { ...EXPECTED, jwksUri: 1 },
        { audience: null, issuer: [ISSUER] },
      ]) {
        const error = await t.failure(() => t.createVerifier(options));
        const typed = error instanceof TypeError || error instanceof t.TollgateError;
        t.ok(
          typed &&
            error.message.length > 10 &&
            !/undefined|null|of 1|is not a function|not iterable/.test(error.message),
          `${JSON.stringify(options)}: ${error?.stack}`,
        );
      }
    },
  },
  {
    name: 'verify refuses expectations that would not be checked, and algorithms among them',
    async run(t) {
      const { verifier, good } = await t.subject();
      for (const expect of [
        { audiences: 'x' },
        { algorithms: ['HS256'] },
        { subject: '' },
        { maxTokenAge: -1 },
        { nonce: '' },
        { profile: 'jwt' },
        { crit: ['x'] },
        { accessToken: '' },
        { code: 1 },
        { cache: false },
        { check() {} },
      ]) {
        for (const call of [() => verifier.verify(good, expect), () => verifier.verifySync(good, expect)]) {
          const error = await t.failure(call);
          t.refusal(error, { code: 'ERR_OPTION_INVALID', claim: error.claim, reason: error.reason }, good.split('.'));
          t.ok(error.claim, 'the error names the option');
        }
      }
      t.ok(await verifier.verify(good, {}), 'no expectation');
    },
  },
  {
    name: 'the options are read once: later changes to them change nothing',
    async run(t) {
      const { raw: key, token } = await signer('HS256');
      const options = { ...EXPECTED, audience: [AUDIENCE], requiredClaims: ['sub'], key };
      const verifier = await t.createVerifier(options);
      options.audience.push('evil');
      options.requiredClaims.length = 0;
      options.issuer = 'https://evil.example';
      t.ok(await verifier.verify(await token(claims())), 'the good token');
      await t.fails(async () => verifier.verify(await token(claims({ aud: 'evil' }))), {
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        claim: 'aud',
        reason: 'mismatch',
      });
    },
  },
];

export default [...refused, ...rest];
