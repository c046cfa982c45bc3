// @ts-check
// The Authorization Response: whoever brings it, it counts only as the answer of the server that was asked, to the login that waits for it.

import { scriptedServer } from '../scripted.mjs';
import { refusalOf } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Scene} Scene */
/** @typedef {import('./context.mjs').Refusal} Refusal */

const invalid = refusalOf('ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID');
const ISS = (/** @type {string} */ reason) => ({ code: 'ERR_OAUTH_ISSUER_MISMATCH', claim: 'iss', reason });

/** A case whose callback is refused before the code is sent. @param {string} name @param {(callback: URL, transaction: any, scene: Scene) => unknown} change returns the transaction, if it is another @param {Refusal} expected @returns {Case} */
const refused = (name, change, expected) => ({
  name: `${name} is refused before the code is sent`,
  async run(t) {
    const scene = await t.at();
    const { callback, transaction } = await scene.authorize();
    const url = new URL(callback);
    const changed = change(url, transaction, scene);
    const kept = changed === undefined ? transaction : changed === NONE ? undefined : changed;
    await scene.refuses(() => scene.validate(url, kept), expected);
    t.equal(scene.server.at('token').length, 0, 'token requests');
    // Nothing of it spoils the login that is under way, unless its time is over.
    if (expected.code !== 'ERR_OAUTH_STATE_EXPIRED')
      t.ok(await scene.exchange(await scene.validate(callback, transaction)), 'the honest callback');
  },
});
const NONE = Symbol('no transaction');

/** @type {Case[]} */
const state = [
  refused('a callback without state', ({ searchParams }) => searchParams.delete('state'), { code: 'ERR_OAUTH_STATE_MISSING' }),
  refused('a callback with an empty state', ({ searchParams }) => searchParams.set('state', ''), { code: 'ERR_OAUTH_STATE_MISSING' }),
  refused('a callback with a foreign state', ({ searchParams }) => searchParams.set('state', 'bogus'), {
    code: 'ERR_OAUTH_STATE_MISMATCH',
  }),
  refused('a callback that no login waits for', () => NONE, { code: 'ERR_OAUTH_STATE_UNKNOWN' }),
  refused('a callback of a transaction that is no transaction', () => ({ state: 'bogus' }), {
    code: 'ERR_OAUTH_STATE_UNKNOWN',
    claim: 'code_verifier',
    reason: 'missing',
  }),
  refused('a callback of a transaction that was used', () => ({ used: true }), { code: 'ERR_OAUTH_STATE_USED' }),
  refused('a callback after an hour', (_, __, { server }) => void (server.now += 3600), { code: 'ERR_OAUTH_STATE_EXPIRED' }),
  refused(
    'a callback with the state in another case',
    ({ searchParams }) => searchParams.set('state', String(searchParams.get('state')).toUpperCase().concat('x')),
    {
      code: 'ERR_OAUTH_STATE_MISMATCH',
    },
  ),
  refused(
    'an error with a foreign state',
    ({ searchParams }) => {
      searchParams.delete('code');
      searchParams.set('error', 'access_denied');
      searchParams.set('state', 'bogus');
    },
    { code: 'ERR_OAUTH_STATE_MISMATCH' },
  ),
  refused(
    'an error without a state',
    ({ searchParams }) => {
      searchParams.delete('code');
      searchParams.delete('state');
      searchParams.set('error', 'access_denied');
    },
    { code: 'ERR_OAUTH_STATE_MISSING' },
  ),
  refused('a transaction of another client', (_, transaction) => ({ ...transaction, client_id: 'other' }), {
    code: 'ERR_OAUTH_STATE_MISMATCH',
  }),
  refused('a transaction of another server', (_, transaction) => ({ ...transaction, issuer: 'https://evil.example' }), {
    code: 'ERR_OAUTH_STATE_MISMATCH',
  }),
];

