//! The OAuth 2.0 / OpenID Connect client against a scripted server: each flow, and each attack on it.
#![cfg(all(feature = "client", feature = "verify"))]
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "oauth/authorization.rs"]
mod authorization;
#[cfg(feature = "oauth")]
#[path = "oauth/calls.rs"]
mod calls;
#[cfg(feature = "oauth")]
#[path = "oauth/ciba.rs"]
mod ciba;
#[cfg(feature = "oauth")]
#[path = "oauth/device.rs"]
mod device;
#[path = "oauth/discovery.rs"]
mod discovery;
#[cfg(feature = "oauth")]
#[path = "oauth/endpoints.rs"]
mod endpoints;
#[cfg(feature = "oauth")]
#[path = "oauth/flow.rs"]
mod flow;
#[cfg(feature = "oauth")]
#[path = "oauth/grants.rs"]
mod grants;
#[cfg(feature = "oauth")]
#[path = "oauth/hybrid.rs"]
mod hybrid;
#[path = "oauth/id_token.rs"]
mod id_token;
#[cfg(feature = "oauth")]
#[path = "oauth/implicit.rs"]
mod implicit;
#[cfg(feature = "oauth")]
#[path = "oauth/introspection.rs"]
mod introspection;
#[cfg(feature = "oauth")]
#[path = "oauth/jarm.rs"]
mod jarm;
#[path = "oauth/login.rs"]
mod login;
#[cfg(feature = "oauth")]
#[path = "oauth/logins.rs"]
mod logins;
#[path = "oauth/logout.rs"]
mod logout;
#[cfg(feature = "oauth")]
#[path = "oauth/logout_token.rs"]
mod logout_token;
#[path = "oauth/refresh.rs"]
mod refresh;
#[cfg(feature = "oauth")]
#[path = "oauth/registered.rs"]
mod registered;
#[cfg(feature = "oauth")]
#[path = "oauth/registration.rs"]
mod registration;
#[cfg(feature = "oauth")]
#[path = "oauth/request.rs"]
mod request;
#[cfg(feature = "oauth")]
#[path = "oauth/resource.rs"]
mod resource;
#[cfg(feature = "oauth")]
#[path = "oauth/response.rs"]
mod response;
#[path = "oauth/secrets.rs"]
mod secrets;
#[cfg(feature = "oauth")]
#[path = "oauth/security_profile.rs"]
mod security_profile;
#[path = "oauth/server.rs"]
mod server;
#[path = "oauth/signer.rs"]
mod signer;
#[path = "oauth/token.rs"]
mod token;
#[cfg(feature = "oauth")]
#[path = "oauth/token_exchange.rs"]
mod token_exchange;
#[cfg(feature = "oauth")]
#[path = "oauth/token_request.rs"]
mod token_request;
#[path = "oauth/user_info.rs"]
mod user_info;
#[cfg(feature = "oauth")]
#[path = "oauth/user_info_request.rs"]
mod user_info_request;
