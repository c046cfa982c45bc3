// @ts-check
// What this library must do and what others got wrong (the project's survey of the field, sections 1.4, 1.5, and 3.1 to 3.4),
// line by line, and the tests that carry each line. `tests/js/node/features.test.mjs` fails when one of them is not there.
//
// A name begins with where its test is: `compare` and a heading of docs/compare.md, `suite` and a group of tests/js/suite, `oauth/suite`
// and one of tests/js/oauth/suite, `native` (a Rust test function), or a file below tests/js. `*` stands for any text.

import claims from './features/claims.mjs';
import jwks from './features/jwks.mjs';
import oauth from './features/oauth.mjs';
import parsing from './features/parsing.mjs';
import signatures from './features/signatures.mjs';
import strictness from './features/strictness.mjs';

/**
 * @typedef {object} Line
 * @property {string} line
 * @property {string[]} [tests]
 * @property {string} [notApplicable] why there is nothing to test
 */

/** @type {Record<string, Line[]>} */
export const FEATURES = {
  '1.4 Claim validation': claims,
  '1.5 Parsing strictness': strictness,
  '3.1 Signature / algorithm / key': signatures,
  '3.2 Parsing and claims': parsing,
  '3.3 JWKS and caches': jwks,
  '3.4 OAuth / OIDC client and SPA': oauth,
};
