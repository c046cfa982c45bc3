//! Powers modulo the modulus of an RSA key. All of it is public, so nothing here takes the same time for every number.
//!
//! They are computed modulo `n` shifted up by some bits, which fills the limbs of a level in the same way whatever its
//! size: what is congruent modulo that is congruent modulo `n`. The last factor is shifted up as well, and with it the
//! result, that is shifted back.

use alloc::vec;
use alloc::vec::Vec;

use super::barrett::{Barrett, MAX_BITS, SCALE_BITS, SPARE_BITS, balanced, limbs_for};
use super::digits::Octets;
use super::kernel::{Kernel, Sum};
use super::reciprocal::{DIGIT_BITS, HALF_DIGIT_BITS, reciprocal};

/// A modulus, with what powers modulo it need, of the arithmetic of one level. At 2048 and 4096 bits it takes 1.8 and
/// 3.8 kB at the scalar level, 2.5 and 5.3 kB at that of `simd128`, 1.5 and 2.7 kB at that of relaxed SIMD.
#[derive(Clone, Debug)]
pub struct Modulus<K: Kernel> {
    barrett: Barrett<K>,
    /// The number, big-endian.
    bytes: Vec<u8>,
    bits: usize,
    /// How many bits up it is shifted.
    shift: usize,
}

impl<K: Kernel> Modulus<K> {
    /// The modulus of big-endian `bytes`; `None` when it is even, below 3 or too large, or begins with a zero byte.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let leading_zeros = usize::try_from(bytes.first()?.leading_zeros()).ok()?;
        let bits = bytes.len().checked_mul(8)?.checked_sub(leading_zeros)?;
        if bytes.last()? & 1 == 0 || leading_zeros == 8 || !(2..=MAX_BITS).contains(&bits) {
            return None;
        }
        let limbs = limbs_for::<K>(bits);
        let shifted_bits = limbs.checked_mul(K::LIMB_BITS)?.checked_sub(SPARE_BITS)?;
        let shift = shifted_bits.checked_sub(bits)?;
        let octets = Octets::from_big_endian(bytes);
        let digits = octets.to_digits(DIGIT_BITS, shift);
        // B^(2 L + 1) / 2^SCALE_BITS
        let exponent =
            limbs.checked_mul(2)?.checked_add(1)?.checked_mul(K::LIMB_BITS)?.checked_sub(SCALE_BITS as usize)?;
        let reciprocal = reciprocal(&digits, shifted_bits, exponent);
        let reciprocal = Octets::from_digits(&reciprocal, HALF_DIGIT_BITS, 0).to_digits(K::LIMB_BITS, 0);
        let reciprocal = limbs_of::<K>(&reciprocal, limbs.checked_add(1)?);
        let modulus = limbs_of::<K>(&octets.to_digits(K::LIMB_BITS, shift), limbs);
        let barrett = Barrett::new(modulus, reciprocal);
        Some(Self { barrett, bytes: bytes.to_vec(), bits, shift })
    }

    /// The size, in bits.
    pub const fn bits(&self) -> usize {
        self.bits
    }

    /// How many bytes a number below the modulus has.
    pub const fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// `base` to the power of an odd `exponent` from 3 on, big-endian as the result is; `None` when `base` has not the
    /// length of the modulus, or is not below it.
    pub fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        if base.len() != self.bytes() || base >= self.bytes.as_slice() || exponent & 1 == 0 || exponent < 3 {
            return None;
        }
        let octets = Octets::from_big_endian(base);
        let factor = |shift| {
            let limbs = octets.to_digits(K::LIMB_BITS, shift);
            balanced::<K>(&limbs_of::<K>(&limbs, self.barrett.limbs()))
        };
        let base = factor(0);
        let mut work = self.barrett.workspace(&base);
        let below_the_top = exponent.checked_ilog2()?;
        for bit in (1..below_the_top).rev() {
            self.barrett.square(&mut work);
            if exponent.wrapping_shr(bit) & 1 == 1 {
                self.barrett.multiply(&mut work, &base);
            }
        }
        self.barrett.square(&mut work);
        self.barrett.multiply(&mut work, &factor(self.shift));
        Some(self.bytes_of(work.residue()))
    }

    /// A residue that is shifted up, as a number from 0 to below the modulus.
    fn bytes_of(&self, residue: &[K::Sum]) -> Vec<u8> {
        let mut carry = 0_i64;
        let mask = const { (1 << K::LIMB_BITS) - 1 };
        // In two's complement, of which the last digit is the sign.
        let digits = residue.iter().map(|limb| limb.to_i64()).chain([0]).map(|limb| {
            let sum = limb.wrapping_add(carry);
            carry = sum >> K::LIMB_BITS;
            (sum & mask).cast_unsigned()
        });
        let digits: Vec<u64> = digits.collect();
        // Further up, to where a byte begins.
        let shift = self.shift.next_multiple_of(8);
        let octets = Octets::from_digits(&digits, K::LIMB_BITS, shift.wrapping_sub(self.shift));
        let octets = octets.bytes().get(shift / 8..).unwrap_or_default();
        let mut bytes = vec![0; self.bytes()];
        for (byte, octet) in bytes.iter_mut().rev().zip(octets) {
            *byte = *octet;
        }
        // No residue is as far from zero as the modulus is.
        if carry < 0 {
            let mut carry = 0;
            for (byte, n) in bytes.iter_mut().zip(&self.bytes).rev() {
                let sum = u16::from(*byte).wrapping_add(u16::from(*n)).wrapping_add(carry);
                [_, *byte] = sum.to_be_bytes();
                carry = sum.wrapping_shr(8);
            }
        }
        bytes
    }
}

/// The first `count` limbs.
#[inline(never)]
fn limbs_of<K: Kernel>(limbs: &[u64], count: usize) -> Vec<K::Sum> {
    let mut sums = vec![K::Sum::default(); count];
    for (sum, limb) in sums.iter_mut().zip(limbs) {
        *sum = K::Sum::from_i64(limb.cast_signed());
    }
    sums
}

#[cfg(test)]
mod tests;
