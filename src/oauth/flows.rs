//! Every flow of a client at a server by its name: what crosses the boundary is its name and JSON.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

use super::entropy::Entropy;
use super::registered_client::RegisteredClient;
use super::server::Server;
use super::{
    authorization_url, ciba, ciba_notification, code_grant, device, end_session_url, grants, implicit, introspection,
    logout_token, registration, response_validation, revocation, token_exchange, user_info_request,
};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step};

/// The step machine of a flow, whose result is JSON.
pub trait Flow {
    /// The next step at `now`, in seconds since the epoch; call with `None` to begin.
    ///
    /// # Errors
    /// Those of the flow.
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error>;
}

/// What a flow is made of.
#[derive(Debug)]
pub struct Call<'a> {
    /// The server, as it was when the flow was made.
    pub server: &'a Server,
    /// Who asks.
    pub client: Arc<RegisteredClient>,
    /// What is asked for, as JSON.
    pub parameters: &'a str,
    /// Random bytes.
    pub entropy: Entropy,
}

/// How a flow is made.
type Start = fn(Call<'_>) -> Result<Box<dyn Flow>, Error>;

/// The flows, each under the name of its function in `tollgate/oauth`.
const FLOWS: [(&str, Start); 27] = [
    ("authorizationUrl", authorization_url::start),
    ("requestObject", authorization_url::request_object),
    ("authorizationResponseState", response_validation::unverified_state),
    ("validateAuthorizationResponse", code_grant::validate),
    ("authorizationCodeGrant", code_grant::start),
    ("implicitAuthorizationUrl", authorization_url::implicit),
    ("implicitResponse", implicit::validate),
    ("refreshTokenGrant", grants::refresh_token),
    ("clientCredentialsGrant", grants::client_credentials),
    ("passwordGrant", grants::password),
    ("deviceAuthorization", device::authorization),
    ("deviceCodeGrant", device::grant),
    ("backchannelAuthentication", ciba::authentication),
    ("cibaNotification", ciba_notification::validate),
    ("cibaGrant", ciba::grant),
    ("tokenExchange", token_exchange::start),
    ("jwtBearerGrant", grants::jwt_bearer),
    ("extensionGrant", grants::extension),
    ("registerClient", registration::register),
    ("readClient", registration::read),
    ("updateClient", registration::update),
    ("deleteClient", registration::delete),
    ("userInfo", user_info_request::start),
    ("introspect", introspection::start),
    ("revoke", revocation::start),
    ("endSessionUrl", end_session_url::start),
    ("validateLogoutToken", logout_token::start),
];

/// The flow `name`.
///
/// # Errors
/// [`Code::OptionInvalid`] about `flow` when there is none of this name, or about a parameter; [`Code::ProfileViolation`] when
/// the profile of the client forbids it.
pub fn start(name: &str, call: Call<'_>) -> Result<Box<dyn Flow>, Error> {
    let unknown = || Error::new(Code::OptionInvalid).about("flow", Reason::Mismatch);
    let (_, start) = FLOWS.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?;
    if let Some(profile) = call.client.profile {
        profile.require_flow(name)?;
    }
    start(call)
}
