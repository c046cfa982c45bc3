//! From a grant to tokens: the step machine of the token endpoint (RFC 6749 §4.1.3 and §6), which ends once the ID
//! token is verified and validated.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::{fmt, mem};

use super::authorization_request::asks_for_id_token;
use super::authorization_response::AuthorizationResponse;
use super::client::{Client, Options};
use super::id_token::{IdTokenExpectations, Nonce, ValidatedIdToken};
use super::members;
use super::metadata::{ID_TOKEN_ALGORITHMS, ISS_SUPPORTED, ServerMetadata};
use super::return_to::ReturnTo;
use super::secret::AccessToken;
use super::signed_jwt::Verification;
use super::token::{TokenResponse, TokenType, request};
use super::tokens::Tokens;
use crate::discovery::{self, Discovery};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step, done};
use crate::text::form;
use crate::text::json::Object;

/// A grant on its way to become tokens.
pub struct Grant {
    /// The body of the Token Request.
    body: String,
    /// The session so far; of a login, what is known before the first token.
    tokens: Tokens,
    login: Option<Login>,
    phase: Phase,
}

/// What a login has and a refresh has not.
struct Login {
    max_age: Option<u64>,
    has_iss: bool,
    return_to: Option<ReturnTo>,
}

/// What one refresh asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefreshParameters {
    /// The resources that the access token is for, instead of the client's.
    pub resource: Option<Vec<String>>,
}

/// What a grant came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The tokens; they replace those of before.
    pub tokens: Tokens,
    /// Where to go after a login.
    pub return_to: Option<ReturnTo>,
}

enum Phase {
    Discovering(Discovery),
    Redeeming(Arc<ServerMetadata>),
    Verifying(Box<Verification>, TokenResponse),
    Ended,
}

impl fmt::Debug for Grant {
    /// Shows no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}

impl RefreshParameters {
    /// Parses `{ resource? }`; an empty array asks for no resource.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        members::parse_options(json, &["resource"], |members| Self { resource: members.optional_strings("resource") })
    }
}

impl Granted {
    /// `{"tokens","returnTo"?}`.
    pub fn to_json(&self) -> String {
        Object::new()
            .raw("tokens", &self.tokens.to_json())
            .optional_string("returnTo", self.return_to.as_ref().map(ReturnTo::as_str))
            .finish()
    }
}

