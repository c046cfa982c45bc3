//! Requests of the endpoints beside the token endpoint, at which a client authenticates itself in the same way.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::error_response::accepted;
use super::exchange::{Credential, Exchange};
use super::flows::Call;
use super::members::Members;
use super::registered_client::RegisteredClient;
use super::server::Server;
use super::token::request;
use super::token_request::append_extension;
use crate::error::{Code, Error};
use crate::http::{Answer, Response, Step, done};
use crate::text::form;

/// A token to ask about or to revoke (RFC 7009 §2.1, RFC 7662 §2.1).
pub(super) struct TokenInQuestion {
    token: String,
    token_type_hint: Option<String>,
    /// Parameters of extensions.
    extension: Vec<(String, String)>,
}

impl TokenInQuestion {
    /// The members that it has.
    pub(super) const MEMBERS: [&str; 3] = ["token", "token_type_hint", "parameters"];

    /// Reads `token`, `token_type_hint` and `parameters`, an object of strings.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        Self {
            token: members.string("token"),
            token_type_hint: members.optional_string("token_type_hint"),
            extension: members.optional_string_members("parameters"),
        }
    }

    /// The request of the endpoint `name` about it, which accepts an answer of `media_type`.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`], [`Code::FetchInsecure`], and [`Code::OptionInvalid`] about a parameter of an extension.
    pub(super) fn request(
        self,
        call: Call<'_>,
        name: &'static str,
        media_type: &str,
    ) -> Result<EndpointRequest, Error> {
        let mut body = form::encode([("token", self.token.as_str())]);
        if let Some(hint) = &self.token_type_hint {
            form::append(&mut body, "token_type_hint", hint);
        }
        append_extension(&mut body, &self.extension)?;
        let mut request = request(call.server.endpoint(name, &call.client)?, &body);
        request.accept(media_type);
        Ok(EndpointRequest(Exchange::new(call.client, request, Credential::Client { dpop: false }, call.entropy)))
    }
}

/// The step machine of a request, which ends with the response of the status 200.
#[derive(Debug)]
pub(super) struct EndpointRequest(Exchange);

impl EndpointRequest {
    /// Whose request it is.
    pub(super) const fn client(&self) -> &Arc<RegisteredClient> {
        self.0.client()
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// [`Code::EndpointError`] with what the server said, with the time of its `Retry-After`, and those of [`Exchange::step`] and [`accepted`].
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
