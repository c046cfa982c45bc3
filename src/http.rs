//! Requests out, responses in: plain data. The boundary does the I/O; the core never does.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// An HTTP request that the caller is asked to send, without following redirects.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// Header names, in lower case, and their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, in UTF-8.
    pub body: Option<String>,
}

impl Request {
    /// A `GET` of a JSON document.
    pub fn get_json(url: impl Into<String>) -> Self {
        Self { method: "GET", url: url.into(), headers: [("accept", "application/json".into())].into(), body: None }
    }
}

impl fmt::Debug for Request {
    /// Leaves out the query, the headers and the body: they carry secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        f.debug_struct("Request").field("method", &self.method).field("url", &url).finish_non_exhaustive()
    }
}

/// The headers of a response that something reads (RFC 9110 §8.8.3, RFC 9111 §5.1 and §5.2), as they were sent; no other
/// crosses the boundary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Age`.
    pub age: Option<String>,
}

impl Headers {
    /// The headers from lines in the order of the fields; an empty line is a header that is not there. Mirrored in
    /// `pkg/src/internal/exchange.ts`.
    pub fn from_lines(lines: &str) -> Self {
        let mut rest = lines;
        let mut next = || {
            let end = rest.bytes().position(|byte| byte == b'\n').unwrap_or(rest.len());
            let (line, after) = rest.split_at_checked(end)?;
            rest = after.get(1..).unwrap_or_default();
            (!line.is_empty()).then(|| line.into())
        };
        Self { etag: next(), cache_control: next(), age: next() }
    }
}

/// A response, read whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status; 0 for a redirect that a browser hides.
    pub status: u16,
    /// The headers that are read.
    pub headers: Headers,
    /// The body, bounded in size by whoever read it.
    pub body: Vec<u8>,
}

impl Response {
    /// A response without any of the headers that are read.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Headers::default(), body: body.into() }
    }
}

impl fmt::Debug for Response {
    /// Leaves out the body: it carries secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why a request has no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchFailure {
    /// The network, DNS, TLS or CORS failed.
    Network,
    /// No complete response arrived in time.
    Timeout,
    /// The body has more bytes than are read.
    TooLarge,
}

/// A signature that the caller is asked to verify.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureCheck {
    /// The registered `alg` of the JWS.
    pub alg: &'static str,
    /// The public key: a JWK with nothing but its required members, as JSON.
    pub jwk: String,
    /// The JWS Signing Input.
    pub signing_input: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl fmt::Debug for SignatureCheck {
    /// Leaves out the signing input and the signature: together they are a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureCheck").field("alg", &self.alg).field("jwk", &self.jwk).finish_non_exhaustive()
    }
}

/// What a step machine wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// Send this request and call again with [`Answer::Response`] or [`Answer::Failed`].
    Fetch(Request),
    /// Verify this signature and call again with [`Answer::Signature`].
    VerifySignature(SignatureCheck),
    /// The machine has ended.
    Done(T),
}

impl<T> Step<T> {
    /// The same step, of a machine that makes something else of the result.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Step<U> {
        match self {
            Self::Fetch(request) => Step::Fetch(request),
            Self::VerifySignature(check) => Step::VerifySignature(check),
            Self::Done(result) => Step::Done(of(result)),
        }
    }
}

/// The value of a machine within a machine once it is done; until then, returns what it asks for.
#[cfg(any(feature = "client", feature = "verify"))]
macro_rules! done {
    ($step:expr) => {
        match $step {
            $crate::http::Step::Done(value) => value,
            $crate::http::Step::Fetch(request) => return Ok($crate::http::Step::Fetch(request)),
            $crate::http::Step::VerifySignature(check) => return Ok($crate::http::Step::VerifySignature(check)),
        }
    };
}
#[cfg(any(feature = "client", feature = "verify"))]
pub(crate) use done;

/// What a step machine is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The response to the last [`Step::Fetch`].
    Response(Response),
    /// There was no response to the last [`Step::Fetch`].
    Failed(FetchFailure),
    /// Whether the signature of the last [`Step::VerifySignature`] is valid.
    Signature(bool),
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn headers_are_lines() {
        let line = |text: &str| Some(String::from(text));
        let headers = Headers::from_lines("\"a\"\n\n7");
        assert_eq!(headers, Headers { etag: line("\"a\""), cache_control: None, age: line("7") });
        assert_eq!(Headers::from_lines(""), Headers::default());
    }

    #[test]
    fn nothing_secret_shows_in_debug() {
        let secret = || String::from("s3cret");
        let request = Request {
            method: "POST",
            url: "https://as.example/token?code=s3cret#s3cret".into(),
            headers: [("authorization", secret())].into(),
            body: Some(secret()),
        };
        let response = Response::new(200, secret());
        let check = SignatureCheck {
            alg: "ES256",
            jwk: String::new(),
            signing_input: secret().into(),
            signature: secret().into(),
        };
        for shown in [format!("{request:?}"), format!("{response:?}"), format!("{check:?}")] {
            assert!(!shown.contains("s3cret") && !shown.contains("115, 51"), "{shown}");
        }
    }
}
