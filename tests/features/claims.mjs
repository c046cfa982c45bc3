// @ts-check
// Section 1.4 of the survey: Claim validation.

/** @type {import('../features.mjs').Line[]} */
export default [
  {
    line: 'iss',
    tests: [
      'suite/claims: iss is checked as RFC 7519 says, with issuer',
      'native: a_requirement_makes_its_claim_mandatory_and_well_formed',
      'compare/Claims: no `iss`, where one is expected',
    ],
  },
  {
    line: 'aud',
    tests: [
      'suite/claims: aud is checked as RFC 7519 says, with audience',
      'suite/claims: aud is checked as RFC 7519 says, with a list of audiences',
      'suite/claims: aud is checked as RFC 7519 says, with audience null',
      'suite/options: createVerifier refuses no audience',
      'compare/Claims: no `aud`, where one is expected',
    ],
  },
  { line: 'sub', tests: ['suite/claims: sub is checked as RFC 7519 says, with subject'] },
  {
    line: 'exp',
    tests: [
      'suite/claims: exp is checked as RFC 7519 says, with the default requireExp',
      'suite/claims: exp is checked as RFC 7519 says, with requireExp false',
      'compare/Claims: `exp` that is now',
      'compare/Claims: no `exp`',
    ],
  },
  { line: 'nbf', tests: ['suite/claims: nbf is checked as RFC 7519 says, with no option'] },
  {
    line: 'iat',
    tests: [
      'suite/claims: iat is checked as RFC 7519 says, with no option',
      'suite/claims: iat is checked as RFC 7519 says, with maxTokenAge',
    ],
  },
  { line: 'jti', tests: ['suite/claims: jti is checked as RFC 7519 says, with requiredClaims'] },
  {
    line: 'max token age',
    tests: [
      'suite/claims: iat is checked as RFC 7519 says, with maxTokenAge',
      'suite/claims: iat is checked as RFC 7519 says, with maxTokenAge 0',
      'suite/claims: iat is checked as RFC 7519 says, with maxTokenAge and clockTolerance',
      'native: a_maximum_age_needs_an_honest_time',
    ],
  },
  {
    line: 'required-claims list',
    tests: [
      'suite/claims: jti is checked as RFC 7519 says, with requiredClaims',
      'suite/claims: toString is checked as RFC 7519 says, with requiredClaims of toString',
    ],
  },
  {
    line: 'typ check',
    tests: [
      'suite/expectations: typ is compared as a media type, and must be there when it is expected',
      'suite/strict: a typ that only resembles the expected one is refused',
      'native: typ_is_a_media_type',
    ],
  },
  {
    line: 'custom check hook',
    tests: [
      'suite/check: check sees a token that has passed all else, and no other',
      'suite/check: what check throws is thrown as it is',
      'suite/check: verify waits for a check that is asynchronous, and verifySync says that it cannot',
      'suite/check: a check that returns something was meant otherwise',
      'suite/check: check is called for a remembered token too',
    ],
  },
  {
    line: 'scope check',
    tests: [
      'suite/claims: scope is checked as RFC 7519 says, with requiredScopes',
      'suite/expectations: expectations of one call add to those of the verifier, for that call only',
      'native: a_scope_value_is_one_of_rfc_6749',
    ],
  },
  {
    line: 'clock tolerance default',
    tests: [
      'suite/claims: exp is checked as RFC 7519 says, with clockTolerance',
      'suite/claims: nbf is checked as RFC 7519 says, with clockTolerance',
      'suite/claims: exp is checked as RFC 7519 says, with the default requireExp',
    ],
  },
  {
    line: 'fixed "now"',
    tests: [
      'suite/expectations: now is asked at every call',
      'suite/expectations: the clock of the runtime is used when no other is given',
    ],
  },
  {
    line: 'RegExp / pattern for iss, aud',
    tests: [
      'suite/strict: an issuer that is a RegExp is refused, never ignored',
      'suite/strict: a list of audiences with a RegExp is refused, never ignored',
    ],
  },
  {
    line: 'ignore exp / nbf switches',
    tests: [
      'suite/strict: a switch that ignores exp is refused, never ignored',
      'suite/strict: a switch that ignores nbf is refused, never ignored',
    ],
  },
  { line: 'generic payload type (TS)', tests: ['node/package.test.mjs: hold under strict with *moduleResolution *'] },
  {
    line: 'order: signature before claims',
    tests: [
      'suite/expectations: a signature is checked before any claim',
      'native: claims_are_read_only_once_the_signature_is_valid',
    ],
  },
];
