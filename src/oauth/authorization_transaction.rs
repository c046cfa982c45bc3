//! The record of an Authorization Request of a registered client: a transaction, and the response that it waits for.

use alloc::string::String;

use super::id_token::{IdTokenExpectations, Nonce};
use super::members;
use super::requested_claims::RequestedClaims;
use super::response_type::{ResponseMode, ResponseType};
use super::transaction::Transaction;
use crate::error::{Code, Error, Reason};
use crate::text::form;

/// What a registered client remembers of its Authorization Request.
pub(super) struct AuthorizationTransaction {
    /// What every client remembers.
    pub(super) common: Transaction,
    /// What the response is to bring.
    pub(super) response_type: ResponseType,
    /// The way that it is to come.
    pub(super) response_mode: ResponseMode,
    /// What is demanded of the ID token.
    pub(super) claims: RequestedClaims,
}

impl AuthorizationTransaction {
    /// Parses what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// Those of [`Transaction::from_json`].
    pub(super) fn from_json(json: &str) -> Result<Self, Error> {
        let common = Transaction::from_json(json)?;
        let (response_type, response_mode, claims) = members::parse(json.as_bytes(), Code::StateUnknown, |members| {
            let response_type = ResponseType::named(&members.string("response_type"));
            let response_mode = ResponseMode::named(&members.string("response_mode"));
            (response_type, response_mode, RequestedClaims::read(members))
        })?;
        let unknown = |name| move || Error::new(Code::StateUnknown).about(name, Reason::Mismatch);
        Ok(Self {
            common,
            response_type: response_type.ok_or_else(unknown("response_type"))?,
            response_mode: response_mode.ok_or_else(unknown("response_mode"))?,
            claims,
        })
    }

    /// The record as JSON, to be kept under its `state`.
    pub(super) fn to_json(&self) -> String {
        let record = self
            .common
            .object()
            .string("response_type", self.response_type.as_str())
            .string("response_mode", self.response_mode.as_str());
        self.claims.write(record).finish()
    }

    /// What of it the server may not be quoted with, as a form for
    /// [`described_error`](super::error_response::described_error).
    pub(super) fn secrets(&self) -> String {
        let nonce = self.common.nonce.as_deref().map(|nonce| ("nonce", nonce));
        form::encode([("state", self.common.state.as_str())].into_iter().chain(nonce))
    }

    /// Adds to what an ID token that answers the request is validated against.
    pub(super) fn demand(&self, expectations: &mut IdTokenExpectations) {
        expectations.nonce = self.common.nonce.clone().map_or(Nonce::NotSent, Nonce::Sent);
        expectations.max_age = self.common.max_age;
        self.claims.demand(expectations);
    }
}
