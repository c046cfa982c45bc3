// @ts-check
// The ID token, after the relying party modules of the conformance suite of OpenID: one row for each, under its name there.

import { base64url, macToken, newSigner, utf8 } from '../../suite/tokens.mjs';
import { decodedJwt } from '../scripted-record.mjs';
import { refusalOf } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */
/** @typedef {import('./context.mjs').Refusal} Refusal */
/** @typedef {import('../scripted.mjs').ScriptedServer} Server */

/**
 * @typedef {object} Row
 * @property {string} name of the module, and what is particular
 * @property {(server: Server) => unknown} [server] what the server does
 * @property {any} [options] of the scene
 * @property {object} [parameters] of the request
 * @property {Refusal} [refused] otherwise the login succeeds
 */

export const claim = refusalOf('ERR_JWT_CLAIM_VALIDATION_FAILED');
const SIGNATURE = { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
const ALGORITHM = { code: 'ERR_JOSE_ALG_NOT_ALLOWED' };
const NO_KEY = { code: 'ERR_JWKS_NO_MATCHING_KEY' };
const EXPIRED = { code: 'ERR_JWT_EXPIRED', claim: 'exp', reason: 'mismatch' };

/** Changes claims; `undefined` leaves one out. @param {Record<string, unknown> | ((server: Server, claims: any) => object)} changes */
export const says = (changes) => (/** @type {Server} */ server) => {
  server.idToken = (claims) => ({ ...claims, ...(typeof changes === 'function' ? changes(server, claims) : changes) });
};

/** Changes the header. @param {object} changes */
export const heads = (changes) => (/** @type {Server} */ server) => void (server.idTokenHeader = () => changes);

/** Changes the finished ID token. @param {(token: string) => string | Promise<string>} change */
export const sends = (change) => (/** @type {Server} */ server) => {
  server.instead.token = async (_, honest) => {
    const answer = await (await honest()).json();
    const id_token = await change(answer.id_token);
    server.secrets.add(id_token);
    return Response.json({ ...answer, id_token });
  };
};

/** Publishes a JWK set. @param {(keys: any[]) => unknown} change */
const publishes = (change) => (/** @type {Server} */ server) => {
  server.instead.jwks = async (_, honest) => Response.json(change((await (await honest()).json()).keys));
};

/** Does one thing after the other. @param {...((server: Server) => unknown)} all */
const both =
  (...all) =>
  async (/** @type {Server} */ server) => {
    for (const one of all) await one(server);
  };

const [HEADER, PAYLOAD] = [0, 1];
/** Replaces a part of a token. @param {number} index @param {(text: any) => unknown} change */
const part = (index, change) => (/** @type {string} */ token) => {
  const parts = token.split('.');
  parts[index] = base64url(JSON.stringify(change(decodedJwt(token)[index === HEADER ? 'header' : 'payload'])));
  return parts.join('.');
};

/** @type {Row[]} */
const CLAIMS = [
  { name: 'client-test: an honest ID token' },
  { name: 'invalid-iss', server: says({ iss: 'https://evil.example' }), refused: claim('iss', 'mismatch') },
  { name: 'invalid-iss: with a slash', server: says(({ issuer }) => ({ iss: `${issuer}/` })), refused: claim('iss', 'mismatch') },
  { name: 'invalid-iss: an array', server: says(({ issuer }) => ({ iss: [issuer] })), refused: claim('iss', 'malformed') },
  { name: 'missing-iss', server: says({ iss: undefined }), refused: claim('iss', 'missing') },
  { name: 'invalid-aud', server: says({ aud: 'other' }), refused: claim('aud', 'mismatch') },
  { name: 'invalid-aud: none', server: says({ aud: undefined }), refused: claim('aud', 'missing') },
  { name: 'invalid-aud: an empty array', server: says({ aud: [] }), refused: claim('aud', 'mismatch') },
  { name: 'invalid-aud: an empty string', server: says({ aud: '' }), refused: claim('aud', 'mismatch') },
  { name: 'invalid-aud: a number', server: says({ aud: 1 }), refused: claim('aud', 'malformed') },
  { name: 'invalid-aud: an array with a number', server: says({ aud: ['client', 1] }), refused: claim('aud', 'malformed') },
  { name: 'valid-aud-as-array', server: says({ aud: ['client'] }) },
  { name: 'invalid-secondary-aud: without azp', server: says({ aud: ['client', 'other'] }), refused: claim('azp', 'missing') },
  { name: 'invalid-secondary-aud: with azp', server: says({ aud: ['client', 'other'], azp: 'client' }) },
  { name: 'invalid-azp', server: says({ aud: ['client', 'other'], azp: 'other' }), refused: claim('azp', 'mismatch') },
  { name: 'invalid-azp: of one audience', server: says({ azp: 'other' }), refused: claim('azp', 'mismatch') },
  { name: 'missing-sub', server: says({ sub: undefined }), refused: claim('sub', 'missing') },
  { name: 'missing-sub: empty', server: says({ sub: '' }), refused: claim('sub', 'malformed') },
  { name: 'missing-sub: a number', server: says({ sub: 1 }), refused: claim('sub', 'malformed') },
  { name: 'missing-iat', server: says({ iat: undefined }), refused: claim('iat', 'missing') },
  { name: 'missing-iat: a string', server: says(({ now }) => ({ iat: `${now}` })), refused: claim('iat', 'malformed') },
  { name: 'iat-in-the-future: no rule of OpenID Connect', server: says(({ now }) => ({ iat: now + 3600 })) },
  { name: 'missing-exp', server: says({ exp: undefined }), refused: claim('exp', 'missing') },
  { name: 'expired-exp', server: says(({ now }) => ({ exp: now - 30 })), refused: EXPIRED },
  { name: 'expired-exp: within the tolerance', server: says(({ now }) => ({ exp: now - 29 })) },
  { name: 'invalid-nbf', server: says(({ now }) => ({ nbf: now + 31 })), refused: claim('nbf', 'mismatch') },
  { name: 'nonce-invalid', server: says({ nonce: 'other' }), refused: claim('nonce', 'mismatch') },
  { name: 'nonce-invalid: a number', server: says({ nonce: 1 }), refused: claim('nonce', 'malformed') },
  {
    name: 'nonce-invalid: in another case',
    server: says((_, { nonce }) => ({ nonce: `${nonce}`.toUpperCase().concat('x') })),
    refused: claim('nonce', 'mismatch'),
  },
  { name: 'nonce-unless-code-flow: left out, though it was sent', server: says({ nonce: undefined }), refused: claim('nonce', 'missing') },
  {
    name: 'nonce-unless-code-flow: there, though none was sent',
    parameters: { scope: 'api' },
    server: withoutOpenid(says({ nonce: 'n' })),
    refused: claim('nonce', 'mismatch'),
  },
  { name: 'nonce-unless-code-flow: none, as none was sent', parameters: { scope: 'api' }, server: withoutOpenid(says({})) },
  { name: 'bad-at-hash-if-applicable', server: says({ at_hash: 'A'.repeat(22) }), refused: claim('at_hash', 'mismatch') },
  {
    name: 'bad-at-hash-if-applicable: the whole hash',
    server: says((_, { at_hash }) => ({ at_hash: `${at_hash}${at_hash}` })),
    refused: claim('at_hash', 'mismatch'),
  },
  { name: 'bad-at-hash-if-applicable: a number', server: says({ at_hash: 1 }), refused: claim('at_hash', 'malformed') },
  { name: 'missing-athash: optional in the code flow', server: says({ at_hash: undefined }) },
  { name: 'auth_time: a fraction', server: says(({ now }) => ({ auth_time: now - 5.5 })) },
  { name: 'auth_time: a string', server: says(({ now }) => ({ auth_time: `${now}` })), refused: claim('auth_time', 'malformed') },
  { name: 'max_age: recent enough', parameters: { max_age: 60 } },
  { name: 'max_age: a fraction', parameters: { max_age: 60 }, server: says(({ now }) => ({ auth_time: now - 60.5 })) },
  {
    name: 'max_age: too long ago',
    parameters: { max_age: 60 },
    server: says(({ now }) => ({ auth_time: now - 91 })),
    refused: claim('auth_time', 'mismatch'),
  },
  {
    name: 'max_age: not said',
    parameters: { max_age: 60 },
    server: says({ auth_time: undefined }),
    refused: claim('auth_time', 'missing'),
  },
  {
    name: 'max_age: 0',
    parameters: { max_age: 0 },
    server: says(({ now }) => ({ auth_time: now - 31 })),
    refused: claim('auth_time', 'mismatch'),
  },
];

/** An ID token comes, though the scope has no openid. @param {(server: Server) => unknown} change */
function withoutOpenid(change) {
  return async (/** @type {Server} */ server) => {
    await change(server);
    server.instead.token = async (_, honest) => {
      const claims = { iss: server.issuer, sub: server.sub, aud: 'client', iat: server.now, exp: server.now + 60 };
      return Response.json({ ...(await (await honest()).json()), id_token: await server.sign(server.idToken(claims)) });
    };
  };
}

/** @type {Row[]} */
const SIGNATURES = [
  ...['RS256', 'ES256', 'PS256', 'EdDSA'].flatMap((alg) => [
    { name: `idtoken-sig-${alg.toLowerCase()}`, options: { alg } },
    {
      name: `bad-sig-${alg.toLowerCase()}`,
      options: { alg },
      server: sends((token) => token.replace(/\.(.)([^.]*)$/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`)),
      refused: SIGNATURE,
    },
  ]),
  {
    name: 'bad-sig: the claims were changed',
    server: sends(part(PAYLOAD, (claims) => ({ ...claims, sub: 'somebody else' }))),
    refused: SIGNATURE,
  },
  {
    name: 'bad-sig: of another key',
    server: async (server) =>
      sends(async (token) => (await newSigner('ES256')).token(decodedJwt(token).payload, decodedJwt(token).header))(server),
    refused: SIGNATURE,
  },
  { name: 'bad-sig: no signature', server: sends((token) => token.replace(/[^.]*$/, '')), refused: SIGNATURE },
  {
    name: 'idtoken-sig-none',
    server: sends((token) => part(HEADER, ({ kid }) => ({ alg: 'none', kid }))(token).replace(/[^.]*$/, '')),
    refused: ALGORITHM,
  },
  ...['None', 'NONE', 'nOnE', ''].map((alg) => ({
    name: `idtoken-sig-none: "${alg}"`,
    server: sends((token) => part(HEADER, () => ({ alg }))(token).replace(/[^.]*$/, '')),
    refused: ALGORITHM,
  })),
  {
    name: 'idtoken-sig-none: announced',
    options: { metadata: { id_token_signing_alg_values_supported: ['none', 'ES256'] } },
    server: sends((token) => part(HEADER, () => ({ alg: 'none' }))(token).replace(/[^.]*$/, '')),
    refused: ALGORITHM,
  },
  {
    name: 'idtoken-sig-hs256: by the secret of the client',
    options: {
      client: { client_id: 'client', client_secret: 's'.repeat(43) },
      metadata: { id_token_signing_alg_values_supported: ['HS256', 'ES256'] },
    },
    server: sends((token) => macToken(utf8('s'.repeat(43)), {}, decodedJwt(token).payload)),
    refused: ALGORITHM,
  },
  {
    name: 'idtoken-sig-hs256: by the public key',
    options: { alg: 'RS256' },
    server: async (server) =>
      sends(async (token) => macToken(utf8(server.key.pem), { kid: server.key.kid }, decodedJwt(token).payload))(server),
    refused: ALGORITHM,
  },
  {
    name: 'invalid-alternate-alg: one that is not announced',
    server: async (server) => sends(async (token) => (await newSigner('EdDSA')).token(decodedJwt(token).payload))(server),
    refused: ALGORITHM,
  },
  {
    name: 'crit: an extension that nobody knows',
    server: heads({ crit: ['ext'], ext: 1 }),
    refused: { code: 'ERR_JOSE_NOT_SUPPORTED', claim: 'crit', reason: 'mismatch' },
  },
  {
    name: 'jwk: a key in the header is not asked',
    server: async (server) =>
      sends(async (token) => {
        const own = await newSigner('ES256');
        return own.token(decodedJwt(token).payload, { kid: server.key.kid, jwk: own.jwk });
      })(server),
    refused: SIGNATURE,
  },
  { name: 'typ: another kind of token', server: heads({ typ: 'at+jwt' }), refused: claim('typ', 'mismatch') },
  { name: 'typ: JWT', server: heads({ typ: 'JWT' }) },
  { name: 'an encrypted ID token', server: sends(() => 'a.b.c.d.e'), refused: { code: 'ERR_JWS_INVALID' } },
  { name: 'an ID token that is no token', server: sends(() => 'no token'), refused: { code: 'ERR_JWS_INVALID' } },
  {
    name: 'an ID token whose payload is no object',
    server: async (server) => sends(async () => server.key.tokenOf(JSON.stringify({ alg: 'ES256', kid: server.key.kid }), '[]'))(server),
    refused: { code: 'ERR_JWT_INVALID' },
  },
  {
    name: 'an ID token with sub twice',
    server: async (server) =>
      sends(async (token) =>
        server.key.tokenOf(
          JSON.stringify({ alg: 'ES256', kid: server.key.kid }),
          JSON.stringify(decodedJwt(token).payload).replace('{', '{"sub":"admin",'),
        ),
      )(server),
    refused: { code: 'ERR_JWT_INVALID' },
  },
];

/** @type {Row[]} */
const KEYS = [
  { name: 'kid-absent-single-jwks', server: heads({ kid: undefined }) },
  {
    name: 'kid-absent-multiple-jwks: every key that fits is tried',
    server: both((server) => server.rotate({ keep: true }), heads({ kid: undefined })),
  },
  {
    name: 'kid-absent-multiple-jwks: none of them fits',
    server: both(
      (server) => server.rotate({ keep: true }),
      heads({ kid: undefined }),
      publishes((keys) => ({ keys: [keys[0], { ...keys[0], kid: 'b' }] })),
    ),
    refused: SIGNATURE,
  },
  {
    name: 'kid-absent-multiple-jwks: of several types',
    server: both(
      heads({ kid: undefined }),
      publishes((keys) => ({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }, { kty: 'unknown' }, ...keys] })),
    ),
  },
  { name: 'jwks: a kid that nobody knows', server: heads({ kid: 'nobody' }), refused: NO_KEY },
  { name: 'jwks: two keys of one kid', server: publishes((keys) => ({ keys: [{ ...keys[0], x: keys[0].y, y: keys[0].x }, ...keys] })) },
  { name: 'jwks: the key is for encryption', server: publishes(([key]) => ({ keys: [{ ...key, use: 'enc' }] })), refused: NO_KEY },
  { name: 'jwks: the key is for another algorithm', server: publishes(([key]) => ({ keys: [{ ...key, alg: 'ES384' }] })), refused: NO_KEY },
  {
    name: 'jwks: the key is a secret',
    server: publishes(([key]) => ({ keys: [{ kty: 'oct', k: 'A'.repeat(43), kid: key.kid }] })),
    refused: NO_KEY,
  },
  { name: 'jwks: no keys', server: publishes(() => ({ keys: [] })), refused: NO_KEY },
  {
    name: 'jwks: keys that are none are passed over',
    server: publishes((keys) => ({ keys: [{}, { kty: 'EC' }, { kty: 'RSA', n: 'AQ', e: 'AQ' }, ...keys] })),
  },
  { name: 'jwks: no set', server: publishes(() => ({})), refused: { code: 'ERR_JWKS_INVALID' } },
  { name: 'jwks: keys is no array', server: publishes((keys) => ({ keys: { ...keys } })), refused: { code: 'ERR_JWKS_INVALID' } },
  { name: 'jwks: an array', server: publishes((keys) => keys), refused: { code: 'ERR_JWKS_INVALID' } },
  {
    name: 'jwks: no jwks_uri',
    options: { metadata: { jwks_uri: undefined } },
    refused: { code: 'ERR_OAUTH_METADATA_INVALID', claim: 'jwks_uri', reason: 'missing' },
  },
];

/** @param {Row} row @returns {Case} */
const caseOf = ({ name, server: change = () => {}, options, parameters, refused }) => ({
  name: refused ? `${name}: refused` : name,
  async run(t) {
    const { server, logIn, refuses } = await t.at(options);
    await change(server);
    if (refused) await refuses(() => logIn(parameters), refused);
    else t.equal((await logIn(parameters)).claims.sub, server.sub, 'sub');
    // Whatever it is, nothing is asked for twice.
    t.ok(server.at('jwks').length <= 1 && server.at('token').length === 1, 'requests');
  },
});

/** @type {Case[]} */
const rotations = [
  {
    name: 'jwks-key-rotation: between two logins, the new key is fetched once',
    async run(t) {
      const { server, logIn } = await t.at();
      await logIn();
      await logIn();
      t.equal(server.at('jwks').length, 1, 'the keys are kept');
      await server.rotate();
      await logIn();
      t.equal(server.at('jwks').length, 2, 'requests of keys');
    },
  },
  {
    name: 'jwks-key-rotation: in the middle of a login, before the code is exchanged',
    async run(t) {
      const { server, logIn, authorize, validate, exchange } = await t.at();
      await logIn();
      const { callback, transaction } = await authorize();
      await server.rotate();
      t.equal((await exchange(await validate(callback, transaction))).claims.sub, server.sub, 'sub');
    },
  },
  {
    name: 'jwks-key-rotation: between signing and the request of keys, with the old key kept',
    async run(t) {
      const { server, logIn } = await t.at();
      server.instead.jwks = async (_, honest) => {
        await server.rotate({ keep: true });
        return honest();
      };
      t.equal((await logIn()).claims.sub, server.sub, 'sub');
    },
  },
  {
    name: 'jwks-key-rotation: between signing and the request of keys, with the old key gone: refused, and the next login succeeds',
    async run(t) {
      const { server, logIn, refuses } = await t.at();
      server.instead.jwks = async (_, honest) => {
        await server.rotate();
        return honest();
      };
      await refuses(logIn, NO_KEY);
      server.instead = {};
      t.equal((await logIn()).claims.sub, server.sub, 'sub');
    },
  },
  {
    name: 'jwks-key-rotation: under the same kid, the new key is fetched once',
    async run(t) {
      const { server, logIn } = await t.at();
      server.idTokenHeader = () => ({ kid: 'same' });
      server.instead.jwks = publishing(server);
      await logIn();
      await server.rotate();
      t.equal((await logIn()).claims.sub, server.sub, 'sub');
      t.equal(server.at('jwks').length, 2, 'requests of keys');
    },
  },
  {
    name: 'jwks-key-rotation: keys are good for ten minutes',
    async run(t) {
      const { server, logIn } = await t.at();
      await logIn();
      server.now += 599;
      await logIn();
      t.equal(server.at('jwks').length, 1, 'requests of keys');
      server.now += 1;
      await logIn();
      t.equal(server.at('jwks').length, 2, 'requests of keys');
    },
  },
];

/** @param {Server} server */
const publishing = (server) => () => Response.json({ keys: [{ ...server.key.jwk, kid: 'same' }] });

export const idToken = [...CLAIMS, ...SIGNATURES].map(caseOf);
export const keys = [...KEYS.map(caseOf), ...rotations];
