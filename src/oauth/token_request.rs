//! A request of the token endpoint for any grant: from its form to tokens whose ID token, if there is one, is validated.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::{fmt, mem};

use super::authorization_request::asks_for_id_token;
use super::exchange::{Credential, Exchange};
use super::flows::{Call, Flow};
use super::id_token::{IdTokenExpectations, Nonce, ValidatedIdToken};
use super::login_claims::LoginClaims;
use super::members::Members;
use super::metadata::ID_TOKEN_ALGORITHMS;
use super::registered_client::RegisteredClient;
use super::secret::{IdToken, RefreshToken};
use super::server::Server;
use super::signed_jwt::Verification;
use super::token::{TokenResponse, TokenType, request};
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step, done};
use crate::text::form;
use crate::text::json::Object;

/// What every grant may say of the access token that is asked for.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct TokenParameters {
    /// The scope (RFC 6749 §3.3).
    pub(super) scope: Option<String>,
    /// The resources (RFC 8707 §2.2).
    resource: Vec<String>,
    /// The details, a JSON array (RFC 9396 §6).
    authorization_details: Option<String>,
    /// Parameters of extensions.
    extension: Vec<(String, String)>,
}

impl TokenParameters {
    /// The members that it has.
    pub(super) const MEMBERS: [&str; 4] = ["scope", "resource", "authorization_details", "parameters"];

    /// Reads `scope`, `resource`, `authorization_details` and `parameters`, an object of strings.
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        Self {
            scope: members.optional_string("scope"),
            resource: members.optional_strings("resource").unwrap_or_default(),
            authorization_details: members.optional_array("authorization_details"),
            extension: members.optional_string_members("parameters"),
        }
    }

    /// Adds them to `body`.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about a parameter of an extension that `body` has already.
    pub(super) fn append(&self, body: &mut String) -> Result<(), Error> {
        let mut append = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                form::append(body, name, value);
            }
        };
        append("scope", self.scope.as_deref().filter(|scope| !scope.is_empty()));
        for resource in &self.resource {
            append("resource", Some(resource));
        }
        append("authorization_details", self.authorization_details.as_deref());
        append_extension(body, &self.extension, &Self::MEMBERS)
    }

    /// Requires that no parameter of an extension is one of `names`, which are members beside it.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the parameter.
    pub(super) fn require_none_of(&self, names: &[&str]) -> Result<(), Error> {
        require_none_of(&self.extension, names)
    }
}

/// Adds the parameters of an extension to `body`, none of which may be one that the library speaks for, or one of `names`: as a
/// member of its own it would be checked.
///
/// # Errors
/// [`Code::OptionInvalid`] about the parameter.
pub(super) fn append_extension(body: &mut String, extension: &[(String, String)], names: &[&str]) -> Result<(), Error> {
    const OURS: [&str; 5] = ["client_id", "client_secret", "client_assertion", "client_assertion_type", "grant_type"];
    require_none_of(extension, names)?;
    let known = form::parse(body).unwrap_or_default();
    for (name, value) in extension {
        if OURS.contains(&name.as_str()) || known.iter().any(|(known, _)| known == name) {
            return Err(Error::new(Code::OptionInvalid).about(name.clone(), Reason::Mismatch));
        }
        form::append(body, name, value);
    }
    Ok(())
}

fn require_none_of(extension: &[(String, String)], names: &[&str]) -> Result<(), Error> {
    let taken = extension.iter().find(|(name, _)| names.contains(&name.as_str()));
    taken.map_or(Ok(()), |(name, _)| Err(Error::new(Code::OptionInvalid).about(name.clone(), Reason::Mismatch)))
}

/// The tokens that a grant came to.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenSet {
    /// How the access token is shown.
    pub token_type: TokenType,
    /// When the access token expires, in seconds since the epoch by the clock of this client, if the server said so.
    pub expires_at: Option<u64>,
    /// The scope of the access token: what was asked for, unless the server said otherwise (RFC 6749 §5.1).
    pub scope: Option<String>,
    /// The refresh token: the one before, unless the server issued another (RFC 6749 §6).
    pub refresh_token: Option<RefreshToken>,
    /// The ID token before, unless the server issued another (OpenID Connect Core §12.2).
    pub id_token: Option<IdToken>,
    /// The claims of the newest ID token, as JSON.
    pub claims: Option<String>,
    /// What the first ID token said of the login.
    login: Option<LoginClaims>,
    /// All that the server answered, as JSON.
    pub(super) response: String,
}

