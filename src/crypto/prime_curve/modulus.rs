//! Numbers modulo a prime, as limbs: the field's prime, or the order of the curve.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "indices are below the length of an array; columns are bounded by an assertion at compile time"
)]

use core::marker::PhantomData;

use super::field::{Field, MAX_LIMBS};
use crate::crypto::inverse::{Prime, inverse};
use crate::crypto::limb::{self, low, mask, truncated};

/// The least non-negative residue of a number, the lowest limb first.
pub(super) type Residue<const L: usize> = [i32; L];

/// An odd prime, with what Montgomery's reduction needs.
#[derive(Clone, Copy, Debug)]
pub struct Modulus<F, const L: usize> {
    /// The prime.
    pub(super) limbs: Residue<L>,
    /// The inverse of the prime modulo a limb.
    inverse: i64,
    /// `R` modulo the prime, where `R` is 2 to the power of all bits of all limbs.
    pub(super) r: Residue<L>,
    /// `R^2` modulo the prime.
    pub(super) r_squared: Residue<L>,
    field: PhantomData<F>,
}

impl<F: Field<L>, const L: usize> Modulus<F, L> {
    /// How many bits the limbs have together.
    pub(super) const BITS: u32 = {
        // A column of a Montgomery product has 2 * L products of limbs, and what the column before it left.
        let limb = mask(F::LIMB_BITS) as i128;
        assert!(2 * (L as i128) * limb * limb + (i64::MAX >> F::LIMB_BITS) as i128 <= i64::MAX as i128);
        assert!(F::BYTES * 8 < L * F::LIMB_BITS as usize);
        let (mut bits, mut limb) = (0, 0);
        while limb < L {
            bits += F::LIMB_BITS;
            limb += 1;
        }
        bits
    };

    /// The prime of big-endian bytes.
    pub(super) const fn new(bytes: &[u8]) -> Self {
        let limbs = Self::parse(bytes);
        let inverse = limb::inverse(limbs[0], F::LIMB_BITS);
        let mut modulus = Self { limbs, inverse, r: [0; L], r_squared: [0; L], field: PhantomData };
        let mut one = [0; L];
        one[0] = 1;
        modulus.r = modulus.shifted(one, Self::BITS);
        modulus.r_squared = modulus.shifted(modulus.r, Self::BITS);
        modulus
    }

    /// The limbs of a big-endian number of at most the size of the field.
    pub(super) const fn parse(bytes: &[u8]) -> [i32; L] {
        let mut limbs = [0; L];
        let (mut held, mut bits, mut limb, mut byte) = (0_i64, 0, 0, bytes.len());
        while limb < L {
            while bits < F::LIMB_BITS && byte > 0 {
                byte -= 1;
                held |= (bytes[byte] as i64) << bits;
                bits += 8;
            }
            limbs[limb] = low(held, F::LIMB_BITS);
            held >>= F::LIMB_BITS;
            bits = bits.saturating_sub(F::LIMB_BITS);
            limb += 1;
        }
        limbs
    }

    /// Whether a number is a residue.
    pub(super) const fn exceeds(&self, number: &[i32; L]) -> bool {
        let mut limb = L;
        while limb > 0 {
            limb -= 1;
            if number[limb] != self.limbs[limb] {
                return number[limb] < self.limbs[limb];
            }
        }
        false
    }

    /// The residue of a number below twice the modulus.
    pub(super) const fn reduced(&self, number: [i32; L]) -> Residue<L> {
        if self.exceeds(&number) { number } else { self.combined(&number, 1, -1) }
    }

    /// `sign * number + times * modulus`. Its limbs but the last are not negative.
    pub(super) const fn combined(&self, number: &[i32; L], sign: i64, times: i64) -> [i32; L] {
        let mut sum = [0; L];
        let mut column = 0;
        let mut limb = 0;
        while limb < L {
            column += sign * number[limb] as i64 + times * self.limbs[limb] as i64;
            sum[limb] = if limb + 1 < L { low(column, F::LIMB_BITS) } else { truncated(column) };
            column >>= F::LIMB_BITS;
            limb += 1;
        }
        sum
    }

