//! The ID token: every check of OpenID Connect Core §3.1.3.7 and, after a refresh, §12.2.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::members::{self, Members};
use super::secret::{AccessToken, AuthorizationCode};
use super::signed_jwt::SignedJwt;
use crate::error::{Code, Error, Reason};
use crate::jose::claims::{Expectations, ID_TOKEN};
use crate::text::json::{Document, Value};

/// What is known of the `nonce` that an ID token has to repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Nonce {
    /// It was sent, and must come back.
    Sent(String),
    /// It was sent at the login; a later ID token repeats it or has none (§12.2).
    SentBefore(String),
    /// None was sent, so there must not be one (§3.1.3.7, 11).
    NotSent,
    /// Whoever asks does not know.
    #[cfg(feature = "oauth")]
    Unknown,
}

/// What an ID token is validated against.
#[derive(Clone, Debug)]
pub(super) struct IdTokenExpectations {
    /// The Issuer Identifier of the server.
    pub(super) issuer: String,
    /// The client, which must be in `aud`.
    pub(super) client_id: String,
    /// The one user that it may be about, where that is known.
    pub(super) subject: Option<String>,
    /// The nonce.
    pub(super) nonce: Nonce,
    /// The `max_age` that was asked for.
    pub(super) max_age: Option<u64>,
    /// The `acr` must be one of these.
    pub(super) acr_values: Option<Vec<String>>,
    /// Whether `at_hash` must be there with an access token: from the authorization endpoint it must (§3.2.2.9).
    pub(super) requires_at_hash: bool,
    /// The code that was issued with the ID token by the authorization endpoint, whose `c_hash` must be there (§3.3.2.11).
    pub(super) code: Option<AuthorizationCode>,
    /// The claims of the ID token before (§12.2), as JSON.
    pub(super) previous: Option<String>,
    /// The `auth_time` of the login.
    pub(super) auth_time: Option<u64>,
    /// Seconds by which two honest clocks may differ.
    pub(super) clock_tolerance: u64,
}

/// What a valid ID token says.
pub(super) struct ValidatedIdToken {
    /// The claims, as JSON.
    pub(super) claims: String,
    /// The whole second of `auth_time`.
    pub(super) auth_time: Option<u64>,
}

impl IdTokenExpectations {
    /// Validates the claims of `id_token` at `now`. `access_token` was issued with it.
    ///
    /// # Errors
    /// [`Code::JwtInvalid`], [`Code::JwtExpired`], and [`Code::ClaimValidationFailed`] about the claim.
    pub(super) fn validate(
        &self,
        id_token: SignedJwt,
        access_token: Option<&AccessToken>,
        now: u64,
    ) -> Result<ValidatedIdToken, Error> {
        let document = id_token.claims()?;
        let is_there = |claim: &str| document.get(claim).is_some_and(|value| !value.is_null());
        let nonce = match &self.nonce {
            Nonce::Sent(nonce) => Some(nonce.clone()),
            Nonce::SentBefore(nonce) => is_there("nonce").then(|| nonce.clone()),
            Nonce::NotSent if is_there("nonce") => return Err(Error::claim("nonce", Reason::Mismatch)),
            _ => None,
        };
        let hashed = access_token.filter(|_| self.requires_at_hash || is_there("at_hash"));
        let expectations = Expectations {
            profile: &ID_TOKEN,
            issuer: Some([self.issuer.clone()].into()),
            audience: Some([self.client_id.clone()].into()),
            subject: self.subject.clone(),
            nonce,
            access_token: hashed.map(|token| token.as_str().to_owned().into()),
            code: self.code.as_ref().map(|code| code.as_str().to_owned().into()),
            max_age: self.max_age,
            acr_values: self.acr_values.clone(),
            clock_tolerance: self.clock_tolerance,
            ..Default::default()
        };
        let claims = id_token.validate(&expectations, now)?;
        let auth_time = members::read(&claims, Code::ClaimValidationFailed, |claims| {
            let auth_time = claims.optional_second("auth_time");
            validate_auth_time(claims, auth_time, self.auth_time);
            auth_time
        })?;
        if let Some(previous) = &self.previous {
            let previous = Document::parse_object(previous.as_bytes()).map_err(|_| Code::JwtInvalid)?;
            members::read(&claims, Code::ClaimValidationFailed, |claims| validate_same_user(claims, &previous))?;
        }
        Ok(ValidatedIdToken { claims: id_token.into_json()?, auth_time })
    }
}

/// §12.2: "its value MUST represent the time of the original authentication"
fn validate_auth_time(claims: &mut Members<'_>, auth_time: Option<u64>, original: Option<u64>) {
    claims.require("auth_time", auth_time.is_none() || original.is_none() || auth_time == original);
}

/// §12.2: `sub` and `azp` are those of before, and whoever was in `aud` still is.
fn validate_same_user(claims: &mut Members<'_>, previous: &Document<'_>) {
    for name in ["sub", "azp"] {
        let text = |value: Option<Value<'_>>| value.and_then(Value::as_str).map(|text| text.into_owned());
        let same = text(claims.get(name)) == text(previous.get(name));
        claims.require(name, same);
    }
    let audience = claims.optional_strings("aud").unwrap_or_default();
    let kept = members::read(previous, Code::ClaimValidationFailed, |previous| {
        previous.optional_strings("aud").unwrap_or_default().iter().all(|member| audience.contains(member))
    });
    claims.require("aud", kept == Ok(true));
}
