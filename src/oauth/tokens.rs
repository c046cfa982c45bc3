//! The record of a session: the tokens, and what is known of them.

use alloc::string::String;
use core::fmt;

use super::client::Options;
use super::members;
use super::secret::{AccessToken, IdToken, RefreshToken};
use crate::error::{Code, Error, Reason};
use crate::text::json::Object;

/// The tokens of a session.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The issuer of the tokens.
    pub issuer: String,
    /// The client that they were issued to.
    pub client_id: String,
    /// The access token, whose type is `Bearer`.
    pub access_token: AccessToken,
    /// When the access token expires, in seconds since the epoch by the clock of this client, if the server said so.
    pub expires_at: Option<u64>,
    /// The refresh token.
    pub refresh_token: Option<RefreshToken>,
    /// The scope of the access token.
    pub scope: String,
    /// The newest ID token.
    pub id_token: Option<IdToken>,
    /// The claims of the newest ID token, which was validated: a JSON object.
    pub claims: Option<String>,
    /// The `nonce` of the login, which every later ID token repeats if it has one (OpenID Connect Core §12.2).
    pub nonce: Option<String>,
    /// The whole second of the `auth_time` of the login, which every later ID token repeats if it has one.
    pub auth_time: Option<u64>,
    /// The `state` of the login, by which its callback is recognized when it comes again.
    pub state: String,
}

impl fmt::Debug for Tokens {
    /// Leaves out the tokens and the claims.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    /// Parses what [`Tokens::to_json`] wrote.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] about `tokens`.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let tokens = members::parse(json.as_bytes(), Code::OptionInvalid, |members| Self {
            issuer: members.string("issuer"),
            client_id: members.string("client_id"),
            access_token: AccessToken::new(members.string("access_token")),
            expires_at: members.optional_number("expires_at"),
            refresh_token: members.optional_string("refresh_token").map(RefreshToken::new),
            scope: members.optional_string("scope").unwrap_or_default(),
            id_token: members.optional_string("id_token").map(IdToken::new),
            claims: members.optional_object("claims"),
            nonce: members.optional_string("nonce"),
            auth_time: members.optional_number("auth_time"),
            state: members.optional_string("state").unwrap_or_default(),
        });
        tokens.map_err(|error| error.about("tokens", Reason::Malformed))
    }

    /// The record as JSON.
    pub fn to_json(&self) -> String {
        Object::new()
            .string("issuer", &self.issuer)
            .string("client_id", &self.client_id)
            .string("access_token", self.access_token.as_str())
            .string("token_type", "Bearer")
            .optional_string("refresh_token", self.refresh_token.as_ref().map(RefreshToken::as_str))
            .string("scope", &self.scope)
            .optional_string("id_token", self.id_token.as_ref().map(IdToken::as_str))
            .optional_string("nonce", self.nonce.as_deref())
            .string("state", &self.state)
            .optional_number("expires_at", self.expires_at)
            .optional_number("auth_time", self.auth_time)
            .optional_raw("claims", self.claims.as_deref())
            .finish()
    }

    /// Validates that the tokens were issued by this issuer to this client.
    pub(super) fn validate(&self, options: &Options) -> Result<(), Error> {
        let ours = self.issuer == options.issuer && self.client_id == options.client_id;
        ours.then_some(()).ok_or_else(|| Error::new(Code::OptionInvalid).about("tokens", Reason::Mismatch))
    }
}
