//! Requests out, responses in: plain data. The boundary does the I/O; the core never does.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// An HTTP request that the caller is asked to send, without following redirects.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `PUT` or `DELETE`.
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

#[cfg(feature = "oauth")]
impl Request {
    /// Asks for an answer of `media_type` instead.
    pub(crate) fn accept(&mut self, media_type: &str) {
        self.headers.retain(|(name, _)| *name != "accept");
        self.headers.push(("accept", media_type.into()));
    }
}

impl fmt::Debug for Request {
    /// Leaves out the query, the headers and the body: they carry secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        f.debug_struct("Request").field("method", &self.method).field("url", &url).finish_non_exhaustive()
    }
}

/// The headers of a response that something reads, as they were sent; no other crosses the boundary. Those of caches:
/// RFC 9110 §8.8.3, RFC 9111 §5.1 and §5.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Age`.
    pub age: Option<String>,
    /// `Content-Type` (RFC 9110 §8.3).
    pub content_type: Option<String>,
    /// `WWW-Authenticate` (RFC 9110 §11.6.1), several of them joined by commas.
    pub www_authenticate: Option<String>,
    /// `DPoP-Nonce` (RFC 9449 §8).
    pub dpop_nonce: Option<String>,
    /// `Retry-After` (RFC 9110 §10.2.3).
    #[cfg(feature = "oauth")]
    pub retry_after: Option<String>,
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
        Self {
            etag: next(),
            cache_control: next(),
            age: next(),
            content_type: next(),
            www_authenticate: next(),
            dpop_nonce: next(),
            #[cfg(feature = "oauth")]
            retry_after: next(),
        }
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

#[cfg(feature = "oauth")]
impl Response {
    /// The seconds after which the server may be asked again; a date says nothing here, where there is no calendar.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        let seconds = self.headers.retry_after.as_deref()?;
        seconds.bytes().all(|byte| byte.is_ascii_digit()).then(|| seconds.parse().ok()).flatten()
    }

    /// Whether the body is of `media_type`, whatever its parameters (RFC 9110 §8.3.1).
    pub(crate) fn is_of(&self, media_type: &str) -> bool {
        let content_type = self.headers.content_type.as_deref().unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default();
        essence.trim_matches([' ', '\t']).eq_ignore_ascii_case(media_type)
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

/// A signature that the caller is asked to make: private keys never enter the core.
#[cfg(feature = "oauth")]
#[derive(Clone, PartialEq, Eq)]
pub struct SigningRequest {
    /// Which key.
    pub key: SigningKey,
    /// The JWS Signing Input.
    pub signing_input: String,
}

#[cfg(feature = "oauth")]
impl fmt::Debug for SigningRequest {
    /// Leaves out the signing input: with a signature it is a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningRequest").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A key that only the caller has.
#[cfg(feature = "oauth")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKey {
    /// The key with which the client authenticates itself: its private key, or its secret as the key of an HMAC.
    Client,
    /// The key that tokens are bound to (RFC 9449 §4).
    Dpop,
}

/// What a step machine wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// Send this request and call again with [`Answer::Response`] or [`Answer::Failed`].
    Fetch(Request),
    /// Verify this signature and call again with [`Answer::Signature`].
    VerifySignature(SignatureCheck),
    /// Sign this and call again with [`Answer::Signed`].
    #[cfg(feature = "oauth")]
    Sign(SigningRequest),
    /// Wait for this many seconds and call again with [`Answer::Waited`].
    #[cfg(feature = "oauth")]
    Wait(u64),
    /// The machine has ended.
    Done(T),
}

impl<T> Step<T> {
    /// The same step, of a machine that makes something else of the result.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Step<U> {
        self.or_pending().map_or_else(|pending| pending, |result| Step::Done(of(result)))
    }

    /// The result of a machine that has ended; of another, what it asks for, as a step of the machine around it.
    ///
    /// # Errors
    /// The step that is not [`Step::Done`].
    pub fn or_pending<U>(self) -> Result<T, Step<U>> {
        Err(match self {
            Self::Done(result) => return Ok(result),
            Self::Fetch(request) => Step::Fetch(request),
            Self::VerifySignature(check) => Step::VerifySignature(check),
            #[cfg(feature = "oauth")]
            Self::Sign(request) => Step::Sign(request),
            #[cfg(feature = "oauth")]
            Self::Wait(seconds) => Step::Wait(seconds),
        })
    }
}

/// The value of a machine within a machine once it is done; until then, returns what it asks for.
#[cfg(any(feature = "client", feature = "verify"))]
macro_rules! done {
    ($step:expr) => {
        match $step.or_pending() {
            Ok(value) => value,
            Err(pending) => return Ok(pending),
        }
    };
}
#[cfg(any(feature = "client", feature = "verify"))]
pub(crate) use done;

/// What a step machine is told.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// The response to the last [`Step::Fetch`].
    Response(Response),
    /// There was no response to the last [`Step::Fetch`].
    Failed(FetchFailure),
    /// Whether the signature of the last [`Step::VerifySignature`] is valid.
    Signature(bool),
    /// The signature that the last [`Step::Sign`] asked for.
    #[cfg(feature = "oauth")]
    Signed(Vec<u8>),
    /// The time of the last [`Step::Wait`] is over.
    #[cfg(feature = "oauth")]
    Waited,
}

impl fmt::Debug for Answer {
    /// Leaves out the signature that was made.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response(response) => f.debug_tuple("Response").field(response).finish(),
            Self::Failed(failure) => f.debug_tuple("Failed").field(failure).finish(),
            Self::Signature(valid) => f.debug_tuple("Signature").field(valid).finish(),
            #[cfg(feature = "oauth")]
            Self::Signed(_) => f.write_str("Signed(..)"),
            #[cfg(feature = "oauth")]
            Self::Waited => f.write_str("Waited"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn headers_are_lines() {
        let line = |text: &str| Some(String::from(text));
        let headers = Headers::from_lines("\"a\"\n\n7");
        assert_eq!(headers, Headers { etag: line("\"a\""), age: line("7"), ..Headers::default() });
        assert_eq!(Headers::from_lines("\n\n\n\n\nn").dpop_nonce, line("n"));
        #[cfg(feature = "oauth")]
        assert_eq!(Headers::from_lines("\n\n\n\n\n\n7").retry_after, line("7"));
        assert_eq!(Headers::from_lines(""), Headers::default());
    }

    #[cfg(feature = "oauth")]
    #[test]
    fn a_media_type_has_parameters_and_no_case() {
        let of = |content_type: Option<&str>| {
            let headers = Headers { content_type: content_type.map(String::from), ..Headers::default() };
            Response { headers, ..Response::new(200, "") }.is_of("application/jwt")
        };
        assert!(of(Some("application/jwt")) && of(Some(" Application/JWT\t; charset=utf-8")));
        for other in ["", "application/json", "application/jwt2", "text/plain;application/jwt", "application/jwt, a/b"]
        {
            assert!(!of(Some(other)), "{other}");
        }
        assert!(!of(None));
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
