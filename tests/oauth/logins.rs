//! Logins of a registered client, and the responses to them.

use serde_json::{Value, json};
use tollgate::error::Error;
use tollgate::text::base64url;

use super::calls::{Caller, refusal};
use super::registered::PUBLIC;
use super::server::{Exchange, NOW};
use super::signer::Signer;

const CALLBACK: &str = "https://app.example/cb";

pub(crate) const INVALID: &str = "ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID";
pub(crate) const CLAIM: &str = "ERR_JWT_CLAIM_VALIDATION_FAILED";

/// One login, from its request on.
pub(crate) struct Login {
    pub(crate) caller: Caller,
    pub(crate) transaction: Value,
    function: &'static str,
}

impl Login {
    /// Of a server with `metadata`, with `members` beside the usual ones of the request.
    pub(crate) fn new(metadata: &str, members: &str) -> Self {
        Self::by("authorizationUrl", "validateAuthorizationResponse", metadata, members)
    }

    pub(crate) fn by(request: &str, function: &'static str, metadata: &str, members: &str) -> Self {
        let mut caller = Caller::new(metadata, PUBLIC);
        let parameters = format!(r#"{{"redirect_uri":"{CALLBACK}","scope":"openid"{members}}}"#);
        let made = caller.made(request, &parameters);
        Self { caller, transaction: made.get("transaction").unwrap().clone(), function }
    }

    pub(crate) fn state(&self) -> &str {
        self.transaction.get("state").unwrap().as_str().unwrap()
    }

    /// `text` with the state and the nonce of the request where it says `STATE` and `NONCE`.
    pub(crate) fn filled(&self, text: &str) -> String {
        let nonce = self.transaction.get("nonce").and_then(Value::as_str).unwrap_or_default();
        text.replace("STATE", self.state()).replace("NONCE", nonce)
    }

    /// What becomes of a response, `member` being `url` or `form`.
    pub(crate) fn respond(
        &mut self,
        member: &str,
        response: &str,
        script: impl IntoIterator<Item = Exchange>,
    ) -> Result<Value, Error> {
        let parameters = json!({ member: self.filled(response), "transaction": self.transaction });
        self.respond_with(&parameters, script)
    }

    pub(crate) fn respond_with(
        &mut self,
        parameters: &Value,
        script: impl IntoIterator<Item = Exchange>,
    ) -> Result<Value, Error> {
        let result = self.caller.call(self.function, &parameters.to_string(), script).result;
        result.map(|json| serde_json::from_str(&json).unwrap())
    }

    pub(crate) fn url(&mut self, rest: &str, script: impl IntoIterator<Item = Exchange>) -> Result<Value, Error> {
        self.respond("url", &format!("{CALLBACK}{rest}"), script)
    }

    /// The code and what it is about, of a refusal before anything is fetched.
    pub(crate) fn refused(&mut self, rest: &str) -> (&'static str, String) {
        refusal(&self.url(rest, []).unwrap_err())
    }

    /// A JWT response with the usual claims but for `changes`, which leave out what is null.
    pub(crate) fn jwt(&self, changes: Value) -> String {
        let usual =
            json!({ "iss": "https://as.example", "aud": "app", "exp": NOW + 60, "code": "c", "state": self.state() });
        let members = [usual, changes].map(|claims| claims.as_object().unwrap().clone()).into_iter().flatten();
        let mut claims: serde_json::Map<_, _> = members.collect();
        claims.retain(|_, value| !value.is_null());
        Signer::ES256.token(&Value::from(claims).to_string())
    }

    /// An ID token for this request, with `changes`.
    pub(crate) fn id_token(&self, changes: &[(&str, &str)]) -> String {
        let nonce = self.filled(r#""NONCE""#);
        Signer::ES256.id_token(&[&[("nonce", nonce.as_str())], changes].concat())
    }
}

/// The claim that is the hash of `text`, for a signature by ES256.
pub(crate) fn half_hash(text: &str) -> String {
    format!("\"{}\"", base64url::encode(&tollgate::crypto::hash::sha256(text.as_bytes())[..16]))
}
