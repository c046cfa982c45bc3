//! Token exchange (RFC 8693).

use alloc::boxed::Box;
use alloc::string::String;

use super::flows::{Call, Flow};
use super::members;
use super::server::Server;
use super::token::TokenType;
use super::token_request::{TokenParameters, TokenRequest};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step, done};

/// The `grant_type` (§2.1).
pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The type of an OAuth 2.0 access token (§3).
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The parameters of §2.1 that are sent as they are, beside those of every grant.
const TEXTS: [&str; 5] =
    ["subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type"];

/// The step machine of the exchange.
struct TokenExchange {
    request: TokenRequest,
    requested: Option<String>,
}

/// The flow of `{ subject_token, subject_token_type, actor_token?, actor_token_type?, requested_token_type?, audience? }` with those
/// of [`TokenParameters`].
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["audience"][..], &TEXTS, &TokenParameters::MEMBERS].concat();
    let (texts, audience, parameters) = members::parse_options(call.parameters, &known, |members| {
        members.string("subject_token");
        members.string("subject_token_type");
        let texts = TEXTS.map(|name| members.get(name).is_some().then(|| members.string(name)));
        let [_, _, actor_token, actor_token_type, _] = &texts;
        // §2.1: the type "is REQUIRED when the actor_token parameter is present but MUST NOT be included otherwise".
        match (actor_token, actor_token_type) {
            (Some(_), None) => members.refuse("actor_token_type", Reason::Missing),
            (None, Some(_)) => members.refuse("actor_token", Reason::Missing),
            _ => {}
        }
        (texts, members.optional_strings("audience").unwrap_or_default(), TokenParameters::read(members))
    })?;
    parameters.require_none_of(&[&["audience"][..], &TEXTS].concat())?;
    let mut credential = [("grant_type", GRANT_TYPE)].to_vec();
    credential.extend(TEXTS.iter().zip(&texts).filter_map(|(name, text)| Some((*name, text.as_deref()?))));
    credential.extend(audience.iter().map(|audience| ("audience", audience.as_str())));
    let request = TokenRequest::new(call, &credential, &parameters)?.or_not_applicable();
    let [.., requested] = texts;
    Ok(Box::new(TokenExchange { request, requested }))
}

impl Flow for TokenExchange {
    /// # Errors
    /// Those of [`TokenRequest::step`]; [`Code::TokenResponseInvalid`] about `issued_token_type` when it is missing or another
    /// than was asked for, and about `token_type` when an access token was issued that cannot be shown (§2.2.1).
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let tokens = done!(self.request.step(server, now, answer)?);
        members::parse(tokens.response.as_bytes(), Code::TokenResponseInvalid, |members| {
            let issued = members.string("issued_token_type");
            members.require("issued_token_type", self.requested.as_ref().is_none_or(|requested| *requested == issued));
            members.require("token_type", issued != ACCESS_TOKEN || tokens.token_type != TokenType::NotApplicable);
        })?;
        Ok(Step::Done(tokens.to_json()))
    }
}
