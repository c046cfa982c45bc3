//! Dynamic client registration (RFC 7591) and its management (RFC 7592): one request with JSON, one response.

use alloc::boxed::Box;
use alloc::string::String;

use super::error_response::accepted_with;
use super::flows::{Call, Flow};
use super::members;
use super::secret::AccessToken;
use super::server::Server;
use crate::discovery;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, Response, Step};
use crate::text::{form, url};

/// The step machine of one request, which ends with the Client Information Response (RFC 7591 §3.2.1), or with `null` where
/// there is none.
struct Registration {
    request: Request,
    token: Option<AccessToken>,
    expected: Expected,
    asked: bool,
}

/// What a successful response is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// 201 with the registration (RFC 7591 §3.2.1).
    Created,
    /// 200 with the registration, which is of this client (RFC 7592 §3).
    Current,
    /// 204 (RFC 7592 §2.3).
    Deleted,
}

/// `{ metadata, initial_access_token? }`: registers a client (RFC 7591 §3.1).
pub(super) fn register(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    const KNOWN: [&str; 2] = ["metadata", "initial_access_token"];
    let (metadata, token) = members::parse_options(call.parameters, &KNOWN, |members| {
        (members.object("metadata"), members.optional_string("initial_access_token"))
    })?;
    let endpoint = call.server.endpoint("registration_endpoint", &call.client)?;
    Ok(Registration::start("POST", endpoint, Some(metadata), token, Expected::Created))
}

/// `{ registration_client_uri, registration_access_token }`: what is registered (RFC 7592 §2.1).
pub(super) fn read(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    manage(call, "GET", Expected::Current)
}

/// `{ registration_client_uri, registration_access_token, metadata }`: replaces what is registered (RFC 7592 §2.2).
pub(super) fn update(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    manage(call, "PUT", Expected::Current)
}

/// `{ registration_client_uri, registration_access_token }`: ends the registration (RFC 7592 §2.3).
pub(super) fn delete(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    manage(call, "DELETE", Expected::Deleted)
}

fn manage(call: Call<'_>, method: &'static str, expected: Expected) -> Result<Box<dyn Flow>, Error> {
    let known = ["registration_client_uri", "registration_access_token", "metadata"];
    let known = known.get(..if method == "PUT" { 3 } else { 2 }).unwrap_or_default();
    let (uri, token, metadata) = members::parse_options(call.parameters, known, |members| {
        let uri = members.string("registration_client_uri");
        if let Err(error) = url::require_secure(&uri) {
            members.refuse_with(error.about("registration_client_uri", Reason::Malformed));
        }
        (uri, members.string("registration_access_token"), (method == "PUT").then(|| members.object("metadata")))
    })?;
    Ok(Registration::start(method, uri, metadata, Some(token), expected))
}

impl Registration {
    fn start(
        method: &'static str,
        url: String,
        body: Option<String>,
        token: Option<String>,
        expected: Expected,
    ) -> Box<dyn Flow> {
        let mut request = Request::get_json(url);
        request.method = method;
        if body.is_some() {
            request.headers.push(("content-type", "application/json".into()));
        }
        if let Some(token) = &token {
            request.headers.push(("authorization", ["Bearer ", token].concat()));
        }
        request.body = body;
        Box::new(Self { request, token: token.map(AccessToken::new), expected, asked: false })
    }

    /// What of the request is secret, as a form.
    fn secrets(&self) -> String {
        let body = self.request.body.as_deref().unwrap_or_default();
        let secrets = members::parse(body.as_bytes(), Code::OptionInvalid, |metadata| {
            ["client_secret", "software_statement"].map(|name| metadata.optional_string(name))
        });
        let token = self.token.as_ref().map(|token| token.as_str().into());
        let mut sent = String::new();
        for secret in secrets.unwrap_or_default().into_iter().chain([token]).flatten() {
            form::append(&mut sent, "token", &secret);
        }
        sent
    }

    /// # Errors
    /// [`Code::EndpointError`] with what the server said (RFC 7591 §3.2.2), [`Code::EndpointResponseInvalid`],
    /// [`Code::FetchStatus`].
    fn parse(&self, response: Response) -> Result<String, Error> {
        let statuses: &[u16] = match self.expected {
            // Some servers answer a registration as if it were any other request.
            Expected::Created => &[200, 201],
            Expected::Current => &[200],
            Expected::Deleted => &[204],
        };
        let response = accepted_with(statuses, response, &self.secrets(), Code::EndpointError)?;
        if self.expected == Expected::Deleted {
            return Ok("null".into());
        }
        members::parse(&response.body, Code::EndpointResponseInvalid, |members| {
            members.string("client_id");
            let secret = members.optional_string("client_secret");
            let expires_at = members.optional_number("client_secret_expires_at");
            // RFC 7591 §3.2.1: "REQUIRED if client_secret is issued".
            if secret.is_some() && expires_at.is_none() {
                members.refuse("client_secret_expires_at", Reason::Missing);
            }
            let uri = members.optional_string("registration_client_uri");
            if let Some(Err(error)) = uri.as_deref().map(url::require_secure) {
                members.refuse_with(error.about("registration_client_uri", Reason::Malformed));
            }
            // RFC 7592 §3: both or none.
            if uri.is_some() != members.optional_string("registration_access_token").is_some() {
                members.refuse("registration_access_token", Reason::Missing);
            }
            members.raw().into()
        })
    }
}

impl Flow for Registration {
    fn step(&mut self, _: &mut Server, _: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        match answer {
            Some(answer) if self.asked => self.parse(discovery::received(answer)?).map(Step::Done),
            _ => {
                self.asked = true;
                Ok(Step::Fetch(self.request.clone()))
            }
        }
    }
}
