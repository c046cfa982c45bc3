//! Verifying JWTs: keys from wherever they come, one policy, one answer.

#[cfg(feature = "inspect")]
pub mod inspect;
pub mod options;
pub mod remote;
pub mod verifier;

pub use options::Options;
pub use remote::{Due, Limits, Load, RemoteKeys};
pub use verifier::{Scratch, SignatureBy, Verified, Verifier};
