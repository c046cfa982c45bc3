// @ts-check
// The suite in Node.js, over `require`.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { testCases } from '../cases.mjs';
import { install } from '../install.mjs';
import { outcome } from '../suite/index.mjs';

const require = createRequire(join(await install(), 'app.cjs'));
const modules = { verify: require('tollgate/verify'), errors: require('tollgate/errors') };

testCases('require', (group, index) => outcome(group, index, modules));
