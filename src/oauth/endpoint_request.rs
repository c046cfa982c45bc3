//! A request of an endpoint beside the token endpoint, at which a client authenticates itself in the same way: a form is sent.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

use super::error_response::accepted;
use super::exchange::{Credential, Exchange};
use super::flows::{Call, Flow};
use super::members::{self, Members};
use super::registered_client::RegisteredClient;
use super::server::Server;
use super::token::request;
use crate::error::{Code, Error};
use crate::http::{Answer, Response, Step, done};

/// The step machine of a request, which ends with the response of the status 200.
#[derive(Debug)]
pub(super) struct EndpointRequest(Exchange);

impl EndpointRequest {
    /// The request of `endpoint`, a member of the metadata, with the form `body`, for an answer of `media_type`. Nothing that is
    /// issued there is bound to a key, so no proof comes with it.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`] when the server lacks the endpoint, [`Code::FetchInsecure`].
    pub(super) fn new(call: Call<'_>, endpoint: &'static str, body: &str, media_type: &str) -> Result<Self, Error> {
        let mut request = request(call.server.endpoint(endpoint, &call.client)?, body);
        request.accept(media_type);
        Ok(Self(Exchange::new(call.client, request, Credential::Client { dpop: false }, call.entropy)))
    }

    /// Whose request it is.
    pub(super) const fn client(&self) -> &Arc<RegisteredClient> {
        self.0.client()
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// [`Code::EndpointError`] with what the server said, with the time of its `Retry-After`, and those of [`Exchange::step`]
    /// and [`accepted`].
    pub(super) fn step(
        &mut self,
        server: &mut Server,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<Response>, Error> {
        let response = done!(self.0.step(server, now, answer)?);
        let retry_after = response.retry_after();
        let accepted = accepted(response, &self.0.sent(), Code::EndpointError);
        accepted.map(Step::Done).map_err(|error| error.retry_after(retry_after))
    }
}

/// The flow of such a request whose response is a JSON object. `read` makes the result, as JSON, of the members of a response
/// that arrived at a time.
struct JsonRequest<R> {
    request: EndpointRequest,
    read: R,
}

/// The flow of a request of `endpoint` with the form `body`; `read` makes the result of what comes back.
///
/// # Errors
/// Those of [`EndpointRequest::new`].
pub(super) fn json(
    call: Call<'_>,
    endpoint: &'static str,
    body: &str,
    read: impl FnMut(&mut Members<'_>, u64) -> String + 'static,
) -> Result<Box<dyn Flow>, Error> {
    let request = EndpointRequest::new(call, endpoint, body, "application/json")?;
    Ok(Box::new(JsonRequest { request, read }))
}

impl<R: FnMut(&mut Members<'_>, u64) -> String> Flow for JsonRequest<R> {
    /// # Errors
    /// Those of [`EndpointRequest::step`], and [`Code::EndpointResponseInvalid`].
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        let response = done!(self.request.step(server, now, answer)?);
        let read = |members: &mut Members<'_>| (self.read)(members, now);
        members::parse(&response.body, Code::EndpointResponseInvalid, read).map(Step::Done)
    }
}
