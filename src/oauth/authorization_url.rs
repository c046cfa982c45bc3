//! The Authorization Request of a registered client: its parameters are in the URL, or pushed to the server first
//! (RFC 9126).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::authorization_request::{AuthorizationParameters, AuthorizationRequest, RequestParameters, query_of};
use super::entropy::Entropy;
use super::error_response;
use super::exchange::{Credential, Exchange};
use super::flows::{Call, Flow};
use super::members;
use super::registered_client::RegisteredClient;
use super::return_to::ReturnTo;
use super::secret::CodeVerifier;
use super::security_profile;
use super::server::Server;
use super::token::request;
use super::token_request::append_extension;
use crate::error::{Code, Error};
use crate::http::{Answer, Response, Step, done};
use crate::text::{form, url};

const PAR_ENDPOINT: &str = "pushed_authorization_request_endpoint";

/// The step machine that makes an Authorization Request.
struct AuthorizationUrl {
    client: Arc<RegisteredClient>,
    parameters: RequestParameters,
    extension: Vec<(String, String)>,
    /// Whether to push the request: if the server can, unless told.
    push: Option<bool>,
    entropy: Entropy,
    pushing: Option<(Exchange, AuthorizationRequest)>,
}

/// The parameters of OpenID Connect Core §3.1.2.1, RFC 9396 and others that are sent as they are: strings, and JSON.
const TEXTS: [&str; 3] = ["display", "ui_locales", "id_token_hint"];

/// The flow of `{ redirect_uri, scope?, resource?, returnTo?, prompt?, login_hint?, acr_values?, max_age?, display?, ui_locales?,
/// id_token_hint?, claims?, authorization_details?, parameters?, par? }`.
pub(super) fn start(call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    const OWN: [&str; 12] = [
        "redirect_uri",
        "scope",
        "resource",
        "returnTo",
        "prompt",
        "login_hint",
        "acr_values",
        "max_age",
        "claims",
        "authorization_details",
        "parameters",
        "par",
    ];
    let known = [&OWN[..], &TEXTS].concat();
    let (parameters, extension, push) = members::parse_options(call.parameters, &known, |members| {
        let mut extension = members.optional_string_members("parameters");
        for name in TEXTS {
            extension.extend(members.optional_string(name).map(|value| (name.into(), value)));
        }
        extension.extend(members.optional_object("claims").map(|claims| ("claims".into(), claims)));
        let details = members.optional_array("authorization_details");
        extension.extend(details.map(|details| ("authorization_details".into(), details)));
        let parameters = RequestParameters {
            redirect_uri: members.string("redirect_uri"),
            scope: members.optional_string("scope").unwrap_or_default(),
            resource: members.optional_strings("resource").unwrap_or_default(),
            login: AuthorizationParameters {
                return_to: members.optional_string("returnTo").as_deref().and_then(ReturnTo::parse),
                prompt: members.optional_string("prompt"),
                login_hint: members.optional_string("login_hint"),
                acr_values: members.optional_string("acr_values"),
                max_age: members.optional_number("max_age"),
            },
        };
        (parameters, extension, members.optional_bool("par"))
    })?;
    call.server.metadata.require_pkce()?;
    if call.client.profile.is_some() {
        // FAPI 2.0 §5.3.3.2, 2, and §5.3.2.2, 8: the request is pushed, and the response comes over TLS.
        security_profile::require("par", push != Some(false))?;
        security_profile::require(PAR_ENDPOINT, call.server.metadata.optional_endpoint(PAR_ENDPOINT)?.is_some())?;
        security_profile::require("redirect_uri", url::require_secure(&parameters.redirect_uri).is_ok())?;
    }
    Ok(Box::new(AuthorizationUrl {
        client: call.client,
        parameters,
        extension,
        push,
        entropy: call.entropy,
        pushing: None,
    }))
}

impl Flow for AuthorizationUrl {
    /// # Errors
    /// [`Code::MetadataInvalid`] when the server lacks the endpoint; [`Code::EndpointError`] and
    /// [`Code::EndpointResponseInvalid`] of a pushed request.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        if self.pushing.is_none() {
            let (state, nonce) = (self.entropy.text(), self.entropy.text());
            let code_verifier = CodeVerifier::new(self.entropy.text());
            let (issuer, client_id) = (server.metadata.issuer(), &self.client.client_id);
            let transaction = self.parameters.transaction(issuer, client_id, state, nonce, code_verifier, now);
            let mut body = String::new();
            self.parameters.append(&mut body, &transaction);
            if let Some(key) = &self.client.dpop {
                form::append(&mut body, "dpop_jkt", &key.thumbprint);
            }
            append_extension(&mut body, &self.extension)?;
            let endpoint = server.metadata.endpoint("authorization_endpoint")?;
            if !self.pushes(server)? {
                let mut url = query_of(&endpoint);
                if !url.ends_with(['?', '&']) {
                    url.push('&');
                }
                url.push_str(&body);
                return Ok(Step::Done(AuthorizationRequest { url, transaction }.to_json()));
            }
            let request = request(server.endpoint(PAR_ENDPOINT, &self.client)?, &body);
            let entropy = self.entropy.split();
            let exchange = Exchange::new(Arc::clone(&self.client), request, Credential::Client { dpop: true }, entropy);
            self.pushing = Some((exchange, AuthorizationRequest { url: query_of(&endpoint), transaction }));
        }
        let (exchange, request) = self.pushing.as_mut().ok_or(Code::OptionInvalid)?;
        let response = done!(exchange.step(server, now, answer)?);
        let request_uri = request_uri(response, &exchange.sent())?;
        form::append(&mut request.url, "client_id", &self.client.client_id);
        form::append(&mut request.url, "request_uri", &request_uri);
        Ok(Step::Done(request.to_json()))
    }
}

impl AuthorizationUrl {
    /// A server that can take the request by itself gets it so: nobody in between can read or change it.
    fn pushes(&self, server: &Server) -> Result<bool, Error> {
        if self.push == Some(true) || server.metadata.says("require_pushed_authorization_requests")? {
            return Ok(true);
        }
        Ok(self.push.is_none() && server.metadata.optional_endpoint(PAR_ENDPOINT)?.is_some())
    }
}

/// The `request_uri` of the response, whose status is 201 (RFC 9126 §2.2).
fn request_uri(mut response: Response, sent: &str) -> Result<String, Error> {
    if response.status == 201 {
        response.status = 200;
    }
    let response = error_response::accepted(response, sent, Code::EndpointError)?;
    members::parse(&response.body, Code::EndpointResponseInvalid, |members| {
        members.optional_lifetime("expires_in");
        members.string("request_uri")
    })
}
