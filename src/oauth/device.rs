//! The device authorization grant (RFC 8628): the user decides on another device, while this one polls.

use alloc::boxed::Box;
use alloc::string::String;

use super::endpoint_request;
use super::flows::{Call, Flow};
use super::members::{self, Members};
use super::polling::{Polling, Schedule};
use super::token_request::{TokenParameters, TokenRequest};
use crate::error::{Code, Error, Reason};
use crate::text::json::Object;
use crate::text::url;

/// The `grant_type` (§3.4).
pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The Device Authorization Request (§3.1) with the members of [`TokenParameters`]. The result is the response (§3.2), with
/// `expires_at` for `expires_in` and the `scope` that was asked for: what [`grant`] takes.
pub(super) fn authorization(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let parameters = members::parse_options(call.parameters, &TokenParameters::MEMBERS, TokenParameters::read)?;
    let mut body = String::new();
    parameters.append(&mut body)?;
    endpoint_request::json(call, "device_authorization_endpoint", &body, move |members, now| {
        let record = Object::new()
            .string("device_code", &members.string("device_code"))
            .string("user_code", &user_code(members))
            .string("verification_uri", &verification_uri(members))
            .optional_string("verification_uri_complete", page(members, "verification_uri_complete").as_deref())
            .optional_string("scope", parameters.scope.as_deref());
        Schedule::of_response(members, now).write(record).finish()
    })
}

/// What the user reads, often on a terminal.
fn user_code(members: &mut Members<'_>) -> String {
    let user_code = members.string("user_code");
    if user_code.chars().any(char::is_control) {
        members.refuse("user_code", Reason::Malformed);
    }
    user_code
}

/// Where the user goes; some servers still spell it as drafts of the RFC did.
fn verification_uri(members: &mut Members<'_>) -> String {
    let uri = page(members, "verification_uri").or_else(|| page(members, "verification_url"));
    members.required("verification_uri", uri)
}

/// The URL of a page that the user signs in on: https, or http on a loopback address.
fn page(members: &mut Members<'_>, name: &'static str) -> Option<String> {
    let uri = members.optional_string(name)?;
    if url::require_secure(&uri).is_err() {
        members.refuse(name, Reason::Malformed);
    }
    Some(uri)
}

/// The flow of `{ device }`, which is what [`authorization`] came to, with those of [`TokenParameters`].
pub(super) fn grant(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let known = [&["device"][..], &TokenParameters::MEMBERS].concat();
    let (device, parameters) = members::parse_options(call.parameters, &known, |members| {
        (members.object("device"), TokenParameters::read(members))
    })?;
    let (device_code, scope, schedule) = members::parse(device.as_bytes(), Code::OptionInvalid, |members| {
        (members.string("device_code"), members.optional_string("scope"), Schedule::of_record(members))
    })?;
    let credential = [("grant_type", GRANT_TYPE), ("device_code", device_code.as_str())];
    let request = TokenRequest::new(call, &credential, &parameters)?;
    Ok(Box::new(Polling::new(request.for_scope(scope.as_deref().unwrap_or_default()), schedule)))
}
