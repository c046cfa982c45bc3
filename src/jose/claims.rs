//! Validating a JWT Claims Set (RFC 7519 §4 and §7.2): a sequence of named checks. Signatures are `jws`'s and `key`'s
//! business.

mod check;
mod hash;
mod id_token;
mod logout_token;
mod profile;
mod read;
mod registered;
mod scope;
mod times;

pub use check::{Check, Outcome, Token};
pub use hash::Hashed;
#[cfg(feature = "oauth")]
pub use profile::AUTHORIZATION_RESPONSE;
pub use profile::{AT_JWT, ID_TOKEN, JWT, LOGOUT_JWT, Profile};
pub use scope::is_scope_token;
pub use times::Window;

use alloc::string::String;
use alloc::vec::Vec;

use super::jws::ProtectedHeader;
use crate::error::Error;
use crate::text::json::Document;

/// What the application requires of a token. A requirement that is set makes its claim mandatory: an absent claim
/// never passes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// The kind of token, with the requirements of its specification.
    pub profile: &'static Profile,
    /// `iss` must be one of these Issuer Identifiers, compared byte by byte.
    pub issuer: Option<Vec<String>>,
    /// `aud` must be, or contain, one of these values. Of an ID token it is the one Client Identifier.
    pub audience: Option<Vec<String>>,
    /// `sub` must be this value.
    pub subject: Option<String>,
    /// The `typ` header must be this media type, with or without its `application/` (RFC 7515 §4.1.9).
    pub typ: Option<String>,
    /// The extensions that the application understands and handles when `crit` names them (RFC 7515 §4.1.11).
    pub crit: Vec<String>,
    /// These claims must be present.
    pub required_claims: Vec<String>,
    /// All of these must be in `scope` (RFC 8693 §4.2).
    pub required_scopes: Vec<String>,
    /// Whether `exp` must be present.
    pub require_exp: bool,
    /// Seconds by which two honest clocks may differ.
    pub clock_tolerance: u64,
    /// Seconds since `iat` after which the token is too old.
    pub max_token_age: Option<u64>,
    /// Seconds since `auth_time` after which the authentication is too old (OpenID Connect Core §3.1.2.1).
    pub max_age: Option<u64>,
    /// `nonce` must be this value (OpenID Connect Core §3.1.3.7, 11).
    pub nonce: Option<String>,
    /// `acr` must be one of these values (OpenID Connect Core §3.1.3.7, 12).
    pub acr_values: Option<Vec<String>>,
    /// `at_hash` must be that of this access token (OpenID Connect Core §3.1.3.8).
    pub access_token: Option<Hashed>,
    /// `c_hash` must be that of this authorization code (OpenID Connect Core §3.3.2.11).
    pub code: Option<Hashed>,
}

/// What is checked of every token, in this order: presence before values, values before times. Those of the profile
/// follow.
static CHECKS: [Check; 15] = [
    Check { name: "typ", run: profile::typ },
    Check { name: "requiredClaims", run: registered::required_claims },
    Check { name: "iss", run: registered::iss },
    Check { name: "sub", run: registered::sub },
    Check { name: "aud", run: registered::aud },
    Check { name: "iat", run: times::iat },
    Check { name: "nbf", run: times::nbf },
    Check { name: "exp", run: times::exp },
    Check { name: "maxTokenAge", run: times::max_token_age },
    Check { name: "scope", run: scope::scope },
    Check { name: "nonce", run: id_token::nonce },
    Check { name: "acr", run: id_token::acr },
    Check { name: "auth_time", run: times::auth_time },
    Check { name: "at_hash", run: hash::at_hash },
    Check { name: "c_hash", run: hash::c_hash },
];

impl Expectations {
    /// Validates a protected header and the claims of a token whose signature is valid, at `now`, in seconds since the
    /// epoch. Returns the time in which it would pass again.
    ///
    /// # Errors
    /// That of the first check that fails: [`crate::error::Code::JwtExpired`] about `exp` or `iat`;
    /// [`crate::error::Code::ClaimValidationFailed`] about any other.
    pub fn validate(&self, header: &ProtectedHeader<'_>, claims: &Document<'_>, now: u64) -> Result<Window, Error> {
        let token = Token { header, claims, now };
        self.checks().try_fold(Window::ALWAYS, |window, check| {
            Ok(match check.run(self, &token)? {
                Outcome::NotAskedFor | Outcome::Passed => window,
                Outcome::PassedWithin(limit) => window.and(limit),
            })
        })
    }

    /// Everything that is checked, in this order.
    pub fn checks(&self) -> impl Iterator<Item = &'static Check> {
        CHECKS.iter().chain(self.profile.checks)
    }
}

#[cfg(test)]
mod tests;
