//! The OAuth 2.0 / OpenID Connect client against a scripted server: each flow, and each attack on it.
#![cfg(all(feature = "client", feature = "verify"))]
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "oauth/authorization.rs"]
mod authorization;
#[path = "oauth/discovery.rs"]
mod discovery;
#[cfg(feature = "oauth")]
#[path = "oauth/endpoints.rs"]
mod endpoints;
#[path = "oauth/id_token.rs"]
mod id_token;
#[cfg(feature = "oauth")]
#[path = "oauth/introspection.rs"]
mod introspection;
#[path = "oauth/login.rs"]
mod login;
#[path = "oauth/logout.rs"]
mod logout;
#[cfg(feature = "oauth")]
#[path = "oauth/logout_token.rs"]
mod logout_token;
#[path = "oauth/refresh.rs"]
mod refresh;
#[path = "oauth/registered.rs"]
#[cfg(feature = "oauth")]
mod registered;
#[path = "oauth/registration.rs"]
#[cfg(feature = "oauth")]
mod registration;
#[cfg(feature = "oauth")]
#[path = "oauth/resource.rs"]
mod resource;
#[path = "oauth/secrets.rs"]
mod secrets;
#[path = "oauth/security_profile.rs"]
#[cfg(feature = "oauth")]
mod security_profile;
#[path = "oauth/server.rs"]
mod server;
#[path = "oauth/signer.rs"]
mod signer;
#[path = "oauth/token.rs"]
mod token;
#[path = "oauth/user_info.rs"]
mod user_info;
#[cfg(feature = "oauth")]
#[path = "oauth/user_info_request.rs"]
mod user_info_request;
