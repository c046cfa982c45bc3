//! Where an issuer publishes its metadata, and that it is its own (OpenID Connect Discovery §4, RFC 8414 §3).

use alloc::string::String;

use crate::error::{Code, Error, ErrorResponse, Reason};
use crate::http::{Answer, FetchFailure, Request, Response, Step};
use crate::text::json::{Document, Value};
use crate::text::url;

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// The step machine that fetches an issuer's metadata: OpenID Connect's location first, then RFC 8414's.
#[derive(Clone, Debug)]
pub struct Discovery {
    issuer: String,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Start,
    OpenId,
    OAuth,
}

impl Discovery {
    /// Discovery of `issuer`.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), phase: Phase::Start }
    }

    /// The next step; [`Step::Done`] holds the metadata, for [`parse`].
    ///
    /// # Errors
    /// [`Code::FetchInsecure`], [`Code::OptionInvalid`] for an issuer with a query or a fragment, and those of [`ok`].
    pub fn step(&mut self, answer: Option<Answer>) -> Result<Step<Response>, Error> {
        match (self.phase, answer) {
            (Phase::Start, _) | (_, None) => {
                url::require_secure(&self.issuer)?;
                if self.issuer.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
                    return Err(Error::new(Code::OptionInvalid).about("issuer", Reason::Malformed));
                }
                self.phase = Phase::OpenId;
                Ok(Step::Fetch(Request::get_json([without_end_slashes(&self.issuer), OPENID].concat())))
            }
            (Phase::OpenId, Some(Answer::Response(response))) if matches!(response.status, 400..500) => {
                self.phase = Phase::OAuth;
                Ok(Step::Fetch(Request::get_json(oauth_url(&self.issuer))))
            }
            (_, Some(answer)) => ok(answer).map(Step::Done),
        }
    }
}

/// The response, if it has the status 200.
///
/// # Errors
/// Those of [`received`] and [`success`].
pub fn ok(answer: Answer) -> Result<Response, Error> {
    success(received(answer)?)
}

/// The response, whatever its status.
///
/// # Errors
/// [`Code::FetchFailed`], [`Code::FetchTimeout`], [`Code::FetchTooLarge`].
pub fn received(answer: Answer) -> Result<Response, Error> {
    Err(Error::new(match answer {
        Answer::Response(response) => return Ok(response),
        Answer::Failed(FetchFailure::Timeout) => Code::FetchTimeout,
        Answer::Failed(FetchFailure::TooLarge) => Code::FetchTooLarge,
        _ => Code::FetchFailed,
    }))
}

/// `response`, if it has the status 200.
///
/// # Errors
/// [`Code::FetchStatus`].
pub fn success(response: Response) -> Result<Response, Error> {
    if response.status == 200 { Ok(response) } else { Err(unexpected(response.status)) }
}

/// [`Code::FetchStatus`] of a response with this status.
pub fn unexpected(status: u16) -> Error {
    let response = ErrorResponse { status: Some(status), ..ErrorResponse::default() };
    Error::new(Code::FetchStatus).with_response(response)
}

/// The metadata in the body of a response, which must name `issuer`, byte by byte.
///
/// # Errors
/// [`Code::MetadataInvalid`], [`Code::MetadataIssuerMismatch`].
pub fn parse<'a>(body: &'a [u8], issuer: &str) -> Result<Document<'a>, Error> {
    let metadata = Document::parse_object(body).map_err(|_| Code::MetadataInvalid)?;
    let named = metadata.get("issuer").and_then(Value::as_str);
    match named {
        Some(named) if named == issuer => {}
        Some(_) => return Err(Error::new(Code::MetadataIssuerMismatch)),
        None => return Err(Error::new(Code::MetadataInvalid).about("issuer", Reason::Missing)),
    }
    Ok(metadata)
}

