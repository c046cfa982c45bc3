//! The times of a token (RFC 7519 §4.1.4 to §4.1.6, OpenID Connect Core §2). Each check is a window of time, and
//! passes within it.

use super::read::{missing, numeric_date};
use super::{Expectations, Outcome, Token};
use crate::error::{Code, Error, Reason};
use crate::text::json::NumericDate;

/// The time in which a token passes, in whole seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first second in which it passes.
    pub from: i64,
    /// The first second in which it does not any more.
    pub until: i64,
}

impl Window {
    /// No limit.
    pub const ALWAYS: Self = Self { from: i64::MIN, until: i64::MAX };

    /// The time that is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// Passes within the window; fails before it, and with the code `late` after it.
    fn admit(self, token: &Token<'_>, claim: &'static str, late: Code) -> Result<Outcome, Error> {
        let now = i64::try_from(token.now).unwrap_or(i64::MAX);
        if now < self.from {
            return Err(Error::claim(claim, Reason::Mismatch));
        }
        if now >= self.until {
            return Err(Error::new(late).about(claim, Reason::Mismatch));
        }
        Ok(Outcome::PassedWithin(self))
    }

    /// From `date` until it is more than `age` seconds ago.
    fn of_age(date: NumericDate, age: u64, tolerance: i64) -> Self {
        let until = date.floor.wrapping_add(seconds(age)).wrapping_add(tolerance).wrapping_add(1);
        Self { from: date.ceil.wrapping_sub(tolerance), until }
    }
}

/// At most 2^53, as dates are: no sum of a few of them wraps.
fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds.min(1 << 53)).unwrap_or_default()
}

/// RFC 7519 §4.1.6: its type alone. Nothing is said of an `iat` in the future.
pub(super) fn iat(_: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    Ok(numeric_date(token, "iat")?.map_or(Outcome::NotAskedFor, |_| Outcome::Passed))
}

/// RFC 7519 §4.1.5: "before which the JWT MUST NOT be accepted"
pub(super) fn nbf(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let Some(nbf) = numeric_date(token, "nbf")? else { return Ok(Outcome::NotAskedFor) };
    let from = nbf.ceil.wrapping_sub(seconds(expectations.clock_tolerance));
    Window { from, ..Window::ALWAYS }.admit(token, "nbf", Code::ClaimValidationFailed)
}

/// RFC 7519 §4.1.4: "on or after which the JWT MUST NOT be accepted"
pub(super) fn exp(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let Some(exp) = numeric_date(token, "exp")? else { return Ok(Outcome::NotAskedFor) };
    let until = exp.floor.wrapping_add(seconds(expectations.clock_tolerance));
    Window { until, ..Window::ALWAYS }.admit(token, "exp", Code::JwtExpired)
}

pub(super) fn max_token_age(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    within_age(expectations, token, "iat", expectations.max_token_age, Code::JwtExpired)
}

/// OpenID Connect Core §3.1.3.7, 13.
pub(super) fn auth_time(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    within_age(expectations, token, "auth_time", expectations.max_age, Code::ClaimValidationFailed)
}

fn within_age(
    expectations: &Expectations,
    token: &Token<'_>,
    claim: &'static str,
    age: Option<u64>,
    late: Code,
) -> Result<Outcome, Error> {
    let Some(age) = age else { return Ok(Outcome::NotAskedFor) };
    let date = numeric_date(token, claim)?.ok_or_else(|| missing(claim))?;
    Window::of_age(date, age, seconds(expectations.clock_tolerance)).admit(token, claim, late)
}

#[cfg(test)]
mod tests;
