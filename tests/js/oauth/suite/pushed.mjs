// @ts-check
// Pushed Authorization Requests (RFC 9126): what the server answers, and when it is asked.

import { json } from '../../client/server.mjs';
import { REDIRECT_URI, refusalOf } from './context.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

const invalid = refusalOf('ERR_OAUTH_ENDPOINT_RESPONSE_INVALID');

/** @type {Array<[string, (answer: any) => object, import('./context.mjs').Refusal]>} */
const REFUSED = [
  ['no request_uri', ({ request_uri: _, ...answer }) => answer, invalid('request_uri', 'missing')],
  ['an empty request_uri', (answer) => ({ ...answer, request_uri: '' }), invalid('request_uri', 'malformed')],
  ['a request_uri that is no string', (answer) => ({ ...answer, request_uri: 1 }), invalid('request_uri', 'malformed')],
  ['expires_in below 0', (answer) => ({ ...answer, expires_in: -1 }), invalid('expires_in', 'malformed')],
];

/** @type {Case[]} */
export default [
  ...REFUSED.map(([what, change, expected]) => ({
    name: `an answer with ${what} is refused`,
    async run(/** @type {Context} */ t) {
      const { server, authorize, refuses } = await t.at();
      server.instead.par = async (_, honest) => json(201, change(await (await honest()).json()));
      await refuses(authorize, expected);
      t.equal(server.at('par').length, 1, 'requests');
    },
  })),
  {
    name: 'an answer with status 200, without expires_in or with a member of an extension is good',
    async run(t) {
      const { server, logIn } = await t.at();
      for (const [status, changes] of /** @type {[number, object][]} */ ([
        [200, {}],
        [201, { expires_in: undefined }],
        [201, { ext: 1 }],
      ])) {
        server.instead.par = async (_, honest) => json(status, { ...(await (await honest()).json()), ...changes });
        t.equal((await logIn()).claims.sub, server.sub, 'sub');
      }
    },
  },
  {
    name: 'a request_uri is data: nothing of it becomes a parameter of its own',
    async run(t) {
      const { server, metadata, client, call } = await t.at();
      const request_uri = 'urn:x&redirect_uri=https://evil.example#?state=x';
      server.instead.par = () => json(201, { request_uri, expires_in: 60 });
      const { url } = await t.oauth.authorizationUrl(metadata, client, { redirect_uri: REDIRECT_URI }, call);
      t.deepEqual(
        [...new URL(url).searchParams].map(([name]) => name),
        ['client_id', 'request_uri'],
        'parameters',
      );
      t.equal(new URL(url).searchParams.get('request_uri'), request_uri, 'request_uri');
    },
  },
  {
    name: 'a server that requires it gets it, whatever was asked for; one that has no endpoint for it cannot',
    async run(t) {
      const requiring = await t.at({ metadata: { require_pushed_authorization_requests: true } });
      await requiring.authorize({ par: false });
      t.equal(requiring.server.at('par').length, 1, 'pushed requests');
      const without = await t.at({ metadata: { pushed_authorization_request_endpoint: undefined } });
      await without.authorize();
      const missing = { code: 'ERR_OAUTH_METADATA_INVALID', claim: 'pushed_authorization_request_endpoint', reason: 'missing' };
      await without.refuses(() => without.authorize({ par: true }), missing);
      t.deepEqual(without.server.requests, [], 'requests');
    },
  },
];
