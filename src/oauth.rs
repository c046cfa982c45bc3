//! The OAuth 2.0 / OpenID Connect client: the authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636, OpenID
//! Connect Core §3.1), refreshing (RFC 6749 §6), UserInfo and logout.
//!
//! A [`Client`] is what flows share: its options, the server's metadata and keys. A flow is a step machine that is
//! given the client at each step and borrows nothing between them, so flows may run side by side:
//!
//! 1. [`Authorize`] makes the URL to navigate to and the [`Transaction`] to keep until the callback.
//! 2. [`Grant::authorization_code`] takes the callback's URL and that transaction, and makes [`Tokens`].
//! 3. [`Grant::refresh_token`] makes new [`Tokens`] from old ones, which stay good when it fails.
//! 4. [`UserInfo`] and [`EndSession`] use them.

mod authorization;
mod client;
mod grant;
mod id_token;
mod logout;
mod members;
mod metadata;
mod pkce;
mod return_to;
mod secret;
mod token;
mod tokens;
mod transaction;
mod user_info;

pub use authorization::{AuthorizationParameters, AuthorizationRequest, AuthorizationResponse, Authorize};
pub use client::{Client, Options};
pub use grant::{Grant, Granted, RefreshParameters};
pub use logout::{EndSession, EndSessionParameters};
pub use metadata::ServerMetadata;
pub use pkce::challenge;
pub use return_to::ReturnTo;
pub use secret::{AccessToken, AuthorizationCode, CodeVerifier, IdToken, RefreshToken};
pub use tokens::Tokens;
pub use transaction::Transaction;
pub use user_info::UserInfo;
