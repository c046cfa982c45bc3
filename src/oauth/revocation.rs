//! Revoking a token (RFC 7009).

use alloc::boxed::Box;
use alloc::string::String;

use super::endpoint_request::EndpointRequest;
use super::flows::{Call, Flow};
use super::members;
use super::server::Server;
use super::token_in_question::TokenInQuestion;
use crate::error::Error;
use crate::http::{Answer, Step, done};

/// The step machine of a Revocation Request, whose result is `null`: whether there was such a token, the server does not say
/// (§2.2).
struct Revocation(EndpointRequest);

/// Revokes a [`TokenInQuestion`].
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let token = members::parse_options(call.parameters, &TokenInQuestion::MEMBERS, TokenInQuestion::read)?;
    Ok(Box::new(Revocation(token.request(call, "revocation_endpoint", "application/json")?)))
}

impl Flow for Revocation {
    /// # Errors
    /// [`crate::error::Code::EndpointError`], where the server does not revoke tokens of this kind with `error`
    /// `unsupported_token_type` (§2.2.1). After [`crate::error::Code::FetchStatus`] of 503 the token may still be good.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        done!(self.0.step(server, now, answer)?);
        Ok(Step::Done("null".into()))
    }
}
