//! The FAPI 2.0 Security Profile (§5.3.3 for clients, §5.4 for algorithms): what it demands is turned on, and what it forbids
//! is refused.

use super::registered_client::{ClientAuthentication, RegisteredClient};
use crate::error::{Code, Error, Reason};
use crate::jose::algorithm::Algorithm;

/// A profile that a client keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecurityProfile {
    /// FAPI 2.0 Security Profile.
    Fapi2,
}

/// The flows that lead to tokens by ways that FAPI 2.0 does not have: only confidential clients, and no browser that sees a token.
const FORBIDDEN: [&str; 3] = ["passwordGrant", "implicitAuthorizationUrl", "implicitResponse"];

/// §5.4.1, 1: the algorithms of signatures.
const ALGORITHMS: [&str; 4] = ["PS256", "ES256", "EdDSA", "Ed25519"];

impl SecurityProfile {
    /// The profile of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        (name == "fapi2").then_some(Self::Fapi2)
    }

    /// Whether the algorithm is one of §5.4.1.
    pub(super) fn allows(self, algorithm: &Algorithm) -> bool {
        ALGORITHMS.contains(&algorithm.name)
    }

    /// Requires that the profile has the flow `name`.
    ///
    /// # Errors
    /// [`Code::ProfileViolation`] about `flow`.
    pub(super) fn require_flow(self, name: &str) -> Result<(), Error> {
        require("flow", !FORBIDDEN.contains(&name))
    }

    /// Requires a confidential client whose tokens are bound to a key (§5.3.3.1, 1 and 3), and its algorithms.
    ///
    /// # Errors
    /// [`Code::ProfileViolation`] about the member.
    pub(super) fn require_client(self, client: &RegisteredClient) -> Result<(), Error> {
        let method =
            matches!(client.authentication, ClientAuthentication::Assertion | ClientAuthentication::Certificate);
        // A secret signs by HMAC, which is none of the algorithms.
        let signs = client.signing_key.as_ref().is_none_or(|key| ALGORITHMS.contains(&key.alg.as_str()));
        require("token_endpoint_auth_method", method && signs)?;
        let key = client.dpop.as_ref();
        require("dpop", client.uses_mtls || key.is_some())?;
        require("dpop", key.is_none_or(|key| ALGORITHMS.contains(&key.alg)))
    }
}

/// # Errors
/// [`Code::ProfileViolation`] about `what` unless it `holds`.
pub(super) fn require(what: &'static str, holds: bool) -> Result<(), Error> {
    holds.then_some(()).ok_or_else(|| Error::new(Code::ProfileViolation).about(what, Reason::Mismatch))
}
