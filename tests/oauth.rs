//! The OAuth 2.0 / OpenID Connect client against a scripted server: each flow, and each attack on it.
#![cfg(all(feature = "client", feature = "verify"))]
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "oauth/authorization.rs"]
mod authorization;
#[path = "oauth/calls.rs"]
#[cfg(feature = "oauth")]
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
#[path = "oauth/flow.rs"]
mod flow;
#[cfg(feature = "oauth")]
#[path = "oauth/grants.rs"]
mod grants;
#[path = "oauth/hybrid.rs"]
#[cfg(feature = "oauth")]
mod hybrid;
#[path = "oauth/id_token.rs"]
mod id_token;
#[path = "oauth/implicit.rs"]
#[cfg(feature = "oauth")]
mod implicit;
#[path = "oauth/jarm.rs"]
#[cfg(feature = "oauth")]
mod jarm;
#[path = "oauth/login.rs"]
mod login;
#[path = "oauth/logins.rs"]
#[cfg(feature = "oauth")]
mod logins;
#[path = "oauth/logout.rs"]
mod logout;
#[path = "oauth/refresh.rs"]
mod refresh;
#[path = "oauth/registered.rs"]
#[cfg(feature = "oauth")]
mod registered;
#[path = "oauth/registration.rs"]
#[cfg(feature = "oauth")]
mod registration;
#[path = "oauth/request.rs"]
#[cfg(feature = "oauth")]
mod request;
#[path = "oauth/response.rs"]
#[cfg(feature = "oauth")]
mod response;
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
#[cfg(feature = "oauth")]
#[path = "oauth/token_exchange.rs"]
mod token_exchange;
#[cfg(feature = "oauth")]
#[path = "oauth/token_request.rs"]
mod token_request;
#[path = "oauth/user_info.rs"]
mod user_info;
