//! The hashes by which an ID token binds what was issued with it (OpenID Connect Core §3.1.3.6 and §3.3.2.11).

use alloc::string::String;
use core::fmt;

use super::read::require_string;
use super::{Expectations, Outcome, Token};
use crate::error::{Code, Error};
use crate::jose::algorithm::Algorithm;
use crate::text::base64url;

/// An access token or an authorization code of which the token has the hash. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed(String);

impl From<String> for Hashed {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashed(..)")
    }
}

pub(super) fn at_hash(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    half_hash(token, "at_hash", expectations.access_token.as_ref())
}

pub(super) fn c_hash(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    half_hash(token, "c_hash", expectations.code.as_ref())
}

/// The left half of the hash, by the hash function of the `alg` of the token.
fn half_hash(token: &Token<'_>, claim: &'static str, of: Option<&Hashed>) -> Result<Outcome, Error> {
    let Some(Hashed(text)) = of else { return Ok(Outcome::NotAskedFor) };
    let algorithm = Algorithm::named(&token.header.alg()).ok_or(Code::AlgNotAllowed)?;
    let mut digest = algorithm.hash.digest(text.as_bytes());
    digest.truncate(digest.len() / 2);
    let expected = base64url::encode(digest);
    require_string(token, claim, &|found| found == expected)
}
