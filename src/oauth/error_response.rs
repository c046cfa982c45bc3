//! What a server says of its failure (RFC 6749 §4.1.2.1 and §5.2): the same form at every endpoint.

use alloc::string::String;

use super::members;
use crate::discovery;
use crate::error::{Code, Error, ErrorResponse};
use crate::http::Response;
use crate::text::form;

/// How many characters of what a server says of its failure are kept.
const MAX_DESCRIPTION: usize = 300;

/// How many bytes of a secret are enough to know it by.
const RECOGNISABLE: usize = 16;

/// The parameters that are secret: nothing that repeats one of them is quoted.
const SECRET_PARAMETERS: [&str; 20] = [
    "access_token",
    "actor_token",
    "assertion",
    "auth_req_id",
    "client_assertion",
    "client_notification_token",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "id_token_hint",
    "login_hint_token",
    "nonce",
    "password",
    "refresh_token",
    "request",
    "state",
    "subject_token",
    "token",
    "user_code",
];

/// The response to a request with the form `sent`, if it has the status 200.
///
/// # Errors
/// `code` with what the server said, with whatever status it came; [`Code::FetchStatus`] otherwise, and always where the
/// server is failing (5xx): it has decided nothing, whatever it says.
pub(super) fn accepted(response: Response, sent: &str, code: Code) -> Result<Response, Error> {
    accepted_with(&[200], response, sent, code)
}

/// The same, where it has one of `statuses`.
///
/// # Errors
/// As [`accepted`].
pub(super) fn accepted_with(statuses: &[u16], response: Response, sent: &str, code: Code) -> Result<Response, Error> {
    match refusal(&response, sent, code) {
        Some(refused) => Err(refused),
        None if statuses.contains(&response.status) => Ok(response),
        None => Err(discovery::unexpected(response.status)),
    }
}

/// The Error Response (RFC 6749 §5.2) in `response`, if it is one.
fn refusal(response: &Response, sent: &str, code: Code) -> Option<Error> {
    let read = |members: &mut members::Members<'_>| {
        (members.optional_string("error"), members.optional_string("error_description"))
    };
    let (error, description) = members::parse(&response.body, code, read).ok()?;
    let code = match (response.status, error.as_deref()?) {
        (500.., _) => Code::FetchStatus,
        (_, "invalid_grant") => Code::InvalidGrant,
        _ => code,
    };
    Some(described_error(code, Some(response.status), error.as_deref(), description.as_deref(), sent))
}

/// `code` with what the server said: cut to a length for logs, without control characters, and not at all where the
/// server repeats a secret of the request whose body was `sent`.
pub(super) fn described_error(
    code: Code,
    status: Option<u16>,
    error: Option<&str>,
    error_description: Option<&str>,
    sent: &str,
) -> Error {
    let sent = form::parse(sent).unwrap_or_default();
    let repeats = |text: &str| {
        sent.iter().any(|(name, value)| {
            // The beginning gives it away, also where the text is cut; and it bounds the work.
            let start = value.as_bytes().get(..RECOGNISABLE).unwrap_or(value.as_bytes());
            SECRET_PARAMETERS.contains(&name.as_str())
                && text.as_bytes().windows(start.len().max(1)).any(|window| window == start)
        })
    };
    let describe = |text: &str| -> Option<String> {
        let visible: String = text.chars().filter(|char| !char.is_control()).collect();
        (!repeats(&visible)).then(|| visible.chars().take(MAX_DESCRIPTION).collect())
    };
    Error::new(code).with_response(ErrorResponse {
        status,
        error: error.and_then(describe),
        error_description: error_description.and_then(describe),
    })
}
