//! RSA public keys (RFC 8017 §3.1) and their powers. What the powers encode is the business of [`super::emsa`].

#[cfg(feature = "kernel-rsa")]
mod modulus;

use core::ops::RangeInclusive;

#[cfg(feature = "kernel-rsa")]
use alloc::vec::Vec;
#[cfg(feature = "kernel-rsa")]
use modulus::Modulus;

/// The sizes of a modulus, in bits: smaller ones are weak, larger ones make verification a burden.
const MODULUS_BITS: RangeInclusive<usize> = 2048..=MAX_BITS;

/// The largest modulus, in bits.
const MAX_BITS: usize = 8192;

/// The public exponents; even ones are refused too.
const EXPONENTS: RangeInclusive<u64> = 3..=1 << 32;

/// What can be said of a public key without arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaNumbers {
    /// The size of the modulus, in bits.
    pub modulus_bits: usize,
    /// The public exponent.
    pub exponent: u64,
}

impl RsaNumbers {
    /// Those of a modulus and an exponent, big-endian without leading zeros; `None` when either is out of range.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let leading_zeros = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
        let modulus_bits = modulus.len().checked_mul(8)?.checked_sub(leading_zeros)?;
        let e = exponent.iter().try_fold(0_u64, |e, byte| e.checked_mul(256)?.checked_add(u64::from(*byte)))?;
        let is_odd = modulus.last()? & 1 == 1 && e & 1 == 1;
        let is_in_range = leading_zeros < 8 && MODULUS_BITS.contains(&modulus_bits) && EXPONENTS.contains(&e);
        (is_odd && is_in_range).then_some(Self { modulus_bits, exponent: e })
    }

    /// How many bytes the modulus has, and a signature.
    pub const fn modulus_bytes(self) -> usize {
        self.modulus_bits.div_ceil(8)
    }
}

/// A public key that computes, by arithmetic of our own: in wasm it takes a third of the time of the crate `rsa` or less, and
/// 49 kB fewer. That crate is the oracle of its tests.
#[cfg(feature = "kernel-rsa")]
#[derive(Clone, Debug)]
pub struct RsaKey {
    modulus: Modulus,
    exponent: u64,
}

#[cfg(feature = "kernel-rsa")]
impl RsaKey {
    /// The key of a modulus, big-endian without leading zeros, and an exponent; `None` when either is out of range.
    pub fn new(modulus: &[u8], exponent: u64) -> Option<Self> {
        RsaNumbers::new(modulus, &exponent.to_be_bytes())?;
        Some(Self { modulus: Modulus::new(modulus)?, exponent })
    }

    /// `signature` to the power of the exponent (RSAVP1, RFC 8017 §5.2.2), as long as the modulus; `None` when it has not
    /// the length of the modulus, or is not below it.
    pub fn power(&self, signature: &[u8]) -> Option<Vec<u8>> {
        self.modulus.power(signature, self.exponent)
    }
}

#[cfg(all(test, feature = "kernel-rsa"))]
mod tests;
