//! Client-Initiated Backchannel Authentication (OpenID Connect CIBA Core 1.0), in its modes poll and ping: the user is asked
//! on a device of their own.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::authorization_request::asks_for_id_token;
use super::endpoint_request;
use super::flows::{Call, Flow};
use super::members::{self, Members};
use super::polling::{Polling, Schedule};
use super::server::Server;
use super::token_request::{TokenParameters, TokenRequest};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step, done};
use crate::text::json::Object;
use crate::text::{decimal, form};

/// The `grant_type` (§10.1).
pub(super) const GRANT_TYPE: &str = "urn:openid:params:grant-type:ciba";

/// The claim that ties an ID token to the request (§10.3.1).
const AUTH_REQ_ID_CLAIM: &str = "urn:openid:params:jwt:claim:auth_req_id";

/// Who is to be asked: exactly one of them (§7.1).
const HINTS: [&str; 3] = ["login_hint", "login_hint_token", "id_token_hint"];

/// The other parameters that are sent as they are.
const TEXTS: [&str; 3] = ["binding_message", "user_code", "acr_values"];

/// How many characters a `client_notification_token` may have (§7.1), and with how few it has the 128 bits it needs.
const TOKEN_LENGTH: core::ops::RangeInclusive<usize> = 22..=1024;

/// A request that was acknowledged (§7.3): what there is to keep until the user has decided.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CibaRequest {
    pub(super) auth_req_id: String,
    schedule: Schedule,
    /// What was asked for. It has `openid`.
    scope: String,
    /// What the server shows when it notifies the client.
    pub(super) client_notification_token: Option<String>,
    /// Whether it did: the user has decided.
    pub(super) notified: bool,
}

impl fmt::Debug for CibaRequest {
    /// Shows no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CibaRequest").field("schedule", &self.schedule).finish_non_exhaustive()
    }
}

impl CibaRequest {
    /// Parses what [`Self::to_json`] made.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the member.
    pub(super) fn from_json(json: &str) -> Result<Self, Error> {
        members::parse(json.as_bytes(), Code::OptionInvalid, |members| Self {
            auth_req_id: members.string("auth_req_id"),
            schedule: Schedule::of_record(members),
            scope: openid_scope(members),
            client_notification_token: members.optional_string("client_notification_token"),
            notified: members.optional_bool("notified") == Some(true),
        })
    }

    /// `{"auth_req_id","scope","client_notification_token"?,"notified"?,"expires_at","interval"}`.
    pub(super) fn to_json(&self) -> String {
        let mut record = Object::new()
            .string("auth_req_id", &self.auth_req_id)
            .string("scope", &self.scope)
            .optional_string("client_notification_token", self.client_notification_token.as_deref());
        if self.notified {
            record = record.raw("notified", "true");
        }
        self.schedule.write(record).finish()
    }
}

/// The Authentication Request (§7.1): `{ login_hint | login_hint_token | id_token_hint, binding_message?, user_code?, acr_values?,
/// requested_expiry?, client_notification_token? }` with those of [`TokenParameters`]. The result is a [`CibaRequest`].
pub(super) fn authentication(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let own = [&["requested_expiry", "client_notification_token"][..], &HINTS, &TEXTS].concat();
    let known = [&own[..], &TokenParameters::MEMBERS].concat();
    let (scope, token, sent, parameters) = members::parse_options(call.parameters, &known, |members| {
        let hints = texts(members, &HINTS);
        if hints.len() != 1 {
            members.refuse("login_hint", if hints.is_empty() { Reason::Missing } else { Reason::Mismatch });
        }
        let mut sent = [hints, texts(members, &TEXTS)].concat();
        if let Some(seconds) = members.optional_number("requested_expiry") {
            members.require("requested_expiry", seconds > 0);
            sent.push(("requested_expiry", decimal(seconds)));
        }
        let token = members.optional_string("client_notification_token");
        members.require("client_notification_token", token.as_deref().is_none_or(is_notification_token));
        sent.extend(token.clone().map(|token| ("client_notification_token", token)));
        (openid_scope(members), token, sent, TokenParameters::read(members))
    })?;
    parameters.require_none_of(&own)?;
    let mut body = form::encode(sent.iter().map(|(name, value)| (*name, value.as_str())));
    parameters.append(&mut body)?;
    endpoint_request::json(call, "backchannel_authentication_endpoint", &body, move |members, now| {
        CibaRequest {
            auth_req_id: members.string("auth_req_id"),
            schedule: Schedule::of_response(members, now),
            scope: scope.clone(),
            client_notification_token: token.clone(),
            notified: false,
        }
        .to_json()
    })
}

/// Those of `names` that are there, none of which may be empty.
fn texts(members: &mut Members<'_>, names: &[&'static str]) -> Vec<(&'static str, String)> {
    let mut texts = Vec::new();
    for &name in names {
        if members.get(name).is_some() {
            texts.push((name, members.string(name)));
        }
    }
    texts
}

/// The `scope`, which must have `openid` (§7.1).
fn openid_scope(members: &mut Members<'_>) -> String {
    let scope = members.string("scope");
    members.require("scope", asks_for_id_token(&scope));
    scope
}

/// Whether it is the `b64token` of RFC 6750 §2.1, of a length that can be unguessable (§7.1).
fn is_notification_token(token: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    TOKEN_LENGTH.contains(&token.len()) && token.trim_end_matches('=').bytes().all(is_plain)
}

/// The step machine of the grant.
struct CibaGrant {
    polling: Polling,
    auth_req_id: String,
}

/// The flow of `{ request }`, a [`CibaRequest`], with those of [`TokenParameters`].
pub(super) fn grant(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["request"][..], &TokenParameters::MEMBERS].concat();
    let (request, parameters) = members::parse_options(call.parameters, &known, |members| {
        (members.object("request"), TokenParameters::read(members))
    })?;
    let CibaRequest { auth_req_id, schedule, scope, notified, .. } = CibaRequest::from_json(&request)?;
    let credential = [("grant_type", GRANT_TYPE), ("auth_req_id", auth_req_id.as_str())];
    let polling = Polling::new(TokenRequest::new(call, &credential, &parameters)?.for_scope(&scope), schedule);
    Ok(Box::new(CibaGrant { polling: if notified { polling.at_once() } else { polling }, auth_req_id }))
}

impl Flow for CibaGrant {
    /// # Errors
    /// Those of [`Polling::step`]; [`Code::ClaimValidationFailed`] when the ID token is of another request.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let tokens = done!(self.polling.step(server, now, answer)?);
        let claims = tokens.claims.as_deref().unwrap_or_default();
        members::parse(claims.as_bytes(), Code::ClaimValidationFailed, |claims| {
            let named = claims.optional_string(AUTH_REQ_ID_CLAIM);
            claims.require(AUTH_REQ_ID_CLAIM, named.is_none_or(|named| named == self.auth_req_id));
        })?;
        Ok(Step::Done(tokens.to_json()))
    }
}
