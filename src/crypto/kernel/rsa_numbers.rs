//! What can be said of an RSA public key (RFC 8017 §3.1) without arithmetic, and how a kernel takes it in.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

/// The sizes of a modulus, in bits: smaller ones are weak, larger ones make verification a burden.
const MODULUS_BITS: RangeInclusive<usize> = 2048..=MAX_MODULUS_BITS;

/// The largest modulus, in bits.
pub(in crate::crypto) const MAX_MODULUS_BITS: usize = 8192;

/// The public exponents; even ones are refused too.
const EXPONENTS: RangeInclusive<u64> = 3..=1 << 32;

/// The size of the modulus, and the exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaNumbers {
    /// The size of the modulus, in bits.
    pub modulus_bits: usize,
    /// The public exponent.
    pub exponent: u64,
}

impl RsaNumbers {
    /// Those of a modulus and an exponent, big-endian; `None` when either is out of range, or the modulus begins with a zero.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let leading_zeros = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
        let modulus_bits = modulus.len().checked_mul(8)?.checked_sub(leading_zeros)?;
        let e = exponent.iter().try_fold(0_u64, |e, byte| e.checked_mul(256)?.checked_add(u64::from(*byte)))?;
        let is_odd = modulus.last()? & 1 == 1 && e & 1 == 1;
        let is_in_range = leading_zeros < 8 && MODULUS_BITS.contains(&modulus_bits) && EXPONENTS.contains(&e);
        (is_odd && is_in_range).then_some(Self { modulus_bits, exponent: e })
    }

    /// The numbers and the modulus of a key in the form in which a kernel takes it in.
    #[cfg(any(feature = "kernel-rsa", feature = "portable"))]
    pub(super) fn of_form(form: &[u8]) -> Option<(Self, &[u8])> {
        let (exponent, modulus) = form.split_first_chunk::<8>()?;
        Some((Self::new(modulus, exponent)?, modulus))
    }

    /// The form in which a kernel takes in a key of these numbers and this modulus.
    pub fn form(self, modulus: &[u8]) -> Vec<u8> {
        [&self.exponent.to_be_bytes(), modulus].concat()
    }

    /// How many bytes the modulus has, and a signature.
    pub const fn modulus_bytes(self) -> usize {
        self.modulus_bits.div_ceil(8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn keys_out_of_range_are_refused() {
        let modulus = |bytes: usize, first: u8, last: u8| {
            let mut modulus = vec![0x55; bytes];
            modulus[0] = first;
            *modulus.last_mut().unwrap() = last;
            modulus
        };
        let f4 = [1, 0, 1];
        for (n, bits) in [(modulus(256, 0x80, 1), 2048), (modulus(1024, 0x80, 1), 8192)] {
            let numbers = RsaNumbers::new(&n, &f4).unwrap();
            assert_eq!(numbers, RsaNumbers { modulus_bits: bits, exponent: 65537 });
            assert_eq!(RsaNumbers::of_form(&numbers.form(&n)), Some((numbers, n.as_slice())));
        }
        for (n, why) in [
            (modulus(256, 0x7f, 1), "2047 bits"),
            (modulus(128, 0x80, 1), "1024 bits"),
            (modulus(1025, 0x01, 1), "8193 bits"),
            (modulus(257, 0, 1), "a leading zero"),
            (modulus(256, 0x80, 2), "even"),
            (modulus(100_000, 0x80, 1), "800,000 bits"),
        ] {
            assert!(RsaNumbers::new(&n, &f4).is_none(), "{why}");
        }
        for e in [&[][..], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1], &[1; 9]] {
            assert!(RsaNumbers::new(&modulus(256, 0x80, 1), e).is_none(), "{e:?}");
        }
        assert!(RsaNumbers::new(&[], &f4).is_none());
        for form in [&[][..], &[0; 7], &[0; 8], &[1; 300]] {
            assert!(RsaNumbers::of_form(form).is_none());
        }
    }
}
