// @ts-check
// Section 3.1 of the survey: Signature / algorithm / key.

import { JWE } from './jwe.mjs';

/** @type {import('../features.mjs').Line[]} */
export default [
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
];
