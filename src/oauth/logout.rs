//! Logging out at the authorization server (OpenID Connect RP-Initiated Logout §2).

use alloc::string::String;
use core::fmt;

use super::authorization_request::query_of;
use super::client::Client;
use super::members;
use super::tokens::Tokens;
use crate::discovery::Discovery;
use crate::error::Error;
use crate::http::{Answer, Step, done};
use crate::text::form;

/// What one logout asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndSessionParameters {
    /// Where to go afterwards, instead of the client's.
    pub post_logout_redirect_uri: Option<String>,
    /// What comes back to there.
    pub state: Option<String>,
}

impl EndSessionParameters {
    /// Parses `{ post_logout_redirect_uri?, state? }`.
    ///
    /// # Errors
    /// [`crate::error::Code::OptionInvalid`] about the option.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        members::parse_options(json, &["post_logout_redirect_uri", "state"], |members| Self {
            post_logout_redirect_uri: members.optional_string("post_logout_redirect_uri"),
            state: members.optional_string("state"),
        })
    }
}

/// The step machine that makes a Logout Request.
pub struct EndSession {
    discovery: Discovery,
    parameters: EndSessionParameters,
    tokens: Option<Tokens>,
}

impl fmt::Debug for EndSession {
    /// Shows no token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndSession").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

impl EndSession {
    /// The end of the session of `tokens`, if there is one.
    ///
    /// # Errors
    /// [`crate::error::Code::OptionInvalid`] when the tokens are another client's.
    pub fn new(client: &Client, tokens: Option<Tokens>, parameters: EndSessionParameters) -> Result<Self, Error> {
        if let Some(tokens) = &tokens {
            tokens.validate(&client.options)?;
        }
        Ok(Self { discovery: client.discovery(), parameters, tokens })
    }

    /// The next step; call with `None` to begin. Ends with the URL to navigate to, if the server has an endpoint for it.
    ///
    /// # Errors
    /// Those of discovery.
    pub fn step(&mut self, client: &mut Client, answer: Option<Answer>) -> Result<Step<Option<String>>, Error> {
        let metadata = done!(client.discover(&mut self.discovery, answer)?);
        let endpoint = metadata.optional_endpoint("end_session_endpoint")?;
        Ok(Step::Done(endpoint.map(|endpoint| self.url(&endpoint, client))))
    }

    fn url(&self, endpoint: &str, client: &Client) -> String {
        let options = &client.options;
        let id_token = self.tokens.as_ref().and_then(|tokens| tokens.id_token.as_ref());
        let redirect_uri =
            self.parameters.post_logout_redirect_uri.as_ref().or(options.post_logout_redirect_uri.as_ref());
        let given = [
            ("id_token_hint", id_token.map(|id_token| id_token.as_str())),
            ("client_id", Some(options.client_id.as_str())),
            ("post_logout_redirect_uri", redirect_uri.map(String::as_str)),
            ("state", self.parameters.state.as_deref()),
        ];
        logout_request(endpoint, given)
    }
}

/// The URL of a Logout Request at `endpoint`, with the parameters that have a value.
pub(super) fn logout_request<'a>(
    endpoint: &str,
    parameters: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> String {
    let mut url = query_of(endpoint);
    for (name, value) in parameters {
        if let Some(value) = value {
            form::append(&mut url, name, value);
        }
    }
    url
}
