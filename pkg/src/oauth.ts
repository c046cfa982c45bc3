/**
 * OAuth 2.0 and OpenID Connect without a browser: every grant and every endpoint of an authorization server, each an
 * asynchronous function over the server, the client and what is asked for.
 *
 * @module
 */
import wasm from './generated/oauth/inline.js'
import { inline } from './internal/wasm.js'
import * as api from './oauth/api.js'
import { provide } from './oauth/core.js'

const use = <T>(value: T): T => provide(inline(wasm), () => import('./signature.js'), value)

export const discover = /* @__PURE__ */ use(api.discover)
export const authorizationUrl = /* @__PURE__ */ use(api.authorizationUrl)
export const requestObject = /* @__PURE__ */ use(api.requestObject)
export const validateAuthorizationResponse = /* @__PURE__ */ use(api.validateAuthorizationResponse)
export const authorizationCodeGrant = /* @__PURE__ */ use(api.authorizationCodeGrant)
export const implicitAuthorizationUrl = /* @__PURE__ */ use(api.implicitAuthorizationUrl)
export const implicitResponse = /* @__PURE__ */ use(api.implicitResponse)
export const refreshTokenGrant = /* @__PURE__ */ use(api.refreshTokenGrant)
export const clientCredentialsGrant = /* @__PURE__ */ use(api.clientCredentialsGrant)
export const passwordGrant = /* @__PURE__ */ use(api.passwordGrant)
export const deviceAuthorization = /* @__PURE__ */ use(api.deviceAuthorization)
export const deviceCodeGrant = /* @__PURE__ */ use(api.deviceCodeGrant)
export const backchannelAuthentication = /* @__PURE__ */ use(api.backchannelAuthentication)
export const cibaNotification = /* @__PURE__ */ use(api.cibaNotification)
export const cibaGrant = /* @__PURE__ */ use(api.cibaGrant)
export const tokenExchange = /* @__PURE__ */ use(api.tokenExchange)
export const jwtBearerGrant = /* @__PURE__ */ use(api.jwtBearerGrant)
export const extensionGrant = /* @__PURE__ */ use(api.extensionGrant)
export const registerClient = /* @__PURE__ */ use(api.registerClient)
export const readClient = /* @__PURE__ */ use(api.readClient)
export const updateClient = /* @__PURE__ */ use(api.updateClient)
export const deleteClient = /* @__PURE__ */ use(api.deleteClient)
export const userInfo = /* @__PURE__ */ use(api.userInfo)
export const introspect = /* @__PURE__ */ use(api.introspect)
export const createIntrospector = /* @__PURE__ */ use(api.createIntrospector)
export const revoke = /* @__PURE__ */ use(api.revoke)
export const endSessionUrl = /* @__PURE__ */ use(api.endSessionUrl)
export const validateLogoutToken = /* @__PURE__ */ use(api.validateLogoutToken)
export const dpopProof = /* @__PURE__ */ use(api.dpopProof)
export const protectedResourceRequest = /* @__PURE__ */ use(api.protectedResourceRequest)
export const parseChallenges = /* @__PURE__ */ use(api.parseChallenges)
export const protectedResourceMetadata = /* @__PURE__ */ use(api.protectedResourceMetadata)

// These never use the module.
export { AuthorizationResponse, generateDpopKey } from './oauth/api.js'
export type { ClientMetadata, RegisteredClient, RegistrationAccess } from './oauth/api.js'
export type * from './oauth/types.js'
export type * from './oauth/resource-types.js'
