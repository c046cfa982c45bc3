//! One check: what every requirement on a token is, so that a verifier can stop at the first that fails and a tool can
//! show them all.

use core::fmt;

use super::{Expectations, Window};
use crate::error::Error;
use crate::jose::jws::ProtectedHeader;
use crate::text::json::Document;

/// One thing that is checked of a token.
#[derive(Clone, Copy)]
pub struct Check {
    /// The claim, header parameter or option that it is about.
    pub name: &'static str,
    pub(super) run: fn(&Expectations, &Token<'_>) -> Result<Outcome, Error>,
}

/// A token whose signature is valid, and when that matters.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// The protected header.
    pub header: &'a ProtectedHeader<'a>,
    /// The claims.
    pub claims: &'a Document<'a>,
    /// Seconds since the epoch.
    pub now: u64,
}

/// What came of a check that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The expectations ask for nothing here, and the token has nothing that could be wrong.
    NotAskedFor,
    /// The token passed, whatever the time.
    Passed,
    /// The token passed, and does within this time.
    PassedWithin(Window),
}

impl Check {
    /// Holds `token` to this part of the `expectations`.
    ///
    /// # Errors
    /// [`crate::error::Code::JwtExpired`] about `exp` or `iat`; [`crate::error::Code::ClaimValidationFailed`] about any
    /// other.
    pub fn run(&self, expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
        (self.run)(expectations, token)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
