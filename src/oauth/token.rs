//! The token endpoint (RFC 6749 §3.2, §4.1.3, §5 and §6, RFC 8707 §2.2): one request, one response.

use alloc::string::String;

use super::members;
use super::secret::{AccessToken, IdToken, RefreshToken};
use crate::discovery;
use crate::error::{Code, Error, ErrorResponse, Reason};
use crate::http::{Answer, Request, Response};
use crate::text::form;

/// How many characters of what a server says of its failure are kept.
const MAX_DESCRIPTION: usize = 300;

/// How many bytes of a secret are enough to know it by.
const RECOGNISABLE: usize = 16;

/// The parameters that are secret: nothing that repeats one of them is quoted.
const SECRET_PARAMETERS: [&str; 3] = ["code", "code_verifier", "refresh_token"];

/// A Token Request with `body`.
pub(super) fn request(token_endpoint: &str, body: &str) -> Request {
    let mut request = Request::get_json(token_endpoint);
    request.method = "POST";
    request.headers.push(("content-type", "application/x-www-form-urlencoded".into()));
    request.body = Some(body.into());
    request
}

/// A successful Token Response.
pub(super) struct TokenResponse {
    pub(super) access_token: AccessToken,
    pub(super) expires_at: Option<u64>,
    pub(super) refresh_token: Option<RefreshToken>,
    pub(super) scope: Option<String>,
    pub(super) id_token: Option<IdToken>,
}

impl TokenResponse {
    /// Parses the answer to a request with the body `sent`, which arrived at `now`.
    ///
    /// # Errors
    /// [`Code::InvalidGrant`] and [`Code::TokenResponseError`] with what the server said, [`Code::TokenResponseInvalid`],
    /// and those of [`discovery::ok`]. A server that is failing (5xx) has decided nothing, whatever it says.
    pub(super) fn parse(answer: Answer, sent: &str, now: u64) -> Result<Self, Error> {
        if let Answer::Response(response) = &answer
            && let Some(error) = refusal(response, sent)
        {
            return Err(error);
        }
        let response = discovery::ok(answer)?;
        members::parse(&response.body, Code::TokenResponseInvalid, |members| {
            let bearer = members.string("token_type").eq_ignore_ascii_case("Bearer");
            members.require("token_type", bearer);
            let access_token = members.string("access_token");
            // It goes into a header.
            if !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
                members.refuse("access_token", Reason::Malformed);
            }
            let refresh_token = members.optional_string("refresh_token").filter(|token| !token.is_empty());
            Self {
                access_token: AccessToken::new(access_token),
                expires_at: members.optional_lifetime("expires_in").map(|seconds| now.saturating_add(seconds)),
                refresh_token: refresh_token.map(RefreshToken::new),
                scope: members.optional_string("scope"),
                id_token: members.optional_string("id_token").map(IdToken::new),
            }
        })
    }
}

/// The Error Response (RFC 6749 §5.2), with whatever status it came.
fn refusal(response: &Response, sent: &str) -> Option<Error> {
    let read = |members: &mut members::Members<'_>| {
        (members.optional_string("error"), members.optional_string("error_description"))
    };
    let (error, description) = members::parse(&response.body, Code::TokenResponseInvalid, read).ok()?;
    let code = match (response.status, error.as_deref()?) {
        (500.., _) => Code::FetchStatus,
        (_, "invalid_grant") => Code::InvalidGrant,
        _ => Code::TokenResponseError,
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
