//! A JWT that the authorization server signed: its signature is verified with the keys that the server publishes (RFC 7515
//! §5.2, OpenID Connect Core §10.1).

use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::keys::ServerKeys;
use super::metadata::ServerMetadata;
use crate::discovery;
use crate::error::{Code, Error};
use crate::http::{Answer, Request, SignatureCheck, Step};
use crate::jose::algorithm::{Algorithm, AlgorithmSet};
use crate::jose::claims::{Expectations, Window};
use crate::jose::jwks::JwkSet;
use crate::jose::jws::{CompactJws, ProtectedHeader};
use crate::text::base64url;
use crate::text::json::Document;

/// The step machine that has the signature verified, with one key of the server after the other.
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
    /// Seconds after they were fetched for which keys are not fetched again.
    cooldown: u64,
}

/// A JWT whose signature is valid.
pub(super) struct SignedJwt {
    header: Vec<u8>,
    payload: Vec<u8>,
}

impl Verification {
    /// The verification of `token`, which one of `algorithms` signed.
    ///
    /// # Errors
    /// [`Code::JwsInvalid`], [`Code::AlgNotAllowed`], [`Code::NotSupported`] for an extension that is not implemented,
    /// and [`Code::MetadataInvalid`] when the server publishes no keys.
    pub(super) fn new(token: &str, algorithms: &AlgorithmSet, metadata: &ServerMetadata) -> Result<Self, Error> {
        let jws = CompactJws::parse(token.as_bytes())?;
        let header = decode(jws.header)?;
        let protected = ProtectedHeader::parse(&header)?;
        let algorithm = algorithms.select(&protected.alg())?;
        let kid = protected.kid().map(|kid| kid.into_owned());
        Ok(Self {
            algorithm,
            kid,
            header,
            payload: decode(jws.payload)?,
            signing_input: jws.signing_input.into(),
            signature: decode(jws.signature)?,
            jwks_uri: metadata.endpoint("jwks_uri")?,
            candidates: Vec::new(),
            asked: false,
            tried: false,
            fetched: false,
            cooldown: 0,
        })
    }

    /// The same, which does not have keys fetched again that were fetched less than `seconds` ago: for tokens that anybody can
    /// send as often as they like.
    #[cfg(feature = "oauth")]
    pub(super) const fn with_cooldown(mut self, seconds: u64) -> Self {
        self.cooldown = seconds;
        self
    }

    /// The next step at `now`; call with `None` to begin. Keys that are at hand are tried first; when none of them
    /// fits, the server may have new ones, and is asked once.
    ///
    /// # Errors
    /// [`Code::JwksNoMatchingKey`], [`Code::SignatureVerificationFailed`], [`Code::JwksInvalid`], and those of
    /// [`discovery::ok`].
    pub(super) fn step(
        &mut self,
        keys: &mut ServerKeys,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<SignedJwt>, Error> {
        let asked = mem::take(&mut self.asked);
        match answer {
            None => {
                if let Some(set) = keys.get(now) {
                    self.select(set);
                }
            }
            Some(Answer::Signature(valid)) if asked => {
                if valid {
                    let (header, payload) = (mem::take(&mut self.header), mem::take(&mut self.payload));
                    return Ok(Step::Done(SignedJwt { header, payload }));
                }
            }
            Some(answer) => {
                let set = JwkSet::parse(&discovery::ok(answer)?.body)?;
                self.select(&set);
                self.fetched = true;
                keys.keep(set, now);
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
        if !self.fetched && !keys.were_fetched_within(self.cooldown, now) {
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

impl SignedJwt {
    /// The claims, of which nothing is checked.
    ///
    /// # Errors
    /// [`Code::JwtInvalid`].
    pub(super) fn claims(&self) -> Result<Document<'_>, Error> {
        Document::parse_object(&self.payload).map_err(|_| Code::JwtInvalid.into())
    }

    /// Validates header and claims at `now`.
    ///
    /// # Errors
    /// [`Code::JwtInvalid`], [`Code::JwtExpired`], and [`Code::ClaimValidationFailed`] about the claim.
    pub(super) fn validate(&self, expectations: &Expectations, now: u64) -> Result<Document<'_>, Error> {
        let claims = self.claims()?;
        self.window(expectations, &claims, now)?;
        Ok(claims)
    }

    /// Validates header and `claims`, and returns the time in which they are good.
    ///
    /// # Errors
    /// [`Code::JwtExpired`], and [`Code::ClaimValidationFailed`] about the claim.
    pub(super) fn window(&self, expectations: &Expectations, claims: &Document<'_>, now: u64) -> Result<Window, Error> {
        expectations.validate(&ProtectedHeader::parse(&self.header)?, claims, now)
    }

    /// The claims as JSON.
    ///
    /// # Errors
    /// [`Code::JwtInvalid`].
    pub(super) fn into_json(self) -> Result<String, Error> {
        String::from_utf8(self.payload).map_err(|_| Code::JwtInvalid.into())
    }
}

fn decode(part: &[u8]) -> Result<Vec<u8>, Error> {
    base64url::decode(part).map_err(|_| Code::JwsInvalid.into())
}
