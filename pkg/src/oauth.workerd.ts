/** `tollgate/oauth` where modules are imported, because they may not be compiled from bytes. */
import module from './generated/oauth/tollgate_oauth_bg.wasm'
import * as api from './oauth/api.js'
import { provide } from './oauth/core.js'

// No fallback: WebCrypto has every algorithm there but ES256K and ML-DSA, whose ID tokens are refused.
export const {
  authorizationCodeGrant,
  AuthorizationResponse,
  authorizationUrl,
  backchannelAuthentication,
  cibaGrant,
  cibaNotification,
  clientCredentialsGrant,
  createIntrospector,
  deleteClient,
  deviceAuthorization,
  deviceCodeGrant,
  discover,
  dpopProof,
  endSessionUrl,
  extensionGrant,
  generateDpopKey,
  implicitAuthorizationUrl,
  implicitResponse,
  introspect,
  jwtBearerGrant,
  parseChallenges,
  passwordGrant,
  protectedResourceMetadata,
  protectedResourceRequest,
  readClient,
  refreshTokenGrant,
  registerClient,
  requestObject,
  revoke,
  tokenExchange,
  updateClient,
  userInfo,
  validateAuthorizationResponse,
  validateLogoutToken,
} = /* @__PURE__ */ provide(() => module, undefined, api)
