//! The Authorization Request and Response of the code flow (RFC 6749 §4.1.1 and §4.1.2, RFC 9207).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::client::{Client, Options};
use super::members;
use super::metadata::ServerMetadata;
use super::pkce::{CODE_CHALLENGE_METHOD, challenge};
use super::return_to::ReturnTo;
use super::secret::{AuthorizationCode, CodeVerifier};
use super::token::described_error;
use super::transaction::Transaction;
use crate::discovery::Discovery;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step, done};
use crate::text::json::Object;
use crate::text::{base64url, decimal, form};

/// The parameters of a response of the code flow, each of which stands in it at most once.
const PARAMETERS: [&str; 6] = ["state", "code", "iss", "error", "error_description", "error_uri"];

/// Parameters of responses that were not asked for. Where one of them arrives, somebody else has put it there.
const UNEXPECTED: [&str; 3] = ["id_token", "access_token", "response"];

/// What one login asks for beside the options of the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationParameters {
    /// Where to go afterwards.
    pub return_to: Option<ReturnTo>,
    /// Whether to log in or consent again (OpenID Connect Core §3.1.2.1).
    pub prompt: Option<String>,
    /// Who is probably going to log in.
    pub login_hint: Option<String>,
    /// The Authentication Context Class References that are asked for.
    pub acr_values: Option<String>,
    /// The age in seconds that the authentication may have.
    pub max_age: Option<u64>,
}

impl AuthorizationParameters {
    /// Parses `{ returnTo?, prompt?, login_hint?, acr_values?, max_age? }`. A `returnTo` that leads elsewhere is dropped.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the option.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        members::parse_options(json, &["returnTo", "prompt", "login_hint", "acr_values", "max_age"], |members| Self {
            return_to: members.optional_string("returnTo").as_deref().and_then(ReturnTo::parse),
            prompt: members.optional_string("prompt"),
            login_hint: members.optional_string("login_hint"),
            acr_values: members.optional_string("acr_values"),
            max_age: members.optional_number("max_age"),
        })
    }
}

/// Where to send the user, and what to keep until the callback.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The URL to navigate to.
    pub url: String,
    /// The record to keep under its `state`.
    pub transaction: Transaction,
}

impl fmt::Debug for AuthorizationRequest {
    /// Leaves out the URL: it has `state` and `nonce`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest").field("transaction", &self.transaction).finish_non_exhaustive()
    }
}

impl AuthorizationRequest {
    /// `{"url","state","transaction"}`.
    pub fn to_json(&self) -> String {
        Object::new()
            .string("url", &self.url)
            .string("state", &self.transaction.state)
            .raw("transaction", &self.transaction.to_json())
            .finish()
    }
}

/// The step machine that makes an Authorization Request.
pub struct Authorize {
    discovery: Discovery,
    parameters: AuthorizationParameters,
    state: String,
    nonce: String,
    code_verifier: CodeVerifier,
}

impl Authorize {
    /// A login of `client`. The random bytes become `state`, `nonce` and code verifier.
    pub fn new(
        client: &Client,
        parameters: AuthorizationParameters,
        [state, nonce, code_verifier]: &[[u8; 32]; 3],
    ) -> Self {
        Self {
            discovery: client.discovery(),
            parameters,
            state: base64url::encode(state),
            nonce: base64url::encode(nonce),
            code_verifier: CodeVerifier::from_entropy(code_verifier),
        }
    }

    /// The next step at `now`; call with `None` to begin.
    ///
    /// # Errors
    /// Those of discovery: [`Code::FetchFailed`] and its siblings, [`Code::MetadataInvalid`],
    /// [`Code::MetadataIssuerMismatch`], [`Code::PkceNotSupported`].
    pub fn step(
        &mut self,
        client: &mut Client,
        now: u64,
        answer: Option<Answer>,
    ) -> Result<Step<AuthorizationRequest>, Error> {
        let metadata = done!(client.discover(&mut self.discovery, answer)?);
        let transaction = self.transaction(&client.options, now);
        let url = self.url(&client.options, &metadata, &transaction);
        Ok(Step::Done(AuthorizationRequest { url, transaction }))
    }

    fn transaction(&self, options: &Options, now: u64) -> Transaction {
        Transaction {
            state: self.state.clone(),
            nonce: asks_for_id_token(&options.scope).then(|| self.nonce.clone()),
            code_verifier: self.code_verifier.clone(),
            redirect_uri: options.redirect_uri.clone(),
            issuer: options.issuer.clone(),
            client_id: options.client_id.clone(),
            scope: options.scope.clone(),
            max_age: self.parameters.max_age,
            return_to: self.parameters.return_to.clone(),
            created_at: now,
        }
    }

