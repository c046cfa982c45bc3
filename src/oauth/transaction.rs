//! The record of a login that is under way. Its owner keeps it from the request to the callback, and uses it once.

use alloc::string::String;
use core::fmt;

use super::members;
use super::return_to::ReturnTo;
use super::secret::CodeVerifier;
use crate::error::{Code, Error};
use crate::text::json::Object;

/// Seconds that a login may take.
pub(super) const LIFETIME: u64 = 3600;

/// What the client remembers of its Authorization Request.
#[derive(Clone, PartialEq, Eq)]
pub struct Transaction {
    /// The `state` of the request.
    pub state: String,
    /// The `nonce` of the request, if it asked for an ID token.
    pub nonce: Option<String>,
    /// The code verifier whose challenge was sent.
    pub code_verifier: CodeVerifier,
    /// The `redirect_uri` of the request.
    pub redirect_uri: String,
    /// The issuer that was asked.
    pub issuer: String,
    /// The client that asked.
    pub client_id: String,
    /// The `scope` of the request.
    pub scope: String,
    /// The `max_age` of the request.
    pub max_age: Option<u64>,
    /// Where to go afterwards.
    pub return_to: Option<ReturnTo>,
    /// When the request was made, in seconds since the epoch.
    pub created_at: u64,
}

impl fmt::Debug for Transaction {
    /// Leaves out `state`, `nonce` and the verifier.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("scope", &self.scope)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

impl Transaction {
    /// Parses what [`Transaction::to_json`] wrote, or `{"used":true}`, which stands in for a transaction that was used.
    ///
    /// # Errors
    /// [`Code::StateUsed`]; [`Code::StateUnknown`] when it is neither: what cannot be read is no transaction.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        members::parse(json.as_bytes(), Code::StateUnknown, |members| {
            if members.optional_bool("used") == Some(true) {
                members.refuse_with(Error::new(Code::StateUsed));
            }
            Self {
                state: members.string("state"),
                nonce: members.optional_string("nonce"),
                code_verifier: CodeVerifier::new(members.string("code_verifier")),
                redirect_uri: members.string("redirect_uri"),
                issuer: members.string("issuer"),
                client_id: members.string("client_id"),
                scope: members.optional_string("scope").unwrap_or_default(),
                max_age: members.optional_number("max_age"),
                return_to: members.optional_string("return_to").as_deref().and_then(ReturnTo::parse),
                created_at: members.optional_number("created_at").unwrap_or(0),
            }
        })
    }

    /// The record as JSON, to be kept under its `state`.
    pub fn to_json(&self) -> String {
        self.object().finish()
    }

    /// The same, to which members can be added.
    pub(super) fn object(&self) -> Object {
        Object::new()
            .string("state", &self.state)
            .optional_string("nonce", self.nonce.as_deref())
            .string("code_verifier", self.code_verifier.as_str())
            .string("redirect_uri", &self.redirect_uri)
            .string("issuer", &self.issuer)
            .string("client_id", &self.client_id)
            .string("scope", &self.scope)
            .optional_string("return_to", self.return_to.as_ref().map(ReturnTo::as_str))
            .number("created_at", self.created_at)
            .optional_number("max_age", self.max_age)
    }

    /// Validates that `state`, which came back at `now`, is this transaction's, and the transaction of
    /// `client_id` at `issuer`.
    pub(super) fn validate(&self, state: &str, issuer: &str, client_id: &str, now: u64) -> Result<(), Error> {
        if self.state != state || self.issuer != issuer || self.client_id != client_id {
            return Err(Error::new(Code::StateMismatch));
        }
        if now.saturating_sub(self.created_at) >= LIFETIME {
            return Err(Error::new(Code::StateExpired));
        }
        Ok(())
    }
}
