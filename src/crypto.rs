//! Bytes in, bool out. Nothing here knows a JOSE word, and nothing here is secret but HMAC keys.

#[cfg(any(feature = "portable", feature = "rare"))]
pub mod ecdsa;
#[cfg(feature = "portable")]
pub mod ed25519;
#[cfg(feature = "kernel-ed25519")]
pub mod edwards25519;
#[cfg(feature = "verify")]
pub mod emsa;
pub mod hash;
#[cfg(feature = "verify")]
pub mod hmac;
#[cfg(any(feature = "kernel-p256", feature = "kernel-p384", feature = "kernel-ed25519"))]
mod inverse;
#[cfg(any(feature = "verify", feature = "kernel"))]
pub mod kernel;
#[cfg(any(feature = "kernel-p256", feature = "kernel-p384", feature = "kernel-ed25519"))]
mod limb;
#[cfg(feature = "rare")]
pub mod mldsa;
#[cfg(any(feature = "kernel-p256", feature = "kernel-p384"))]
pub mod prime_curve;
#[cfg(feature = "kernel-rsa")]
pub mod rsa;
mod sha2;

#[cfg(feature = "kernels")]
#[cfg(test)]
mod tests;