/** @type {Case[]} */
const parameters = [
  ...['state', 'code', 'iss'].map((name) =>
    refused(
      `a callback with ${name} twice`,
      ({ searchParams }) => searchParams.append(name, String(searchParams.get(name))),
      invalid(name, 'malformed'),
    ),
  ),
  ...['error', 'error_description', 'error_uri'].map((name) =>
    refused(
      `a callback with ${name} twice`,
      ({ searchParams }) => {
        searchParams.append(name, 'a');
        searchParams.append(name, 'b');
      },
      invalid(name, 'malformed'),
    ),
  ),
  ...['id_token', 'access_token', 'response'].map((name) =>
    refused(`a callback with an unexpected ${name}`, ({ searchParams }) => searchParams.set(name, 'injected'), invalid(name, 'mismatch')),
  ),
  refused('a callback with code and error', ({ searchParams }) => searchParams.set('error', 'access_denied'), invalid('error', 'mismatch')),
  refused('a callback without code and error', ({ searchParams }) => searchParams.delete('code'), invalid('code', 'missing')),
  refused('a callback with an empty code', ({ searchParams }) => searchParams.set('code', ''), invalid('code', 'missing')),
  refused(
    'a response in the fragment, where the query was asked for,',
    (url) => {
      url.hash = url.search.slice(1);
      url.search = '';
    },
    invalid('response_mode', 'mismatch'),
  ),
  refused('a query that is not well-formed', (url) => void (url.search += '&x=%zz'), { code: 'ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID' }),
  {
    name: 'parameters of the app, a fragment and the order do not disturb',
    async run(t) {
      const scene = await t.at();
      const { callback, transaction } = await scene.authorize();
      const url = new URL(callback);
      const pairs = [['tenant', '1'], ['tenant', '2'], ...[...url.searchParams].reverse()];
      url.search = String(new URLSearchParams(pairs));
      url.hash = '_=_';
      t.equal((await scene.exchange(await scene.validate(url.href, transaction))).claims.sub, scene.server.sub, 'sub');
    },
  },
  {
    name: 'an error of the server says which, with its description, and nothing is sent',
    async run(t) {
      const scene = await t.at();
      const changes = { code: undefined, error: 'access_denied', error_description: 'no\u0007thing' };
      const { callback, transaction } = await scene.authorize({}, changes);
      await scene.refuses(() => scene.validate(callback, transaction), {
        code: 'ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR',
        error: 'access_denied',
        error_description: 'nothing',
      });
      t.equal(scene.server.at('token').length, 0, 'token requests');
    },
  },
];

