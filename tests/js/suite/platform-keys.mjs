// @ts-check
// CryptoKeys: what they say they are for is what they verify.

import { ALGORITHMS, EXPECTED, claims, newSigner, signer } from './tokens.mjs';

/** @typedef {import('./context.mjs').Case} Case */

const NOT_ALLOWED = { code: 'ERR_JOSE_ALG_NOT_ALLOWED' };
const HASHES = /** @type {const} */ ([256, 384, 512]);

/** @type {Record<string, any>} */
const PARAMETERS = {
  ...Object.fromEntries(
    HASHES.flatMap((bits) => [
      [`HS${bits}`, { name: 'HMAC', hash: `SHA-${bits}` }],
      [`RS${bits}`, { name: 'RSASSA-PKCS1-v1_5', hash: `SHA-${bits}` }],
      [`PS${bits}`, { name: 'RSA-PSS', hash: `SHA-${bits}` }],
    ]),
  ),
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  ES512: { name: 'ECDSA', namedCurve: 'P-521' },
  EdDSA: { name: 'Ed25519' },
  Ed25519: { name: 'Ed25519' },
};

/** @param {import('./tokens.mjs').Signer} key @param {any} parameters @param {boolean} [extractable] @param {KeyUsage[]} [usages] */
const imported = (key, parameters, extractable = true, usages = ['verify']) =>
  crypto.subtle.importKey(
    key.jwk.kty === 'oct' ? 'raw' : /** @type {any} */ ('spki'),
    /** @type {any} */ (key.raw),
    parameters,
    extractable,
    usages,
  );

/** @type {Case[]} */
const verified = ALGORITHMS.map((alg) => ({
  name: `${alg} verifies with a CryptoKey`,
  async run(t) {
    const subject = await signer(alg);
    const key = await imported(subject, PARAMETERS[alg]);
    const verifier = await t.createVerifier({ ...EXPECTED, key });
    const token = await subject.token(claims());
    t.deepEqual((await verifier.verify(token)).claims, claims(), 'claims');
    t.deepEqual(verifier.verifySync(token).claims, claims(), 'claims');
    const other = await (await newSigner(alg)).token(claims());
    await t.fails(() => verifier.verify(other), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  },
}));

/** @param {import('./context.mjs').Context} t @param {() => Promise<unknown>} action @param {RegExp} message */
async function failsAsType(t, action, message) {
  const error = await t.failure(action);
  t.ok(error instanceof TypeError && message.test(error.message), `a TypeError that helps, not ${error?.stack ?? error}`);
}

/** @type {Case[]} */
const confined = [
  {
    name: 'a CryptoKey of RSA or HMAC verifies its own algorithm only',
    async run(t) {
      for (const [made, says, given] of [
        ['RS256', 'PS256', 'RS256'],
        ['RS256', 'RS384', 'RS256'],
        ['PS256', 'RS256', 'PS256'],
        ['PS512', 'PS256', 'PS512'],
        ['HS512', 'HS256', 'HS512'],
        ['HS512', 'HS384', 'HS512'],
      ]) {
        const subject = await signer(made);
        const verifier = await t.createVerifier({ ...EXPECTED, key: await imported(subject, PARAMETERS[says]) });
        const token = await subject.token(claims(), { alg: given });
        await t.fails(() => verifier.verify(token), NOT_ALLOWED);
      }
    },
  },
  {
    name: 'a CryptoKey of RSA with SHA-1 is refused',
    async run(t) {
      const key = await imported(await signer('RS256'), { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' });
      await t.fails(() => t.createVerifier({ ...EXPECTED, key }), { code: 'ERR_JWK_INVALID' });
    },
  },
  {
    name: 'a CryptoKey that is private, may not verify or cannot be exported is a TypeError that says what to do',
    async run(t) {
      const create = (/** @type {CryptoKey} */ key) => t.createVerifier({ ...EXPECTED, key });
      const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
      const pair = /** @type {CryptoKeyPair} */ (
        await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
      );
      await failsAsType(t, () => create(pair.privateKey), /private.+public key/);
      t.ok(await create(pair.publicKey), 'the public key of the pair');
      const [rsa, ec, secret] = [await signer('RS256'), await signer('ES256'), await signer('HS256')];
      const oaep = await imported(rsa, { name: 'RSA-OAEP', hash: 'SHA-256' }, true, ['encrypt']);
      await failsAsType(t, () => create(oaep), /may not verify.+'verify'/);
      const ecdh = await imported(ec, { name: 'ECDH', namedCurve: 'P-256' }, true, []);
      await failsAsType(t, () => create(ecdh), /may not verify/);
      const signs = await imported(secret, PARAMETERS.HS256, true, ['sign']);
      await failsAsType(t, () => create(signs), /may not verify/);
      for (const key of [await imported(ec, parameters, false), await imported(secret, PARAMETERS.HS256, false)]) {
        await failsAsType(t, () => create(key), /cannot be exported.+JWK/);
      }
    },
  },
  {
    name: 'a CryptoKey that is too weak is refused',
    async run(t) {
      const weak = { name: 'HMAC', hash: 'SHA-256', length: 128 };
      const key = /** @type {CryptoKey} */ (await crypto.subtle.generateKey(weak, true, ['sign', 'verify']));
      await t.fails(() => t.createVerifier({ ...EXPECTED, key }), { code: 'ERR_JWK_INVALID' });
    },
  },
  {
    name: 'the options beside a CryptoKey are checked as ever',
    async run(t) {
      const key = await imported(await signer('ES256'), PARAMETERS.ES256);
      const unknown = { code: 'ERR_OPTION_INVALID', claim: 'audiences', reason: 'mismatch' };
      const error = await t.failure(() => t.createVerifier({ ...EXPECTED, key, audiences: 'a' }));
      t.refusal(error, { ...unknown, reason: error.reason });
      await failsAsType(t, () => t.createVerifier(Object.assign(Object.create(EXPECTED), { key })), /plain object/);
    },
  },
];

export default [...verified, ...confined];
