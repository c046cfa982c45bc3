//! Bytes in, bool out. Nothing here knows a JOSE word, and nothing here is secret but HMAC keys.

#[cfg(any(feature = "verify", feature = "rare"))]
pub mod ecdsa;
#[cfg(feature = "verify")]
pub mod ed25519;
pub mod hash;
#[cfg(feature = "verify")]
pub mod hmac;
#[cfg(feature = "rare")]
pub mod mldsa;
#[cfg(any(feature = "verify", feature = "kernel-rsa"))]
pub mod rsa;
