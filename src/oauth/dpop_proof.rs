//! A DPoP proof for a request that the application sends itself (RFC 9449 §4).

use alloc::string::String;
use core::fmt;

use super::entropy::Entropy;
use super::members;
use super::registered_client::RegisteredClient;
use super::unsigned_jwt::UnsignedJwt;
use crate::error::{Code, Error, Reason};
use crate::http::{Answer, Step};
use crate::text::json::Object;
use crate::text::url;

/// The step machine that makes a proof.
pub struct DpopProof {
    client: RegisteredClient,
    method: String,
    url: String,
    access_token: Option<String>,
    nonce: Option<String>,
    entropy: Entropy,
    unsigned: Option<UnsignedJwt>,
}

impl fmt::Debug for DpopProof {
    /// Shows no token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopProof").field("client", &self.client).field("method", &self.method).finish_non_exhaustive()
    }
}

impl DpopProof {
    /// The proof by the key of `client` for `{ url, method, access_token?, nonce? }`.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about the member, and about `dpop` when the client has no key; [`Code::FetchInsecure`].
    pub fn new(client: RegisteredClient, parameters: &str, entropy: Entropy) -> Result<Self, Error> {
        client.dpop_key()?;
        let known = ["url", "method", "access_token", "nonce"];
        let (url, method, access_token, nonce) = members::parse_options(parameters, &known, |members| {
            let (url, method) = (members.string("url"), members.string("method"));
            if !method.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)) {
                members.refuse("method", Reason::Malformed);
            }
            (url, method, members.optional_string("access_token"), members.optional_string("nonce"))
        })?;
        url::require_secure(&url).map_err(|error| error.about("url", Reason::Malformed))?;
        Ok(Self { client, method, url, access_token, nonce, entropy, unsigned: None })
    }

    /// The next step at `now`; call with `None` to begin. Ends with the proof, as `{"proof"}`.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] after the end.
    pub fn step(&mut self, now: u64, answer: Option<Answer>) -> Result<Step<String>, Error> {
        match (self.unsigned.take(), answer) {
            (None, None) => {
                let (nonce, token) = (self.nonce.as_deref(), self.access_token.as_deref());
                let key = self.client.dpop_key()?;
                let jwt = key.proof((&self.method, &self.url), &mut self.entropy, nonce, token, now);
                let signing = Step::Sign(jwt.request());
                self.unsigned = Some(jwt);
                Ok(signing)
            }
            (Some(jwt), Some(Answer::Signed(signature))) => {
                Ok(Step::Done(Object::new().string("proof", &jwt.sign(&signature)).finish()))
            }
            _ => Err(Error::new(Code::OptionInvalid)),
        }
    }
}
