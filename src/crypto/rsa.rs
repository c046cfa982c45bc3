//! RSA signatures (RFC 8017 §8.1.2, §8.2.2), by the crate `rsa`.

use core::ops::RangeInclusive;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::{BoxedUint, PublicKey};
use sha2::{Sha256, Sha384, Sha512};

use super::hash::Hash;

/// The sizes of a modulus, in bits: smaller ones are weak, larger ones make verification a burden.
const MODULUS_BITS: RangeInclusive<u32> = 2048..=8192;

/// The public exponents; even ones are refused too.
const EXPONENTS: RangeInclusive<u64> = 3..=1 << 32;

/// A public key.
#[derive(Clone, Debug)]
pub struct RsaKey {
    key: PublicKey,
}

impl RsaKey {
    /// The key of a modulus and an exponent, big-endian without leading zeros; `None` when either is out of range.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let leading_zeros = modulus.first()?.leading_zeros();
        let bits = u32::try_from(modulus.len()).ok()?.checked_mul(8)?.checked_sub(leading_zeros)?;
        let e = exponent.iter().try_fold(0_u64, |e, byte| e.checked_mul(256)?.checked_add(u64::from(*byte)))?;
        let odd = |number: u8| number & 1 == 1;
        if !MODULUS_BITS.contains(&bits) || !odd(*modulus.last()?) || !EXPONENTS.contains(&e) || !odd(*exponent.last()?)
        {
            return None;
        }
        let n = BoxedUint::from_be_slice_vartime(modulus);
        let key = PublicKey::new(n, BoxedUint::from(e)).ok()?;
        Some(Self { key })
    }

    /// Whether `signature` is the RSASSA-PKCS1-v1_5 signature of `message` with `hash`.
    pub fn verify_pkcs1(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let scheme = match hash {
            Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        };
        self.key.verify(scheme, &hash.digest(message), signature).is_ok()
    }

    /// Whether `signature` is the RSASSA-PSS signature of `message` with `hash`, MGF1 with `hash`, and a salt as long as
    /// the output of `hash`.
    pub fn verify_pss(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let digest = hash.digest(message);
        match hash {
            Hash::Sha256 => self.key.verify(Pss::<Sha256>::new(), &digest, signature),
            Hash::Sha384 => self.key.verify(Pss::<Sha384>::new(), &digest, signature),
            Hash::Sha512 => self.key.verify(Pss::<Sha512>::new(), &digest, signature),
        }
        .is_ok()
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
            modulus[bytes - 1] = last;
            modulus
        };
        let f4 = [1, 0, 1];
        assert!(RsaKey::new(&modulus(256, 0x80, 1), &f4).is_some(), "2048 bits");
        assert!(RsaKey::new(&modulus(1024, 0x80, 1), &f4).is_some(), "8192 bits");
        for (n, why) in [
            (modulus(256, 0x7f, 1), "2047 bits"),
            (modulus(128, 0x80, 1), "1024 bits"),
            (modulus(1025, 0x01, 1), "8193 bits"),
            (modulus(256, 0x80, 2), "even"),
            (modulus(100_000, 0x80, 1), "800,000 bits"),
        ] {
            assert!(RsaKey::new(&n, &f4).is_none(), "{why}");
        }
        for e in [&[][..], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1], &[1; 9]] {
            assert!(RsaKey::new(&modulus(256, 0x80, 1), e).is_none(), "{e:?}");
        }
        assert!(RsaKey::new(&[], &f4).is_none());
    }
}
