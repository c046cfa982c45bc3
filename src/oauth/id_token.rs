//! The ID token: its signature, and every check of OpenID Connect Core §3.1.3.7 and, after a refresh, §12.2.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::client::{Client, Options};
use super::grant::Login;
use super::members::{self, Members};
use super::metadata::{ServerMetadata, missing};
use super::secret::{AccessToken, IdToken};
use super::tokens::Tokens;
use crate::discovery;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, SignatureCheck, Step};
use crate::jose::algorithm::Algorithm;
use crate::jose::claims::{Expectations, ID_TOKEN};
use crate::jose::jwks::JwkSet;
use crate::jose::jws::{CompactJws, ProtectedHeader};
use crate::text::base64url;
use crate::text::json::{Document, Value};

/// The step machine that has the signature of an ID token verified, with one key of the issuer after the other.
pub(super) struct Verification {
    algorithm: &'static Algorithm,
    kid: Option<String>,
    header: Vec<u8>,
    payload: Vec<u8>,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
    jwks_uri: String,
    /// The keys that are left to try, the first of them last.
    candidates: Vec<String>,
    /// Whether a signature is being verified.
    asked: bool,
    tried: bool,
    fetched: bool,
}

/// An ID token whose signature is valid.
pub(super) struct SignedIdToken {
    header: Vec<u8>,
    payload: Vec<u8>,
}

/// What a valid ID token says.
pub(super) struct ValidatedIdToken {
    /// The claims, as JSON.
    pub(super) claims: String,
    /// The whole second of `auth_time`.
    pub(super) auth_time: Option<u64>,
}

impl Verification {
    /// # Errors
    /// [`Code::JwsInvalid`], [`Code::AlgNotAllowed`], [`Code::NotSupported`] for an extension that is not implemented,
    /// and [`Code::MetadataInvalid`] when the server publishes no keys.
    pub(super) fn new(id_token: &IdToken, metadata: &ServerMetadata) -> Result<Self, Error> {
        let jws = CompactJws::parse(id_token.as_str().as_bytes())?;
        let header = decode(jws.header)?;
        let protected = ProtectedHeader::parse(&header)?;
        let algorithm = metadata.id_token_signing_alg_values_supported.select(&protected.alg())?;
        let kid = protected.kid().map(|kid| kid.into_owned());
        Ok(Self {
            algorithm,
            kid,
            header,
            payload: decode(jws.payload)?,
            signing_input: jws.signing_input.into(),
            signature: decode(jws.signature)?,
            jwks_uri: metadata.jwks_uri.clone().ok_or_else(|| missing("jwks_uri"))?,
            candidates: Vec::new(),
            asked: false,
            tried: false,
            fetched: false,
        })
    }

    /// The next step at `now`; call with `None` to begin. Keys that are at hand are tried first; when none of them
    /// fits, the issuer may have new ones, and is asked once.
    ///
    /// # Errors
    /// [`Code::JwksNoMatchingKey`], [`Code::SignatureVerificationFailed`], [`Code::JwksInvalid`], and those of
    /// [`discovery::ok`].
    pub(super) fn step(
        &mut self,
        client: &mut Client,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<SignedIdToken>, Error> {
        let asked = mem::take(&mut self.asked);
        match answer {
            None => {
                if let Some(set) = client.keys(now) {
                    self.select(set);
                }
            }
            Some(Answer::Signature(valid)) if asked => {
                if valid {
                    let (header, payload) = (mem::take(&mut self.header), mem::take(&mut self.payload));
                    return Ok(Step::Done(SignedIdToken { header, payload }));
                }
            }
            Some(answer) => {
                let set = JwkSet::parse(&discovery::ok(answer)?.body)?;
                self.select(&set);
                self.fetched = true;
                client.keep_keys(set, now);
            }
        }
        if let Some(jwk) = self.candidates.pop() {
            (self.asked, self.tried) = (true, true);
            return Ok(Step::VerifySignature(SignatureCheck {
                alg: self.algorithm.name,
                jwk,
                signing_input: self.signing_input.clone(),
                signature: self.signature.clone(),
            }));
        }
        if !self.fetched {
            return Ok(Step::Fetch(Request::get_json(self.jwks_uri.as_str())));
        }
        Err(Error::new(if self.tried { Code::SignatureVerificationFailed } else { Code::JwksNoMatchingKey }))
    }

    fn select(&mut self, set: &JwkSet) {
        self.candidates.clear();
        for (_, jwk) in set.candidates(self.algorithm, self.kid.as_deref()) {
            self.candidates.push(jwk.material.to_json());
        }
        self.candidates.reverse();
    }
}

impl SignedIdToken {
    /// Validates the claims at `now`. `access_token` was issued with the ID token. `tokens` are those of the session so
    /// far; a login has only the `nonce` that it sent.
    ///
    /// # Errors
    /// [`Code::JwtInvalid`], [`Code::JwtExpired`], and [`Code::ClaimValidationFailed`] about the claim.
    pub(super) fn validate(
        &self,
        options: &Options,
        tokens: &Tokens,
        access_token: &AccessToken,
        login: Option<&Login>,
        now: u64,
    ) -> Result<ValidatedIdToken, Error> {
        let header = ProtectedHeader::parse(&self.header)?;
        let document = Document::parse_object(&self.payload).map_err(|_| Code::JwtInvalid)?;
        let is_there = |claim: &str| document.get(claim).is_some_and(|value| !value.is_null());
        // §3.1.3.7, 11: who sent none knows of none.
        if tokens.nonce.is_none() && is_there("nonce") {
            return Err(Error::claim("nonce", Reason::Mismatch));
        }
        let expectations = Expectations {
            profile: &ID_TOKEN,
            issuer: Some([options.issuer.clone()].into()),
            audience: Some([options.client_id.clone()].into()),
            // A refresh may leave it out.
            nonce: tokens.nonce.clone().filter(|_| login.is_some() || is_there("nonce")),
            // In the code flow it is optional.
            access_token: is_there("at_hash").then(|| access_token.as_str().to_owned().into()),
            max_age: login.and_then(|login| login.max_age),
            clock_tolerance: options.clock_tolerance,
            ..Default::default()
        };
        expectations.validate(&header, &document, now)?;
        let auth_time = members::read(&document, Code::ClaimValidationFailed, |claims| {
            let auth_time = claims.optional_second("auth_time");
            validate_auth_time(claims, auth_time, tokens.auth_time);
            auth_time
        })?;
        if let Some(previous) = &tokens.claims {
            let previous = Document::parse_object(previous.as_bytes()).map_err(|_| Code::JwtInvalid)?;
            members::read(&document, Code::ClaimValidationFailed, |claims| validate_same_user(claims, &previous))?;
        }
        let claims = String::from_utf8(self.payload.clone()).map_err(|_| Code::JwtInvalid)?;
        Ok(ValidatedIdToken { claims, auth_time })
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

fn decode(part: &[u8]) -> Result<Vec<u8>, Error> {
    base64url::decode(part).map_err(|_| Code::JwsInvalid.into())
}
