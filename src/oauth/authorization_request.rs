//! The Authorization Request of the code flow (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::members;
use super::pkce::{CODE_CHALLENGE_METHOD, challenge};
use super::return_to::ReturnTo;
use super::secret::CodeVerifier;
use super::transaction::Transaction;
use crate::error::Error;
use crate::text::json::Object;
use crate::text::{cut, decimal, form, has_word};

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
    /// [`crate::error::Code::OptionInvalid`] about the option.
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

/// All that an Authorization Request says, but for who asks and what nobody can guess.
pub(super) struct RequestParameters {
    /// Where the response is to arrive.
    pub(super) redirect_uri: String,
    /// The scope. With `openid` in it, the request has a `nonce`.
    pub(super) scope: String,
    /// The resources that access tokens are for (RFC 8707 §2.1).
    pub(super) resource: Vec<String>,
    /// What one login asks for.
    pub(super) login: AuthorizationParameters,
}

impl RequestParameters {
    /// The transaction of a request of `client_id` at `issuer`, made at `now` of these texts: `state`, `nonce`, verifier.
    pub(super) fn transaction(
        &self,
        issuer: &str,
        client_id: &str,
        state: String,
        nonce: String,
        code_verifier: CodeVerifier,
        now: u64,
    ) -> Transaction {
        Transaction {
            state,
            nonce: asks_for_id_token(&self.scope).then_some(nonce),
            code_verifier,
            redirect_uri: self.redirect_uri.clone(),
            issuer: issuer.into(),
            client_id: client_id.into(),
            scope: self.scope.clone(),
            max_age: self.login.max_age,
            return_to: self.login.return_to.clone(),
            created_at: now,
        }
    }

    /// Appends the parameters of the request of `transaction` to a query or a form. With `code` in the `response_type`, where it
    /// comes first, the request has a code challenge.
    pub(super) fn append(&self, out: &mut String, response_type: &str, transaction: &Transaction) {
        let mut append = |name, value: Option<&str>| {
            if let Some(value) = value {
                form::append(out, name, value);
            }
        };
        append("response_type", Some(response_type));
        append("client_id", Some(&transaction.client_id));
        append("redirect_uri", Some(&transaction.redirect_uri));
        append("scope", Some(self.scope.as_str()).filter(|scope| !scope.is_empty()));
        append("state", Some(&transaction.state));
        append("nonce", transaction.nonce.as_deref());
        if response_type.starts_with("code") {
            append("code_challenge", Some(&challenge(&transaction.code_verifier)));
            append("code_challenge_method", Some(CODE_CHALLENGE_METHOD));
        }
        for resource in &self.resource {
            append("resource", Some(resource));
        }
        append("prompt", self.login.prompt.as_deref());
        append("login_hint", self.login.login_hint.as_deref());
        append("acr_values", self.login.acr_values.as_deref());
        append("max_age", self.login.max_age.map(decimal).as_deref());
    }
}

/// Whether `scope` asks for an ID token (OpenID Connect Core §3.1.2.1).
pub(super) fn asks_for_id_token(scope: &str) -> bool {
    has_word(scope, "openid")
}

/// The URL of an endpoint, ready for parameters to be appended to its query.
pub(super) fn query_of(endpoint: &str) -> String {
    let (endpoint, _) = cut(endpoint, b"#");
    let mut url = String::from(endpoint);
    if cut(endpoint, b"?").1.is_none() {
        url.push('?');
    }
    url
}
