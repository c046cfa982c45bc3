// The types of `tollgate/oauth`: compiled by `strict-types.test.mjs`, never run. Each `@ts-expect-error` is a mistake that the compiler finds.
import {
  AuthorizationResponse,
  authorizationCodeGrant,
  authorizationUrl,
  clientCredentialsGrant,
  discover,
  generateDpopKey,
  passwordGrant,
  refreshTokenGrant,
  validateAuthorizationResponse,
  type AuthorizationParameters,
  type CallOptions,
  type CryptoKey,
  type OAuthClient,
  type ServerMetadata,
  type TokenSet,
  type Transaction,
} from 'tollgate/oauth';
import type { ErrorCode } from 'tollgate/errors';

declare const privateKey: CryptoKey;
declare const client_secret: string;
declare const response: AuthorizationResponse;
declare const tokens: TokenSet;
declare const transaction: Transaction;
declare const server: ServerMetadata;
const client_id = 'client';

// Every way to authenticate a client, and no two of them.
export const clients: OAuthClient[] = [
  { client_id },
  { client_id, token_endpoint_auth_method: 'none' },
  { client_id, client_secret },
  { client_id, client_secret, token_endpoint_auth_method: 'client_secret_basic' },
  { client_id, client_secret, token_endpoint_auth_method: 'client_secret_post' },
  { client_id, client_secret, token_endpoint_auth_method: 'client_secret_jwt' },
  { client_id, privateKey },
  { client_id, privateKey: { key: privateKey, kid: 'a', alg: 'PS256' }, token_endpoint_auth_method: 'private_key_jwt' },
  { client_id, privateKey: { key: privateKey, kid: undefined, alg: undefined } },
  { client_id, token_endpoint_auth_method: 'tls_client_auth' },
  { client_id, token_endpoint_auth_method: 'self_signed_tls_client_auth', use_mtls_endpoint_aliases: false },
  { client_id, clockTolerance: undefined, dpop: undefined, client_secret: undefined, privateKey: undefined },
  { client_id, client_secret, dpop: await generateDpopKey(), clockTolerance: 5, use_mtls_endpoint_aliases: true },
];
export const noClients: OAuthClient[] = [
  // @ts-expect-error: there is no client_id
  {},
  // @ts-expect-error: a secret that is not shown
  { client_id, client_secret, token_endpoint_auth_method: 'none' },
  // @ts-expect-error: no secret to show
  { client_id, token_endpoint_auth_method: 'client_secret_basic' },
  // @ts-expect-error: no key to sign with
  { client_id, token_endpoint_auth_method: 'private_key_jwt' },
  // @ts-expect-error: a secret is no key
  { client_id, client_secret, token_endpoint_auth_method: 'private_key_jwt' },
  // @ts-expect-error: a key is no secret
  { client_id, privateKey, token_endpoint_auth_method: 'client_secret_jwt' },
  // @ts-expect-error: a certificate and a secret
  { client_id, client_secret, token_endpoint_auth_method: 'tls_client_auth' },
  // @ts-expect-error: a method that nobody knows
  { client_id, token_endpoint_auth_method: 'plain' },
  // @ts-expect-error: a key is a CryptoKey
  { client_id, privateKey: '-----BEGIN PRIVATE KEY-----' },
  // @ts-expect-error: a pair of keys is bound to
  { client_id, dpop: privateKey },
  // @ts-expect-error: a member that nobody knows
  { client_id, clientSecret: client_secret },
  // @ts-expect-error: seconds are a number
  { client_id, clockTolerance: '5' },
];
const client: OAuthClient = { client_id };

