//! The ID token: its signature, and every check of OpenID Connect Core §3.1.3.7 and, after a refresh, §12.2.

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
use crate::jose::claims::Expectations;
use crate::jose::jwks::JwkSet;
use crate::jose::jws::{CompactJws, ProtectedHeader};
use crate::text::base64url;
use crate::text::json::{Document, Value};

/// The step machine that has the signature of an ID token verified, with one key of the issuer after the other.
pub(super) struct Verification {
    algorithm: &'static Algorithm,
    kid: Option<String>,
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
    algorithm: &'static Algorithm,
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
        Ok(Self {
            algorithm: metadata.id_token_signing_alg_values_supported.select(&protected.alg())?,
            kid: protected.kid().map(|kid| kid.into_owned()),
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
                    let payload = mem::take(&mut self.payload);
                    return Ok(Step::Done(SignedIdToken { algorithm: self.algorithm, payload }));
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
        let document = Document::parse_object(&self.payload).map_err(|_| Code::JwtInvalid)?;
        let times = Expectations { require_exp: true, clock_tolerance: options.clock_tolerance, ..Default::default() };
        let times = times.validate_times(&document, now);
        let auth_time = members::read(&document, Code::ClaimValidationFailed, |claims| {
            require_string(claims, "iss", &options.issuer);
            validate_audience(claims, &options.client_id);
            if let Err(error) = times {
                claims.refuse_with(error);
            }
            if claims.get("iat").is_none() {
                claims.refuse("iat", Reason::Missing);
            }
            claims.string("sub");
            if claims.get("at_hash").is_some() {
                require_string(claims, "at_hash", &at_hash(self.algorithm, access_token));
            }
            if login.is_some() || claims.get("nonce").is_some() {
                validate_nonce(claims, tokens.nonce.as_deref());
            }
            let auth_time = claims.optional_second("auth_time");
            validate_auth_time(claims, auth_time, tokens.auth_time);
            if let Some(max_age) = login.and_then(|login| login.max_age) {
                validate_age(claims, auth_time, max_age.saturating_add(options.clock_tolerance), now);
            }
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

/// §3.1.3.7, 3 to 5: other audiences are trusted only if the token was issued to this client.
fn validate_audience(claims: &mut Members<'_>, client_id: &str) {
    let audience = claims.optional_strings("aud");
    if audience.is_none() {
        claims.refuse("aud", Reason::Missing);
    }
    let audience = audience.unwrap_or_default();
    claims.require("aud", audience.iter().any(|audience| audience == client_id));
    if claims.get("azp").is_some() || audience.iter().any(|audience| audience != client_id) {
        require_string(claims, "azp", client_id);
    }
}

/// §3.1.3.6: the left half of the hash of the access token.
fn at_hash(algorithm: &Algorithm, access_token: &AccessToken) -> String {
    let mut digest = algorithm.hash.digest(access_token.as_str().as_bytes());
    digest.truncate(digest.len() / 2);
    base64url::encode(digest)
}

/// §3.1.3.7, 11: the `nonce` is the one that was sent, or absent if none was.
fn validate_nonce(claims: &mut Members<'_>, sent: Option<&str>) {
    match sent {
        Some(sent) => require_string(claims, "nonce", sent),
        None => claims.require("nonce", claims.get("nonce").is_none()),
    }
}

/// §12.2: "its value MUST represent the time of the original authentication"
fn validate_auth_time(claims: &mut Members<'_>, auth_time: Option<u64>, original: Option<u64>) {
    claims.require("auth_time", auth_time.is_none() || original.is_none() || auth_time == original);
}

/// §3.1.3.7, 13.
fn validate_age(claims: &mut Members<'_>, auth_time: Option<u64>, max_age: u64, now: u64) {
    match auth_time {
        Some(auth_time) => claims.require("auth_time", now.saturating_sub(auth_time) <= max_age),
        None => claims.refuse("auth_time", Reason::Missing),
    }
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

fn require_string(claims: &mut Members<'_>, name: &'static str, expected: &str) {
    match claims.get(name).map(Value::as_str) {
        None => claims.refuse(name, Reason::Missing),
        Some(None) => claims.refuse(name, Reason::Malformed),
        Some(Some(text)) => claims.require(name, text == expected),
    }
}

fn decode(part: &[u8]) -> Result<Vec<u8>, Error> {
    base64url::decode(part).map_err(|_| Code::JwsInvalid.into())
}
