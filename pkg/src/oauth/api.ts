/** All functions of `tollgate/oauth`. */
export {
  AuthorizationResponse,
  authorizationCodeGrant,
  authorizationUrl,
  requestObject,
  validateAuthorizationResponse,
} from './authorization.js'
export { backchannelAuthentication, cibaGrant, cibaNotification } from './ciba.js'
export { deviceAuthorization, deviceCodeGrant } from './device.js'
export { discover } from './discovery.js'
export {
  clientCredentialsGrant,
  extensionGrant,
  jwtBearerGrant,
  passwordGrant,
  refreshTokenGrant,
  tokenExchange,
} from './grants.js'
export { implicitAuthorizationUrl, implicitResponse } from './implicit.js'
export { createIntrospector, introspect, revoke } from './introspection.js'
export { generateDpopKey } from './keys.js'
export {
  deleteClient,
  readClient,
  registerClient,
  updateClient,
  type ClientMetadata,
  type RegisteredClient,
  type RegistrationAccess,
} from './registration.js'
export { endSessionUrl, validateLogoutToken } from './logout.js'
export { dpopProof, parseChallenges, protectedResourceMetadata, protectedResourceRequest } from './resource.js'
export { userInfo } from './userinfo.js'
