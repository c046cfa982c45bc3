//! What can go wrong: one type, one table of codes.
//!
//! The code is the contract and is never renamed; the message is for people. A message says what was wrong and what
//! to do, and never holds token, key, code or verifier text.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::ops::Deref;

/// The parts of the package that raise codes, by the entries of its npm package. Each raises those of the parts before it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaisedBy {
    /// Verifying.
    Verify,
    /// A login and its session.
    Client,
    /// Every other function of the protocol.
    OAuth,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $message:literal;)+) => {
        /// The stable identifier of a failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of its discriminant.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code as JavaScript and logs see it, such as `ERR_JWT_EXPIRED`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Who raises it. The codes of each stand together.
            pub const fn raised_by(self) -> RaisedBy {
                if self as u8 <= Self::OptionInvalid as u8 {
                    RaisedBy::Verify
                } else if self as u8 <= Self::StoreFailed as u8 {
                    RaisedBy::Client
                } else {
                    RaisedBy::OAuth
                }
            }

            /// What was wrong and what to do about it.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)+ }
            }

            /// The documentation of the code.
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc, "\n"),+),)+ }
            }
        }
    };
}

codes! {
    /// The JWS is not a Compact Serialization with a well-formed protected header (RFC 7515 §7.1).
    JwsInvalid = "ERR_JWS_INVALID", "the token is not a well-formed compact JWS; pass the three-part string exactly as it was issued, without \"Bearer \" or white space";
    /// The JWS signature does not verify with any applicable key (RFC 7515 §5.2).
    SignatureVerificationFailed = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "the signature does not match the token; it was changed, or signed with another key";
    /// The payload is not a JWT Claims Set, a single strict JSON object (RFC 7519 §7.2).
    JwtInvalid = "ERR_JWT_INVALID", "the payload is not a JSON object that every parser reads alike; reject the token";
    /// `exp` has passed (RFC 7519 §4.1.4), or the token is older than `maxTokenAge`.
    JwtExpired = "ERR_JWT_EXPIRED", "the token has expired; obtain a new one";
    /// A claim, or the `typ` header, is missing, malformed or not what was expected. See `claim` and `reason`.
    ClaimValidationFailed = "ERR_JWT_CLAIM_VALIDATION_FAILED", "the token does not meet an expectation; check the issuer, the audience and the options";
    /// The `alg` of the token is not allowed by the options or by the key source (RFC 8725 §3.1).
    AlgNotAllowed = "ERR_JOSE_ALG_NOT_ALLOWED", "the \"alg\" is not allowed here, or no key fits it; if it should be, add it to `algorithms` and use a key of its type";
    /// The token or key uses an extension or an algorithm that is not implemented, or that the platform cannot compute.
    NotSupported = "ERR_JOSE_NOT_SUPPORTED", "the token or the key needs an algorithm, curve, format or extension that is not supported; see the documentation for those that are (a PEM must be a \"PUBLIC KEY\", a \"RSA PUBLIC KEY\" or a \"CERTIFICATE\")";
    /// The JWK, PEM, DER or secret is malformed, too weak, or not a key to verify with (RFC 7517 §4, RFC 7518 §6).
    JwkInvalid = "ERR_JWK_INVALID", "the key is malformed, too weak or not a public key; pass a public JWK, PEM or DER (RSA of 2048 to 8192 bits), or a secret as a Uint8Array (never a string) at least as long as the hash";
    /// The JWK Set is not an object with an array of keys (RFC 7517 §5).
    JwksInvalid = "ERR_JWKS_INVALID", "the JWK Set is malformed; check the option `jwks`, or the document at the JWKS URI";
    /// No key of the set fits the token's `kid` and `alg`.
    JwksNoMatchingKey = "ERR_JWKS_NO_MATCHING_KEY", "no key fits the \"kid\" and \"alg\" of the token; check that the issuer publishes the key";
    /// The keys have not been fetched yet, or are older than their maximum age, and this call does not fetch.
    JwksNotLoaded = "ERR_JWKS_NOT_LOADED", "the keys are not loaded; await `load()` or `verify()` first";

    /// A URL is not https, and not http on a loopback address.
    FetchInsecure = "ERR_FETCH_INSECURE", "the URL is not https; plain http is allowed for loopback addresses only";
    /// The request failed before a response arrived.
    FetchFailed = "ERR_FETCH_FAILED", "no response arrived; check the network, the URL and CORS, then try again";
    /// No complete response arrived in time.
    FetchTimeout = "ERR_FETCH_TIMEOUT", "no complete response arrived in time; try again";
    /// The response has more bytes than are read.
    FetchTooLarge = "ERR_FETCH_TOO_LARGE", "the response is larger than the limit; check the URL";
    /// The response has a status that cannot be used. See `status`.
    FetchStatus = "ERR_FETCH_STATUS", "the server answered with an unexpected status; try again later or check the URL";

    /// The authorization server metadata is not usable (RFC 8414 §3.2, OpenID Connect Discovery §4.2).
    MetadataInvalid = "ERR_OAUTH_METADATA_INVALID", "the metadata of the authorization server is malformed or lacks a member that is needed; check the URL, and tell whoever runs the server";
    /// The `issuer` of the metadata is not the one that was asked for (RFC 8414 §3.3).
    MetadataIssuerMismatch = "ERR_OAUTH_METADATA_ISSUER_MISMATCH", "the metadata names another issuer; pass `issuer` exactly as the server spells it";
    /// An option or argument has a value that cannot be used.
    OptionInvalid = "ERR_OPTION_INVALID", "an option is missing, not known, at odds with another, or has a value that cannot be used; see its documentation";

    /// The server announces its PKCE methods, and S256 is not among them (RFC 8414 §2, RFC 7636 §4.2).
    PkceNotSupported = "ERR_PKCE_NOT_SUPPORTED", "the authorization server does not support PKCE with S256; enable it there, nothing weaker is used";
    /// The callback has no `state` (RFC 6749 §4.1.2).
    StateMissing = "ERR_OAUTH_STATE_MISSING", "the URL is not the callback of a login, it has no \"state\"; start the login again";
    /// No login of this browser waits for the `state` of the callback.
    StateUnknown = "ERR_OAUTH_STATE_UNKNOWN", "no login of this browser waits for this callback; it was started elsewhere or forged; start the login again here";
    /// The `state` of the callback was used before.
    StateUsed = "ERR_OAUTH_STATE_USED", "this callback was used before; do not reload or bookmark it; start the login again";
    /// The login took longer than a transaction lives.
    StateExpired = "ERR_OAUTH_STATE_EXPIRED", "the login took too long; start it again";
    /// The `state` is not that of the transaction, or the transaction is not this client's.
    StateMismatch = "ERR_OAUTH_STATE_MISMATCH", "the callback belongs to another login or another client; start the login again";
    /// The Authorization Response has duplicate, contradictory or unexpected parameters, or neither `code` nor `error`.
    AuthorizationResponseInvalid = "ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID", "the callback is malformed or was tampered with; start the login again";
    /// The authorization server refused the request (RFC 6749 §4.1.2.1). See `error`.
    AuthorizationResponseError = "ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR", "the authorization server refused the login; see `error`";
    /// The `iss` of the callback is not the issuer that was asked, or is missing although announced (RFC 9207 §2.4).
    IssuerMismatch = "ERR_OAUTH_ISSUER_MISMATCH", "the callback comes from another authorization server than the login was started with; start the login again";
    /// The authorization code or refresh token is invalid, expired, used or revoked (RFC 6749 §5.2).
    InvalidGrant = "ERR_OAUTH_INVALID_GRANT", "the authorization code or refresh token is no longer valid; sign in again";
    /// The token endpoint refused the request (RFC 6749 §5.2). See `error`.
    TokenResponseError = "ERR_OAUTH_TOKEN_RESPONSE_ERROR", "the token endpoint refused the request; see `error`, and check the registration of the client";
    /// The Token Response is malformed (RFC 6749 §5.1).
    TokenResponseInvalid = "ERR_OAUTH_TOKEN_RESPONSE_INVALID", "the answer of the token endpoint is not a usable token response; check the authorization server";
    /// There is no refresh token to refresh with.
    RefreshTokenMissing = "ERR_OAUTH_REFRESH_TOKEN_MISSING", "there is no refresh token; sign in again, and ask for one (often by the scope \"offline_access\")";
    /// A protected resource refused the access token (RFC 6750 §3.1).
    AccessTokenRejected = "ERR_OAUTH_ACCESS_TOKEN_REJECTED", "the access token was refused; refresh it, and check its scope and resource";
    /// The scope has `openid`, but no ID token was issued (OpenID Connect Core §3.1.3.3).
    IdTokenMissing = "ERR_OIDC_ID_TOKEN_MISSING", "there is no ID token; check that the scope has \"openid\" and the server supports OpenID Connect";
    /// The UserInfo Response is malformed, or about another `sub` (OpenID Connect Core §5.3.2).
    UserInfoInvalid = "ERR_OIDC_USER_INFO_INVALID", "the UserInfo response is malformed or about another user; do not use it";

    /// There is no session. Raised by `accessToken`, `fetch`, `userInfo`.
    SessionMissing = "ERR_OAUTH_SESSION_MISSING", "there is no session; call `signIn()` first";
    /// `fetch` was asked to send the access token to an origin that it is not meant for.
    OriginNotAllowed = "ERR_OAUTH_ORIGIN_NOT_ALLOWED", "the access token is not meant for the origin of this URL; if it is, list the origin in `allowedOrigins`";
    /// The token store could not be read or written. See `cause`.
    StoreFailed = "ERR_OAUTH_STORE_FAILED", "the token store could not be read or written; see `cause`";

    /// An endpoint other than the token endpoint refused the request (RFC 6749 §5.2). See `error` and `status`.
    EndpointError = "ERR_OAUTH_ENDPOINT_ERROR", "the authorization server refused the request; see `error`, and check the registration of the client";
    /// The answer of an endpoint is not what its specification says. See `claim` for the member.
    EndpointResponseInvalid = "ERR_OAUTH_ENDPOINT_RESPONSE_INVALID", "the answer of the authorization server is not what the specification of the endpoint says; tell whoever runs the server";
    /// The user did not answer in the time that the server gave (RFC 8628 §3.5, CIBA §11).
    GrantExpired = "ERR_OAUTH_GRANT_EXPIRED", "the time to approve the request is over; start it again";
    /// A notification of CIBA is not a ping of the server about a request that waits (CIBA §10.2). See `claim`.
    NotificationInvalid = "ERR_OAUTH_NOTIFICATION_INVALID", "the notification is not a ping about a request that waits (push is not supported); answer it with the status 401";
    /// The protected resource metadata is of another resource (RFC 9728 §3.3).
    ResourceMismatch = "ERR_OAUTH_RESOURCE_MISMATCH", "the metadata names another resource; pass the identifier exactly as the resource spells it";
    /// The security profile of the client forbids what was asked for, or the server does not offer what it demands (FAPI 2.0).
    ProfileViolation = "ERR_OAUTH_PROFILE_VIOLATION", "the security profile forbids this, or the server lacks what it demands; see the documentation of `profile`";
    /// A signature could not be made with the key of the client. See `cause`.
    SigningFailed = "ERR_OAUTH_SIGNING_FAILED", "the key could not sign; check that it is a private key that may sign, and its algorithm";
}

