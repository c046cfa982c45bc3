//! What the flows of one client share.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::keys::ServerKeys;
use super::members;
use super::metadata::ServerMetadata;
use crate::discovery::Discovery;
use crate::error::{Error, Reason};
use crate::http::{Answer, Step, done};
use crate::text::url;

/// Seconds by which the clocks of the server and of the user's device may differ when an ID token is validated.
pub(super) const CLOCK_TOLERANCE: u64 = 30;

/// Every member of an [`Options`].
const OPTIONS: [&str; 7] =
    ["issuer", "client_id", "redirect_uri", "scope", "resource", "post_logout_redirect_uri", "clockTolerance"];

/// Who the client is and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The Issuer Identifier of the authorization server.
    pub issuer: String,
    /// The identifier of this public client.
    pub client_id: String,
    /// Where the callback arrives.
    pub redirect_uri: String,
    /// The scope to ask for. With `openid` in it, an ID token is required.
    pub scope: String,
    /// The resources that access tokens are for (RFC 8707).
    pub resource: Vec<String>,
    /// Where to go after logging out.
    pub post_logout_redirect_uri: Option<String>,
    /// Seconds by which two honest clocks may differ.
    pub clock_tolerance: u64,
}

impl Options {
    /// Parses `{ issuer, client_id, redirect_uri, scope?, resource?, post_logout_redirect_uri?, clockTolerance? }`. The
    /// default of `scope` is `openid`, that of `clockTolerance` 30 seconds.
    ///
    /// # Errors
    /// [`crate::error::Code::OptionInvalid`] about the option; [`crate::error::Code::FetchInsecure`] about `issuer`.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let options = members::parse_options(json, &OPTIONS, |members| Self {
            issuer: members.string("issuer"),
            client_id: members.string("client_id"),
            redirect_uri: members.string("redirect_uri"),
            scope: members.optional_string("scope").unwrap_or_else(|| "openid".into()),
            resource: members.optional_strings("resource").unwrap_or_default(),
            post_logout_redirect_uri: members.optional_string("post_logout_redirect_uri"),
            clock_tolerance: members.optional_number("clockTolerance").unwrap_or(CLOCK_TOLERANCE),
        })?;
        url::require_secure(&options.issuer).map_err(|error| error.about("issuer", Reason::Malformed))?;
        Ok(options)
    }
}

/// The options of a client, and what was fetched for it so far.
#[derive(Clone, Debug)]
pub struct Client {
    /// Who the client is and what it asks for.
    pub options: Options,
    metadata: Option<Arc<ServerMetadata>>,
    pub(super) keys: ServerKeys,
}

impl Client {
    /// A client that has fetched nothing yet.
    pub fn new(options: Options) -> Self {
        Self { options, metadata: None, keys: ServerKeys::default() }
    }

    /// The step machine that finds the metadata of the issuer.
    pub(super) fn discovery(&self) -> Discovery {
        Discovery::new(self.options.issuer.as_str())
    }

    /// The next step of `discovery`, which is done at once when another flow has found the metadata by then.
    pub(super) fn discover(
        &mut self,
        discovery: &mut Discovery,
        answer: Option<Answer>,
    ) -> Result<Step<Arc<ServerMetadata>>, Error> {
        if let Some(metadata) = &self.metadata {
            return Ok(Step::Done(Arc::clone(metadata)));
        }
        let response = done!(discovery.step(answer)?);
        let metadata = Arc::new(ServerMetadata::parse(&response.body, &self.options.issuer)?);
        metadata.require_login()?;
        self.metadata = Some(Arc::clone(&metadata));
        Ok(Step::Done(metadata))
    }
}
