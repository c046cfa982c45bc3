//! JSON Object Signing and Encryption: the pieces of a JWT and what they must be.

pub mod algorithm;
pub mod claims;
pub mod jwk;
pub mod jwks;
pub mod jws;
#[cfg(feature = "verify")]
pub mod key;
#[cfg(feature = "verify")]
pub mod pem;
#[cfg(feature = "verify")]
mod spki;
#[cfg(feature = "verify")]
mod x509;
