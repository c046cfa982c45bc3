//! The Authorization Request on its way: its parameters are in the URL, or in a request object that the client signs
//! (RFC 9101), and either of them may be pushed to the server first (RFC 9126).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::mem;

use super::authorization_parameters::RequestOptions;
use super::authorization_request::query_of;
use super::authorization_transaction::AuthorizationTransaction;
use super::entropy::Entropy;
use super::error_response;
use super::exchange::{Credential, Exchange};
use super::flows::{Call, Flow};
use super::members;
use super::registered_client::RegisteredClient;
use super::request_object;
use super::security_profile;
use super::server::Server;
use super::token::request;
use super::unsigned_jwt::UnsignedJwt;
use crate::error::{Code, Error};
use crate::http::{Answer, Response, Step};
use crate::text::form;
use crate::text::json::Object;

const PAR_ENDPOINT: &str = "pushed_authorization_request_endpoint";

/// The step machine that makes an Authorization Request.
struct AuthorizationUrl {
    client: Arc<RegisteredClient>,
    options: RequestOptions,
    entropy: Entropy,
    wanted: Wanted,
    phase: Phase,
}

/// What is to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A URL that asks for an authorization code.
    Url,
    /// A URL that asks for tokens.
    ImplicitUrl,
    /// A request object that asks for an authorization code.
    RequestObject,
}

enum Phase {
    Start,
    Signing(UnsignedJwt, AuthorizationTransaction),
    Pushing(Box<Exchange>, AuthorizationTransaction),
    Ended,
}

/// The flow of [`RequestOptions::parse`] for an authorization code, which ends with `{"url","transaction"}`.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    AuthorizationUrl::flow(call, Wanted::Url)
}

/// The same for the implicit grant.
pub(super) fn implicit(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    AuthorizationUrl::flow(call, Wanted::ImplicitUrl)
}

/// The same, which ends with `{"request","transaction"}`: the request object alone.
pub(super) fn request_object(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    AuthorizationUrl::flow(call, Wanted::RequestObject)
}

impl Flow for AuthorizationUrl {
    /// # Errors
    /// [`Code::MetadataInvalid`] when the server lacks the endpoint; [`Code::OptionInvalid`] about `privateKey` when the
    /// request is to be signed and there is no key; [`Code::EndpointError`] and [`Code::EndpointResponseInvalid`] of a pushed
    /// request.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        match (mem::replace(&mut self.phase, Phase::Ended), answer) {
            (Phase::Start, _) => {
                let issuer = server.metadata.issuer();
                let transaction = self.options.transaction(issuer, &self.client, &mut self.entropy, now);
                let form = self.options.form(&transaction, &self.client)?;
                if !self.signs(server)? {
                    return self.send(server, now, transaction, &form);
                }
                let jwt = request_object::request_object(&form, &self.client, issuer, &self.entropy.text(), now)?;
                let signing = Step::Sign(jwt.request());
                self.phase = Phase::Signing(jwt, transaction);
                Ok(signing)
            }
            (Phase::Signing(jwt, transaction), Some(Answer::Signed(signature))) => {
                let jwt = jwt.sign(&signature);
                if self.wanted == Wanted::RequestObject {
                    return Ok(made("request", &jwt, &transaction));
                }
                self.send(server, now, transaction, &request_object::by_value(&self.client.client_id, &jwt))
            }
            (Phase::Pushing(exchange, transaction), answer) => self.push(server, now, exchange, transaction, answer),
            _ => Err(Error::new(Code::OptionInvalid)),
        }
    }
}

impl AuthorizationUrl {
    fn flow(call: Call<'_>, wanted: Wanted) -> Result<Box<dyn Flow>, Error> {
        let options = RequestOptions::parse(&call, wanted == Wanted::ImplicitUrl)?;
        if call.client.profile.is_some() {
            // FAPI 2.0 §5.3.3.2, 2: the request is pushed.
            security_profile::require("par", options.push != Some(false))?;
            security_profile::require(PAR_ENDPOINT, call.server.metadata.optional_endpoint(PAR_ENDPOINT)?.is_some())?;
        }
        Ok(Box::new(Self { client: call.client, options, entropy: call.entropy, wanted, phase: Phase::Start }))
    }

    fn signs(&self, server: &Server) -> Result<bool, Error> {
        Ok(self.wanted == Wanted::RequestObject
            || self.options.sign
            || server.metadata.says("require_signed_request_object")?)
    }

    /// A server that can take the request by itself gets it so: nobody in between can read or change it.
    fn pushes(&self, server: &Server) -> Result<bool, Error> {
        if self.options.push == Some(true) || server.metadata.says("require_pushed_authorization_requests")? {
            return Ok(true);
        }
        Ok(self.options.push.is_none() && server.metadata.optional_endpoint(PAR_ENDPOINT)?.is_some())
    }

    /// The URL with the parameters in `form`, or the beginning of their push.
    fn send(
        &mut self,
        server: &mut Server,
        now: u64,
        transaction: AuthorizationTransaction,
        form: &str,
    ) -> Result<Step<String>, Error> {
        if !self.pushes(server)? {
            return Ok(made("url", &url_with(server, form)?, &transaction));
        }
        let request = request(server.endpoint(PAR_ENDPOINT, &self.client)?, form);
        let entropy = self.entropy.split();
        // The proof binds the code to the key (RFC 9449 §10.1).
        let exchange = Exchange::new(Arc::clone(&self.client), request, Credential::Client { dpop: true }, entropy);
        self.push(server, now, Box::new(exchange), transaction, None)
    }

    fn push(
        &mut self,
        server: &mut Server,
        now: u64,
        mut exchange: Box<Exchange>,
        transaction: AuthorizationTransaction,
        answer: Option<Answer>,
    ) -> Result<Step<String>, Error> {
        match exchange.step(server, now, answer)?.or_pending() {
            Ok(response) => {
                let request_uri = request_uri(response, &[exchange.sent(), transaction.secrets()].join("&"))?;
                let form = form::encode([("client_id", self.client.client_id.as_str()), ("request_uri", &request_uri)]);
                Ok(made("url", &url_with(server, &form)?, &transaction))
            }
            Err(pending) => {
                self.phase = Phase::Pushing(exchange, transaction);
                Ok(pending)
            }
        }
    }
}

/// What was made, with the transaction to keep.
fn made(name: &str, value: &str, transaction: &AuthorizationTransaction) -> Step<String> {
    Step::Done(Object::new().string(name, value).raw("transaction", &transaction.to_json()).finish())
}

/// The URL of the authorization endpoint with the parameters in `form`.
fn url_with(server: &Server, form: &str) -> Result<String, Error> {
    let mut url = query_of(&server.metadata.endpoint("authorization_endpoint")?);
    if !url.ends_with(['?', '&']) {
        url.push('&');
    }
    url.push_str(form);
    Ok(url)
}

/// The `request_uri` of the response, whose status is 201 (RFC 9126 §2.2), and 200 at some servers.
fn request_uri(response: Response, sent: &str) -> Result<String, Error> {
    let response = error_response::accepted_with(&[200, 201], response, sent, Code::EndpointError)?;
    members::parse(&response.body, Code::EndpointResponseInvalid, |members| {
        members.optional_lifetime("expires_in");
        members.string("request_uri")
    })
}