/// The URL that is the member `name` of the metadata, if there is one.
///
/// # Errors
/// [`Code::MetadataInvalid`] when it is not a string; [`Code::FetchInsecure`].
pub fn endpoint(metadata: &Document<'_>, name: &'static str) -> Result<Option<String>, Error> {
    let Some(value) = metadata.get(name) else { return Ok(None) };
    let endpoint = value.as_str().ok_or_else(|| Error::new(Code::MetadataInvalid).about(name, Reason::Malformed))?;
    url::require_secure(&endpoint).map_err(|error| error.about(name, Reason::Malformed))?;
    Ok(Some(endpoint.into_owned()))
}

/// RFC 8414 §3.1: the well-known part stands between the host and the path of the issuer.
fn oauth_url(issuer: &str) -> String {
    let (origin, path) = url::split_origin(issuer);
    [origin, OAUTH, without_end_slashes(path)].concat()
}

fn without_end_slashes(text: &str) -> &str {
    let last = text.bytes().rposition(|byte| byte != b'/');
    last.and_then(|last| text.get(..=last)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::Response(Response::new(status, body))
    }

    fn url(step: Result<Step<Response>, Error>) -> String {
        match step {
            Ok(Step::Fetch(request)) => request.url,
            other => std::panic!("{other:?}"),
        }
    }

    #[test]
    fn both_well_known_locations_are_tried() {
        for (issuer, openid, oauth) in [
            (
                "https://a.example",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.example/",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.example/t/1",
                "https://a.example/t/1/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server/t/1",
            ),
        ] {
            let mut discovery = Discovery::new(issuer);
            assert_eq!(url(discovery.step(None)), openid);
            assert_eq!(url(discovery.step(Some(answer(404, "")))), oauth);
            assert_eq!(discovery.step(Some(answer(404, ""))).unwrap_err().code, Code::FetchStatus);
        }
    }

    #[test]
    fn a_server_error_is_no_reason_to_look_elsewhere() {
        let mut discovery = Discovery::new("https://a.example");
        url(discovery.step(None));
        let error = discovery.step(Some(answer(500, ""))).unwrap_err();
        assert_eq!((error.code, error.response.clone().unwrap().status), (Code::FetchStatus, Some(500)));
    }

    #[test]
    fn issuers_that_cannot_be_asked_are_refused() {
        for (issuer, code) in [
            ("http://a.example", Code::FetchInsecure),
            ("a.example", Code::FetchInsecure),
            ("https://a.example?x", Code::OptionInvalid),
            ("https://a.example/#x", Code::OptionInvalid),
        ] {
            assert_eq!(Discovery::new(issuer).step(None).unwrap_err().code, code, "{issuer}");
        }
    }

    #[test]
    fn metadata_names_its_issuer_exactly() {
        let parse = |body: &str| parse(body.as_bytes(), "https://a.example").map(|_| ()).map_err(|error| error.code);
        assert_eq!(parse(r#"{"issuer":"https://a.example"}"#), Ok(()));
        assert_eq!(parse(r#"{"issuer":"https://a.example/"}"#), Err(Code::MetadataIssuerMismatch));
        for body in [
            "",
            "[]",
            "{}",
            r#"{"issuer":1}"#,
            r#"{"issuer":"https://a.example","issuer":"https://a.example"}"#,
            "<html>",
        ] {
            assert_eq!(parse(body), Err(Code::MetadataInvalid), "{body}");
        }
    }

    #[test]
    fn endpoints_are_secure_urls() {
        let body = br#"{"a":"https://a.example/x","b":"http://a.example/x","c":1}"#;
        let metadata = Document::parse_object(body).unwrap();
        assert_eq!(endpoint(&metadata, "a").unwrap().as_deref(), Some("https://a.example/x"));
        assert_eq!(endpoint(&metadata, "b").unwrap_err().code, Code::FetchInsecure);
        assert_eq!(endpoint(&metadata, "c").unwrap_err().code, Code::MetadataInvalid);
        assert_eq!(endpoint(&metadata, "d"), Ok(None));
    }
}
