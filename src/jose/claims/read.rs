//! Reading claims, each with the type that it must have. None of this is inlined: it is called from every check, and each
//! call is to cost a few bytes.

use alloc::string::String;

use super::{Outcome, Token};
use crate::error::{Error, Reason};
use crate::text::json::{NumericDate, Value};

#[cold]
#[inline(never)]
pub(super) fn missing(claim: &'static str) -> Error {
    Error::claim(claim, Reason::Missing)
}

#[cold]
#[inline(never)]
pub(super) fn malformed(claim: &'static str) -> Error {
    Error::claim(claim, Reason::Malformed)
}

/// Passed, where `holds`.
#[inline(never)]
pub(super) fn require(claim: &'static str, holds: bool) -> Result<Outcome, Error> {
    holds.then_some(Outcome::Passed).ok_or_else(|| Error::claim(claim, Reason::Mismatch))
}

/// A claim of a specification that leaves it out at will: some servers spell that `null`.
#[inline(never)]
pub(super) fn optional<'t>(token: &Token<'t>, claim: &str) -> Option<Value<'t>> {
    token.claims.get(claim).filter(|value| !value.is_null())
}

/// Passed, where the claim is a string for which `holds`.
#[inline(never)]
pub(super) fn require_string(
    token: &Token<'_>,
    claim: &'static str,
    holds: &dyn Fn(&str) -> bool,
) -> Result<Outcome, Error> {
    let value = token.claims.get(claim).ok_or_else(|| missing(claim))?;
    let text = value.as_str().ok_or_else(|| malformed(claim))?;
    require(claim, holds(&text))
}

/// Passed, where the claim is one of the strings that are `expected`, compared byte by byte.
#[inline(never)]
pub(super) fn require_one_of(
    token: &Token<'_>,
    claim: &'static str,
    expected: Option<&[String]>,
) -> Result<Outcome, Error> {
    let Some(expected) = expected else { return Ok(Outcome::NotAskedFor) };
    require_string(token, claim, &|text| expected.iter().any(|expected| expected == text))
}

/// Reads each string of a claim that is one, or an array of them (RFC 7519 §4.1.3).
#[inline(never)]
pub(super) fn each_string(token: &Token<'_>, claim: &'static str, read: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let value = token.claims.get(claim).ok_or_else(|| missing(claim))?;
    if !value.is_array() {
        read(&value.as_str().ok_or_else(|| malformed(claim))?);
    }
    for element in value.elements() {
        read(&element.as_str().ok_or_else(|| malformed(claim))?);
    }
    Ok(())
}

#[inline(never)]
pub(super) fn numeric_date(token: &Token<'_>, claim: &'static str) -> Result<Option<NumericDate>, Error> {
    let Some(value) = token.claims.get(claim) else { return Ok(None) };
    value.as_numeric_date().map(Some).ok_or_else(|| malformed(claim))
}
