// @ts-check
// Refresh (RFC 6749 §6, OpenID Connect Core §12.2): the new tokens are about the same user and the same login.

import { claim, says } from './conformance.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */
/** @typedef {import('./context.mjs').Refusal} Refusal */
/** @typedef {import('../scripted.mjs').ScriptedServer} Server */

/** What the ID token of a refresh says, and what comes of it. @type {Array<[string, Parameters<typeof says>[0], Refusal?]>} */
const ROWS = [
  ['the same', {}],
  ['invalid iss', { iss: 'https://evil.example' }, claim('iss', 'mismatch')],
  ['invalid aud', { aud: 'other' }, claim('aud', 'mismatch')],
  ['aud without somebody who was in it', { aud: 'client' }, claim('aud', 'mismatch')],
  ['invalid azp', { azp: 'other' }, claim('azp', 'mismatch')],
  ['azp that is left out', { azp: undefined }, claim('azp', 'missing')],
  ['invalid sub', { sub: 'somebody else' }, claim('sub', 'mismatch')],
  ['missing sub', { sub: undefined }, claim('sub', 'missing')],
  ['invalid auth_time', (_, { auth_time }) => ({ auth_time: auth_time + 1 }), claim('auth_time', 'mismatch')],
  ['auth_time with a fraction', (_, { auth_time }) => ({ auth_time: auth_time + 0.5 })],
  ['no auth_time', { auth_time: undefined }],
  ['no nonce', { nonce: undefined }],
  ['invalid nonce', { nonce: 'other' }, claim('nonce', 'mismatch')],
  ['a nonce that is null', { nonce: null }],
  ['bad at_hash', { at_hash: 'A'.repeat(22) }, claim('at_hash', 'mismatch')],
  ['expired', ({ now }) => ({ exp: now - 30 }), { code: 'ERR_JWT_EXPIRED', claim: 'exp', reason: 'mismatch' }],
  ['missing iat', { iat: undefined }, claim('iat', 'missing')],
];

/** The login had two audiences. */
const FIRST = { aud: ['client', 'api'], azp: 'client' };

/** @type {Case[]} */
export default [
  ...ROWS.map(([what, changes, expected]) => ({
    name: `refresh-token: ${what}${expected ? ': refused' : ''}`,
    async run(/** @type {Context} */ t) {
      const { server, logIn, refresh, refuses } = await t.at();
      says(FIRST)(server);
      const tokens = await logIn();
      says((at, claims) => {
        const merged = { ...claims, ...FIRST };
        return { ...FIRST, ...(typeof changes === 'function' ? changes(at, merged) : changes) };
      })(server);
      if (expected) await refuses(() => refresh(tokens), expected);
      else t.equal((await refresh(tokens)).claims.sub, server.sub, 'sub');
    },
  })),
  {
    name: 'refresh-token: the nonce of the login may come again',
    async run(t) {
      const { server, logIn, refresh } = await t.at();
      const tokens = await logIn();
      says({ nonce: tokens.claims.nonce })(server);
      t.equal((await refresh(tokens)).claims.nonce, tokens.claims.nonce, 'nonce');
    },
  },
  {
    name: 'refresh-token: what the server leaves out stays as it was',
    async run(t) {
      const { server, logIn, refresh } = await t.at();
      const tokens = await logIn();
      server.tokenResponse = ({ refresh_token: _, id_token: __, scope: ___, ...answer }) => answer;
      const refreshed = await refresh(tokens);
      t.equal(refreshed.refresh_token, tokens.refresh_token, 'refresh_token');
      t.equal(refreshed.scope, tokens.scope, 'scope');
      t.deepEqual(refreshed.claims, tokens.claims, 'claims');
      t.ok(refreshed.access_token !== tokens.access_token, 'the access token is new');
    },
  },
  {
    name: 'refresh-token: rotates, and the one before is over',
    async run(t) {
      const { logIn, refresh, refuses } = await t.at();
      const tokens = await logIn();
      const refreshed = await refresh(tokens);
      t.ok(refreshed.refresh_token !== tokens.refresh_token, 'refresh_token');
      await refuses(() => refresh(tokens), { code: 'ERR_OAUTH_INVALID_GRANT', error: 'invalid_grant', status: 400 });
      t.ok(await refresh(refreshed), 'the new one');
    },
  },
  {
    name: 'refresh-token: a refresh token alone is enough, and its ID token has every other check',
    async run(t) {
      const { server, logIn, refresh, refuses } = await t.at();
      const { refresh_token } = await logIn();
      const refreshed = await refresh(refresh_token);
      t.equal(refreshed.claims.sub, server.sub, 'sub');
      says({ aud: 'other' })(server);
      await refuses(() => refresh(refreshed.refresh_token), claim('aud', 'mismatch'));
    },
  },
  {
    name: 'refresh-token: none, so nothing is sent',
    async run(t) {
      const { server, credentials, refresh, refuses } = await t.at();
      const tokens = await credentials();
      server.requests.length = 0;
      for (const none of [tokens, {}, '', { refresh_token: '' }])
        await refuses(() => refresh(none), { code: 'ERR_OAUTH_REFRESH_TOKEN_MISSING' });
      t.deepEqual(server.requests, [], 'requests');
    },
  },
  {
    name: 'refresh-token: a server that fails has not said that the grant is over',
    async run(t) {
      const { server, logIn, refresh, refuses } = await t.at();
      const tokens = await logIn();
      server.instead.token = () => Response.json({ error: 'invalid_grant' }, { status: 500 });
      await refuses(() => refresh(tokens), { code: 'ERR_FETCH_STATUS', status: 500 });
      server.instead = {};
      t.ok(await refresh(tokens), 'afterwards');
    },
  },
];
