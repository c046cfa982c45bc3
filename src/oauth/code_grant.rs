//! The authorization code grant of a registered client (RFC 6749 §4.1): the response is validated first, and only what
//! comes of that can be exchanged.

use alloc::boxed::Box;
use alloc::string::String;

use super::authorization_response::AuthorizationResponse;
use super::flows::{Call, Flow};
use super::id_token::Nonce;
use super::members;
use super::metadata::ISS_SUPPORTED;
use super::secret::AuthorizationCode;
use super::server::Server;
use super::token_request::{TokenParameters, TokenRequest};
use super::transaction::Transaction;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step};
use crate::text::json::Object;

/// The validation of an Authorization Response, which needs the time.
struct Validation {
    url: String,
    transaction: Option<String>,
    client_id: String,
    /// FAPI 2.0 §5.3.3.2, 6: whatever the server announces.
    requires_iss: bool,
}

/// The flow of `{ url, transaction? }`, which ends with what [`start`] takes.
pub(super) fn validate(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let (url, transaction) = members::parse_options(call.parameters, &["url", "transaction"], |members| {
        (members.string("url"), members.optional_object("transaction"))
    })?;
    let (client_id, requires_iss) = (call.client.client_id.clone(), call.client.profile.is_some());
    Ok(Box::new(Validation { url, transaction, client_id, requires_iss }))
}

impl Flow for Validation {
    /// # Errors
    /// Those of [`AuthorizationResponse::validate`]; [`Code::IssuerMismatch`] when the server announces an `iss` and there is
    /// none (RFC 9207 §2.4).
    fn step(&mut self, server: &mut Server, now: u64, _: Option<Answer>) -> Result<Step<String>, Error> {
        let (issuer, transaction) = (server.metadata.issuer(), self.transaction.as_deref());
        let (response, transaction) =
            AuthorizationResponse::validate(&self.url, transaction, issuer, &self.client_id, now)?;
        if !response.has_iss && (self.requires_iss || server.metadata.says(ISS_SUPPORTED)?) {
            return Err(Error::new(Code::IssuerMismatch).about("iss", Reason::Missing));
        }
        let json = Object::new().string("code", response.code.as_str()).raw("transaction", &transaction.to_json());
        Ok(Step::Done(json.finish()))
    }
}

/// The flow of `{ response: { code, transaction } }` with those of [`TokenParameters`]; `response` is what [`validate`] came
/// to.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["response"][..], &TokenParameters::MEMBERS].concat();
    let (response, parameters) = members::parse_options(call.parameters, &known, |members| {
        (members.object("response"), TokenParameters::read(members))
    })?;
    let (code, transaction) = members::parse(response.as_bytes(), Code::OptionInvalid, |members| {
        (AuthorizationCode::new(members.string("code")), members.optional_object("transaction").unwrap_or_default())
    })?;
    let transaction = Transaction::from_json(&transaction)?;
    if transaction.issuer != call.server.metadata.issuer() || transaction.client_id != call.client.client_id {
        return Err(Error::new(Code::StateMismatch));
    }
    let credential = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &transaction.redirect_uri),
        ("code_verifier", transaction.code_verifier.as_str()),
    ];
    let request = TokenRequest::new(call, &credential, &parameters)?;
    Ok(Box::new(request.for_scope(&transaction.scope).expecting(|expectations| {
        expectations.nonce = transaction.nonce.map_or(Nonce::NotSent, Nonce::Sent);
        expectations.max_age = transaction.max_age;
    })))
}
