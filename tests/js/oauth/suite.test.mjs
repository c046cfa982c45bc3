// @ts-check
// The suite of `tollgate/oauth` in Node.js.

import { testSuite } from './suite-cases.mjs';
import { outcome } from './suite/index.mjs';
import { oauth, TollgateError } from './tollgate.mjs';

testSuite('Node.js', (group, index) => outcome(group, index, { oauth, TollgateError }));
