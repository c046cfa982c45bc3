//! Logging out at the server (OpenID Connect RP-Initiated Logout §2): where to send the user.

use alloc::boxed::Box;
use alloc::string::String;

use super::flows::{Call, Flow};
use super::logout::logout_request;
use super::members;
use super::server::Server;
use crate::error::Error;
use crate::http::{Answer, Step};
use crate::text::json::Object;

/// The parameters, each as it is sent.
const PARAMETERS: [&str; 5] = ["id_token_hint", "post_logout_redirect_uri", "state", "logout_hint", "ui_locales"];

struct EndSessionUrl(String);

/// The Logout Request of `{ id_token_hint?, post_logout_redirect_uri?, state?, logout_hint?, ui_locales? }`.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let values = members::parse_options(call.parameters, &PARAMETERS, |members| {
        PARAMETERS.map(|name| (name, members.optional_string(name)))
    })?;
    let endpoint = call.server.metadata.endpoint("end_session_endpoint")?;
    let client_id = [("client_id", Some(call.client.client_id.as_str()))];
    let given = values.iter().map(|(name, value)| (*name, value.as_deref()));
    Ok(Box::new(EndSessionUrl(logout_request(&endpoint, client_id.into_iter().chain(given)))))
}

impl Flow for EndSessionUrl {
    fn step(&mut self, _: &mut Server, _: u64, _: Option<Answer>) -> Result<Step<String>, Error> {
        Ok(Step::Done(Object::new().string("url", &self.0).finish()))
    }
}
