//! A request of an endpoint other than the token endpoint: the client sends a form, and a JSON object comes back.

use alloc::boxed::Box;
use alloc::string::String;

use super::error_response::accepted;
use super::exchange::{Credential, Exchange};
use super::flows::{Call, Flow};
use super::members::{self, Members};
use super::server::Server;
use super::token::request;
use crate::error::{Code, Error};
use crate::http::{Answer, Step, done};

/// The step machine of the request. `read` makes the result, as JSON, of the members of a response that arrived at a time.
pub(super) struct EndpointRequest<R> {
    exchange: Exchange,
    read: R,
}

impl<R: FnMut(&mut Members<'_>, u64) -> String + 'static> EndpointRequest<R> {
    /// The request of `endpoint`, a member of the metadata, with the form `body`. What is issued there is not bound to a key
    /// yet, so no proof comes with it.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`] when the server lacks the endpoint, [`Code::FetchInsecure`].
    pub(super) fn start(call: Call<'_>, endpoint: &'static str, body: &str, read: R) -> Result<Box<dyn Flow>, Error> {
        let request = request(call.server.endpoint(endpoint, &call.client)?, body);
        let exchange = Exchange::new(call.client, request, Credential::Client { dpop: false }, call.entropy);
        Ok(Box::new(Self { exchange, read }))
    }
}

impl<R: FnMut(&mut Members<'_>, u64) -> String> Flow for EndpointRequest<R> {
    /// # Errors
    /// [`Code::EndpointError`] with what the server said, [`Code::EndpointResponseInvalid`], and those of
    /// [`discovery::ok`](crate::discovery::ok).
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let response = done!(self.exchange.step(server, now, answer)?);
        let response = accepted(response, &self.exchange.sent(), Code::EndpointError)?;
        let read = |members: &mut Members<'_>| (self.read)(members, now);
        members::parse(&response.body, Code::EndpointResponseInvalid, read).map(Step::Done)
    }
}
