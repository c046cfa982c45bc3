//! JWT verification and the OAuth 2.0 / OpenID Connect client, for WebAssembly.
//!
//! The core is deterministic: it never fetches, reads a clock or draws randomness. Time (`now`, in seconds since the
//! epoch), entropy and answers come in as arguments; requests, URLs and results go out as data. An exchange of more
//! than one message is a step machine: call `step(now, None)`, do what the [`http::Step`] asks, and call
//! `step(now, Some(answer))` until it is [`http::Step::Done`] or fails.
//!
//! Nothing here panics on any input. Only the `wasm` layer knows of JavaScript.

#![no_std]
#![cfg_attr(not(any(feature = "wasm", feature = "kernel-rsa")), forbid(unsafe_code))]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod crypto;
pub mod discovery;
pub mod error;
pub mod http;
pub mod jose;
#[cfg(feature = "client")]
pub mod oauth;
pub mod text;
#[cfg(feature = "verify")]
pub mod verify;
#[cfg(feature = "wasm")]
mod wasm;