    fn url(&self, options: &Options, metadata: &ServerMetadata, transaction: &Transaction) -> String {
        let mut url = query_of(&metadata.authorization_endpoint);
        let mut append = |name, value: Option<&str>| {
            if let Some(value) = value {
                form::append(&mut url, name, value);
            }
        };
        append("response_type", Some("code"));
        append("client_id", Some(&options.client_id));
        append("redirect_uri", Some(&options.redirect_uri));
        append("scope", Some(options.scope.as_str()).filter(|scope| !scope.is_empty()));
        append("state", Some(&transaction.state));
        append("nonce", transaction.nonce.as_deref());
        append("code_challenge", Some(&challenge(&transaction.code_verifier)));
        append("code_challenge_method", Some(CODE_CHALLENGE_METHOD));
        for resource in &options.resource {
            append("resource", Some(resource));
        }
        append("prompt", self.parameters.prompt.as_deref());
        append("login_hint", self.parameters.login_hint.as_deref());
        append("acr_values", self.parameters.acr_values.as_deref());
        append("max_age", self.parameters.max_age.map(decimal).as_deref());
        url
    }
}

/// A successful Authorization Response that belongs to its transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// The authorization code.
    pub code: AuthorizationCode,
    pub(super) has_iss: bool,
}

impl AuthorizationResponse {
    /// Validates the response in the query of the callback's `url`, at `now`. What it says counts only once its `state`
    /// is that of `transaction`, which is a record as [`Transaction::from_json`] takes it, or `None` when none is kept
    /// under that `state`. Returns the transaction too.
    ///
    /// # Errors
    /// [`Code::StateMissing`], [`Code::StateUnknown`], [`Code::StateUsed`], [`Code::StateExpired`],
    /// [`Code::StateMismatch`], [`Code::AuthorizationResponseInvalid`] about the parameter, [`Code::IssuerMismatch`],
    /// and [`Code::AuthorizationResponseError`] with what the server said.
    pub fn validate(
        url: &str,
        transaction: Option<&str>,
        options: &Options,
        now: u64,
    ) -> Result<(Self, Transaction), Error> {
        let query = Query::parse(url)?;
        let state = query.get("state")?.ok_or(Code::StateMissing)?;
        let transaction = Transaction::from_json(transaction.ok_or(Code::StateUnknown)?)?;
        transaction.validate(state, options, now)?;
        for name in PARAMETERS {
            query.get(name)?;
        }
        if let Some(name) = UNEXPECTED.into_iter().find(|name| query.has(name)) {
            return Err(invalid(name, Reason::Mismatch));
        }
        let iss = query.get("iss")?;
        if iss.is_some_and(|iss| iss != transaction.issuer) {
            return Err(Error::new(Code::IssuerMismatch).about("iss", Reason::Mismatch));
        }
        match (query.get("code")?, query.get("error")?) {
            (Some(code), None) => {
                Ok((Self { code: AuthorizationCode::new(code.into()), has_iss: iss.is_some() }, transaction))
            }
            (None, Some(error)) => Err(described_error(
                Code::AuthorizationResponseError,
                None,
                Some(error),
                query.get("error_description")?,
                "",
            )),
            (None, None) => Err(invalid("code", Reason::Missing)),
            (Some(_), Some(_)) => Err(invalid("error", Reason::Mismatch)),
        }
    }
}

struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    fn parse(url: &str) -> Result<Self, Error> {
        let url = url.split('#').next().unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let pairs = form::parse(query).map_err(|_| Code::AuthorizationResponseInvalid)?;
        Ok(Self { pairs })
    }

    fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// The value of a parameter. One without a value counts as omitted (RFC 6749 §3.1).
    fn get(&self, name: &'static str) -> Result<Option<&str>, Error> {
        let mut values = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next();
        if values.next().is_some() {
            return Err(invalid(name, Reason::Malformed));
        }
        Ok(value.filter(|value| !value.is_empty()))
    }
}

fn invalid(parameter: &'static str, reason: Reason) -> Error {
    Error::new(Code::AuthorizationResponseInvalid).about(parameter, reason)
}

/// Whether `scope` asks for an ID token (OpenID Connect Core §3.1.2.1).
pub(super) fn asks_for_id_token(scope: &str) -> bool {
    scope.split(' ').any(|value| value == "openid")
}

/// The URL of an endpoint, ready for parameters to be appended to its query.
pub(super) fn query_of(endpoint: &str) -> String {
    let mut url = String::from(endpoint.split('#').next().unwrap_or_default());
    if !url.contains('?') {
        url.push('?');
    }
    url
}
