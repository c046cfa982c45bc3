//! The UserInfo endpoint (OpenID Connect Core §5.3) with any access token, and with an answer in JSON or one that the server
//! signed.

use alloc::boxed::Box;
use alloc::string::String;
use core::str;

use super::challenge::Challenge;
use super::error_response::described_error;
use super::exchange::{Credential, Exchange};
use super::flows::{Call, Flow};
use super::members::{self, Members};
use super::secret::AccessToken;
use super::server::Server;
use super::signed_jwt::{SignedJwt, Verification};
use super::token::TokenType;
use super::user_info::{rejected, require_subject};
use crate::discovery;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Request, Response, Step, done};
use crate::jose::claims::Expectations;

/// The media type of a signed response (OpenID Connect Core §5.3.2).
const SIGNED: &str = "application/jwt";

/// The algorithms that may sign it (OpenID Connect Discovery §3).
const ALGORITHMS: &str = "userinfo_signing_alg_values_supported";

/// The step machine of a UserInfo Request, whose result is the claims.
struct UserInfoRequest {
    exchange: Exchange,
    /// The user that the claims must be about; `None` where the caller does not want to know.
    sub: Option<String>,
    /// Whether a response that is not signed is refused.
    must_be_signed: bool,
    verification: Option<Box<Verification>>,
}

/// Asks with `{ access_token, token_type, claims?, sub?, dangerouslySkipSubjectCheck?, signed? }`; `claims` are those of the
/// ID token.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    const MEMBERS: [&str; 6] = ["access_token", "token_type", "claims", "sub", "dangerouslySkipSubjectCheck", "signed"];
    let (token, claims, sub, skips, must_be_signed) = members::parse_options(call.parameters, &MEMBERS, |members| {
        (
            presented(members),
            members.optional_object("claims"),
            members.optional_string("sub"),
            members.optional_bool("dangerouslySkipSubjectCheck") == Some(true),
            members.optional_bool("signed") == Some(true),
        )
    })?;
    let known = match claims {
        Some(claims) => Some(members::parse(claims.as_bytes(), Code::OptionInvalid, |claims| claims.string("sub"))?),
        None => None,
    };
    let sub = match (known, sub) {
        (Some(known), Some(sub)) if known != sub => {
            return Err(Error::new(Code::OptionInvalid).about("sub", Reason::Mismatch));
        }
        (known, sub) => known.or(sub),
    };
    match (&sub, skips) {
        (None, false) => return Err(Error::new(Code::IdTokenMissing)),
        (Some(_), true) => {
            return Err(Error::new(Code::OptionInvalid).about("dangerouslySkipSubjectCheck", Reason::Mismatch));
        }
        _ => {}
    }
    let mut request = Request::get_json(call.server.endpoint("userinfo_endpoint", &call.client)?);
    request.accept(if must_be_signed { SIGNED } else { "application/json, application/jwt" });
    let exchange = Exchange::new(call.client, request, token, call.entropy);
    Ok(Box::new(UserInfoRequest { exchange, sub, must_be_signed, verification: None }))
}

/// The access token to show, `{ access_token, token_type }`.
fn presented(members: &mut Members<'_>) -> Credential {
    let access_token = members.string("access_token");
    if !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
        members.refuse("access_token", Reason::Malformed);
    }
    let token_type = TokenType::named(&members.string("token_type")).filter(|it| *it != TokenType::NotApplicable);
    members.require("token_type", token_type.is_some());
    Credential::AccessToken(AccessToken::new(access_token), token_type.unwrap_or(TokenType::Bearer))
}

impl Flow for UserInfoRequest {
    /// # Errors
    /// [`Code::AccessTokenRejected`] with what the challenge says; [`Code::UserInfoInvalid`]; all that a signed response can
    /// fail of.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        if let Some(verification) = &mut self.verification {
            let token = done!(verification.step(&mut server.keys, now, answer)?);
            return self.signed(token, server, now).map(Step::Done);
        }
        let response = done!(self.exchange.step(server, now, answer)?);
        let said = self.challenge(&response);
        let response = discovery::success(response).map_err(|error| match (rejected(error), said) {
            (error, Some(said)) if error.code == said.code => said,
            (error, _) => error,
        })?;
        if !response.is_of(SIGNED) {
            return self.plain(response).map(Step::Done);
        }
        let token = str::from_utf8(&response.body).map_err(|_| Code::JwsInvalid)?;
        let algorithms = self.exchange.client().algorithms(&server.metadata, ALGORITHMS)?;
        self.verification = Some(Box::new(Verification::new(token, &algorithms, &server.metadata)?));
        self.step(server, now, None)
    }
}

impl UserInfoRequest {
    fn plain(&self, response: Response) -> Result<String, Error> {
        if self.must_be_signed || !response.is_of("application/json") {
            return Err(Error::new(Code::UserInfoInvalid).about("content-type", Reason::Mismatch));
        }
        self.validate(String::from_utf8(response.body).map_err(|_| Code::UserInfoInvalid)?)
    }

    /// §5.3.2: `iss` and `aud` are recommended only, and checked where they are there.
    fn signed(&self, token: SignedJwt, server: &Server, now: u64) -> Result<String, Error> {
        let claims = token.claims()?;
        let is_there = |claim: &str| claims.get(claim).is_some();
        let expectations = Expectations {
            issuer: is_there("iss").then(|| [server.metadata.issuer().into()].into()),
            audience: is_there("aud").then(|| [self.exchange.client().client_id.clone()].into()),
            clock_tolerance: self.exchange.client().clock_tolerance,
            ..Expectations::default()
        };
        token.validate(&expectations, now)?;
        self.validate(token.into_json()?)
    }

    fn validate(&self, json: String) -> Result<String, Error> {
        match &self.sub {
            Some(sub) => require_subject(json.as_bytes(), sub)?,
            None => drop(members::parse(json.as_bytes(), Code::UserInfoInvalid, |claims| claims.string("sub"))?),
        }
        Ok(json)
    }

    /// What the first challenge that names an error says of it (RFC 6750 §3).
    fn challenge(&self, response: &Response) -> Option<Error> {
        let challenges = Challenge::parse(response.headers.www_authenticate.as_deref()?).ok()?;
        let challenge = challenges.iter().find(|challenge| challenge.parameter("error").is_some())?;
        let (error, description) = (challenge.parameter("error"), challenge.parameter("error_description"));
        let sent = self.exchange.sent();
        Some(described_error(Code::AccessTokenRejected, Some(response.status), error, description, &sent))
    }
}
