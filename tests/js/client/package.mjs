// @ts-check
// The client of the installed package.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { workspace } from '../install.mjs';

const { folder, remove } = await workspace('client');
after(remove);

const app = join(folder, 'app.mjs');
await writeFile(app, `export * from 'tollgate/client';\nexport * from 'tollgate/errors';\n`);

/** @type {any} */
export const { createClient, TollgateError } = await import(pathToFileURL(app).href);
