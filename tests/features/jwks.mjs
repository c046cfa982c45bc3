// @ts-check
// Section 3.3 of the survey: JWKS and caches.

/** @type {import('../features.mjs').Line[]} */
export default [
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
];
