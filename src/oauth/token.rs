//! The token endpoint (RFC 6749 §3.2, §4.1.3, §5 and §6, RFC 8707 §2.2): one request, one response.

use alloc::string::String;

use super::error_response::accepted;
use super::members;
use super::secret::{AccessToken, IdToken, RefreshToken};
use crate::error::{Code, Error, Reason};
use crate::http::{Request, Response};

/// A request of `endpoint` with the form `body` (RFC 6749 §3.2).
pub(super) fn request(endpoint: impl Into<String>, body: &str) -> Request {
    let mut request = Request::get_json(endpoint);
    request.method = "POST";
    request.headers.push(("content-type", "application/x-www-form-urlencoded".into()));
    request.body = Some(body.into());
    request
}

/// A successful Token Response.
pub(super) struct TokenResponse {
    pub(super) access_token: AccessToken,
    pub(super) expires_at: Option<u64>,
    pub(super) refresh_token: Option<RefreshToken>,
    pub(super) scope: Option<String>,
    pub(super) id_token: Option<IdToken>,
    /// Whether the access token is bound to a key (RFC 9449 §5).
    #[cfg(feature = "oauth")]
    pub(super) token_type: TokenType,
    /// All of it, as JSON.
    #[cfg(feature = "oauth")]
    pub(super) json: String,
}

/// How an access token is shown (RFC 6749 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// RFC 6750.
    Bearer,
    /// RFC 9449.
    Dpop,
    /// Not at all: what was issued is no access token (RFC 8693 §2.2.1).
    NotApplicable,
}

impl TokenType {
    const ALL: [Self; 3] = [Self::Bearer, Self::Dpop, Self::NotApplicable];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
            Self::NotApplicable => "N_A",
        }
    }

    /// The type of this name, in whatever case servers write it (RFC 6749 §5.1).
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|token_type| token_type.as_str().eq_ignore_ascii_case(name))
    }
}

impl TokenResponse {
    /// Parses the response, which arrived at `now`, to a request with the form `sent`. The type of the access token is one
    /// of `types`.
    ///
    /// # Errors
    /// [`Code::InvalidGrant`] and [`Code::TokenResponseError`] with what the server said, [`Code::TokenResponseInvalid`],
    /// and those of [`discovery::success`](crate::discovery::success).
    pub(super) fn parse(response: Response, sent: &str, types: &[TokenType], now: u64) -> Result<Self, Error> {
        let response = accepted(response, sent, Code::TokenResponseError)?;
        members::parse(&response.body, Code::TokenResponseInvalid, |members| {
            let token_type = TokenType::named(&members.string("token_type"));
            members.require("token_type", token_type.is_some_and(|token_type| types.contains(&token_type)));
            let access_token = members.string("access_token");
            // It goes into a header.
            if !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
                members.refuse("access_token", Reason::Malformed);
            }
            let refresh_token = members.optional_string("refresh_token").filter(|token| !token.is_empty());
            Self {
                access_token: AccessToken::new(access_token),
                expires_at: members.optional_lifetime("expires_in").map(|seconds| now.saturating_add(seconds)),
                refresh_token: refresh_token.map(RefreshToken::new),
                scope: members.optional_string("scope"),
                id_token: members.optional_string("id_token").map(IdToken::new),
                #[cfg(feature = "oauth")]
                token_type: token_type.unwrap_or(TokenType::Bearer),
                #[cfg(feature = "oauth")]
                json: members.raw().into(),
            }
        })
    }
}