    /// A residue times 2 to the power of `bits`.
    pub(super) const fn shifted(&self, mut residue: Residue<L>, bits: u32) -> Residue<L> {
        let mut bit = 0;
        while bit < bits {
            let mut carry = 0;
            let mut limb = 0;
            while limb < L {
                let doubled = 2 * residue[limb] as i64 + carry;
                residue[limb] = low(doubled, F::LIMB_BITS);
                carry = doubled >> F::LIMB_BITS;
                limb += 1;
            }
            residue = self.reduced(residue);
            bit += 1;
        }
        residue
    }

    /// `a * b / R`, for non-negative numbers of which one is a residue, and the other below `R`.
    #[inline(never)]
    pub(super) fn product(&self, a: &[i32; L], b: &[i32; L]) -> Residue<L> {
        let mut columns = [0_i64; 2 * MAX_LIMBS];
        for row in 0..L {
            for column in 0..L {
                columns[row + column] += i64::from(a[row]) * i64::from(b[column]);
            }
            // A multiple of the modulus that makes the lowest limb zero.
            let multiple = low(columns[row].wrapping_mul(self.inverse).wrapping_neg(), F::LIMB_BITS);
            for column in 0..L {
                columns[row + column] += i64::from(multiple) * i64::from(self.limbs[column]);
            }
            columns[row + 1] += columns[row] >> F::LIMB_BITS;
        }
        let mut product = [0; L];
        let mut carry = 0;
        for limb in 0..L {
            carry += columns[L + limb];
            product[limb] = low(carry, F::LIMB_BITS);
            carry >>= F::LIMB_BITS;
        }
        self.reduced(product)
    }

    /// `R / residue`; `None` when the residue is zero.
    #[inline(never)]
    pub(super) fn inverse(&self, residue: &Residue<L>) -> Option<Residue<L>> {
        if *residue == [0; L] {
            return None;
        }
        let Some(inverse) = inverse(self, residue) else {
            return Some(self.inverse_by_power(residue));
        };
        let mut inverse = self.combined(&inverse, 1, 0);
        if inverse[L - 1] < 0 {
            inverse = self.combined(&inverse, 1, 1);
        }
        Some(self.product(&inverse, &self.r_squared))
    }

    /// `residue^(p - 2) R`, which is `R / residue` (Fermat).
    #[inline(never)]
    pub(super) fn inverse_by_power(&self, residue: &Residue<L>) -> Residue<L> {
        let mut two = [0; L];
        two[0] = 2;
        let exponent = self.combined(&two, -1, 1);
        let base = self.product(residue, &self.r_squared);
        let mut power = self.r;
        for limb in exponent.iter().rev() {
            for bit in (0..F::LIMB_BITS).rev() {
                power = self.product(&power, &power);
                if (limb >> bit) & 1 == 1 {
                    power = self.product(&power, &base);
                }
            }
        }
        power
    }
}

impl<F: Field<L>, const L: usize> Prime<L> for Modulus<F, L> {
    const LIMB_BITS: u32 = F::LIMB_BITS;

    #[inline(always)]
    fn limbs(&self) -> &[i32; L] {
        &self.limbs
    }
}

/// The bytes of a number in hexadecimal digits.
pub(super) const fn hex<const N: usize>(digits: &str) -> [u8; N] {
    let digits = digits.as_bytes();
    assert!(digits.len() == 2 * N);
    let mut bytes = [0; N];
    let mut digit = 0;
    while digit < digits.len() {
        let value = match digits[digit] {
            letter @ b'a'..=b'f' => letter - b'a' + 10,
            decimal => decimal - b'0',
        };
        bytes[digit / 2] = bytes[digit / 2] << 4 | value;
        digit += 1;
    }
    bytes
}