impl Grant {
    /// The authorization code that the callback brought to `url` at `now`. `transaction` is the record that was kept
    /// under the `state` of `url`, if there is one.
    ///
    /// # Errors
    /// Those of [`AuthorizationResponse::validate`].
    pub fn authorization_code(client: &Client, url: &str, transaction: Option<&str>, now: u64) -> Result<Self, Error> {
        let Options { issuer, client_id, .. } = &client.options;
        let (response, transaction) = AuthorizationResponse::validate(url, transaction, issuer, client_id, now)?;
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", response.code.as_str()),
            ("redirect_uri", &transaction.redirect_uri),
            ("code_verifier", transaction.code_verifier.as_str()),
        ];
        Ok(Self {
            body: body(&parameters, &client.options, &client.options.resource),
            login: Some(Login {
                max_age: transaction.max_age,
                has_iss: response.has_iss,
                return_to: transaction.return_to,
            }),
            tokens: Tokens {
                issuer: transaction.issuer,
                client_id: transaction.client_id,
                access_token: AccessToken::new(String::new()),
                expires_at: None,
                refresh_token: None,
                scope: transaction.scope,
                id_token: None,
                claims: None,
                nonce: transaction.nonce,
                auth_time: None,
                state: transaction.state,
            },
            phase: Phase::Discovering(client.discovery()),
        })
    }

    /// The refresh token of `tokens`.
    ///
    /// # Errors
    /// [`Code::RefreshTokenMissing`], and [`Code::OptionInvalid`] when the tokens are another client's.
    pub fn refresh_token(client: &Client, tokens: Tokens, parameters: RefreshParameters) -> Result<Self, Error> {
        tokens.validate(&client.options)?;
        let refresh_token = tokens.refresh_token.as_ref().ok_or(Code::RefreshTokenMissing)?;
        let credential = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
        let resource = parameters.resource.as_ref().unwrap_or(&client.options.resource);
        Ok(Self {
            body: body(&credential, &client.options, resource),
            login: None,
            tokens,
            phase: Phase::Discovering(client.discovery()),
        })
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// [`Code::IssuerMismatch`]; [`Code::InvalidGrant`], [`Code::TokenResponseError`] and
    /// [`Code::TokenResponseInvalid`]; [`Code::IdTokenMissing`] and all that an ID token can fail of; those of discovery;
    /// [`Code::OptionInvalid`] after the end.
    pub fn step(&mut self, client: &mut Client, now: u64, answer: Option<Answer>) -> Result<Step<Granted>, Error> {
        let result = self.advance(client, now, answer);
        if !matches!(result, Ok(Step::Fetch(_) | Step::VerifySignature(_))) {
            self.phase = Phase::Ended;
        }
        result
    }

    fn advance(&mut self, client: &mut Client, now: u64, answer: Option<Answer>) -> Result<Step<Granted>, Error> {
        match &mut self.phase {
            Phase::Discovering(discovery) => {
                let metadata = done!(client.discover(discovery, answer)?);
                // RFC 9207 §2.4: a code never goes to a server that should have named itself, and did not.
                if self.login.as_ref().is_some_and(|login| !login.has_iss) && metadata.says(ISS_SUPPORTED)? {
                    return Err(Error::new(Code::IssuerMismatch).about("iss", Reason::Missing));
                }
                let request = request(metadata.endpoint("token_endpoint")?, &self.body);
                self.phase = Phase::Redeeming(metadata);
                Ok(Step::Fetch(request))
            }
            Phase::Redeeming(metadata) => {
                let response = discovery::received(answer.ok_or(Code::FetchFailed)?)?;
                let response = TokenResponse::parse(response, &self.body, &[TokenType::Bearer], now)?;
                match &response.id_token {
                    Some(id_token) => {
                        let algorithms = metadata.algorithms(ID_TOKEN_ALGORITHMS)?;
                        let verification = Verification::new(id_token.as_str(), &algorithms, metadata)?;
                        self.phase = Phase::Verifying(Box::new(verification), response);
                        self.advance(client, now, None)
                    }
                    // A refresh may leave it out (OpenID Connect Core §12.2).
                    None if self.login.is_some() && asks_for_id_token(&self.tokens.scope) => {
                        Err(Error::new(Code::IdTokenMissing))
                    }
                    None => Ok(self.finish(response, None)),
                }
            }
            Phase::Verifying(verification, response) => {
                let id_token = done!(verification.step(&mut client.keys, now, answer)?);
                let expectations = expectations(&client.options, &self.tokens, self.login.as_ref());
                let id_token = expectations.validate(id_token, Some(&response.access_token), now)?;
                match mem::replace(&mut self.phase, Phase::Ended) {
                    Phase::Verifying(_, response) => Ok(self.finish(response, Some(id_token))),
                    _ => Err(Error::new(Code::OptionInvalid)),
                }
            }
            Phase::Ended => Err(Error::new(Code::OptionInvalid)),
        }
    }

    /// The tokens with those of `response`; what it does not have stays as it was (RFC 6749 §5.1 and §6).
    fn finish(&mut self, response: TokenResponse, id_token: Option<ValidatedIdToken>) -> Step<Granted> {
        let tokens = &mut self.tokens;
        tokens.access_token = response.access_token;
        tokens.expires_at = response.expires_at;
        if response.refresh_token.is_some() {
            tokens.refresh_token = response.refresh_token;
        }
        if let Some(scope) = response.scope {
            tokens.scope = scope;
        }
        if let Some(id_token) = id_token {
            tokens.id_token = response.id_token;
            tokens.claims = Some(id_token.claims);
            tokens.auth_time = tokens.auth_time.or(id_token.auth_time);
        }
        let return_to = self.login.as_mut().and_then(|login| login.return_to.take());
        Step::Done(Granted { tokens: tokens.clone(), return_to })
    }
}

/// What the ID token of a login, or of a refresh of `tokens`, must say.
fn expectations(options: &Options, tokens: &Tokens, login: Option<&Login>) -> IdTokenExpectations {
    let nonce = tokens.nonce.clone();
    IdTokenExpectations {
        issuer: options.issuer.clone(),
        client_id: options.client_id.clone(),
        subject: None,
        nonce: nonce.map_or(Nonce::NotSent, if login.is_some() { Nonce::Sent } else { Nonce::SentBefore }),
        max_age: login.and_then(|login| login.max_age),
        acr_values: None,
        requires_at_hash: false,
        code: None,
        previous: tokens.claims.clone(),
        auth_time: tokens.auth_time,
        clock_tolerance: options.clock_tolerance,
    }
}

/// The body of the Token Request of a public client.
fn body(credential: &[(&str, &str)], options: &Options, resource: &[String]) -> String {
    let mut body = form::encode(credential.iter().copied());
    form::append(&mut body, "client_id", &options.client_id);
    for resource in resource {
        form::append(&mut body, "resource", resource);
    }
    body
}
