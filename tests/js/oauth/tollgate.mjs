// @ts-check
// `tollgate/oauth` of the installed package, and its clients as the servers of the tests know them.

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
export const { oauth, TollgateError } = await import(pathToFileURL(app).href);

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
