//! The kinds of JWT, one row each, and what the specification of a kind requires of every one of it.

#[cfg(feature = "oauth")]
mod authorization_response;

#[cfg(feature = "oauth")]
pub use authorization_response::AUTHORIZATION_RESPONSE;

use super::read::{each_string, malformed, missing, numeric_date, optional, require};
use super::{Check, Expectations, Outcome, Token, id_token, logout_token};
use crate::error::Error;
use crate::text::json::Value;

/// A kind of JWT.
#[derive(Debug)]
pub struct Profile {
    /// The value of the option `profile`.
    pub name: &'static str,
    /// Whether an algorithm with a shared secret may be used.
    pub symmetric: bool,
    /// The `typ` header, where the kind has one.
    typ: Option<Typ>,
    /// The claims that must be there.
    pub(super) required: &'static [&'static str],
    /// The claims that are strings and not empty, where they are there.
    strings: &'static [&'static str],
    /// What else is checked.
    pub(super) checks: &'static [Check],
}

#[derive(Debug)]
struct Typ {
    media_type: &'static str,
    is_required: bool,
}

/// Any JWT (RFC 7519).
pub static JWT: Profile = Profile { name: "jwt", symmetric: true, typ: None, required: &[], strings: &[], checks: &[] };

/// An OAuth 2.0 access token (RFC 9068 §2 and §4).
pub static AT_JWT: Profile = Profile {
    name: "at+jwt",
    symmetric: false,
    typ: Some(Typ { media_type: "at+jwt", is_required: true }),
    required: &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
    strings: &["iss", "sub", "client_id", "jti", "acr"],
    checks: &[TYPES],
};

/// An ID token (OpenID Connect Core §2 and §3.1.3.7). None has another type than `JWT`, if any: tokens of another kind
/// do.
pub static ID_TOKEN: Profile = Profile {
    name: "id_token",
    symmetric: true,
    typ: Some(Typ { media_type: "JWT", is_required: false }),
    required: &["iss", "sub", "aud", "exp", "iat"],
    strings: &["iss", "sub", "azp", "nonce", "acr"],
    checks: &[
        TYPES,
        Check { name: "sub length", run: id_token::sub_length },
        Check { name: "azp", run: id_token::azp },
        Check { name: "events", run: id_token::events },
    ],
};

/// A logout token (OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6). The type is recommended only, since tokens
/// without one were common: `typ` among the options makes it mandatory.
pub static LOGOUT_JWT: Profile = Profile {
    name: "logout+jwt",
    symmetric: true,
    typ: Some(Typ { media_type: "logout+jwt", is_required: false }),
    required: &["iss", "aud", "iat", "exp", "jti", "events"],
    strings: &["iss", "sub", "sid", "jti"],
    checks: &[
        TYPES,
        Check { name: "events", run: logout_token::events },
        Check { name: "sid", run: logout_token::sub_or_sid },
        Check { name: "nonce absent", run: logout_token::no_nonce },
    ],
};

const TYPES: Check = Check { name: "types of claims", run: types };

impl Profile {
    /// The profile of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        [&JWT, &AT_JWT, &ID_TOKEN, &LOGOUT_JWT].into_iter().find(|profile| profile.name == name)
    }

    /// Whether a token of this kind may have this `typ` header.
    pub fn allows_typ(&self, typ: &str) -> bool {
        self.typ.as_ref().is_none_or(|expected| is_media_type(typ, expected.media_type))
    }
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Profile {}

impl Default for &'static Profile {
    fn default() -> Self {
        &JWT
    }
}

/// The `typ` header is the expected, and one that the profile allows.
pub(super) fn typ(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let (expected, profile) = (expectations.typ.as_deref(), expectations.profile);
    let is_required = expected.is_some() || profile.typ.as_ref().is_some_and(|typ| typ.is_required);
    match token.header.typ() {
        None if is_required => return Err(missing("typ")),
        Some(typ) => {
            let is_expected = expected.is_none_or(|expected| is_media_type(&typ, expected));
            require("typ", is_expected && profile.allows_typ(&typ))?;
        }
        None => {}
    }
    Ok(if expected.is_none() && profile.typ.is_none() { Outcome::NotAskedFor } else { Outcome::Passed })
}

fn is_media_type(typ: &str, expected: &str) -> bool {
    media_type(typ).eq_ignore_ascii_case(media_type(expected))
}

/// RFC 7515 §4.1.9: `application/` is left out when no other slash is in the type.
fn media_type(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

/// What no expectation is about has the type of the specification all the same.
fn types(expectations: &Expectations, token: &Token<'_>) -> Result<Outcome, Error> {
    let profile = expectations.profile;
    for claim in profile.strings {
        let is_there = |value: &Value<'_>| !value.is_null() || profile.required.contains(claim);
        if let Some(value) = token.claims.get(claim).filter(is_there)
            && value.as_str().is_none_or(|text| text.is_empty())
        {
            return Err(malformed(claim));
        }
    }
    each_string(token, "aud", &mut |_| {})?;
    if optional(token, "auth_time").is_some() {
        numeric_date(token, "auth_time")?;
    }
    Ok(Outcome::Passed)
}

#[cfg(test)]
mod tests;
