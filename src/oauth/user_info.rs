//! The UserInfo endpoint (OpenID Connect Core §5.3).

use alloc::string::String;
use core::fmt;

use super::client::Client;
use super::members;
use super::tokens::Tokens;
use crate::discovery::{self, Discovery};
use crate::error::{Code, Error};
use crate::http::{Answer, Request, Step, done};

/// The step machine that asks for claims about the user of a session.
pub struct UserInfo {
    tokens: Tokens,
    sub: String,
    phase: Phase,
}

enum Phase {
    Discovering(Discovery),
    Asking,
}

impl fmt::Debug for UserInfo {
    /// Shows nothing of the user.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfo(..)")
    }
}

impl UserInfo {
    /// Asks with the access token of `tokens`.
    ///
    /// # Errors
    /// [`Code::IdTokenMissing`] when there is no ID token whose `sub` the answer could be compared with, and
    /// [`Code::OptionInvalid`] when the tokens are another client's.
    pub fn new(client: &Client, tokens: Tokens) -> Result<Self, Error> {
        tokens.validate(&client.options)?;
        let claims = tokens.claims.as_deref().ok_or(Code::IdTokenMissing)?;
        let sub = members::parse(claims.as_bytes(), Code::OptionInvalid, |claims| claims.string("sub"))?;
        Ok(Self { tokens, sub, phase: Phase::Discovering(client.discovery()) })
    }

    /// The next step; call with `None` to begin. Ends with the claims, a JSON object whose `sub` is the ID token's.
    ///
    /// # Errors
    /// [`Code::AccessTokenRejected`], [`Code::UserInfoInvalid`], [`Code::MetadataInvalid`] when the server has no such
    /// endpoint, and those of discovery.
    pub fn step(&mut self, client: &mut Client, answer: Option<Answer>) -> Result<Step<String>, Error> {
        match (&mut self.phase, answer) {
            (Phase::Discovering(discovery), answer) => {
                let metadata = done!(client.discover(discovery, answer)?);
                let mut request = Request::get_json(metadata.endpoint("userinfo_endpoint")?);
                request.headers.push(("authorization", ["Bearer ", self.tokens.access_token.as_str()].concat()));
                self.phase = Phase::Asking;
                Ok(Step::Fetch(request))
            }
            (Phase::Asking, answer) => self.parse(answer.ok_or(Code::FetchFailed)?).map(Step::Done),
        }
    }

    fn parse(&self, answer: Answer) -> Result<String, Error> {
        let response = discovery::ok(answer).map_err(rejected)?;
        require_subject(&response.body, &self.sub)?;
        String::from_utf8(response.body).map_err(|_| Code::UserInfoInvalid.into())
    }
}

/// A status of 401 says that the access token was refused.
pub(super) fn rejected(error: Error) -> Error {
    let rejected = error.response.as_ref().is_some_and(|response| response.status == Some(401));
    if rejected { error.under(Code::AccessTokenRejected) } else { error }
}

/// §5.3.2: "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token"
///
/// # Errors
/// [`Code::UserInfoInvalid`].
pub(super) fn require_subject(json: &[u8], sub: &str) -> Result<(), Error> {
    members::parse(json, Code::UserInfoInvalid, |claims| {
        let same = claims.string("sub") == sub;
        claims.require("sub", same);
    })
}
