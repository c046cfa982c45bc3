//! What the first ID token of a login says that later ones repeat or leave out (OpenID Connect Core §12.2).

use alloc::string::String;

use super::members::{self, Members};
use crate::error::Code;
use crate::text::json::Object;

/// The `nonce` and the `auth_time` of a login. They are kept beside the claims of the newest ID token, which may lack them.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct LoginClaims {
    pub(super) nonce: Option<String>,
    /// The whole second.
    pub(super) auth_time: Option<u64>,
}

impl LoginClaims {
    /// Those of the claims of a validated ID token, as JSON.
    pub(super) fn of(claims: &str) -> Self {
        members::parse(claims.as_bytes(), Code::JwtInvalid, Self::read).unwrap_or_default()
    }

    /// Reads `nonce` and `auth_time`.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        Self { nonce: members.optional_string("nonce"), auth_time: members.optional_second("auth_time") }
    }

    /// `{"nonce"?,"auth_time"?}`.
    pub(super) fn to_json(&self) -> String {
        Object::new()
            .optional_string("nonce", self.nonce.as_deref())
            .optional_number("auth_time", self.auth_time)
            .finish()
    }
}
