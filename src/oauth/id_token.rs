//! The ID token: its signature, and every check of OpenID Connect Core §3.1.3.7 and, after a refresh, §12.2.

use alloc::string::String;
use alloc::vec::Vec;

use super::client::{Client, Options};
use super::members::Members;
use super::metadata::{ServerMetadata, missing};
use super::secret::{AccessToken, IdToken};
use super::tokens::Tokens;
use super::transaction::Transaction;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, SignatureCheck, Step};
use crate::jose::algorithm::Algorithm;
use crate::jose::claims::Expectations;
use crate::jose::discovery;
use crate::jose::jwks::JwkSet;
use crate::jose::jws::{CompactJws, ProtectedHeader};
use crate::text::base64url;
use crate::text::json::{Document, Value};

/// The step machine that has the signature of an ID token verified, with one key of the issuer after the other.
pub(super) struct Verification {
    token: SignedIdToken,
    kid: Option<String>,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
    jwks_uri: String,
    /// The keys that are left to try, the first of them last.
    candidates: Vec<String>,
    tried: bool,
    fetched: bool,
}

/// An ID token whose signature is valid.
#[derive(Clone)]
pub(super) struct SignedIdToken {
    algorithm: &'static Algorithm,
    header: Vec<u8>,
    payload: Vec<u8>,
}

