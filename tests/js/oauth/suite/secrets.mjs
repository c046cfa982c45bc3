// @ts-check
// Nothing secret shows: not in what is thrown, not in what is returned for others to see, and not where a server repeats it.

import { json } from '../../client/server.mjs';
import { CLIENT } from './context.mjs';
import { exposed, revealing } from './exposure.mjs';

/** @typedef {import('./context.mjs').Case} Case */
/** @typedef {import('./context.mjs').Context} Context */

/** What a careless server says of a request: all of it. @param {Request} request */
async function echo(request) {
  const body = await request.text();
  const form = new URLSearchParams(body);
  const said = [...form.values(), body, request.headers.get('authorization') ?? '', request.headers.get('dpop') ?? ''];
  return said.filter((text) => text.length > 0);
}

const ACTIONS = /** @type {const} */ (['code', 'refresh', 'credentials', 'password', 'par']);

/** @param {Context} t @param {any} client */
async function actionsOf(t, client) {
  const scene = await t.at({ client });
  const { callback, transaction } = await scene.authorize();
  const response = await scene.validate(callback, transaction);
  const tokens = await scene.logIn();
  const user = { username: 'ada', password: 'correct horse battery staple' };
  scene.server.secrets.add(user.password);
  return {
    scene,
    code: () => scene.exchange(response),
    refresh: () => scene.refresh(tokens),
    credentials: () => scene.credentials(),
    password: () => t.oauth.passwordGrant(scene.metadata, client, user, scene.call),
    par: () => scene.authorize(),
  };
}

/** @param {Context} t @returns {Promise<Record<string, any>>} */
async function clients(t) {
  const dpop = await t.oauth.generateDpopKey();
  const client_secret = 'client-secret-0123456789-abcdefghijk';
  return {
    none: CLIENT,
    client_secret_basic: { ...CLIENT, client_secret },
    client_secret_post: { ...CLIENT, client_secret, token_endpoint_auth_method: 'client_secret_post' },
    client_secret_jwt: { ...CLIENT, client_secret, token_endpoint_auth_method: 'client_secret_jwt' },
    private_key_jwt: { ...CLIENT, privateKey: dpop.privateKey },
    'DPoP and a secret': { ...CLIENT, client_secret, dpop },
  };
}

const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'DPoP and a secret'];

/** @type {Case[]} */
export default [
  ...METHODS.map((method) => ({
    name: `a server that repeats what it was sent is not quoted, to a client of ${method}`,
    async run(/** @type {Context} */ t) {
      const { scene, ...actions } = await actionsOf(t, (await clients(t))[method]);
      const { server } = scene;
      for (const name of ACTIONS) {
        let count = 1;
        for (let index = 0; index < count; index += 1) {
          const answer = async (/** @type {Request} */ request) => {
            const said = await echo(request);
            count = said.length;
            return json(400, { error: 'invalid_request', error_description: `cannot do with ${said[index]}` });
          };
          server.instead = { token: answer, par: answer };
          const error = await t.failure(actions[name]);
          t.refusal(
            error,
            { code: name === 'par' ? 'ERR_OAUTH_ENDPOINT_ERROR' : 'ERR_OAUTH_TOKEN_RESPONSE_ERROR', error: 'invalid_request' },
            server.secrets,
          );
        }
        t.ok(count > 2, 'what was sent was repeated');
      }
    },
  })),
  {
    name: 'what the server says of anything else is quoted',
    async run(t) {
      const { server, credentials, refuses } = await t.at({ client: { ...CLIENT, client_secret: 'client-secret-0123456789' } });
      server.instead.token = () => json(400, { error: 'invalid_scope', error_description: 'no such scope: api' });
      await refuses(() => credentials({ scope: 'api' }), {
        code: 'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
        error: 'invalid_scope',
        error_description: 'no such scope: api',
        status: 400,
      });
    },
  },
  {
    name: 'a validated response shows nothing of the code and the verifier',
    async run(t) {
      const { server, authorize, validate } = await t.at();
      const { callback, transaction } = await authorize();
      const response = await validate(callback, transaction);
      const text = exposed(response);
      for (const secret of server.secrets) t.ok(!revealing(text, secret), `it shows ${secret}`);
      t.deepEqual([Reflect.ownKeys(response).length, JSON.stringify(response)], [0, '{}'], 'what it shows');
    },
  },
  {
    name: 'the check itself knows a secret wherever it stands in an error',
    async run(t) {
      const secret = 'aaaaaaaaaaaa.bbbbbbbbbbbb.c+c/ccccccccc';
      for (const holder of [
        new Error(secret),
        new Error('x', { cause: new Error('y', { cause: { deep: [secret] } }) }),
        Object.assign(new Error('x'), { [secret]: 1 }),
        Object.assign(new Error('x'), { response: { headers: { a: `Bearer ${secret}` } } }),
        Object.defineProperty(new Error('x'), 'hidden', { value: secret }),
        { url: `https://x.example/?code=${encodeURIComponent(secret)}` },
        { signature: secret.split('.')[2] },
        { basic: btoa(secret) },
      ]) {
        t.ok(revealing(exposed(holder), secret), JSON.stringify(holder));
      }
      t.ok(!revealing(exposed(new Error('nothing')), secret), 'nothing');
      // And the check of every case uses it.
      const error = Object.assign(Object.create(t.TollgateError.prototype), { code: 'ERR_FETCH_FAILED', message: 'x', stack: secret });
      t.ok((await t.failure(() => t.refusal(error, { code: 'ERR_FETCH_FAILED' }, [secret]))).name === 'AssertionError', 'it fails');
    },
  },
];
