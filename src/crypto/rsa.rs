//! RSA signatures (RFC 8017 §8.1.2, §8.2.2), verified by arithmetic of our own: in wasm it takes a third of the time of
//! the crate `rsa` or less. That crate is the oracle of its tests.
//!
//! A build has one of three levels, by its target features: `scalar`, `dot16` for `simd128`, and `fma51` for relaxed
//! SIMD. Each is one description of limbs and of the sum of their products ([`kernel::Kernel`]); all else they share.

mod barrett;
mod digits;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128", not(target_feature = "relaxed-simd"))))]
pub mod dot16;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
pub mod fma51;
pub mod kernel;
mod modulus;
#[cfg(test)]
mod oracle;
mod reciprocal;
#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
pub mod scalar;
mod self_test;

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::hash::Hash;
use barrett::MAX_BITS;
pub use modulus::Modulus;

/// The sizes of a modulus, in bits: smaller ones are weak, larger ones make verification a burden.
const MODULUS_BITS: RangeInclusive<usize> = 2048..=MAX_BITS;

/// The public exponents; even ones are refused too.
const EXPONENTS: RangeInclusive<u64> = 3..=1 << 32;

/// A public key.
#[derive(Clone, Debug)]
pub struct RsaKey {
    modulus: RsaModulus,
    exponent: u64,
}

impl RsaKey {
    /// The key of a modulus and an exponent, big-endian without leading zeros; `None` when either is out of range.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let modulus = Modulus::new(modulus)?;
        let e = exponent.iter().try_fold(0_u64, |e, byte| e.checked_mul(256)?.checked_add(u64::from(*byte)))?;
        if !MODULUS_BITS.contains(&modulus.bits()) || !EXPONENTS.contains(&e) || e & 1 == 0 {
            return None;
        }
        Some(Self { modulus, exponent: e })
    }

    /// Whether `signature` is the RSASSA-PKCS1-v1_5 signature of `message` with `hash`.
    pub fn verify_pkcs1(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let encoded = self.modulus.power(signature, self.exponent);
        encoded.is_some_and(|encoded| encoded == pkcs1_encoding(hash, message, self.modulus.bytes()))
    }

    /// Whether `signature` is the RSASSA-PSS signature of `message` with `hash`, MGF1 with `hash`, and a salt as long as
    /// the output of `hash`.
    pub fn verify_pss(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let encoded = self.modulus.power(signature, self.exponent);
        encoded.is_some_and(|encoded| {
            is_pss_encoding(hash, message, &encoded, self.modulus.bits().wrapping_sub(1)).is_some()
        })
    }
}

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2). There is one encoding of a message, so that it is made and compared, and never parsed.
fn pkcs1_encoding(hash: Hash, message: &[u8], length: usize) -> Vec<u8> {
    let digest = hash.digest(message);
    let prefix = digest_info_prefix(hash);
    let mut encoded = Vec::from([0, 1]);
    let end = prefix.len().wrapping_add(digest.len()).wrapping_add(1);
    encoded.resize(length.saturating_sub(end), 0xff);
    encoded.push(0);
    encoded.extend(prefix);
    encoded.extend(digest);
    encoded
}

/// The DER of a DigestInfo as far as the digest (RFC 8017 §9.2, note 1).
fn digest_info_prefix(hash: Hash) -> [u8; 19] {
    // The length of the DigestInfo, the last arc of the hash's object identifier, and the length of the digest.
    let (length, arc, digest_length) = match hash {
        Hash::Sha256 => (49, 1, 32),
        Hash::Sha384 => (65, 2, 48),
        Hash::Sha512 => (81, 3, 64),
    };
    [
        0x30,
        length,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        arc,
        0x05,
        0x00,
        0x04,
        digest_length,
    ]
}

/// EMSA-PSS-VERIFY (RFC 8017 §9.1.2), its steps by their numbers. `encoded` has the bytes of the modulus, of which the first
/// is none of the encoding's if that has 8 bits less.
fn is_pss_encoding(hash: Hash, message: &[u8], encoded: &[u8], bits: usize) -> Option<()> {
    let (outside, encoded) = encoded.split_at_checked(encoded.len().checked_sub(bits.div_ceil(8))?)?;
    let hash_length = hash.output_bytes();
    // 3 and 4.
    let (encoded, [0xbc]) = encoded.split_last_chunk()? else { return None };
    let (masked_db, h) = encoded.split_at_checked(encoded.len().checked_sub(hash_length)?)?;
    // 6 to 9. The bits of the first byte that are beyond the encoding's are zero, and not masked.
    let unused =
        u32::try_from(masked_db.len().checked_add(hash_length)?.checked_add(1)?.checked_mul(8)?.checked_sub(bits)?);
    let used = 0xff_u8.checked_shr(unused.ok()?)?;
    let mut db: Vec<u8> =
        masked_db.iter().zip(mgf1(hash, h, masked_db.len())).map(|(byte, mask)| byte ^ mask).collect();
    let is_outside_zero = outside.iter().all(|byte| *byte == 0) && masked_db.first()? & !used == 0;
    *db.first_mut()? &= used;
    // 10 and 11.
    let (padding, salt) = db.split_at_checked(db.len().checked_sub(hash_length)?)?;
    let (zeros, [0x01]) = padding.split_last_chunk()? else { return None };
    // 12 to 14.
    let hashed = [&[0; 8], hash.digest(message).as_slice(), salt].concat();
    let is_consistent = is_outside_zero && zeros.iter().all(|byte| *byte == 0) && hash.digest(&hashed) == h;
    is_consistent.then_some(())
}

/// MGF1 (RFC 8017 §B.2.1).
fn mgf1(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::new();
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    }
    mask.truncate(length);
    mask
}

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

#[cfg(test)]
mod tests;
