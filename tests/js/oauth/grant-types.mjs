// @ts-check
// The grant types that are named by URNs.

export const GRANT = {
  /** RFC 8628. */
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  /** OpenID Connect CIBA. */
  ciba: 'urn:openid:params:grant-type:ciba',
  /** RFC 8693. */
  exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  /** RFC 7523. */
  bearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
};
