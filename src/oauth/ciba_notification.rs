//! What a server sends to the notification endpoint of a client in ping mode (CIBA §10.2).

use alloc::boxed::Box;
use alloc::string::String;

use ctutils::CtEq as _;

use super::ciba::CibaRequest;
use super::flows::{Call, Flow};
use super::members;
use super::server::Server;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step};
use crate::text::cut;

/// A notification, and the request that was kept under the `auth_req_id` in it.
struct Notification {
    method: String,
    authorization: String,
    body: String,
    request: Option<CibaRequest>,
}

/// The flow of `{ method, authorization?, body, request? }`: of an HTTP request, and a [`CibaRequest`], which is the result,
/// marked as notified.
pub(super) fn validate(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = ["method", "authorization", "body", "request"];
    let (method, authorization, body, request) = members::parse_options(call.parameters, &known, |members| {
        (
            members.string("method"),
            members.optional_string("authorization").unwrap_or_default(),
            members.optional_string("body").unwrap_or_default(),
            members.optional_object("request"),
        )
    })?;
    let request = request.as_deref().map(CibaRequest::from_json).transpose()?;
    Ok(Box::new(Notification { method, authorization, body, request }))
}

impl Flow for Notification {
    /// # Errors
    /// [`Code::NotificationInvalid`], about what is wrong with it.
    fn step(&mut self, _: &mut Server, _: u64, _: Option<Answer>) -> Result<Step<String>, Error> {
        let refused = |about, reason| Error::new(Code::NotificationInvalid).about(about, reason);
        if self.method != "POST" {
            return Err(refused("method", Reason::Mismatch));
        }
        let shown = bearer(&self.authorization).ok_or_else(|| refused("authorization", Reason::Missing))?;
        let auth_req_id = members::parse(self.body.as_bytes(), Code::NotificationInvalid, |members| {
            // A notification in push mode has the tokens or the error (§10.3, §12): nothing else ties them to the client.
            for name in ["access_token", "error"] {
                let is_there = members.get(name).is_some();
                members.require(name, !is_there);
            }
            members.string("auth_req_id")
        })?;
        let request = self.request.take().filter(|request| request.auth_req_id == auth_req_id);
        let mut request = request.ok_or_else(|| refused("auth_req_id", Reason::Mismatch))?;
        let expected = request.client_notification_token.as_deref().unwrap_or_default();
        // Without a token nothing is expected.
        if expected.is_empty() || !shown.as_bytes().ct_eq(expected.as_bytes()).to_bool() {
            return Err(refused("authorization", Reason::Mismatch));
        }
        request.notified = true;
        Ok(Step::Done(request.to_json()))
    }
}

/// The token of `Bearer` credentials (RFC 6750 §2.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = cut(authorization, b" ");
    let token = token?;
    let start = token.bytes().position(|byte| byte != b' ').unwrap_or(token.len());
    token.get(start..).filter(|_| scheme.eq_ignore_ascii_case("Bearer"))
}
