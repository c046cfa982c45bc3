// @ts-check
// The FAPI 2.0 Security Profile, after the client modules of the conformance suite of OpenID: one row for each, under its name there.

import { base64url, newSigner } from '../../suite/tokens.mjs';
import { claim, heads, says, sends } from './conformance.mjs';
import { CLIENT } from './context.mjs';
import { decodedJwt } from '../scripted-record.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */
/** @typedef {import('./context.mjs').Refusal} Refusal */

/** A client that keeps to the profile. @param {Context} t @param {object} [options] @param {object} [members] */
async function keeping(t, options, members) {
  const [dpop, { privateKey }] = [await t.oauth.generateDpopKey(), await t.oauth.generateDpopKey()];
  return t.at({ client: { ...CLIENT, privateKey, dpop, profile: 'fapi2', ...members }, ...options });
}

const violation = (/** @type {string} */ claim) => ({ code: 'ERR_OAUTH_PROFILE_VIOLATION', claim, reason: 'mismatch' });

/** @type {Array<[string, { options?: object, server?: (server: import('../scripted.mjs').ScriptedServer) => unknown, response?: Record<string, string | undefined>, refused?: Refusal }]>} */
const ROWS = [
  ['happy-path', {}],
  ['happy-path with a nonce of the server', { server: (server) => void (server.dpopNonce = 'nonce') }],
  ['invalid-iss', { server: says({ iss: 'https://evil.example' }), refused: claim('iss', 'mismatch') }],
  ['invalid-aud', { server: says({ aud: 'other' }), refused: claim('aud', 'mismatch') }],
  ['invalid-secondary-aud', { server: says({ aud: ['client', 'other'] }), refused: claim('azp', 'missing') }],
  ['valid-aud-as-array', { server: says({ aud: ['client'] }) }],
  ['invalid-missing-nonce', { server: says({ nonce: undefined }), refused: claim('nonce', 'missing') }],
  ['invalid-missing-exp', { server: says({ exp: undefined }), refused: claim('exp', 'missing') }],
  [
    'invalid-expired-exp',
    { server: says(({ now }) => ({ exp: now - 300 })), refused: { code: 'ERR_JWT_EXPIRED', claim: 'exp', reason: 'mismatch' } },
  ],
  [
    'invalid-null-alg',
    {
      server: sends((token) => token.replace(/^[^.]*/, base64url('{"alg":"none"}')).replace(/[^.]*$/, '')),
      refused: { code: 'ERR_JOSE_ALG_NOT_ALLOWED' },
    },
  ],
  ['invalid-alternate-alg: RS256, which the profile forbids', { options: { alg: 'RS256' }, refused: { code: 'ERR_JOSE_ALG_NOT_ALLOWED' } }],
  ['alternate-alg: PS256', { options: { alg: 'PS256' } }],
  ['alternate-alg: EdDSA', { options: { alg: 'EdDSA' } }],
  [
    'invalid-signature',
    {
      server: async (server) =>
        sends(async (token) => (await newSigner('ES256')).token(decodedJwt(token).payload, decodedJwt(token).header))(server),
      refused: { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
    },
  ],
  ['invalid-kid', { server: heads({ kid: 'nobody' }), refused: { code: 'ERR_JWKS_NO_MATCHING_KEY' } }],
  [
    'remove-authorization-response-iss',
    { response: { iss: undefined }, refused: { code: 'ERR_OAUTH_ISSUER_MISMATCH', claim: 'iss', reason: 'missing' } },
  ],
  [
    'remove-authorization-response-iss: where none is announced',
    {
      options: { metadata: { authorization_response_iss_parameter_supported: undefined } },
      response: { iss: undefined },
      refused: { code: 'ERR_OAUTH_ISSUER_MISMATCH', claim: 'iss', reason: 'missing' },
    },
  ],
  [
    'invalid-authorization-response-iss',
    { response: { iss: 'https://evil.example' }, refused: { code: 'ERR_OAUTH_ISSUER_MISMATCH', claim: 'iss', reason: 'mismatch' } },
  ],
  [
    'ensure-authorization-response-with-invalid-state-fails',
    { response: { state: 'other' }, refused: { code: 'ERR_OAUTH_STATE_MISMATCH' } },
  ],
  [
    'ensure-authorization-response-with-missing-state-fails',
    { response: { state: undefined }, refused: { code: 'ERR_OAUTH_STATE_MISSING' } },
  ],
  ['token-type-case-insensitivity', { server: (server) => void (server.tokenResponse = (answer) => ({ ...answer, token_type: 'dpop' })) }],
  [
    'token-type: a token that is bound to nothing',
    {
      server: (server) => void (server.tokenResponse = (answer) => ({ ...answer, token_type: 'Bearer' })),
      refused: { code: 'ERR_OAUTH_TOKEN_RESPONSE_INVALID', claim: 'token_type', reason: 'mismatch' },
    },
  ],
  [
    'token-endpoint-response-without-expires_in',
    { server: (server) => void (server.tokenResponse = ({ expires_in: _, ...answer }) => answer) },
  ],
  ['no-scope-in-token-endpoint-response', { server: (server) => void (server.tokenResponse = ({ scope: _, ...answer }) => answer) }],
];

/** @type {Case[]} */
export default [
  ...ROWS.map(([name, { options, server: change = () => {}, response, refused }]) => ({
    name: `fapi2: ${name}${refused ? ': refused' : ''}`,
    async run(/** @type {Context} */ t) {
      const { server, logIn, refuses } = await keeping(t, options);
      await change(server);
      if (refused) await refuses(() => logIn({}, response), refused);
      else t.equal((await logIn({}, response)).token_type, 'DPoP', 'token_type');
      t.ok(server.at('par').length > 0, 'the request was pushed');
    },
  })),
  {
    name: 'fapi2: what the profile forbids is refused before anything is sent',
    async run(t) {
      const { server, metadata, client, call, authorize, refuses } = await keeping(t);
      await refuses(() => authorize({ par: false }), violation('par'));
      await refuses(() => authorize({ redirect_uri: 'http://client.example/callback' }), violation('redirect_uri'));
      await refuses(
        () => t.oauth.passwordGrant(metadata, client, { username: 'ada', password: 'analytical engine' }, call),
        violation('flow'),
      );
      for (const [members, claim] of /** @type {[object, string][]} */ ([
        [{ dpop: undefined }, 'dpop'],
        [{ privateKey: undefined }, 'token_endpoint_auth_method'],
        [{ privateKey: undefined, client_secret: 'secret-0123456789' }, 'token_endpoint_auth_method'],
        [
          { privateKey: undefined, client_secret: 'secret-0123456789', token_endpoint_auth_method: 'client_secret_jwt' },
          'token_endpoint_auth_method',
        ],
      ])) {
        const scene = await keeping(t, {}, members);
        await scene.refuses(scene.credentials, violation(claim));
        t.deepEqual(scene.server.requests, [], 'requests');
      }
      t.deepEqual(server.requests, [], 'requests');
      const without = await keeping(t, { metadata: { pushed_authorization_request_endpoint: undefined } });
      await without.refuses(without.authorize, violation('pushed_authorization_request_endpoint'));
    },
  },
];
