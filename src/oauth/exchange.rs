//! One request to an endpoint of a server, with what proves who sends it: the authentication of the client (RFC 6749
//! §2.3) or an access token (RFC 6750 §2.1), and a DPoP proof (RFC 9449) where tokens are bound to a key.

use alloc::string::String;
use alloc::sync::Arc;
use core::{fmt, mem};

use super::entropy::Entropy;
use super::registered_client::{ClientAuthentication, RegisteredClient};
use super::secret::AccessToken;
use super::server::Server;
use super::token::TokenType;
use super::unsigned_jwt::UnsignedJwt;
use crate::discovery;
use crate::error::{Code, Error};
use crate::http::{Answer, Request, Response, Step};
use crate::text::{cut, form};

/// What proves who sends a request.
pub(super) enum Credential {
    /// The client authenticates itself; the body is a form.
    Client {
        /// Whether a proof comes with it, so that what is issued is bound to the client's key.
        dpop: bool,
    },
    /// An access token of this type, which is `Bearer` or `DPoP`.
    AccessToken(AccessToken, TokenType),
}

/// The step machine of a request, which ends with the response, whatever its status. A server that asks for a nonce is
/// sent the request once more, and not twice.
pub(super) struct Exchange {
    client: Arc<RegisteredClient>,
    /// The request without credentials.
    request: Request,
    credential: Credential,
    entropy: Entropy,
    /// Whether a nonce was asked for.
    retried: bool,
    /// The nonce that was asked for: it may be bound to this key, and what other flows learn meanwhile to theirs.
    nonce: Option<String>,
    /// The credentials of the newest request, as a form.
    shown: String,
    /// What is secret besides, as a form.
    hidden: String,
    phase: Phase,
}

enum Phase {
    Start,
    Asserting(UnsignedJwt),
    Proving(UnsignedJwt, Request),
    Fetching,
    Ended,
}

impl fmt::Debug for Exchange {
    /// Shows no credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("request", &self.request).finish_non_exhaustive()
    }
}

impl Exchange {
    pub(super) const fn new(
        client: Arc<RegisteredClient>,
        request: Request,
        credential: Credential,
        entropy: Entropy,
    ) -> Self {
        Self {
            client,
            request,
            credential,
            entropy,
            retried: false,
            nonce: None,
            shown: String::new(),
            hidden: String::new(),
            phase: Phase::Start,
        }
    }

    /// Whose request it is.
    pub(super) const fn client(&self) -> &Arc<RegisteredClient> {
        &self.client
    }

    /// The form that is sent and all secrets that go with it, for
    /// [`described_error`](super::error_response::described_error): what is in it is not quoted, and not as it is encoded.
    pub(super) fn sent(&self) -> String {
        let mut sent = [self.request.body.as_deref().unwrap_or_default(), "&", &self.shown, "&", &self.hidden].concat();
        match (&self.credential, &self.client.authentication) {
            (Credential::AccessToken(token, _), _) => form::append(&mut sent, "access_token", token.as_str()),
            (_, ClientAuthentication::SecretBasic(secret) | ClientAuthentication::SecretPost(secret)) => {
                form::append(&mut sent, "client_secret", secret);
            }
            _ => {}
        }
        for (name, value) in form::parse(&sent).unwrap_or_default() {
            let encoded = form::encode_value(&value);
            if encoded != value {
                form::append(&mut sent, &name, &encoded);
            }
        }
        sent
    }

    /// Has `secret` quoted no more than a credential.
    pub(super) fn hide(&mut self, secret: &str) {
        form::append(&mut self.hidden, "token", secret);
    }

    /// Begins anew.
    pub(super) fn restart(&mut self) {
        (self.retried, self.nonce, self.phase) = (false, None, Phase::Start);
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// Those of [`discovery::received`]; [`Code::OptionInvalid`] about `dpop` when a token is bound to a key that the client
    /// does not have, and after the end.
    pub(super) fn step(
        &mut self,
        server: &mut Server,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<Response>, Error> {
        match (mem::replace(&mut self.phase, Phase::Ended), answer) {
            (Phase::Start, _) => self.begin(server, now),
            (Phase::Asserting(jwt), Some(Answer::Signed(signature))) => {
                let mut request = self.request.clone();
                self.client.authenticate(&mut request, Some(&jwt.sign(&signature)));
                self.prove(request, server, now)
            }
            (Phase::Proving(jwt, mut request), Some(Answer::Signed(signature))) => {
                request.headers.push(("dpop", jwt.sign(&signature)));
                self.fetch(request)
            }
            (Phase::Fetching, Some(answer)) => {
                let response = discovery::received(answer)?;
                let asks_for_nonce = server.nonces.learn(&self.request.url, &response);
                if self.is_bound() && !self.retried && asks_for_nonce {
                    self.retried = true;
                    self.nonce = server.nonces.get(&self.request.url).map(String::from);
                    return self.begin(server, now);
                }
                Ok(Step::Done(response))
            }
            _ => Err(Error::new(Code::OptionInvalid)),
        }
    }

    /// A second request begins anew too: no assertion is used twice.
    fn begin(&mut self, server: &Server, now: u64) -> Result<Step<Response>, Error> {
        let mut request = self.request.clone();
        match &self.credential {
            Credential::AccessToken(token, token_type) => {
                request.headers.push(("authorization", [token_type.as_str(), " ", token.as_str()].concat()));
            }
            Credential::Client { .. } => {
                if let Some(jwt) = self.client.assertion(server.metadata.issuer(), &self.entropy.text(), now) {
                    let signing = Step::Sign(jwt.request());
                    self.phase = Phase::Asserting(jwt);
                    return Ok(signing);
                }
                self.client.authenticate(&mut request, None);
            }
        }
        self.prove(request, server, now)
    }

    fn prove(&mut self, request: Request, server: &Server, now: u64) -> Result<Step<Response>, Error> {
        if !self.is_bound() {
            return self.fetch(request);
        }
        let key = self.client.dpop_key()?;
        let access_token = match &self.credential {
            Credential::AccessToken(token, _) => Some(token.as_str()),
            Credential::Client { .. } => None,
        };
        let jwt = key.proof(
            (request.method, &request.url),
            &mut self.entropy,
            self.nonce.as_deref().or_else(|| server.nonces.get(&request.url)),
            access_token,
            now,
        );
        let signing = Step::Sign(jwt.request());
        self.phase = Phase::Proving(jwt, request);
        Ok(signing)
    }

    fn fetch(&mut self, request: Request) -> Result<Step<Response>, Error> {
        self.shown = credentials(&request);
        self.phase = Phase::Fetching;
        Ok(Step::Fetch(request))
    }

    fn is_bound(&self) -> bool {
        match &self.credential {
            Credential::Client { dpop } => *dpop && self.client.dpop.is_some(),
            Credential::AccessToken(_, token_type) => *token_type == TokenType::Dpop,
        }
    }
}

/// What was added to a request to prove who sends it, as a form under names that are secret.
fn credentials(request: &Request) -> String {
    let mut shown = String::new();
    for (name, value) in form::parse(request.body.as_deref().unwrap_or_default()).unwrap_or_default() {
        if name == "client_assertion" {
            form::append(&mut shown, &name, &value);
        }
    }
    for (name, value) in &request.headers {
        if matches!(*name, "authorization" | "dpop") {
            // Without the scheme, which is no secret.
            form::append(&mut shown, "token", cut(value, b" ").1.unwrap_or(value));
        }
    }
    shown
}
