//! Asking the server what a token is good for (RFC 7662), with an answer in JSON or one that the server signed (RFC 9701).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::str;

use super::endpoint_request::EndpointRequest;
use super::flows::{Call, Flow};
use super::members::{self, Members};
use super::registered_client::RegisteredClient;
use super::server::Server;
use super::signed_jwt::{SignedJwt, Verification};
use super::token_in_question::TokenInQuestion;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Response, Step, done};
use crate::jose::claims::Expectations;
use crate::jose::jws::ProtectedHeader;
use crate::text::json::Document;

/// The media type of a signed response, whose type it is too (RFC 9701 §5).
const SIGNED: &str = "application/token-introspection+jwt";

/// The algorithms that may sign it (RFC 9701 §7).
const ALGORITHMS: &str = "introspection_signing_alg_values_supported";

/// The member of a signed response that is the Introspection Response.
const RESPONSE: &str = "token_introspection";

/// The step machine of an Introspection Request, whose result is the response.
struct Introspection {
    client: Arc<RegisteredClient>,
    /// Whether a response that is not signed is refused.
    must_be_signed: bool,
    audience: Option<Vec<String>>,
    required_scopes: Vec<String>,
    phase: Phase,
}

enum Phase {
    Asking(Box<EndpointRequest>),
    Verifying(Box<Verification>),
}

/// Introspects a [`TokenInQuestion`] with `{ signed?, audience?, requiredScopes? }`.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["signed", "audience", "requiredScopes"][..], &TokenInQuestion::MEMBERS].concat();
    let (token, must_be_signed, audience, required_scopes) =
        members::parse_options(call.parameters, &known, |members| {
            let scopes = members.optional_strings("requiredScopes").unwrap_or_default();
            let signed = members.optional_bool("signed") == Some(true);
            (TokenInQuestion::read(members), signed, members.optional_strings("audience"), scopes)
        })?;
    let media_type = if must_be_signed { SIGNED } else { "application/json" };
    let request = token.request(call, "introspection_endpoint", media_type)?;
    let client = Arc::clone(request.client());
    Ok(Box::new(Introspection {
        client,
        must_be_signed,
        audience,
        required_scopes,
        phase: Phase::Asking(Box::new(request)),
    }))
}

impl Flow for Introspection {
    /// # Errors
    /// [`Code::EndpointError`], [`Code::EndpointResponseInvalid`]; [`Code::JwtExpired`] and [`Code::ClaimValidationFailed`]
    /// about a member of an active token that is not what was expected; all that a signed response can fail of.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        match &mut self.phase {
            Phase::Asking(request) => {
                let response = done!(request.step(server, now, answer)?);
                if !response.is_of(SIGNED) {
                    return self.plain(&response, server, now).map(Step::Done);
                }
                let token = str::from_utf8(&response.body).map_err(|_| Code::JwsInvalid)?;
                let algorithms = self.client.algorithms(&server.metadata, ALGORITHMS)?;
                self.phase = Phase::Verifying(Box::new(Verification::new(token, &algorithms, &server.metadata)?));
                self.step(server, now, None)
            }
            Phase::Verifying(verification) => {
                let token = done!(verification.step(&mut server.keys, now, answer)?);
                self.signed(&token, server, now).map(Step::Done)
            }
        }
    }
}

impl Introspection {
    fn plain(&self, response: &Response, server: &Server, now: u64) -> Result<String, Error> {
        if self.must_be_signed || !response.is_of("application/json") {
            return Err(Error::new(Code::EndpointResponseInvalid).about("content-type", Reason::Mismatch));
        }
        self.validate(&response.body, server.metadata.issuer(), now)
    }

    /// RFC 9701 §5: the server says to whom it answers, so that no answer can be passed on to another.
    fn signed(&self, token: &SignedJwt, server: &Server, now: u64) -> Result<String, Error> {
        let issuer = server.metadata.issuer();
        let expectations = Expectations {
            issuer: Some([issuer.into()].into()),
            audience: Some([self.client.client_id.clone()].into()),
            typ: Some(SIGNED.into()),
            required_claims: ["iat".into(), RESPONSE.into()].into(),
            clock_tolerance: self.client.clock_tolerance,
            ..Expectations::default()
        };
        let claims = token.validate(&expectations, now)?;
        let response = members::read(&claims, Code::EndpointResponseInvalid, |claims| {
            claims.optional_object(RESPONSE).unwrap_or_default()
        })?;
        self.validate(response.as_bytes(), issuer, now)
    }

    /// RFC 7662 §2.2. Of a token that is not active nothing else is said, whatever the server adds.
    fn validate(&self, json: &[u8], issuer: &str, now: u64) -> Result<String, Error> {
        let response = Document::parse_object(json).map_err(|_| Code::EndpointResponseInvalid)?;
        let (active, json, names_issuer) = members::read(&response, Code::EndpointResponseInvalid, |members| {
            let active = members.optional_bool("active");
            match active {
                None => members.refuse("active", Reason::Missing),
                Some(true) => read_types(members),
                Some(false) => {}
            }
            (active == Some(true), String::from(members.raw()), members.get("iss").is_some())
        })?;
        if !active {
            return Ok(r#"{"active":false}"#.into());
        }
        let expectations = Expectations {
            issuer: names_issuer.then(|| [issuer.into()].into()),
            audience: self.audience.clone(),
            required_scopes: self.required_scopes.clone(),
            clock_tolerance: self.client.clock_tolerance,
            ..Expectations::default()
        };
        // There is no header, and nothing is expected of one.
        let header = ProtectedHeader::parse(br#"{"alg":""}"#)?;
        expectations.validate(&header, &response, now)?;
        Ok(json)
    }
}

fn read_types(members: &mut Members<'_>) {
    for text in ["scope", "client_id", "username", "token_type", "sub", "iss", "jti"] {
        members.optional_string(text);
    }
    for date in ["exp", "iat", "nbf"] {
        members.optional_second(date);
    }
    members.optional_strings("aud");
}