/// Why a claim was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// The claim is absent although an expectation needs it.
    Missing,
    /// The claim has a type or a form that it may not have.
    Malformed,
    /// The claim has a value other than the expected.
    Mismatch,
}

impl Reason {
    /// Every reason, in the order of its discriminant.
    pub const ALL: &[Self] = &[Self::Missing, Self::Malformed, Self::Mismatch];

    /// The reason as JavaScript sees it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Mismatch => "mismatch",
        }
    }
}

/// What an endpoint said of its failure (RFC 6749 §4.1.2.1 and §5.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The HTTP status, where there was a response.
    pub status: Option<u16>,
    /// The registered `error`.
    pub error: Option<String>,
    /// The server's `error_description`, for developers.
    pub error_description: Option<String>,
}

/// A failure. It is one pointer wide, since every function that can fail hands it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Failure>);

/// What is known of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which failure.
    pub code: Code,
    /// The claim, header parameter, option or metadata member that it is about.
    pub claim: Option<Cow<'static, str>>,
    /// Why `claim` was refused.
    pub reason: Option<Reason>,
    /// What the server said.
    pub response: Option<ErrorResponse>,
    /// The seconds after which the server may be asked again (RFC 9110 §10.2.3), where it said so.
    #[cfg(feature = "oauth")]
    pub retry_after: Option<u64>,
}

