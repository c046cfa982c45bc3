// @ts-check
// Section 1.5 of the survey: Parsing strictness.

/** @type {import('../features.mjs').Line[]} */
export default [
  {
    line: 'duplicate sub / exp in payload',
    tests: [
      'compare/JSON: payload with `sub` twice',
      'compare/JSON: payload with `exp` twice, the first in the past',
      'suite/syntax: a payload with a member twice is refused, though it is signed',
    ],
  },
  {
    line: 'duplicate alg in header',
    tests: [
      'compare/JSON: header with `alg` twice',
      'suite/syntax: the header {"alg":"none","alg":"HS256"} is refused',
    ],
  },
  {
    line: 'unknown crit',
    tests: [
      'compare/Header: `crit` with an unknown extension',
      'suite/algorithms: a header with an unknown extension is refused',
    ],
  },
  {
    line: 'b64:false + crit:["b64"] in a JWT',
    tests: ['compare/Header: `b64: false`, in `crit`', 'suite/algorithms: a header with b64 false is refused'],
  },
  {
    line: 'flipped unused trailing bits in signature (malleable token)',
    tests: [
      'compare/base64url: trailing bits in the signature',
      'suite/syntax: a signature with other trailing bits is refused',
    ],
  },
  {
    line: '== padding appended',
    tests: ['compare/base64url: padding of the signature', 'suite/syntax: a token that is padded is refused'],
  },
  {
    line: 'newline appended',
    tests: [
      'compare/base64url: a line feed at the end',
      'suite/syntax: a token that is followed by a line feed is refused',
    ],
  },
  {
    line: 'space inside payload segment',
    tests: [
      'compare/base64url: a space within the payload',
      'suite/syntax: a payload with a space is refused, though it is signed',
    ],
  },
  {
    line: 'standard-alphabet + /',
    tests: [
      'compare/base64url: the standard alphabet in the payload',
      'compare/base64url: the standard alphabet in the signature',
    ],
  },
  {
    line: 'invalid UTF-8 in payload',
    tests: [
      'compare/JSON: payload with invalid UTF-8',
      'suite/syntax: a payload with invalid UTF-8 is refused, though it is signed',
    ],
  },
  {
    line: 'BOM before JSON',
    tests: ['compare/JSON: payload after a byte order mark', 'compare/JSON: header after a byte order mark'],
  },
  {
    line: 'four segments',
    tests: ['compare/base64url: four segments', 'suite/syntax: a token that is four segments is refused'],
  },
  { line: 'exp as string', tests: ['compare/Claims: `exp` as a string'] },
  { line: 'exp: 1e400 (Infinity)', tests: ['compare/Claims: `exp` of 1e400'] },
  { line: 'iss array containing expected', tests: ['compare/Claims: `iss` as an array with the expected one'] },
  { line: 'payload is JSON array', tests: ['compare/JSON: payload that is an array'] },
  {
    line: 'typ: dpop+jwt used as access token, no typ option',
    tests: [
      'compare/Header: a `typ` of `dpop+jwt`, where none is expected',
      'compare/Header: a `typ` of `dpop+jwt`, where `at+jwt` is expected',
      'suite/expectations: any typ passes when none is expected',
    ],
  },
];