impl fmt::Debug for TokenSet {
    /// Leaves out tokens and claims.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSet")
            .field("token_type", &self.token_type)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl TokenSet {
    /// `{"response","token_type","expires_at"?,"scope"?,"refresh_token"?,"id_token"?,"claims"?,"login"?}`: what the server answered,
    /// and what is in place of members of it.
    pub fn to_json(&self) -> String {
        Object::new()
            .raw("response", &self.response)
            .string("token_type", self.token_type.as_str())
            .optional_number("expires_at", self.expires_at)
            .optional_raw("claims", self.claims.as_deref())
            .optional_raw("login", self.login.as_ref().map(LoginClaims::to_json).as_deref())
            .optional_string("scope", self.scope.as_deref())
            .optional_string("refresh_token", self.refresh_token.as_ref().map(RefreshToken::as_str))
            .optional_string("id_token", self.id_token.as_ref().map(IdToken::as_str))
            .finish()
    }
}

/// The step machine of a Token Request.
pub struct TokenRequest {
    exchange: Exchange,
    types: Vec<TokenType>,
    expectations: IdTokenExpectations,
    requires_id_token: bool,
    /// What holds unless the server says otherwise.
    scope: Option<String>,
    refresh_token: Option<RefreshToken>,
    id_token: Option<IdToken>,
    /// What is known of the login that a refresh belongs to.
    login: Option<LoginClaims>,
    phase: Phase,
}

enum Phase {
    Exchanging,
    Verifying(Box<Verification>, TokenResponse),
    Ended,
}

impl fmt::Debug for TokenRequest {
    /// Shows no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").field("exchange", &self.exchange).finish_non_exhaustive()
    }
}

impl TokenRequest {
    /// A request with `credential`, the parameters of a grant, the first of which is `grant_type`.
    ///
    /// # Errors
    /// [`Code::MetadataInvalid`], [`Code::FetchInsecure`], and [`Code::OptionInvalid`] about a parameter of an extension.
    pub(super) fn new(
        call: Call<'_>,
        credential: &[(&str, &str)],
        parameters: &TokenParameters,
    ) -> Result<Self, Error> {
        let mut body = form::encode(credential.iter().copied());
        parameters.append(&mut body)?;
        let request = request(call.server.endpoint("token_endpoint", &call.client)?, &body);
        let expectations = IdTokenExpectations::of_client(call.server.metadata.issuer(), &call.client);
        let types = [call.client.token_type()].into();
        let exchange = Exchange::new(call.client, request, Credential::Client { dpop: true }, call.entropy);
        Ok(Self {
            exchange,
            types,
            expectations,
            requires_id_token: false,
            scope: parameters.scope.clone(),
            refresh_token: None,
            id_token: None,
            login: None,
            phase: Phase::Exchanging,
        })
    }

    /// The same request, which asked for `scope` at another endpoint: with `openid` in it, an ID token must come.
    pub(super) fn for_scope(mut self, scope: &str) -> Self {
        self.requires_id_token = asks_for_id_token(scope);
        self.scope = self.scope.or_else(|| (!scope.is_empty()).then(|| scope.into()));
        self
    }

    /// The same request, of whose `parameters` nothing is quoted: of an extension nobody knows what is secret.
    pub(super) fn hiding(mut self, parameters: &TokenParameters) -> Self {
        for (_, value) in &parameters.extension {
            self.exchange.hide(value);
        }
        self
    }

    /// The same request, whose ID token is validated against what `change` makes of the expectations.
    pub(super) fn expecting(mut self, change: impl FnOnce(&mut IdTokenExpectations)) -> Self {
        change(&mut self.expectations);
        self
    }

    /// The same request, with what holds of the tokens before unless the server says otherwise.
    pub(super) fn keeping(
        mut self,
        scope: Option<String>,
        refresh_token: RefreshToken,
        id_token: Option<IdToken>,
    ) -> Self {
        self.scope = self.scope.or(scope);
        self.refresh_token = Some(refresh_token);
        self.id_token = id_token;
        self
    }

    /// The same refresh: a new ID token is about the same user and the same login as those of before. `claims` are those of the
    /// ID token before, as JSON; without `login` they tell what they can of it.
    pub(super) fn following(mut self, claims: Option<String>, login: Option<LoginClaims>) -> Self {
        let expectations = &mut self.expectations;
        let known = login.clone().or_else(|| claims.as_deref().map(LoginClaims::of));
        expectations.auth_time = known.as_ref().and_then(|known| known.auth_time);
        expectations.nonce = match known.and_then(|known| known.nonce) {
            Some(nonce) => Nonce::SentBefore(nonce),
            // The first ID token had none.
            None if login.is_some() => Nonce::NotSent,
            None => Nonce::Unknown,
        };
        expectations.previous = claims;
        self.login = login;
        self
    }

