// @ts-check
// Dynamic registration and its management (RFC 7591, RFC 7592): what is no registration is none, and its secrets stay where they are.

import { json } from '../../client/server.mjs';
import { REDIRECT_URI, refusalOf } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */
/** @typedef {import('./context.mjs').Refusal} Refusal */

const METADATA = { redirect_uris: [REDIRECT_URI], client_name: 'App' };

/** A client that has registered itself. @param {Context} t */
async function registered(t) {
  const { server, metadata, call, ...scene } = await t.at();
  const access = await t.oauth.registerClient(metadata, METADATA, call);
  server.requests.length = 0;
  return {
    ...scene,
    server,
    metadata,
    call,
    access,
    register: (/** @type {object} */ options) => t.oauth.registerClient(metadata, METADATA, { ...call, ...options }),
    read: (of = access) => t.oauth.readClient(metadata, of, call),
    update: (of = access, changed = METADATA) => t.oauth.updateClient(metadata, of, changed, call),
    remove: (of = access) => t.oauth.deleteClient(metadata, of, call),
  };
}

const invalid = refusalOf('ERR_OAUTH_ENDPOINT_RESPONSE_INVALID');

/** Answers that are no registration. @type {Array<[string, (answer: any) => object, Refusal]>} */
const REFUSED = [
  ['no client_id', ({ client_id: _, ...answer }) => answer, invalid('client_id', 'missing')],
  [
    'a secret that may expire at any time',
    ({ client_secret_expires_at: _, ...answer }) => answer,
    invalid('client_secret_expires_at', 'missing'),
  ],
  ['an address without a token', ({ registration_access_token: _, ...answer }) => answer, invalid('registration_access_token', 'missing')],
  [
    'an address that is not https',
    (answer) => ({ ...answer, registration_client_uri: 'http://as.example/register/1' }),
    { code: 'ERR_FETCH_INSECURE', claim: 'registration_client_uri', reason: 'malformed' },
  ],
];

/** @type {Case[]} */
export default [
  {
    name: 'a client registers, reads, changes and removes itself',
    async run(t) {
      const { server, access, read, update, remove, refuses } = await registered(t);
      t.equal((await read()).client_id, access.client_id, 'client_id');
      t.equal((await update(access, { ...METADATA, client_name: 'Second' })).client_name, 'Second', 'client_name');
      await remove();
      t.deepEqual(
        server.requests.map(({ method }) => method),
        ['GET', 'PUT', 'DELETE'],
        'methods',
      );
      await refuses(read, { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'invalid_token', status: 401 });
    },
  },
  ...REFUSED.map(([what, change, expected]) => ({
    name: `a registration with ${what} is refused`,
    async run(/** @type {Context} */ t) {
      const { server, register, refuses } = await registered(t);
      server.instead.registration = async (_, honest) => json(201, change(await (await honest()).json()));
      await refuses(register, expected);
    },
  })),
  {
    name: 'the token of a registration is sent to its own address alone, and there over https',
    async run(t) {
      const { server, access, read, refuses } = await registered(t);
      for (const registration_client_uri of ['http://as.example/register/1', 'javascript:alert(1)', '/register/1']) {
        const expected = { code: 'ERR_FETCH_INSECURE', claim: 'registration_client_uri', reason: 'malformed' };
        await refuses(() => read({ ...access, registration_client_uri }), expected);
      }
      t.deepEqual(server.requests, [], 'requests');
      await read();
      t.deepEqual(
        server.requests.map(({ url }) => url),
        [access.registration_client_uri],
        'requests',
      );
    },
  },
  {
    name: 'a server that repeats a registration is not quoted',
    async run(t) {
      const { server, access, register, read, update, remove, refuses } = await registered(t);
      const secret = {
        client_secret: 'a secret of its own, 0123456789',
        software_statement: 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJzb2Z0d2FyZSJ9.c2lnbmF0dXJl',
      };
      const initial_access_token = 'initial-access-token-0123456789';
      for (const text of [...Object.values(secret), initial_access_token]) server.secrets.add(text);
      for (const action of [() => register({ initial_access_token }), read, () => update(access, { ...METADATA, ...secret }), remove]) {
        for (const of of [
          (/** @type {Request} */ request) => request.headers.get('authorization') ?? '',
          (/** @type {Request} */ request) => request.text(),
        ]) {
          server.instead.registration = async (request) =>
            json(400, { error: 'invalid_client_metadata', error_description: `not ${await of(request)}` });
          await refuses(action, { code: 'ERR_OAUTH_ENDPOINT_ERROR', error: 'invalid_client_metadata', status: 400 });
        }
      }
    },
  },
];
