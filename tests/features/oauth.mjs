// @ts-check
// Section 3.4 of the survey: OAuth / OIDC client and SPA. What has a browser in it belongs to `tollgate/client`, all else to
// `tollgate/oauth` too, whose suite runs in Node.js and in workerd.

/** @type {import('../features.mjs').Line[]} */
export default [
  {
    line: 'state not bound / reused: callback without / with foreign / with already used / with expired state',
    tests: [
      'oauth/suite/state: a callback without state is refused before the code is sent',
      'oauth/suite/state: a callback with a foreign state is refused before the code is sent',
      'oauth/suite/state: a callback that no login waits for is refused before the code is sent',
      'oauth/suite/state: a callback of a transaction that was used is refused before the code is sent',
      'oauth/suite/state: a callback after an hour is refused before the code is sent',
      'client/callback.test.mjs: * sends nothing, and keeps the live login and the session',
      'client/callback.test.mjs: too late is refused',
    ],
  },
  {
    line: 'error callback processed before state',
    tests: [
      'oauth/suite/state: an error with a foreign state is refused before the code is sent',
      'oauth/suite/state: an error without a state is refused before the code is sent',
      'native: an_error_counts_only_once_its_state_is_known',
      'client/callback.test.mjs: * sends nothing, and keeps the live login and the session',
    ],
  },
  {
    line: 'nonce: missing, wrong, reused',
    tests: [
      'oauth/suite/ID token: nonce-invalid: refused',
      'oauth/suite/ID token: nonce-unless-code-flow: left out, though it was sent: refused',
      'oauth/suite/ID token: nonce-unless-code-flow: there, though none was sent: refused',
      'oauth/suite/injection: code injection: where the server does not check the verifier, the nonce gives it away',
      'oauth/suite/pkce: state, nonce and verifier are never used twice',
    ],
  },
  {
    line: 'mix-up: wrong iss, missing iss when metadata advertises it, duplicate iss',
    tests: [
      'oauth/suite/mix-up: a response with the iss of another server is refused before the code is sent',
      'oauth/suite/mix-up: a response without the iss that the server announces is refused before the code is sent',
      'oauth/suite/mix-up: an error without the iss that the server announces is refused before the code is sent',
      'oauth/suite/parameters: a callback with iss twice is refused before the code is sent',
      'oauth/suite/mix-up: mix-up: the code of an honest server does not reach the one that sent the user there',
      'oauth/suite/mix-up: a validated response is exchanged by its own client at its own server alone',
    ],
  },
  {
    line: 'PKCE downgrade: metadata without S256; verifier never in URL or logs',
    tests: [
      'oauth/suite/pkce: a server that announces ["plain"] alone is asked for nothing',
      'oauth/suite/pkce: no parameter of an extension replaces what the library speaks for',
      'oauth/suite/pkce: the verifier is in no URL, and is sent to the token endpoint alone, once',
      'oauth/suite/secrets: a server that repeats what it was sent is not quoted, to a client of none',
      'client/login.test.mjs: does not fall back to anything when the server has no S256',
    ],
  },
  {
    line: 'code injection / duplicate params',
    tests: [
      'oauth/suite/injection: code injection: the code of another login is bound to the verifier of that login',
      'oauth/suite/parameters: a callback with code twice is refused before the code is sent',
      'oauth/suite/parameters: a callback with state twice is refused before the code is sent',
      'oauth/suite/parameters: a callback with an unexpected id_token is refused before the code is sent',
      'oauth/suite/parameters: a callback with an unexpected access_token is refused before the code is sent',
    ],
  },
  {
    line: 'ID token not validated: aud, iss, expired, unsigned, at_hash',
    tests: [
      'oauth/suite/ID token: invalid-aud: refused',
      'oauth/suite/ID token: invalid-iss: refused',
      'oauth/suite/ID token: expired-exp: refused',
      'oauth/suite/ID token: idtoken-sig-none: refused',
      'oauth/suite/ID token: bad-at-hash-if-applicable: refused',
      'client/login.test.mjs: * is refused',
    ],
  },
  {
    line: 'refresh returns other subject / issuer: sub, iss, aud, auth_time, or added nonce',
    tests: [
      'oauth/suite/refresh: refresh-token: invalid sub: refused',
      'oauth/suite/refresh: refresh-token: invalid iss: refused',
      'oauth/suite/refresh: refresh-token: invalid aud: refused',
      'oauth/suite/refresh: refresh-token: invalid auth_time: refused',
      'oauth/suite/refresh: refresh-token: invalid nonce: refused',
      'native: a_nonce_that_the_login_did_not_have_is_refused',
      'client/refresh.test.mjs: that brings an ID token of another * is refused, and the session kept',
    ],
  },
  {
    line: 'userinfo sub mismatch',
    tests: [
      'oauth/userinfo.test.mjs: the user is that of the ID token, or the one that the caller names',
      'client/session.test.mjs: refuses claims about somebody else',
      'native: what_is_not_a_user_info_response_is_refused',
    ],
  },
  {
    line: 'discovery issuer mismatch',
    tests: [
      'oauth/suite/metadata: discovery-issuer-mismatch: a document of another issuer is refused',
      'oauth/suite/metadata: discovery-issuer-mismatch: a document of an issuer with a slash is refused',
      'client/session.test.mjs: of another issuer is refused',
    ],
  },
  {
    line: 'open redirect in returnTo (tollgate/client)',
    tests: ['client/login.test.mjs: * leads nowhere else', 'native: whatever_could_lead_elsewhere_is_dropped'],
  },
  {
    line: 'token/code leak by Referer/history (tollgate/client)',
    tests: [
      'client/callback.test.mjs: has nothing of the response, and keeps every other parameter and the fragment',
      'client/callback.test.mjs: says which, keeps the session that was there, and leaves the URL',
    ],
  },
  {
    line: 'postMessage origin',
    notApplicable: 'nothing listens to messages: a login is a redirect, and there is no popup and no iframe',
  },
  {
    line: 'worker message origin',
    notApplicable: 'there is no worker that is told what to fetch',
  },
  {
    line: 'secrets in web storage (tollgate/client)',
    tests: [
      'client/login.test.mjs: leaves no verifier, code or token in any storage, with the store in memory',
      'client/store.test.mjs: keeps the session with a store of the app, which alone has the tokens',
    ],
  },
  {
    line: 'refresh rotation race (tollgate/client)',
    tests: [
      'browser/client.browser.test.mjs: both want another access token at once, and share one refresh',
      'client/refresh.test.mjs: is shared by two tabs, *',
      'client/refresh.test.mjs: that meets * keeps the session, and the next one succeeds',
      'oauth/suite/refresh: refresh-token: a server that fails has not said that the grant is over',
    ],
  },
  {
    line: 'DPoP: cnf downgrade, htu query, nonce loop, jti replay, private JWK in proof',
    tests: [
      'oauth/suite/dpop: a token endpoint that always asks for another nonce is asked twice, and not three times',
      'oauth/suite/dpop: so is the endpoint of pushed requests',
      'oauth/suite/dpop: a client with a key takes no token of type "Bearer"',
      'oauth/suite/dpop: a proof shows the public key, and is for this method and URL without its query',
      'oauth/suite/dpop: a second request has a proof and an assertion of its own',
      'native: a_key_is_public_and_of_its_algorithm',
    ],
  },
  {
    line: 'exp-based redirect loop with skewed clock',
    tests: [
      'oauth/suite/calls: a clock that is an hour fast is a typed error after one login, and not another login',
      'oauth/suite/calls: a clock that is an hour slow logs in once, and says by that clock when the token expires',
      'client/refresh.test.mjs: that lives shorter than asked for is refreshed once, not for ever',
    ],
  },
  {
    line: 'login CSRF / session swap',
    tests: [
      'oauth/suite/mix-up: login CSRF: a callback in a browser without the transaction is refused',
      'client/callback.test.mjs: at another browser is refused',
    ],
  },
  {
    line: 'SSRF by discovery: http issuer, redirects',
    tests: [
      'oauth/suite/metadata: SSRF: an issuer that is not https, and not http on a loopback address, is not asked',
      'oauth/suite/metadata: a token_endpoint that is not https is not asked',
      'oauth/suite/disruptions: a redirect by 302 at the metadata of OpenID Connect',
      'oauth/suite/disruptions: a redirect by 307 at the exchange of a code',
    ],
  },
  {
    line: 'ReDoS / quadratic in WWW-Authenticate parsing',
    tests: ['oauth/suite/tokens: a response that is a challenge of 1 MB is refused'],
  },
];
