//! Validating a JWT Claims Set (RFC 7519 §4 and §7.2). Signatures are `jws`'s and `key`'s business.

use alloc::string::String;
use alloc::vec::Vec;

use super::jws::ProtectedHeader;
use crate::error::{Code, Error, Reason};
use crate::text::json::{Document, NumericDate, Value};

/// What the application requires of a token. A requirement that is set makes its claim mandatory: an absent claim
/// never passes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// `iss` must be one of these Issuer Identifiers, compared byte by byte.
    pub issuer: Option<Vec<String>>,
    /// `aud` must be, or contain, one of these values.
    pub audience: Option<Vec<String>>,
    /// `sub` must be this value.
    pub subject: Option<String>,
    /// The `typ` header must be this media type, with or without its `application/` (RFC 7515 §4.1.9).
    pub typ: Option<String>,
    /// These claims must be present.
    pub required_claims: Vec<String>,
    /// Whether `exp` must be present.
    pub require_exp: bool,
    /// Seconds by which two honest clocks may differ.
    pub clock_tolerance: u64,
    /// Seconds since `iat` after which the token is too old.
    pub max_token_age: Option<u64>,
}

impl Expectations {
    /// Validates a protected header and the claims of a token whose signature is valid, at `now`, in seconds since the
    /// epoch.
    ///
    /// # Errors
    /// [`Code::JwtExpired`] about `exp` or `iat`; [`Code::ClaimValidationFailed`] about any other.
    pub fn validate(&self, header: &ProtectedHeader<'_>, claims: &Document<'_>, now: u64) -> Result<(), Error> {
        if let Some(expected) = &self.typ {
            let typ = header.typ().ok_or_else(|| Error::claim("typ", Reason::Missing))?;
            if !media_type(&typ).eq_ignore_ascii_case(media_type(expected)) {
                return Err(Error::claim("typ", Reason::Mismatch));
            }
        }
        for claim in &self.required_claims {
            if claims.get(claim).is_none() {
                return Err(Error::claim(claim.clone(), Reason::Missing));
            }
        }
        if let Some(issuers) = &self.issuer {
            require_string(claims, "iss", |iss| issuers.iter().any(|issuer| issuer == iss))?;
        }
        if let Some(subject) = &self.subject {
            require_string(claims, "sub", |sub| sub == subject)?;
        }
        if let Some(audiences) = &self.audience {
            require_audience(claims, audiences)?;
        }
        self.validate_times(claims, now)
    }

    /// Validates `exp`, `nbf` and `iat` alone, at `now`.
    ///
    /// # Errors
    /// [`Code::JwtExpired`] about `exp` or `iat`; [`Code::ClaimValidationFailed`] about any of them.
    pub fn validate_times(&self, claims: &Document<'_>, now: u64) -> Result<(), Error> {
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        let tolerance = seconds(self.clock_tolerance);
        let iat = numeric_date(claims, "iat")?;
        if let Some(nbf) = numeric_date(claims, "nbf")?
            && now.saturating_add(tolerance) < nbf.ceil
        {
            return Err(Error::claim("nbf", Reason::Mismatch));
        }
        match numeric_date(claims, "exp")? {
            // RFC 7519 §4.1.4: "on or after which the JWT MUST NOT be accepted"
            Some(exp) if now >= exp.floor.saturating_add(tolerance) => return Err(expired("exp")),
            None if self.require_exp => return Err(Error::claim("exp", Reason::Missing)),
            _ => {}
        }
        if let Some(age) = self.max_token_age {
            let iat = iat.ok_or_else(|| Error::claim("iat", Reason::Missing))?;
            if now.saturating_add(tolerance) < iat.ceil {
                return Err(Error::claim("iat", Reason::Mismatch));
            }
            if now.saturating_sub(iat.floor) > seconds(age).saturating_add(tolerance) {
                return Err(expired("iat"));
            }
        }
        Ok(())
    }
}

fn expired(claim: &'static str) -> Error {
    Error::new(Code::JwtExpired).about(claim, Reason::Mismatch)
}

/// RFC 7515 §4.1.9: `application/` is left out when no other slash is in the type.
fn media_type(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

fn require<'c>(claims: &'c Document<'_>, claim: &'static str) -> Result<Value<'c>, Error> {
    claims.get(claim).ok_or_else(|| Error::claim(claim, Reason::Missing))
}

fn require_string(claims: &Document<'_>, claim: &'static str, holds: impl Fn(&str) -> bool) -> Result<(), Error> {
    let value = require(claims, claim)?.as_str().ok_or_else(|| Error::claim(claim, Reason::Malformed))?;
    holds(&value).then_some(()).ok_or_else(|| Error::claim(claim, Reason::Mismatch))
}

/// RFC 7519 §4.1.3: a string, or an array of strings.
fn require_audience(claims: &Document<'_>, audiences: &[String]) -> Result<(), Error> {
    let aud = require(claims, "aud")?;
    let expected = |value: &str| audiences.iter().any(|audience| audience == value);
    let mut found = false;
    if aud.is_array() {
        for member in aud.elements() {
            found |= expected(&member.as_str().ok_or_else(|| Error::claim("aud", Reason::Malformed))?);
        }
    } else {
        found = expected(&aud.as_str().ok_or_else(|| Error::claim("aud", Reason::Malformed))?);
    }
    found.then_some(()).ok_or_else(|| Error::claim("aud", Reason::Mismatch))
}

fn numeric_date(claims: &Document<'_>, claim: &'static str) -> Result<Option<NumericDate>, Error> {
    let malformed = || Error::claim(claim, Reason::Malformed);
    claims.get(claim).map(|value| value.as_numeric_date().ok_or_else(malformed)).transpose()
}

#[cfg(test)]
mod tests;
