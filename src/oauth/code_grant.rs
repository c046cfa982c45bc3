//! The authorization code grant of a registered client (RFC 6749 §4.1), and the hybrid flow (OpenID Connect Core §3.3): the
//! response is validated first, and only what comes of that can be exchanged.

use alloc::boxed::Box;
use alloc::string::String;

use super::authorization_transaction::AuthorizationTransaction;
use super::flows::{Call, Flow};
use super::id_token::IdTokenExpectations;
use super::members;
use super::response_validation::{ResponseValidation, ValidatedResponse, Validating};
use super::secret::AuthorizationCode;
use super::token_request::{TokenParameters, TokenRequest};
use crate::error::{Code, Error};
use crate::text::json::Object;

/// The flow of [`ResponseValidation::new`], which ends with what [`start`] takes.
pub(super) fn validate(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    Ok(Box::new(Validating(ResponseValidation::new(call, false)?, |response, _| to_json(&response))))
}

/// `{"code","transaction","claims"?}`; the claims are those of the ID token that came with the code.
fn to_json(response: &ValidatedResponse) -> Result<String, Error> {
    let code = response.parameters.get("code")?.unwrap_or_default();
    let json = Object::new().string("code", code).raw("transaction", &response.transaction.to_json());
    Ok(match &response.id_token {
        Some(id_token) => json.raw("claims", &id_token.claims),
        None => json,
    }
    .finish())
}

/// The flow of `{ response }` with those of [`TokenParameters`]; `response` is what [`validate`] came to.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["response"][..], &TokenParameters::MEMBERS].concat();
    let (response, parameters) = members::parse_options(call.parameters, &known, |members| {
        (members.object("response"), TokenParameters::read(members))
    })?;
    let (code, transaction, claims) = members::parse(response.as_bytes(), Code::OptionInvalid, |members| {
        let transaction = members.optional_object("transaction").unwrap_or_default();
        (AuthorizationCode::new(members.string("code")), transaction, members.optional_object("claims"))
    })?;
    let transaction = AuthorizationTransaction::from_json(&transaction)?;
    let common = &transaction.common;
    if common.issuer != call.server.metadata.issuer() || common.client_id != call.client.client_id {
        return Err(Error::new(Code::StateMismatch));
    }
    let credential = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &common.redirect_uri),
        ("code_verifier", common.code_verifier.as_str()),
    ];
    let mut expectations = IdTokenExpectations::of_client(&common.issuer, &call.client);
    transaction.demand(&mut expectations);
    if transaction.response_type.issues("id_token") {
        same_login(&mut expectations, &claims.unwrap_or_default())?;
    }
    let request = TokenRequest::new(call, &credential, &parameters)?;
    Ok(Box::new(request.for_scope(&common.scope).expecting(|expected| *expected = expectations)))
}

/// The second ID token is about the user and the authentication of the first, whose claims these are (§3.3.3.6).
fn same_login(expectations: &mut IdTokenExpectations, claims: &str) -> Result<(), Error> {
    members::parse(claims.as_bytes(), Code::OptionInvalid, |claims| {
        expectations.subject = Some(claims.string("sub"));
        expectations.auth_time = claims.optional_second("auth_time");
    })
}
