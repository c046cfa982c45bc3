// @ts-check
// What the registered names mean, in a few words.

/** Header parameters: RFC 7515 §4.1. */
export const HEADER = /** @type {Record<string, string>} */ ({
  alg: 'the algorithm of the signature',
  typ: 'the kind of token',
  kid: 'which key signed it',
  cty: 'the kind of content',
  crit: 'extensions that must be understood',
  jku: 'where the signer says its keys are; never followed',
  jwk: 'a key that the signer names itself; never trusted',
});

/** Claims: RFC 7519 §4.1, OpenID Connect Core §2 and §5.1, RFC 9068 §2.2. */
export const CLAIMS = /** @type {Record<string, string>} */ ({
  iss: 'who issued it',
  sub: 'whom it is about',
  aud: 'for whom it is meant',
  exp: 'not accepted from then on',
  nbf: 'not accepted before',
  iat: 'when it was issued',
  jti: 'its unique identifier',
  nonce: 'ties it to this login',
  azp: 'the client it was issued to',
  auth_time: 'when the user logged in',
  acr: 'how strongly',
  amr: 'by which methods',
  at_hash: 'ties it to the access token',
  sid: 'the session at the issuer',
  client_id: 'the client it was issued to',
  scope: 'what it permits',
  name: 'full name',
  preferred_username: 'short name',
  email: 'e-mail address',
  email_verified: 'whether the issuer checked the address',
});

/** The claims whose value is a NumericDate. */
export const DATES = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at']);

/** What `tollgate/inspect` checks of a token, by name. */
export const TOKEN_CHECKS = /** @type {Record<string, string>} */ ({
  form: 'three parts, of bounded length',
  header: 'one strict JSON object',
  crit: 'needs no unknown extension',
  alg: 'is known, and allowed here',
  encoding: 'payload and signature are base64url',
  key: 'there is one that fits',
  signature: 'made with that key, over these bytes',
  claims: 'one strict JSON object',
  typ: 'the kind of token is the expected',
  requiredClaims: 'every claim that is needed is there',
  iss: 'comes from the expected issuer',
  sub: 'is about the expected subject',
  aud: 'is meant for the expected audience',
  iat: 'when it was issued is a time',
  nbf: 'its time has come',
  exp: 'its time has not passed',
  maxTokenAge: 'was issued not too long ago',
  scope: 'permits what is needed',
  nonce: 'belongs to this login',
  acr: 'the login was strong enough',
  auth_time: 'the login is recent enough',
  at_hash: 'belongs to the access token',
  c_hash: 'belongs to the code',
  azp: 'was issued to the expected client',
  events: 'is, or is not, about a logout',
  sid: 'says who or which session',
  'nonce absent': 'cannot pass for an ID token',
  'sub length': 'the subject is not too long',
  'types of claims': 'each has the type that it should have',
});

/** Parameters of OAuth requests and responses: RFC 6749, 7636, 8707, 9207, OpenID Connect Core. */
export const PARAMETERS = /** @type {Record<string, string>} */ ({
  response_type: 'answer with a code, not with tokens',
  client_id: 'this app, a public client',
  redirect_uri: 'where the answer goes; registered beforehand',
  scope: 'what is asked for',
  resource: 'the API that the access token is for',
  state: 'random; the answer must bring it back',
  nonce: 'random; the ID token must contain it',
  code_challenge: 'PKCE: the SHA-256 of a secret that stays in this tab',
  code_challenge_method: 'how the challenge was made',
  code: 'works once, and only with the code verifier',
  code_verifier: 'the secret behind code_challenge; never shown',
  iss: 'who answers; guards against mix-up attacks',
  grant_type: 'what is exchanged for tokens',
  refresh_token: 'works once; never shown',
  access_token: 'opens the API',
  id_token: 'says who logged in',
  token_type: 'how the access token is presented',
  expires_in: 'lifetime in seconds',
  error: 'what went wrong',
  error_description: 'in the words of the server',
  id_token_hint: 'which session to end',
  post_logout_redirect_uri: 'where to go afterwards',
  prompt: 'how to involve the user',
  login_hint: 'who probably logs in',
  Authorization: 'the access token, as RFC 6750 presents it',
  'WWW-Authenticate': 'what the API asks for',
});

/** What the client checks of an ID token: OpenID Connect Core §3.1.3.7. */
export const CHECKS = /** @type {Record<string, string>} */ ({
  signature: 'made with a key that the issuer publishes',
  iss: 'is the issuer that was asked',
  aud: 'is this client',
  azp: 'is this client',
  nonce: 'is the one that went with the request',
  exp: 'has not passed',
  iat: 'is not in the future',
  at_hash: 'belongs to the access token',
});

/** Members of server metadata that a login uses: RFC 8414 §2. */
export const METADATA = /** @type {Record<string, string>} */ ({
  issuer: 'must be the one that was asked',
  authorization_endpoint: 'where the user logs in',
  token_endpoint: 'where the code becomes tokens',
  userinfo_endpoint: 'who the user is',
  jwks_uri: 'the keys that sign tokens',
  end_session_endpoint: 'where the session ends',
  code_challenge_methods_supported: 'S256 is needed for PKCE',
});
