//! What is particular to an ID token (OpenID Connect Core §2 and §3.1.3.7).

use core::slice;

use super::read::{each_string, malformed, missing, optional, require, require_one_of, require_string};
use super::{Expectations, Outcome, Token};
use crate::error::{Error, Reason};

/// §2: "It MUST NOT exceed 255 ASCII characters in length."
const MAX_SUB_LEN: usize = 255;

/// §3.1.3.7, 11: the `nonce` that was sent.
pub(super) fn nonce(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    require_one_of(token, "nonce", expectations.nonce.as_ref().map(slice::from_ref))
}

/// §3.1.3.7, 12: an Authentication Context Class that suffices.
pub(super) fn acr(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    require_one_of(token, "acr", expectations.acr_values.as_deref())
}

pub(super) fn sub_length(_: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let fits = |sub: &str| sub.len() <= MAX_SUB_LEN && sub.bytes().all(|byte| byte.is_ascii());
    require_string(token, "sub", &fits).map_err(|_| malformed("sub"))
}

/// §3.1.3.7, 3 to 5: other audiences are trusted only if the token was issued to this client.
pub(super) fn azp(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let Some([client_id]) = expectations.audience.as_deref() else { return Err(Error::claim("azp", Reason::Mismatch)) };
    let mut has_others = false;
    each_string(token, "aud", &mut |aud| has_others |= aud != client_id)?;
    match optional(token, "azp") {
        Some(_) => require_string(token, "azp", &|azp| azp == client_id),
        None if has_others => Err(missing("azp")),
        None => Ok(Outcome::Passed),
    }
}

/// Security Event Tokens, of which logout tokens are, tell what happened and not who is there (RFC 8417 §4.5).
pub(super) fn events(_: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    require("events", token.claims.get("events").is_none())
}
