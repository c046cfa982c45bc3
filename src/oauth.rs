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
//!
//! That is the login of an app in a browser. With the feature `oauth` there is every grant and every endpoint besides, for a
//! registered client of any kind: [`start`] makes a [`Flow`] of a [`Call`] by its name, at a [`Server`] whose metadata is known.
//! They stand on one another in this order, each a module: `registered_client` (who asks, and its proof), `exchange` (one
//! request with that proof, and with one of `dpop`), `token_request` and `endpoint_request` (what it comes to), and then the flows,
//! which the table in `flows` lists. What a server signed goes through `signed_jwt`, and an ID token through `id_token`, for both.

#[cfg(feature = "oauth")]
mod authorization_parameters;
mod authorization_request;
mod authorization_response;
#[cfg(feature = "oauth")]
mod authorization_transaction;
#[cfg(feature = "oauth")]
mod authorization_url;
mod authorize;
#[cfg(feature = "oauth")]
mod callback;
#[cfg(feature = "oauth")]
mod challenge;
#[cfg(feature = "oauth")]
mod ciba;
#[cfg(feature = "oauth")]
mod ciba_notification;
mod client;
#[cfg(feature = "oauth")]
mod code_grant;
#[cfg(feature = "oauth")]
mod device;
#[cfg(feature = "oauth")]
mod dpop;
#[cfg(feature = "oauth")]
mod dpop_proof;
#[cfg(feature = "oauth")]
mod end_session_url;
#[cfg(feature = "oauth")]
mod endpoint_request;
#[cfg(feature = "oauth")]
mod entropy;
mod error_response;
#[cfg(feature = "oauth")]
mod exchange;
#[cfg(feature = "oauth")]
mod flows;
mod grant;
#[cfg(feature = "oauth")]
mod grants;
mod id_token;
#[cfg(feature = "oauth")]
mod implicit;
#[cfg(feature = "oauth")]
mod introspection;
#[cfg(feature = "oauth")]
mod jarm;
mod keys;
#[cfg(feature = "oauth")]
mod login_claims;
mod logout;
#[cfg(feature = "oauth")]
mod logout_token;
mod members;
mod metadata;
mod pkce;
#[cfg(feature = "oauth")]
mod polling;
#[cfg(feature = "oauth")]
mod registered_client;
#[cfg(feature = "oauth")]
mod registration;
#[cfg(feature = "oauth")]
mod request_object;
#[cfg(feature = "oauth")]
mod requested_claims;
#[cfg(feature = "oauth")]
mod resource_metadata;
#[cfg(feature = "oauth")]
mod response_type;
#[cfg(feature = "oauth")]
mod response_validation;
mod return_to;
#[cfg(feature = "oauth")]
mod revocation;
mod secret;
#[cfg(feature = "oauth")]
mod security_profile;
#[cfg(feature = "oauth")]
mod server;
mod signed_jwt;
mod token;
#[cfg(feature = "oauth")]
mod token_exchange;
#[cfg(feature = "oauth")]
mod token_in_question;
#[cfg(feature = "oauth")]
mod token_request;
mod tokens;
mod transaction;
#[cfg(feature = "oauth")]
mod unsigned_jwt;
mod user_info;
#[cfg(feature = "oauth")]
mod user_info_request;

pub use authorization_request::{AuthorizationParameters, AuthorizationRequest};
pub use authorization_response::AuthorizationResponse;
pub use authorize::Authorize;
#[cfg(feature = "oauth")]
pub use challenge::{Challenge, StepUp};
pub use client::{Client, Options};
#[cfg(feature = "oauth")]
pub use dpop::Nonces;
#[cfg(feature = "oauth")]
pub use dpop_proof::DpopProof;
#[cfg(feature = "oauth")]
pub use entropy::Entropy;
#[cfg(feature = "oauth")]
pub use flows::{Call, Flow, start};
pub use grant::{Grant, Granted, RefreshParameters};
pub use logout::{EndSession, EndSessionParameters};
pub use metadata::ServerMetadata;
pub use pkce::challenge;
#[cfg(feature = "oauth")]
pub use registered_client::RegisteredClient;
#[cfg(feature = "oauth")]
pub use resource_metadata::ResourceMetadata;
pub use return_to::ReturnTo;
pub use secret::{AccessToken, AuthorizationCode, CodeVerifier, IdToken, RefreshToken};
#[cfg(feature = "oauth")]
pub use server::Server;
pub use token::TokenType;
#[cfg(feature = "oauth")]
pub use token_request::{TokenRequest, TokenSet};
pub use tokens::Tokens;
pub use transaction::Transaction;
pub use user_info::UserInfo;
