/** All functions of `tollgate/oauth`. */
export {
  AuthorizationResponse,
  authorizationCodeGrant,
  authorizationUrl,
  validateAuthorizationResponse,
} from './authorization.js'
export { discover } from './discovery.js'
export { clientCredentialsGrant, passwordGrant, refreshTokenGrant } from './grants.js'
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
