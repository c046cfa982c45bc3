//! From a grant to tokens: the step machine of the token endpoint (RFC 6749 §4.1.3 and §6), which ends once the ID
//! token is verified and validated.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::authorization::{AuthorizationResponse, asks_for_id_token};
use super::client::{Client, Options};
use super::id_token::{Occasion, ValidatedIdToken, Verification};
use super::members::Members;
use super::metadata::ServerMetadata;
use super::return_to::ReturnTo;
use super::secret::RefreshToken;
use super::token::{TokenResponse, request};
use super::tokens::Tokens;
use super::transaction::Transaction;
use crate::error::{Code, Error};
use crate::http::{Answer, Request, Step};
use crate::jose::discovery::Discovery;
use crate::text::json::{Document, Object};

/// A grant on its way to become tokens.
pub struct Grant {
    credential: Credential,
    resource: Vec<String>,
    phase: Phase,
}

/// What one refresh asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefreshParameters {
    /// The resources that the access token is for, instead of the client's.
    pub resource: Option<Vec<String>>,
}

impl RefreshParameters {
    /// Parses `{ resource? }`; an empty array asks for no resource.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let document = Document::parse_object(json.as_bytes()).map_err(|_| Code::OptionInvalid)?;
        let members = Members::of(&document, Code::OptionInvalid);
        Ok(Self { resource: members.optional_strings("resource")? })
    }
}

/// What a grant came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The tokens; they replace those of before.
    pub tokens: Tokens,
    /// Where to go after a login.
    pub return_to: Option<ReturnTo>,
}

enum Credential {
    AuthorizationCode { response: AuthorizationResponse, transaction: Transaction },
    RefreshToken { refresh_token: RefreshToken, tokens: Tokens },
}

enum Phase {
    Discovering(Discovery),
    Redeeming(Arc<ServerMetadata>),
    Verifying(Verification, TokenResponse),
    Ended,
}

impl fmt::Debug for Grant {
    /// Shows the grant type only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.credential {
            Credential::AuthorizationCode { .. } => "Grant(authorization_code)",
            Credential::RefreshToken { .. } => "Grant(refresh_token)",
        })
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
        let (response, transaction) = AuthorizationResponse::validate(url, transaction, &client.options, now)?;
        Ok(Self {
            credential: Credential::AuthorizationCode { response, transaction },
            resource: client.options.resource.clone(),
            phase: Phase::Discovering(client.discovery()),
        })
    }

    /// The refresh token of `tokens`.
    ///
    /// # Errors
    /// [`Code::RefreshTokenMissing`], and [`Code::OptionInvalid`] when the tokens are another client's.
    pub fn refresh_token(client: &Client, tokens: Tokens, parameters: RefreshParameters) -> Result<Self, Error> {
        tokens.validate(&client.options)?;
        let refresh_token = tokens.refresh_token.clone().ok_or(Code::RefreshTokenMissing)?;
        Ok(Self {
            credential: Credential::RefreshToken { refresh_token, tokens },
            resource: parameters.resource.unwrap_or_else(|| client.options.resource.clone()),
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
                let metadata = super::done!(client.discover(discovery, answer)?);
                if let Credential::AuthorizationCode { response, .. } = &self.credential {
                    response.require_iss(&metadata)?;
                }
                let request = self.credential.request(&metadata.token_endpoint, &client.options, &self.resource);
                self.phase = Phase::Redeeming(metadata);
                Ok(Step::Fetch(request))
            }
            Phase::Redeeming(metadata) => {
                let answer = answer.ok_or(Code::FetchFailed)?;
                let response = TokenResponse::parse(answer, &self.credential.secrets(), now)?;
                match &response.id_token {
                    Some(id_token) => {
                        let verification = Verification::new(id_token, metadata)?;
                        self.phase = Phase::Verifying(verification, response);
                        self.advance(client, now, None)
                    }
                    None if self.credential.needs_id_token() => Err(Error::new(Code::IdTokenMissing)),
                    None => Ok(Step::Done(self.credential.grant(&client.options, response, None))),
                }
            }
            Phase::Verifying(verification, response) => {
                let id_token = super::done!(verification.step(client, now, answer)?);
                let occasion = self.credential.occasion();
                let id_token = id_token.validate(&client.options, occasion, &response.access_token, now)?;
                Ok(Step::Done(self.credential.grant(&client.options, response.clone(), Some(id_token))))
            }
            Phase::Ended => Err(Error::new(Code::OptionInvalid)),
        }
    }
}

impl Credential {
    fn request(&self, token_endpoint: &str, options: &Options, resource: &[String]) -> Request {
        let client_id = ("client_id", options.client_id.as_str());
        match self {
            Self::AuthorizationCode { response, transaction } => {
                let parameters = [
                    ("grant_type", "authorization_code"),
                    ("code", response.code.as_str()),
                    ("redirect_uri", &transaction.redirect_uri),
                    ("code_verifier", transaction.code_verifier.as_str()),
                    client_id,
                ];
                request(token_endpoint, &parameters, resource)
            }
            Self::RefreshToken { refresh_token, .. } => {
                let parameters =
                    [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str()), client_id];
                request(token_endpoint, &parameters, resource)
            }
        }
    }

    /// What the request holds and no message may repeat.
    fn secrets(&self) -> Vec<&str> {
        match self {
            Self::AuthorizationCode { response, transaction } => {
                [response.code.as_str(), transaction.code_verifier.as_str()].into()
            }
            Self::RefreshToken { refresh_token, .. } => [refresh_token.as_str()].into(),
        }
    }

    /// A login with `openid` gets an ID token (OpenID Connect Core §3.1.3.3); a refresh may not (§12.2).
    fn needs_id_token(&self) -> bool {
        matches!(self, Self::AuthorizationCode { transaction, .. } if asks_for_id_token(&transaction.scope))
    }

    const fn occasion(&self) -> Occasion<'_> {
        match self {
            Self::AuthorizationCode { transaction, .. } => Occasion::Login(transaction),
            Self::RefreshToken { tokens, .. } => Occasion::Refresh(tokens),
        }
    }

    /// The tokens of `response`. Of a refresh, whatever the response does not have stays as it was (RFC 6749 §6).
    fn grant(&self, options: &Options, response: TokenResponse, id_token: Option<ValidatedIdToken>) -> Granted {
        let (claims, auth_time) = id_token.map_or((None, None), |id_token| (Some(id_token.claims), id_token.auth_time));
        let TokenResponse { access_token, expires_at, refresh_token, scope, id_token } = response;
        match self {
            Self::AuthorizationCode { transaction, .. } => Granted {
                tokens: Tokens {
                    issuer: options.issuer.clone(),
                    client_id: options.client_id.clone(),
                    access_token,
                    expires_at,
                    refresh_token,
                    scope: scope.unwrap_or_else(|| transaction.scope.clone()),
                    id_token,
                    claims,
                    nonce: transaction.nonce.clone(),
                    auth_time,
                    state: transaction.state.clone(),
                },
                return_to: transaction.return_to.clone(),
            },
            Self::RefreshToken { tokens, .. } => {
                let tokens = tokens.clone();
                Granted {
                    tokens: Tokens {
                        access_token,
                        expires_at,
                        refresh_token: refresh_token.or(tokens.refresh_token),
                        scope: scope.unwrap_or(tokens.scope),
                        id_token: id_token.or(tokens.id_token),
                        claims: claims.or(tokens.claims),
                        auth_time: tokens.auth_time.or(auth_time),
                        ..tokens
                    },
                    return_to: None,
                }
            }
        }
    }
}
