//! Powers modulo the modulus of an RSA public key (RFC 8017 §5.2.2), by arithmetic of our own. The crate `rsa` is the oracle of
//! its tests. What the powers encode is the business of [`super::emsa`].
//!
//! A build has one of three levels, by its target features: `scalar`, `dot16` for `simd128`, and `fma51` for relaxed SIMD. Each
//! is one description of limbs and of the sum of their products ([`kernel::Kernel`]); all else they share.

mod barrett;
mod digits;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128", not(target_feature = "relaxed-simd"))))]
pub mod dot16;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
pub mod fma51;
pub mod kernel;
mod layout;
mod modulus;
#[cfg(test)]
mod oracle;
mod reciprocal;
#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
pub mod scalar;
mod self_test;

use alloc::vec::Vec;

pub use modulus::Modulus;

/// The level that this build is for.
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub type Level = fma51::Fma51<fma51::simd::Simd>;
/// The level that this build is for.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128", not(target_feature = "relaxed-simd")))]
pub type Level = dot16::Dot16<dot16::simd::Simd>;
/// The level that this build is for.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub type Level = scalar::Scalar;

/// A modulus at the level that this build is for.
pub type RsaModulus = Modulus<Level>;

/// A public key.
#[derive(Clone, Debug)]
pub struct RsaKey {
    modulus: RsaModulus,
    exponent: u64,
}

impl RsaKey {
    /// The key of a modulus, big-endian, and an exponent; `None` when the modulus is even, too large or begins with a zero.
    pub fn new(modulus: &[u8], exponent: u64) -> Option<Self> {
        Some(Self { modulus: RsaModulus::new(modulus)?, exponent })
    }

    /// `signature` to the power of the exponent, as long as the modulus; `None` when it has not the length of the modulus, or
    /// is not below it.
    pub fn power(&self, signature: &[u8]) -> Option<Vec<u8>> {
        self.modulus.power(signature, self.exponent)
    }
}

#[cfg(test)]
mod tests;
