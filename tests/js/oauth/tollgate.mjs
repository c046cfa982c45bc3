// @ts-check
// `tollgate/oauth` of the installed package, and its clients as the servers of the tests know them. The functions run in this process,
// or in workerd where `tests/js/workerd/flows.test.mjs` says so: the flows are written once.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { workspace } from '../install.mjs';

const { folder, remove } = await workspace('oauth');
after(remove);

const app = join(folder, 'app.mjs');
await writeFile(app, `export * as oauth from 'tollgate/oauth';\nexport { TollgateError } from 'tollgate/errors';\n`);

/** @type {{ oauth: any, TollgateError: any }} */
const here = await import(pathToFileURL(app).href);
export const { TollgateError } = here;
/** The names of the functions. */
export const NAMES = Object.keys(here.oauth);

const isRemote = process.env.TOLLGATE_OAUTH_RUNTIME === 'workerd';
export const { oauth } = isRemote ? await import('../workerd/remote-oauth.mjs') : here;

/**
 * Of a suite whose server is functions of this process, `fetch` and a clock that answers at once: a worker cannot call them. What the
 * scripted server is for in workerd is in `suite/`, which runs there as a whole.
 */
export const SCRIPTED = { skip: isRemote && 'the server is in the process of the test' };

/**
 * The client of a registration, as `tollgate/oauth` takes it.
 *
 * @param {{ metadata: Record<string, any>, key?: { privateKey: CryptoKey, alg: string, kid?: string } }} registered
 */
export function clientOf({ metadata, key }) {
  const { client_id, token_endpoint_auth_method, client_secret } = metadata;
  const privateKey = token_endpoint_auth_method === 'private_key_jwt' && key && { key: key.privateKey, alg: key.alg, kid: key.kid };
  return { client_id, token_endpoint_auth_method, ...(privateKey ? { privateKey } : { client_secret }) };
}