impl Deref for Error {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl Error {
    /// A failure of which nothing but the code is known.
    #[cold]
    #[inline(never)]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Failure {
            code,
            claim: None,
            reason: None,
            response: None,
            #[cfg(feature = "oauth")]
            retry_after: None,
        }))
    }

    /// [`Code::ClaimValidationFailed`] for `claim`.
    #[cold]
    #[inline(never)]
    pub fn claim(claim: impl Into<Cow<'static, str>>, reason: Reason) -> Self {
        Self::new(Code::ClaimValidationFailed).about(claim, reason)
    }

    /// The same failure, about `claim`.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn about(mut self, claim: impl Into<Cow<'static, str>>, reason: Reason) -> Self {
        self.0.claim = Some(claim.into());
        self.0.reason = Some(reason);
        self
    }

    /// The same failure, under another code.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn under(mut self, code: Code) -> Self {
        self.0.code = code;
        self
    }

    /// The same failure, with the seconds of `Retry-After`.
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn retry_after(mut self, seconds: Option<u64>) -> Self {
        self.0.retry_after = seconds;
        self
    }

    /// The same failure, with what the server said.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn with_response(mut self, response: ErrorResponse) -> Self {
        self.0.response = Some(response);
        self
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.message())?;
        if let Some(claim) = &self.claim {
            write!(f, ": \"{claim}\"")?;
        }
        if let Some(reason) = self.reason {
            write!(f, " ({})", reason.as_str())?;
        }
        Ok(())
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::string::ToString;

    #[test]
    fn every_code_is_unique_and_its_discriminant_is_its_index() {
        let mut seen = HashSet::new();
        for (index, code) in Code::ALL.iter().enumerate() {
            assert_eq!(*code as usize, index);
            assert!(code.as_str().starts_with("ERR_"), "{}", code.as_str());
            assert!(seen.insert(code.as_str()), "{} stands twice", code.as_str());
            assert!(!code.message().ends_with('.') && !code.doc().is_empty());
        }
    }

    #[test]
    fn a_claim_failure_names_the_claim_and_the_reason() {
        let error = Error::claim("aud", Reason::Missing);
        assert!(error.to_string().ends_with(": \"aud\" (missing)"));
    }
}
