// @ts-check
// Section 3.2 of the survey: Parsing and claims.

import { JWE } from './jwe.mjs';

/** @type {import('../features.mjs').Line[]} */
export default [
  {
    line: 'crit ignored',
    tests: [
      'suite/algorithms: a header with an unknown extension is refused',
      'suite/algorithms: a header with an empty crit is refused',
      'suite/algorithms: a header with crit that names a parameter twice is refused',
      'suite/algorithms: a header with crit that names a registered parameter is refused',
      'compare/Header: `crit` that names an absent parameter',
      'jose/unprotected.test.mjs: crit and b64 in the unprotected header are refused, alone and beside others',
    ],
  },
  {
    line: 'b64:false in JWT',
    tests: [
      'suite/algorithms: a header with b64 false is refused',
      'suite/algorithms: a header with b64 false outside crit is refused',
      'compare/Header: `b64: false`, in `crit`, and the payload as it is',
    ],
  },
  {
    line: 'duplicate JSON members',
    tests: [
      'suite/syntax: a header with a member twice is refused',
      'suite/syntax: a payload with a member twice, once escaped is refused, though it is signed',
      'suite/syntax: a payload with a member twice within another is refused, though it is signed',
      'suite/syntax: a payload with a member twice among a thousand, once escaped is refused, though it is signed',
      'native: duplicate_members_are_refused_at_every_depth_and_in_every_spelling',
      'native: json_is_read_as_serde_json_reads_it_or_refused_for_a_reason',
    ],
  },
  {
    line: 'type confusion of claims',
    tests: [
      'suite/claims: exp is checked as RFC 7519 says, with the default requireExp',
      'suite/claims: aud is checked as RFC 7519 says, with audience',
      'suite/claims: iss is checked as RFC 7519 says, with issuer',
      'compare/Claims: `aud` with the expected one and a number',
      'compare/Claims: `iss` as an object',
    ],
  },
  {
    line: 'missing claim accepted when an expectation is configured',
    tests: [
      'suite/strict: a token without a claim fails each expectation of that claim, alone and with all others met',
      'suite/strict: claims that only a prototype or __proto__ has are missing',
    ],
  },
  {
    line: 'iss substring / partial match',
    tests: [
      'suite/claims: iss is checked as RFC 7519 says, with issuer',
      'compare/Claims: `iss` that the expected one begins with',
      'compare/Claims: `iss` that begins with the expected one',
      'compare/Claims: `iss` with a slash more',
    ],
  },
  {
    line: 'regex state / ReDoS in matchers',
    tests: [
      'suite/strict: an audience that is a RegExp is refused, never ignored',
      'suite/strict: a subject that is a RegExp is refused, never ignored',
      'suite/strict: an issuer that has a test method is refused, never ignored',
    ],
  },
  {
    line: 'NumericDate extremes',
    tests: [
      'suite/strict: times at the edges of every integer type have one meaning, in exp, nbf and iat',
      'native: numbers_that_javascript_does_not_hold_exactly_are_no_dates',
      'native: numeric_dates_fall_where_floating_point_says',
    ],
  },
  {
    line: 'max-age without iat',
    tests: ['compare/Claims: no `iat`, where a maximum age is', 'native: a_maximum_age_needs_an_honest_time'],
  },
  {
    line: 'segment-split memory DoS',
    tests: [
      'suite/syntax: a token that is 10 MB of dots is refused',
      'suite/syntax: a token that is a million segments is refused',
      'native: tokens_far_over_the_limit_are_refused_and_the_next_good_one_verifies',
    ],
  },
  {
    line: 'oversize / deep nesting',
    tests: [
      'suite/lifecycle: a token of 65536 letters verifies, and the same with one letter more is refused',
      'suite/syntax: a header that is nested 20 000 deep is refused',
      'suite/syntax: a payload that is nested 20 000 deep is refused, though it is signed',
      'native: nesting_is_bounded',
      'native: json_of_a_million_of_anything_is_read_or_refused',
    ],
  },
  {
    line: 'base64 leniency → token malleability',
    tests: [
      'suite/syntax: a header with other trailing bits is refused, though it is signed',
      'suite/syntax: a payload with padding is refused, though it is signed',
      'suite/syntax: a signature with a space is refused',
      'native: every_value_has_exactly_one_spelling',
      'native: base64url_is_accepted_exactly_where_it_is_the_spelling_of_its_bytes',
    ],
  },
  {
    line: 'invalid UTF-8, BOM, lone surrogates, NUL',
    tests: [
      'suite/syntax: a payload with invalid UTF-8 is refused, though it is signed',
      'suite/syntax: a payload that is preceded by a byte order mark is refused, though it is signed',
      'suite/syntax: a payload with a lone surrogate is refused, though it is signed',
      'suite/syntax: a payload with an escaped NUL is refused, though it is signed',
      'native: text_is_utf_8',
      'native: lone_surrogates_and_nul_are_refused',
    ],
  },
  {
    line: 'prototype pollution through claims',
    tests: [
      'suite/syntax: a claim called __proto__ is data, and changes no prototype',
      'suite/claims: toString is checked as RFC 7519 says, with requiredClaims of toString',
      'suite/claims: __proto__ is checked as RFC 7519 says, with requiredClaims of __proto__',
      'compare/JSON: no `toString`, where it is required',
    ],
  },
  { line: 'zip bomb', notApplicable: JWE },
  { line: 'PBES2 p2c DoS', notApplicable: JWE },
  { line: 'JWE skips claim checks', notApplicable: JWE },
  {
    line: 'WASM-specific',
    tests: [
      'suite/lifecycle: a thousand refused tokens in a row leave the verifier as it was',
      'suite/lifecycle: memory that grows under a verifier does not make it miss a token',
      'node/memory.test.mjs: over a million tokens that verify',
      'node/memory.test.mjs: over a million tokens that do not, of many kinds',
    ],
  },
];
