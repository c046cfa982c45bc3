//! What is particular to a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6).

use super::read::{malformed, missing, optional, require};
use super::{Expectations, Outcome, Token};
use crate::error::Error;

/// §2.4: the member of `events` that makes it a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// §2.6, 6.
pub(super) fn events(_: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let events = token.claims.get("events").ok_or_else(|| missing("events"))?;
    match events.get(EVENT) {
        Some(event) if event.is_object() => Ok(Outcome::Passed),
        None if events.is_object() => require("events", false),
        _ => Err(malformed("events")),
    }
}

/// §2.6, 5.
pub(super) fn sub_or_sid(_: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let is_there = ["sub", "sid"].into_iter().any(|claim| optional(token, claim).is_some());
    is_there.then_some(Outcome::Passed).ok_or_else(|| missing("sid"))
}

/// §2.6, 7: what has one could be taken for an ID token.
pub(super) fn no_nonce(_: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    require("nonce", token.claims.get("nonce").is_none())
}
