// @ts-check
// The codes of the protocol that `tollgate/oauth` raises, each in some case of the suite; and those that it does not.

/** The families that the protocol has. */
export const FAMILIES = /^ERR_(OAUTH|OIDC|DPOP|PKCE|FETCH)_/;

/** Codes of other parts of the package, and of functions that have tests of their own: where. @type {Record<string, string>} */
export const ELSEWHERE = {
  ERR_OAUTH_ACCESS_TOKEN_REJECTED: 'userinfo.test.mjs',
  ERR_OIDC_USER_INFO_INVALID: 'userinfo.test.mjs',
  ERR_OAUTH_GRANT_EXPIRED: 'device.test.mjs',
  ERR_OAUTH_RESOURCE_MISMATCH: 'resource.test.mjs',
  ERR_OAUTH_NOTIFICATION_INVALID: 'ciba.test.mjs',
  ERR_OAUTH_SESSION_MISSING: 'tollgate/client',
  ERR_OAUTH_ORIGIN_NOT_ALLOWED: 'tollgate/client',
  ERR_OAUTH_STORE_FAILED: 'tollgate/client',
};

/** Codes that some case of the suite meets. */
export const CODES = [
  'ERR_FETCH_INSECURE',
  'ERR_FETCH_FAILED',
  'ERR_FETCH_TIMEOUT',
  'ERR_FETCH_TOO_LARGE',
  'ERR_FETCH_STATUS',
  'ERR_OAUTH_METADATA_INVALID',
  'ERR_OAUTH_METADATA_ISSUER_MISMATCH',
  'ERR_PKCE_NOT_SUPPORTED',
  'ERR_OAUTH_STATE_MISSING',
  'ERR_OAUTH_STATE_UNKNOWN',
  'ERR_OAUTH_STATE_USED',
  'ERR_OAUTH_STATE_EXPIRED',
  'ERR_OAUTH_STATE_MISMATCH',
  'ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID',
  'ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR',
  'ERR_OAUTH_ISSUER_MISMATCH',
  'ERR_OAUTH_INVALID_GRANT',
  'ERR_OAUTH_TOKEN_RESPONSE_ERROR',
  'ERR_OAUTH_TOKEN_RESPONSE_INVALID',
  'ERR_OAUTH_REFRESH_TOKEN_MISSING',
  'ERR_OIDC_ID_TOKEN_MISSING',
  'ERR_OAUTH_ENDPOINT_ERROR',
  'ERR_OAUTH_ENDPOINT_RESPONSE_INVALID',
  'ERR_OAUTH_SIGNING_FAILED',
  'ERR_OAUTH_PROFILE_VIOLATION',
  // Of the ID token, and of the call.
  'ERR_JWS_INVALID',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWT_INVALID',
  'ERR_JWT_EXPIRED',
  'ERR_JWT_CLAIM_VALIDATION_FAILED',
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWKS_INVALID',
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_OPTION_INVALID',
];