// Only a validated response is exchanged, and only `validateAuthorizationResponse` makes one.
export const exchanged: Promise<TokenSet> = authorizationCodeGrant(server, client, response, { scope: 'api', resource: ['https://a.example'] });
export const validated: Promise<AuthorizationResponse> = validateAuthorizationResponse(server, client, new URL('https://a.example'), transaction);
export const unknown: Promise<AuthorizationResponse> = validateAuthorizationResponse(server, client, 'https://a.example', undefined);
// @ts-expect-error: a URL
void authorizationCodeGrant(server, client, new URL('https://a.example?code=a'));
// @ts-expect-error: a code
void authorizationCodeGrant(server, client, 'code');
// @ts-expect-error: parameters
void authorizationCodeGrant(server, client, new URLSearchParams());
// @ts-expect-error: something that looks like one
void authorizationCodeGrant(server, client, {});
// @ts-expect-error: a copy of one
void authorizationCodeGrant(server, client, { ...response });
// @ts-expect-error: one that is not there yet
void authorizationCodeGrant(server, client, validated);
// @ts-expect-error: the transaction
void authorizationCodeGrant(server, client, transaction);
// @ts-expect-error: nothing
void authorizationCodeGrant(server, client);
// @ts-expect-error: without the transaction
void validateAuthorizationResponse(server, client, 'https://a.example');
// @ts-expect-error: the state alone is no transaction
void validateAuthorizationResponse(server, client, 'https://a.example', 'state');

// What is asked for.
const parameters: AuthorizationParameters = { redirect_uri: 'https://a.example', claims: { id_token: { acr: null } }, max_age: 5, par: true };
export const begun: Promise<{ readonly url: string; readonly transaction: Transaction }> = authorizationUrl(server, client, parameters);
// @ts-expect-error: there is no redirect_uri
void authorizationUrl(server, client, { scope: 'openid' });
// @ts-expect-error: a parameter that nobody knows
void authorizationUrl(server, client, { ...parameters, redirectUri: 'https://a.example' });
// @ts-expect-error: nobody but the library says it
void authorizationUrl(server, client, { ...parameters, state: 'guessed' });
// @ts-expect-error: nor that
void authorizationUrl(server, client, { ...parameters, code_challenge_method: 'plain' });
// @ts-expect-error: seconds are a number
void authorizationUrl(server, client, { ...parameters, max_age: '5' });
// @ts-expect-error: parameters of extensions are text
void clientCredentialsGrant(server, client, { parameters: { a: 1 } });
// @ts-expect-error: no server but its metadata
void clientCredentialsGrant('https://a.example', client);
// @ts-expect-error: metadata has an issuer
void clientCredentialsGrant({ token_endpoint: 'https://a.example' }, client);
// @ts-expect-error: there is no password
void passwordGrant(server, client, { username: 'ada' });
void passwordGrant(server, client, { username: 'ada', password: 'analytical engine', scope: 'openid' });
void refreshTokenGrant(server, client, tokens);
void refreshTokenGrant(server, client, 'refresh token', { scope: undefined });
// @ts-expect-error: there are no tokens
void refreshTokenGrant(server, client, undefined);

// What comes of it cannot be changed.
const { claims, token_type, expires_at, refresh_token, ext } = tokens;
export const subject: string | undefined = claims?.sub;
export const kind: 'Bearer' | 'DPoP' = token_type;
export const expires: number | undefined = expires_at;
export const refresh: string | undefined = refresh_token;
// @ts-expect-error: nothing is known of members of extensions
export const extension: string = ext;
// @ts-expect-error: frozen
tokens.access_token = 'other';
// @ts-expect-error: frozen
server.issuer = 'https://evil.example';

// How a call is made.
export const options: CallOptions = { fetch, now: () => 0, timeout: 5, headers: { a: 'b' }, signal: new AbortController().signal };
export const discovered: Promise<ServerMetadata> = discover('https://a.example', options);
// @ts-expect-error: an issuer is text, exactly as it is spelled
void discover(new URL('https://a.example'));
// @ts-expect-error: the clock gives a number
void discover('https://a.example', { now: () => new Date() });
// @ts-expect-error: headers are an object
void discover('https://a.example', { headers: new Headers() });
// @ts-expect-error: an option that nobody knows
void discover('https://a.example', { timeOut: 5 });

// The codes that the documentation of the functions names.
export const codes: ErrorCode[] = ['ERR_OAUTH_STATE_MISMATCH', 'ERR_OAUTH_ISSUER_MISMATCH', 'ERR_PKCE_NOT_SUPPORTED', 'ERR_OAUTH_SIGNING_FAILED'];
