// @ts-check
// The suite in Node.js, over `import`.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { testCases } from '../cases.mjs';
import { workspace } from '../install.mjs';
import { outcome } from '../suite/index.mjs';

const { folder, remove } = await workspace('import');
after(remove);

const app = join(folder, 'app.mjs');
await writeFile(app, `export * as verify from 'tollgate/verify';\nexport * as errors from 'tollgate/errors';\n`);
const modules = await import(pathToFileURL(app).href);

testCases('import', (group, index) => outcome(group, index, modules));
