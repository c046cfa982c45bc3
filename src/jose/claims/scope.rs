//! What an access token is good for (RFC 8693 §4.2, RFC 9068 §2.2.3).

use super::read::{each_string, missing, require};
use super::{Expectations, Outcome, Token};
use crate::error::Error;
use crate::text::has_word;

/// Whether `text` can be one value of a scope (RFC 6749 §3.3).
pub fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

/// `scope` is a string of values between spaces. Some servers write an array of strings, each of them one value.
pub(super) fn scope(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    if expectations.required_scopes.is_empty() {
        return Ok(Outcome::NotAskedFor);
    }
    let is_list = token.claims.get("scope").ok_or_else(|| missing("scope"))?.is_array();
    for required in &expectations.required_scopes {
        let mut found = false;
        each_string(token, "scope", &mut |scope| {
            found |= if is_list { scope == required } else { has_word(scope, required) };
        })?;
        require("scope", found)?;
    }
    Ok(Outcome::Passed)
}