    /// The same request, which may also come to what is not shown as an access token (RFC 8693 §2.2.1).
    pub(super) fn or_not_applicable(mut self) -> Self {
        self.types.push(TokenType::NotApplicable);
        self
    }

    /// Begins anew, with the same parameters and fresh proofs.
    pub(super) fn restart(&mut self) {
        self.exchange.restart();
        self.phase = Phase::Exchanging;
    }

    /// Whether no tokens have been issued yet.
    pub(super) const fn is_undecided(&self) -> bool {
        matches!(self.phase, Phase::Exchanging)
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// [`Code::InvalidGrant`], [`Code::TokenResponseError`] and [`Code::TokenResponseInvalid`]; [`Code::IdTokenMissing`] and
    /// all that an ID token can fail of; those of [`discovery::received`](crate::discovery::received);
    /// [`Code::OptionInvalid`] after the end.
    pub fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<TokenSet>, Error> {
        let result = self.advance(server, now, answer);
        if matches!(result, Ok(Step::Done(_)) | Err(_)) {
            self.phase = Phase::Ended;
        }
        result
    }

    fn advance(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<TokenSet>, Error> {
        match &mut self.phase {
            Phase::Exchanging => {
                let response = done!(self.exchange.step(server, now, answer)?);
                let response = TokenResponse::parse(response, &self.exchange.sent(), &self.types, now)?;
                let Some(id_token) = &response.id_token else {
                    let missing = self.requires_id_token.then_some(Code::IdTokenMissing);
                    return missing.map_or_else(|| Ok(self.finish(response, None)), |code| Err(code.into()));
                };
                let algorithms = self.exchange.client().algorithms(&server.metadata, ID_TOKEN_ALGORITHMS)?;
                let verification = Verification::new(id_token.as_str(), &algorithms, &server.metadata)?;
                self.phase = Phase::Verifying(Box::new(verification), response);
                self.advance(server, now, None)
            }
            Phase::Verifying(verification, response) => {
                let id_token = done!(verification.step(&mut server.keys, now, answer)?);
                let id_token = self.expectations.validate(id_token, Some(&response.access_token), now)?;
                match mem::replace(&mut self.phase, Phase::Ended) {
                    Phase::Verifying(_, response) => Ok(self.finish(response, Some(id_token))),
                    _ => Err(Error::new(Code::OptionInvalid)),
                }
            }
            Phase::Ended => Err(Error::new(Code::OptionInvalid)),
        }
    }

    fn finish(&mut self, response: TokenResponse, id_token: Option<ValidatedIdToken>) -> Step<TokenSet> {
        let login = match (self.login.take(), &id_token) {
            // Of a refresh, what the first one said is not known.
            (None, Some(id_token)) if matches!(self.expectations.nonce, Nonce::Sent(_) | Nonce::NotSent) => {
                Some(LoginClaims::of(&id_token.claims))
            }
            (login, _) => login,
        };
        Step::Done(TokenSet {
            login,
            token_type: response.token_type,
            expires_at: response.expires_at,
            scope: response.scope.or_else(|| self.scope.take()),
            refresh_token: response.refresh_token.or_else(|| self.refresh_token.take()),
            id_token: response.id_token.or_else(|| self.id_token.take()),
            claims: id_token.map(|id_token| id_token.claims).or_else(|| self.expectations.previous.take()),
            response: response.json,
        })
    }
}

impl Flow for TokenRequest {
    fn step(&mut self, server: &mut Server, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        Ok(Self::step(self, server, now, answer)?.map(|tokens| tokens.to_json()))
    }
}

impl IdTokenExpectations {
    /// What an ID token of `client` that no Authorization Request asked for must say: it has no `nonce`.
    pub(super) fn of_client(issuer: &str, client: &Arc<RegisteredClient>) -> Self {
        Self {
            issuer: issuer.into(),
            client_id: client.client_id.clone(),
            subject: None,
            nonce: Nonce::NotSent,
            max_age: None,
            acr_values: None,
            requires_at_hash: false,
            code: None,
            previous: None,
            auth_time: None,
            clock_tolerance: client.clock_tolerance,
        }
    }
}
