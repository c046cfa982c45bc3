//! The token endpoint (RFC 6749 §3.2, §4.1.3, §5 and §6, RFC 8707 §2.2): one request, one response.

use alloc::string::String;

use super::members::Members;
use super::secret::{AccessToken, IdToken, RefreshToken};
use crate::error::{Code, Error, ErrorResponse, Reason};
use crate::http::{Answer, Request, Response};
use crate::jose::discovery;
use crate::text::form;
use crate::text::json::{Document, Value};

/// How many characters of what a server says of its failure are kept.
const MAX_DESCRIPTION: usize = 300;

/// The request of a public client.
pub(super) fn request(token_endpoint: &str, parameters: &[(&str, &str)], resource: &[String]) -> Request {
    let mut body = form::encode(parameters.iter().copied());
    for resource in resource {
        form::append(&mut body, "resource", resource);
    }
    Request {
        method: "POST",
        url: token_endpoint.into(),
        headers: [("accept", "application/json".into()), ("content-type", "application/x-www-form-urlencoded".into())]
            .into(),
        body: Some(body),
    }
}

/// A successful Token Response.
#[derive(Clone)]
pub(super) struct TokenResponse {
    pub(super) access_token: AccessToken,
    pub(super) expires_at: Option<u64>,
    pub(super) refresh_token: Option<RefreshToken>,
    pub(super) scope: Option<String>,
    pub(super) id_token: Option<IdToken>,
}

impl TokenResponse {
    /// Parses the answer that arrived at `now` to a request that held `secrets`.
    ///
    /// # Errors
    /// [`Code::InvalidGrant`] and [`Code::TokenResponseError`] with what the server said, [`Code::TokenResponseInvalid`],
    /// and those of [`discovery::ok`]. A server that is failing (5xx) has decided nothing, whatever it says.
    pub(super) fn parse(answer: Answer, secrets: &[&str], now: u64) -> Result<Self, Error> {
        if let Answer::Response(response) = &answer
            && let Some(error) = refusal(response, secrets)
        {
            return Err(error);
        }
        let response = discovery::ok(answer)?;
        let document = Document::parse_object(&response.body).map_err(|_| Code::TokenResponseInvalid)?;
        let members = Members::of(&document, Code::TokenResponseInvalid);
        if !members.string("token_type")?.eq_ignore_ascii_case("Bearer") {
            return Err(members.failure("token_type", Reason::Mismatch));
        }
        let access_token = members.string("access_token")?;
        // It goes into a header.
        if !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(members.failure("access_token", Reason::Malformed));
        }
        let lifetime = members.optional("expires_in", seconds)?;
        let non_empty = |text: &String| !text.is_empty();
        Ok(Self {
            access_token: AccessToken::new(access_token),
            expires_at: lifetime.map(|seconds| now.saturating_add(seconds)),
            refresh_token: members.optional_string("refresh_token")?.filter(non_empty).map(RefreshToken::new),
            scope: members.optional_string("scope")?,
            id_token: members.optional_string("id_token")?.map(IdToken::new),
        })
    }
}

/// The Error Response (RFC 6749 §5.2), with whatever status it came.
fn refusal(response: &Response, secrets: &[&str]) -> Option<Error> {
    let document = Document::parse_object(&response.body).ok()?;
    let error = document.get("error")?.as_str()?;
    let code = match (response.status, error.as_ref()) {
        (500.., _) => Code::FetchStatus,
        (_, "invalid_grant") => Code::InvalidGrant,
        _ => Code::TokenResponseError,
    };
    let description = document.get("error_description").and_then(Value::as_str);
    Some(described_error(code, Some(response.status), Some(&error), description.as_deref(), secrets))
}

/// `code` with what the server said: cut to a length for logs, without control characters, and without `secrets` in
/// case that the server repeats them.
pub(super) fn described_error(
    code: Code,
    status: Option<u16>,
    error: Option<&str>,
    error_description: Option<&str>,
    secrets: &[&str],
) -> Error {
    let describe = |text: &str| -> Option<String> {
        let quiet = !secrets.iter().any(|secret| text.contains(secret));
        quiet.then(|| text.chars().filter(|char| !char.is_control()).take(MAX_DESCRIPTION).collect())
    };
    Error::new(code).with_response(ErrorResponse {
        status,
        error: error.and_then(describe),
        error_description: error_description.and_then(describe),
    })
}

/// A lifetime in whole seconds. Some servers write it as a string of digits.
fn seconds(value: Value<'_>) -> Option<u64> {
    match value.as_str() {
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Some(_) => None,
        None => u64::try_from(value.as_numeric_date()?.floor).ok(),
    }
}
