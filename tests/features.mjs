// @ts-check
// What this library must do and what others got wrong (the project's survey of the field, sections 1.4, 1.5, 3.1, 3.2 and 3.3),
// line by line, and the tests that carry each line. `tests/js/node/features.test.mjs` fails when one of them is not there.
//
// A name begins with where its test is: `compare` and a heading of docs/compare.md, `suite` and a group of tests/js/suite, `native` (a
// Rust test function), or a file below tests/js. `*` stands for any text.

/**
 * @typedef {object} Line
 * @property {string} line
 * @property {string[]} [tests]
 * @property {string} [notApplicable] why there is nothing to test
 */

const JWE = 'JWE is not built: tollgate/jose refuses its functions with ERR_JOSE_NOT_SUPPORTED';

/** @type {Record<string, Line[]>} */
export const FEATURES = {
  '1.4 Claim validation': [
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
    { line: 'generic payload type (TS)', tests: ['node/package.test.mjs: hold under strict with moduleResolution *'] },
    {
      line: 'order: signature before claims',
      tests: [
        'suite/expectations: a signature is checked before any claim',
        'native: claims_are_read_only_once_the_signature_is_valid',
      ],
    },
  ],

  '1.5 Parsing strictness': [
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
  ],

  '3.1 Signature / algorithm / key': [
    {
      line: 'RS→HS confusion (public PEM as HMAC secret)',
      tests: [
        'suite/algorithms: HS256 with the public key as secret is refused where * is of RS256',
        'suite/algorithms: HS256 with the public key as secret is refused where * is of ES256',
        'compare/Keys: HS256 with the PEM of the RSA public key as secret, where the key is a PEM',
        'compare/Keys: HS256 with the DER of the RSA public key as secret, where the key is a JWK',
        'compare/Keys: HS256 with the JWK of the EC public key as secret, where the key is in a JWK Set',
        'native: a_public_key_is_never_a_secret',
      ],
    },
    {
      line: '… whitespace / text before PEM header',
      tests: [
        'suite/keys: a public key PEM after a line feed as secret is refused',
        'suite/keys: a public key PEM after a space as secret is refused',
        'suite/keys: a public key PEM after a byte order mark as secret is refused',
        'suite/keys: a public key PEM after a comment as secret is refused',
        'native: published_keys_are_no_secrets',
      ],
    },
    {
      line: '… raw public JWK/JWKS JSON as secret',
      tests: [
        'suite/keys: a JWK text as secret is refused',
        'suite/keys: an indented JWK Set text as secret is refused',
        'suite/algorithms: a published key is no secret as a JWK either',
      ],
    },
    {
      line: 'JWKS path: alg taken from token header when JWK has no alg',
      tests: ['suite/algorithms: a JWK Set whose keys name no alg does not let the token choose a symmetric one'],
    },
    {
      line: 'none',
      tests: [
        'suite/algorithms: alg none is refused in every spelling where the key is of *',
        'suite/options: createVerifier refuses an algorithm that is not implemented, and none',
        'suite/rfc: the unsecured JWT of RFC 7519 §6.1 is refused',
        'compare/Header: `alg: "nOnE"`, without a signature',
      ],
    },
    {
      line: 'alg from unprotected header',
      tests: [
        'jose/unprotected.test.mjs: an alg in both headers is refused, also where they agree',
        'jose/unprotected.test.mjs: an alg that only the unprotected header has selects nothing that the key is not for',
        'jose/unprotected.test.mjs: a JWT has no unprotected header',
      ],
    },
    {
      line: 'empty / undefined secret',
      tests: [
        'suite/keys: an empty secret is refused',
        'suite/keys: an empty oct JWK is refused',
        'suite/strict: a key that is undefined is no key: no secret is guessed',
        'compare/Keys: a secret of no bytes for HS256',
      ],
    },
    {
      line: 'short HMAC key',
      tests: [
        'suite/keys: a secret of 31 bytes is refused',
        'suite/keys: an oct JWK of 31 bytes is refused',
        'suite/algorithms: a secret serves the hashes that it is as long as, and no others',
        'compare/Keys: a secret of 1 byte for HS256',
      ],
    },
    {
      line: 'curve confusion',
      tests: [
        'compare/Keys: a secp256k1 key for ES256',
        'compare/Keys: a P-384 key for ES256',
        'suite/keys: an X25519 key is refused',
        'suite/strict: a key of another curve or type verifies nothing, whatever the token says',
      ],
    },
    {
      line: 'psychic signatures',
      tests: [
        'suite/signatures: a signature of ES256 is refused when it is r = s = 0',
        'suite/signatures: a signature of ES256 is refused when it is r = 0',
        'suite/signatures: a signature of ES256 is refused when it is s = 0',
        'suite/signatures: a signature of ES256 is refused when it is r = n',
        'suite/signatures: a signature of ES256 is refused when it is s = n',
        'suite/signatures: a signature of ES256 is refused when it is r and s of all ones',
        'suite/signatures: a signature of ES384 is refused when it is r = s = 0',
        'suite/signatures: a signature of ES384 is refused when it is r = s = n',
        'suite/signatures: a signature of ES384 is refused when it is zeros of the size of another curve',
        'suite/signatures: a signature of ES512 is refused when it is r = s = 0',
        'suite/signatures: a signature of ES512 is refused when it is r = s = n',
        'suite/signatures: a signature of ES512 is refused when it is zeros of the size of another curve',
        'suite/rare: a signature of ES256K is refused when it is r = s = 0',
        'suite/rare: a signature of ES256K is refused when it is r = s = n',
      ],
    },
    {
      line: 'ECDSA encoding',
      tests: [
        'suite/signatures: a signature of ES256 is refused when it is DER',
        'suite/signatures: a signature of ES256 is refused when it is 63 bytes',
        'suite/signatures: a signature of ES256 is refused when it is 65 bytes',
        'suite/signatures: ES256, ES384 and ES512 accept both s and n - s, as every other verifier does',
      ],
    },
    {
      line: 'Ed25519 malleability / small order',
      tests: [
        'suite/signatures: a signature of EdDSA is refused when it is S + L',
        'suite/signatures: an Ed25519 key of small order verifies nothing',
        'suite/signatures: an Ed25519 signature whose R is of small order is refused, though its equation holds',
        'compare/Signatures: EdDSA with a key of order 1, which verifies anything',
        'native: points_off_the_curve_and_of_small_order_are_refused',
      ],
    },
    {
      line: "RSA PKCS#1 v1.5 forgery (Bleichenbacher '06), e=1, e=3 garbage",
      tests: [
        'compare/Signatures: RS256 whose DigestInfo has no NULL',
        'compare/Signatures: RS256 with bytes after the DigestInfo',
        'compare/Signatures: RS256 with a byte in the DigestInfo too many',
        'suite/keys: an RSA exponent of 1 is refused',
        'suite/keys: an even RSA exponent is refused',
      ],
    },
    { line: 'PSS salt length', tests: ['suite/signatures: PS256 with a salt of other than 32 bytes is refused'] },
    { line: 'ECDH invalid curve (JWE)', notApplicable: JWE },
    {
      line: 'RSA <2048, modulus rounding',
      tests: ['suite/keys: an RSA key of 1024 bits is refused', 'suite/keys: an RSA key of 2047 bits is refused'],
    },
    {
      line: 'huge RSA modulus / exponent DoS',
      tests: [
        'suite/keys: an RSA key of 8193 bits is refused',
        'suite/keys: an RSA key of 16 kB is refused',
        'suite/keys: an RSA exponent above 2^32 is refused',
        'native: keys_far_over_the_limit_are_refused_before_any_arithmetic',
      ],
    },
    {
      line: 'embedded jwk trusted',
      tests: [
        'suite/algorithms: keys that a token of * brings along or points to are ignored, and nothing is fetched',
        'compare/Header: `jwk` with the key that signed',
      ],
    },
    {
      line: 'jku / x5u / x5c followed',
      tests: [
        'suite/algorithms: keys that a token of * brings along or points to are ignored, and nothing is fetched',
        'compare/Header: `jku` of a set with the key that signed',
      ],
    },
    {
      line: 'kid injection',
      tests: [
        'suite/jwks: names of prototypes, paths and statements are kids like any other',
        'suite/syntax: a kid of 1 MB is refused',
        'suite/syntax: the header {"alg":"HS256","kid":1} is refused',
        'compare/Header: `kid` that is `../../dev/null`',
        'compare/Header: `kid` that is `__proto__`',
      ],
    },
    { line: 'HMAC compare timing', tests: ['native: a_mac_is_compared_in_constant_time'] },
    { line: 'RSA1_5 oracle', notApplicable: JWE },
    { line: 'JWE CBC-HMAC padding oracle', notApplicable: JWE },
  ],

  '3.2 Parsing and claims': [
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
        'native: what_parsers_read_differently_is_refused',
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
  ],

  '3.3 JWKS and caches': [
    {
      line: 'unknown-kid storm',
      tests: [
        'suite/jwks: ten thousand tokens with unknown kids cause one fetch, and known ones go on verifying',
        'suite/jwks: unknown kids cause one fetch also when that fetch fails',
        'suite/jwks-unknown: 10 000 tokens with random kids over 300 seconds cause one fetch per cooldown',
        'suite/jwks: a server that fails from the start is not asked again at once',
      ],
    },
    {
      line: 'cache wiped on fetch error',
      tests: [
        'suite/jwks: a JWKS server that answers a status of 500 is ERR_FETCH_STATUS, and keys from before go on verifying',
        'suite/jwks: a JWKS server that answers HTML is ERR_JWKS_INVALID, and keys from before go on verifying',
        'suite/jwks: a JWKS server that answers no network is ERR_FETCH_FAILED, and keys from before go on verifying',
      ],
    },
    {
      line: 'cache poisoning across issuers',
      tests: [
        'suite/jwks: two issuers with the same kid never cross',
        'suite/issuers: two issuers with the same kid, their tokens interleaved, never cross',
        'suite/issuers: concurrent tokens of many issuers are verified by the keys of each',
        'suite/issuers: a token of an issuer that is not known is refused, and nothing is fetched for it',
        'suite/issuers: issuers share a cache of keys, each under its own name',
      ],
    },
    {
      line: 'result cache keyed wrong',
      tests: [
        'suite/expectations: claims of two verifiers with the same key do not mix',
        'suite/cache: two verifiers do not share what they remember',
        'suite/cache: a token that differs by one letter is another token',
        'suite/cache: a call with expectations of its own neither reads nor fills the cache',
      ],
    },
    {
      line: 'result cache outlives exp',
      tests: [
        'compare/The same token again, after it was accepted: at `exp`',
        'compare/The same token again, after it was accepted: a second after `exp`, without `iat`',
        'compare/The same token again, after it was accepted: after the maximum age',
        'suite/expectations: now is asked at every call',
        'suite/cache: a remembered token does not outlive exp',
        'suite/cache: a remembered token does not outlive exp without iat',
        'suite/cache: a remembered token does not outlive maxTokenAge',
        'suite/cache: a remembered token is refused before nbf when the clock is set back',
        'suite/cache: a remembered token is refused once its key is gone',
        'suite/cache: a remembered token is not good for longer than the keys are',
      ],
    },
    {
      line: 'removed keys kept',
      tests: [
        'suite/jwks: a rotated key is picked up when a token names it, and the removed one no longer verifies',
        'suite/jwks: a removed key is refused once the keys are too old, without any token of the new one',
      ],
    },
    {
      line: 'in-flight promise bound to another request',
      tests: ['workerd/requests.test.mjs: do not wait for a fetch of one that has ended without it'],
    },
    {
      line: 'redirect / scheme / size',
      tests: [
        'suite/jwks: a JWKS server that answers a redirect is ERR_FETCH_STATUS, and keys from before go on verifying',
        'suite/jwks: nothing is fetched from file:///etc/passwd',
        'suite/jwks: nothing is fetched from data:*',
        'suite/jwks: a body of 50 MB is not read to its end',
        'suite/jwks: a JWKS server that answers ten thousand keys is ERR_JWKS_INVALID, and keys from before go on verifying',
        'suite/jwks: a JWKS server that answers HTML is ERR_JWKS_INVALID, and keys from before go on verifying',
        'native: key_sets_of_any_size_are_read_or_refused',
      ],
    },
    {
      line: 'private or symmetric key in a public JWKS',
      tests: [
        'suite/algorithms: symmetric and private keys in a JWK Set are never used',
        'compare/Keys: a private key in a JWK Set',
        'compare/Keys: a symmetric key in a JWK Set',
        'native: unusable_keys_are_left_out',
      ],
    },
  ],
};
