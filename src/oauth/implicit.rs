//! The response of the implicit grant (RFC 6749 §4.2, OpenID Connect Core §3.2), which RFC 9700 §2.1.2 advises against: tokens
//! travel through the browser, are bound to nobody, and nothing proves that this client asked for them but `state`, and with
//! an ID token `nonce` and `at_hash`.

use alloc::boxed::Box;
use alloc::string::String;

use super::authorization_response::invalid;
use super::flows::{Call, Flow};
use super::members;
use super::response_validation::{ResponseValidation, ValidatedResponse, Validating};
use super::token::TokenType;
use crate::error::{Error, Reason};
use crate::text::json::Object;

/// The flow of [`ResponseValidation::new`], which ends with the tokens.
pub(super) fn validate(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    Ok(Box::new(Validating(ResponseValidation::new(call, true)?, |response, now| to_json(&response, now))))
}

/// `{"access_token"?,"token_type"?,"expires_at"?,"scope"?,"id_token"?,"claims"?}`.
fn to_json(response: &ValidatedResponse, now: u64) -> Result<String, Error> {
    let ValidatedResponse { parameters, transaction, id_token } = response;
    let mut json = Object::new();
    if let Some(access_token) = parameters.get("access_token")? {
        // It goes into a header.
        if !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("access_token", Reason::Malformed));
        }
        let token_type = parameters.get("token_type")?.ok_or_else(|| invalid("token_type", Reason::Missing))?;
        if !token_type.eq_ignore_ascii_case(TokenType::Bearer.as_str()) {
            return Err(invalid("token_type", Reason::Mismatch));
        }
        json = json.string("access_token", access_token).string("token_type", TokenType::Bearer.as_str());
        if let Some(lifetime) = parameters.get("expires_in")? {
            let lifetime = members::lifetime(lifetime).ok_or_else(|| invalid("expires_in", Reason::Malformed))?;
            json = json.number("expires_at", now.saturating_add(lifetime));
        }
        // RFC 6749 §4.2.2: it is what was asked for unless the server says otherwise.
        let scope = parameters.get("scope")?.unwrap_or(&transaction.common.scope);
        json = json.optional_string("scope", Some(scope).filter(|scope| !scope.is_empty()));
    }
    if let Some(validated) = id_token {
        json = json.optional_string("id_token", parameters.get("id_token")?).raw("claims", &validated.claims);
    }
    Ok(json.finish())
}
