//! The beginning of a login: from what the client is and what the login asks for to the URL to navigate to.

use alloc::string::String;

use super::authorization_request::{AuthorizationParameters, AuthorizationRequest, RequestParameters, query_of};
use super::client::Client;
use super::secret::CodeVerifier;
use crate::discovery::Discovery;
use crate::error::Error;
use crate::http::{Answer, Step, done};
use crate::text::base64url;

/// The step machine that makes an Authorization Request.
pub struct Authorize {
    discovery: Discovery,
    parameters: RequestParameters,
    state: String,
    nonce: String,
    code_verifier: CodeVerifier,
}

impl Authorize {
    /// A login of `client`. The random bytes become `state`, `nonce` and code verifier.
    pub fn new(client: &Client, login: AuthorizationParameters, entropy: &[[u8; 32]; 3]) -> Self {
        let [state, nonce, code_verifier] = entropy;
        let options = &client.options;
        Self {
            discovery: client.discovery(),
            parameters: RequestParameters {
                redirect_uri: options.redirect_uri.clone(),
                scope: options.scope.clone(),
                resource: options.resource.clone(),
                login,
            },
            state: base64url::encode(state),
            nonce: base64url::encode(nonce),
            code_verifier: CodeVerifier::from_entropy(code_verifier),
        }
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// Those of discovery: [`Code::FetchFailed`](crate::error::Code::FetchFailed) and its siblings,
    /// [`Code::MetadataInvalid`](crate::error::Code::MetadataInvalid),
    /// [`Code::MetadataIssuerMismatch`](crate::error::Code::MetadataIssuerMismatch),
    /// [`Code::PkceNotSupported`](crate::error::Code::PkceNotSupported).
    pub fn step(
        &mut self,
        client: &mut Client,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<AuthorizationRequest>, Error> {
        let metadata = done!(client.discover(&mut self.discovery, answer)?);
        let transaction = self.parameters.transaction(
            &client.options.issuer,
            &client.options.client_id,
            self.state.clone(),
            self.nonce.clone(),
            self.code_verifier.clone(),
            now,
        );
        let mut url = query_of(&metadata.endpoint("authorization_endpoint")?);
        self.parameters.append(&mut url, "code", &transaction);
        Ok(Step::Done(AuthorizationRequest { url, transaction }))
    }
}
