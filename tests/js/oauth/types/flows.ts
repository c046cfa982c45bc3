// What the types of `tollgate/oauth` say of the authorization endpoint and the grants; compiled, not run.
import * as oauth from 'tollgate/oauth'
import type { BackchannelParameters, CibaRequest, DeviceAuthorization, ExchangedToken, TokenSet } from 'tollgate/oauth'

declare const server: oauth.ServerMetadata
const client: oauth.OAuthClient = { client_id: 'client' }

const device: DeviceAuthorization = await oauth.deviceAuthorization(server, client, { scope: 'openid' })
const tokens = await oauth.deviceCodeGrant(server, client, { ...device, interval: 1 }, {}, { signal: AbortSignal.timeout(5) })
tokens.token_type satisfies 'Bearer' | 'DPoP'

const parameters: BackchannelParameters = { scope: 'openid', login_hint: 'ada', binding_message: undefined }
const request: CibaRequest = await oauth.backchannelAuthentication(server, client, parameters)
// @ts-expect-error: exactly one hint
await oauth.backchannelAuthentication(server, client, { scope: 'openid', login_hint: 'ada', id_token_hint: 'e30' })
// @ts-expect-error: exactly one hint
await oauth.backchannelAuthentication(server, client, { scope: 'openid' })
// @ts-expect-error: a scope
await oauth.backchannelAuthentication(server, client, { login_hint: 'ada' })
const find = async (id: string) => (id === request.auth_req_id ? request : undefined)
const notified = await oauth.cibaNotification(server, client, new Request('https://client.example/ciba'), find)
const claims: oauth.IdTokenClaims | undefined = (await oauth.cibaGrant(server, client, notified)).claims

const subject = { subject_token: 'token', subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' }
const exchanged: ExchangedToken = await oauth.tokenExchange(server, client, { ...subject, audience: ['a', 'b'] })
exchanged.token_type satisfies 'Bearer' | 'DPoP' | 'N_A'
// @ts-expect-error: what was issued need not be an access token
exchanged.token_type satisfies TokenSet['token_type']
exchanged.expires_at satisfies number | undefined
exchanged.issued_token_type satisfies string
// @ts-expect-error: a type
await oauth.tokenExchange(server, client, { subject_token: 'token' })

const asserted: TokenSet = await oauth.jwtBearerGrant(server, client, { assertion: 'e30.e30.' })
await oauth.extensionGrant(server, client, { grant_type: 'urn:example:otp', parameters: { otp: '123456' } })
// @ts-expect-error: a grant of its own is not named
await oauth.extensionGrant(server, client, { parameters: { otp: '123456' } })

const asked = { redirect_uri: 'https://client.example/callback', scope: 'openid' }
const { url, transaction } = await oauth.authorizationUrl(server, client, { ...asked, response_type: 'code id_token', response_mode: 'jwt' })
// @ts-expect-error: a type of the implicit grant
await oauth.authorizationUrl(server, client, { ...asked, response_type: 'id_token' })
// @ts-expect-error: `state` is not for the application to set
await oauth.authorizationUrl(server, client, { ...asked, state: 'mine' })
const kept = new Map([[transaction.state, transaction]])
for (const arrived of [url, new URL(url), new URLSearchParams(), new Request(url)]) {
  await oauth.validateAuthorizationResponse(server, client, arrived, (state) => kept.get(state))
}
const response = await oauth.validateAuthorizationResponse(server, client, url, { used: true })
response.claims satisfies oauth.IdTokenClaims | undefined
const keyed: oauth.OAuthClient = { client_id: 'client', token_endpoint_auth_method: 'tls_client_auth', privateKey: {} as oauth.CryptoKey }
;(await oauth.requestObject(server, keyed, asked)).request satisfies string
// @ts-expect-error: a type
await oauth.implicitAuthorizationUrl(server, client, asked)
// @ts-expect-error: tokens are not in a query
await oauth.implicitAuthorizationUrl(server, client, { ...asked, response_type: 'token', response_mode: 'query' })
;(await oauth.implicitResponse(server, client, url, transaction)).access_token satisfies string | undefined

export { asserted, claims }