/** @type {Case[]} */
const mixUp = [
  refused(
    'a response with the iss of another server',
    ({ searchParams }) => searchParams.set('iss', 'https://evil.example'),
    ISS('mismatch'),
  ),
  refused(
    'a response with an iss that is spelled otherwise',
    ({ searchParams }) => searchParams.append('iss', `${searchParams.get('iss')}/`),
    invalid('iss', 'malformed'),
  ),
  refused(
    'a response with the iss and a slash',
    ({ searchParams }) => searchParams.set('iss', `${searchParams.get('iss')}/`),
    ISS('mismatch'),
  ),
  refused('a response without the iss that the server announces', ({ searchParams }) => searchParams.delete('iss'), ISS('missing')),
  refused('a response with an empty iss', ({ searchParams }) => searchParams.set('iss', ''), ISS('missing')),
  refused(
    'an error with the iss of another server',
    ({ searchParams }) => {
      searchParams.delete('code');
      searchParams.set('error', 'access_denied');
      searchParams.set('iss', 'https://evil.example');
    },
    ISS('mismatch'),
  ),
  refused(
    'an error without the iss that the server announces',
    ({ searchParams }) => {
      searchParams.delete('code');
      searchParams.delete('iss');
      searchParams.set('error', 'access_denied');
    },
    ISS('missing'),
  ),
  {
    name: 'a server that announces no iss may leave it out, and is held to the one that it sends',
    async run(t) {
      const scene = await t.at({ metadata: { authorization_response_iss_parameter_supported: undefined } });
      t.ok(await scene.logIn({}, { iss: undefined }), 'without');
      const { callback, transaction } = await scene.authorize({}, { iss: 'https://evil.example' });
      await scene.refuses(() => scene.validate(callback, transaction), ISS('mismatch'));
    },
  },
  {
    name: 'mix-up: the code of an honest server does not reach the one that sent the user there',
    async run(t) {
      const honest = await scriptedServer();
      const authorization_endpoint = `${honest.issuer}/authorize`;
      const scene = await t.at({ issuer: 'https://evil.example', metadata: { authorization_endpoint } });
      const { url, transaction } = await scene.authorize({ par: false });
      const callback = await honest.authorize(url);
      await scene.refuses(() => scene.validate(callback, transaction), ISS('mismatch'));
      t.deepEqual(scene.server.requests, [], 'requests of the other');
    },
  },
  {
    name: 'a validated response is exchanged by its own client at its own server alone',
    async run(t) {
      const scene = await t.at();
      const evil = await t.at({ issuer: 'https://evil.example' });
      const { callback, transaction } = await scene.authorize();
      const response = await scene.validate(callback, transaction);
      await scene.refuses(() => evil.exchange(response), { code: 'ERR_OAUTH_STATE_MISMATCH' });
      const other = { client_id: 'other' };
      await scene.refuses(() => t.oauth.authorizationCodeGrant(scene.metadata, other, response, {}, scene.call), {
        code: 'ERR_OAUTH_STATE_MISMATCH',
      });
      t.equal(evil.server.requests.length + scene.server.at('token').length, 0, 'requests');
      t.ok(await scene.exchange(response), 'at home');
    },
  },
  {
    name: 'login CSRF: a callback in a browser without the transaction is refused',
    async run(t) {
      const [attacker, victim] = [await t.at(), await t.at()];
      const { callback } = await attacker.authorize();
      await victim.refuses(() => victim.validate(callback, undefined), { code: 'ERR_OAUTH_STATE_UNKNOWN' });
      const { transaction } = await victim.authorize();
      await victim.refuses(() => victim.validate(callback, transaction), { code: 'ERR_OAUTH_STATE_MISMATCH' });
      t.equal(victim.server.at('token').length, 0, 'token requests');
    },
  },
  {
    name: 'what authorizationCodeGrant takes was validated, or it is a TypeError',
    async run(t) {
      const scene = await t.at();
      const { callback, transaction } = await scene.authorize();
      const code = new URL(callback).searchParams.get('code');
      const response = await scene.validate(callback, transaction);
      for (const forged of [
        undefined,
        null,
        {},
        { code, transaction },
        code,
        callback,
        Object.create(Object.getPrototypeOf(response)),
        { ...response },
      ]) {
        await t.mistakes(() => scene.exchange(forged), /validateAuthorizationResponse/);
      }
      t.equal(scene.server.at('token').length, 0, 'token requests');
    },
  },
];

/** @type {Case[]} */
const injection = [
  {
    name: 'code injection: the code of another login is bound to the verifier of that login',
    async run(t) {
      const scene = await t.at();
      const [victim, attacker] = [await scene.authorize(), await scene.authorize()];
      const url = new URL(attacker.callback);
      url.searchParams.set('code', String(new URL(victim.callback).searchParams.get('code')));
      const response = await scene.validate(url, attacker.transaction);
      await scene.refuses(() => scene.exchange(response), { code: 'ERR_OAUTH_INVALID_GRANT', error: 'invalid_grant', status: 400 });
      const [{ form }] = scene.server.at('token');
      t.equal(form.get('code_verifier'), attacker.transaction.code_verifier, 'verifier');
    },
  },
  {
    name: 'code injection: where the server does not check the verifier, the nonce gives it away',
    async run(t) {
      const scene = await t.at();
      const [victim, attacker] = [await scene.authorize(), await scene.authorize()];
      scene.server.idToken = (claims) => ({ ...claims, nonce: victim.transaction.nonce });
      const response = await scene.validate(attacker.callback, attacker.transaction);
      await scene.refuses(() => scene.exchange(response), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'nonce', reason: 'mismatch' });
    },
  },
  {
    name: 'a code is used once',
    async run(t) {
      const scene = await t.at();
      const { callback, transaction } = await scene.authorize();
      const response = await scene.validate(callback, transaction);
      t.ok(await scene.exchange(response), 'once');
      await scene.refuses(() => scene.exchange(response), { code: 'ERR_OAUTH_INVALID_GRANT', error: 'invalid_grant' });
    },
  },
];

export { injection, mixUp, parameters, state };