/// What an ID token must agree with.
#[derive(Clone, Copy)]
pub(super) enum Occasion<'a> {
    Login(&'a Transaction),
    Refresh(&'a Tokens),
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
        let decode = |part| base64url::decode(part).map_err(|_| Code::JwsInvalid);
        let header = decode(jws.header)?;
        let protected = ProtectedHeader::parse(&header)?;
        let algorithm = metadata.id_token_signing_alg_values_supported.select(&protected.alg())?;
        let kid = protected.kid().map(|kid| kid.into_owned());
        Ok(Self {
            token: SignedIdToken { algorithm, payload: decode(jws.payload)?, header },
            kid,
            signing_input: jws.signing_input.into(),
            signature: decode(jws.signature)?,
            jwks_uri: metadata.jwks_uri.clone().ok_or_else(|| missing("jwks_uri"))?,
            candidates: Vec::new(),
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
        match answer {
            None => self.select(client.keys(now)),
            Some(Answer::Signature(true)) if self.tried => return Ok(Step::Done(self.token.clone())),
            Some(Answer::Signature(false)) if self.tried => {}
            Some(answer) => {
                let set = JwkSet::parse(&discovery::ok(answer)?.body)?;
                self.select(Some(&set));
                self.fetched = true;
                client.keep_keys(set, now);
            }
        }
        if let Some(jwk) = self.candidates.pop() {
            self.tried = true;
            return Ok(Step::VerifySignature(SignatureCheck {
                alg: self.token.algorithm.name,
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

    fn select(&mut self, set: Option<&JwkSet>) {
        let (algorithm, kid) = (self.token.algorithm, self.kid.as_deref());
        self.candidates = set
            .into_iter()
            .flat_map(|set| set.candidates(algorithm, kid))
            .map(|(_, jwk)| jwk.material.to_json())
            .collect();
        self.candidates.reverse();
    }
}

impl SignedIdToken {
    /// Validates the claims at `now`. `access_token` is the one that was issued with the ID token.
    ///
    /// # Errors
    /// [`Code::JwtInvalid`], [`Code::JwtExpired`], and [`Code::ClaimValidationFailed`] about the claim.
    pub(super) fn validate(
        &self,
        options: &Options,
        occasion: Occasion<'_>,
        access_token: &AccessToken,
        now: u64,
    ) -> Result<ValidatedIdToken, Error> {
        let header = ProtectedHeader::parse(&self.header)?;
        let document = Document::parse_object(&self.payload).map_err(|_| Code::JwtInvalid)?;
        let expectations = Expectations {
            issuer: Some([options.issuer.clone()].into()),
            audience: Some([options.client_id.clone()].into()),
            required_claims: ["iat".into()].into(),
            require_exp: true,
            clock_tolerance: options.clock_tolerance,
            ..Expectations::default()
        };
        expectations.validate(&header, &document, now)?;
        let claims = Members::of(&document, Code::ClaimValidationFailed);
        let sub = claims.string("sub")?;
        validate_azp(claims, &options.client_id)?;
        validate_at_hash(claims, self.algorithm, access_token)?;
        let auth_time = claims.optional("auth_time", whole_second)?;
        match occasion {
            Occasion::Login(transaction) => {
                validate_login(claims, transaction, auth_time, options.clock_tolerance, now)?
            }
            Occasion::Refresh(tokens) => validate_refresh(claims, tokens, &sub, auth_time)?,
        }
        let text = String::from_utf8(self.payload.clone()).map_err(|_| Code::JwtInvalid)?;
        Ok(ValidatedIdToken { claims: text, auth_time })
    }
}

/// §3.1.3.7, 3 to 5: other audiences are trusted only if the token was issued to this client.
fn validate_azp(claims: Members<'_>, client_id: &str) -> Result<(), Error> {
    let others = audience(claims)?.iter().any(|audience| audience != client_id);
    match claims.optional_string("azp")? {
        None if others => Err(claims.failure("azp", Reason::Missing)),
        azp => require(claims, "azp", azp.is_none_or(|azp| azp == client_id)),
    }
}

/// §3.1.3.6: the left half of the hash of the access token.
fn validate_at_hash(claims: Members<'_>, algorithm: &Algorithm, access_token: &AccessToken) -> Result<(), Error> {
    let Some(at_hash) = claims.optional_string("at_hash")? else { return Ok(()) };
    let digest = algorithm.hash.digest(access_token.as_str().as_bytes());
    let (left, _) = digest.split_at_checked(digest.len() / 2).unwrap_or_default();
    require(claims, "at_hash", at_hash == base64url::encode(left))
}

/// §3.1.3.7, 11 to 13.
fn validate_login(
    claims: Members<'_>,
    transaction: &Transaction,
    auth_time: Option<u64>,
    clock_tolerance: u64,
    now: u64,
) -> Result<(), Error> {
    match claims.optional_string("nonce")? {
        None if transaction.nonce.is_some() => return Err(claims.failure("nonce", Reason::Missing)),
        nonce => require(claims, "nonce", nonce == transaction.nonce)?,
    }
    let Some(max_age) = transaction.max_age else { return Ok(()) };
    let auth_time = auth_time.ok_or_else(|| claims.failure("auth_time", Reason::Missing))?;
    let age = now.saturating_sub(auth_time);
    require(claims, "auth_time", age <= max_age.saturating_add(clock_tolerance))
}

/// §12.2: the token is about the same login as the one before.
fn validate_refresh(claims: Members<'_>, tokens: &Tokens, sub: &str, auth_time: Option<u64>) -> Result<(), Error> {
    let nonce = claims.optional_string("nonce")?;
    require(claims, "nonce", nonce.is_none() || nonce == tokens.nonce)?;
    let same_time = auth_time.is_none() || tokens.auth_time.is_none() || auth_time == tokens.auth_time;
    require(claims, "auth_time", same_time)?;
    let Some(previous) = &tokens.claims else { return Ok(()) };
    let document = Document::parse_object(previous.as_bytes()).map_err(|_| Code::JwtInvalid)?;
    let previous = Members::of(&document, Code::ClaimValidationFailed);
    require(claims, "sub", previous.string("sub")? == sub)?;
    let audience_now = audience(claims)?;
    require(claims, "aud", audience(previous)?.iter().all(|audience| audience_now.contains(audience)))?;
    require(claims, "azp", claims.optional_string("azp")? == previous.optional_string("azp")?)
}

fn audience(claims: Members<'_>) -> Result<Vec<String>, Error> {
    claims.optional_strings("aud").map(Option::unwrap_or_default)
}

fn require(claims: Members<'_>, claim: &'static str, holds: bool) -> Result<(), Error> {
    holds.then_some(()).ok_or_else(|| claims.failure(claim, Reason::Mismatch))
}

fn whole_second(value: Value<'_>) -> Option<u64> {
    u64::try_from(value.as_numeric_date()?.floor).ok()
}
