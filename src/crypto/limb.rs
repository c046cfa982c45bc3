//! Limbs, which are the digits of a number, and the columns that their products are summed in.
//!
//! A verifier computes with `i32` and `i64`. The tests run the same code on intervals, to prove that no limb and no column can
//! leave its integer, whatever the numbers are.

#![expect(clippy::arithmetic_side_effects, reason = "the interval analysis of each field bounds every column")]

use core::fmt::Debug;
use core::ops::{Add, Mul, Sub};

/// A sum of products of limbs. The arithmetic of a field is written once over this trait: `i64` computes, and in the tests an
/// interval shows by the very same code that no sum of `i64` can overflow.
pub(super) trait Column: Copy + Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// A column as it is held in memory. It may be negative, and larger than a digit of a reduced number is.
    type Limb: Copy + Debug;

    /// The column of a number that is known.
    fn constant(value: i32) -> Self;

    /// The column of a limb.
    fn of(limb: Self::Limb) -> Self;

    /// The column as a limb, which it must fit.
    fn limb(self) -> Self::Limb;

    /// `self^2`
    fn squared(self) -> Self;

    /// What is left of a sum without a part of it.
    fn without(self, part: Self) -> Self;

    /// A sum of products that has `a_i * b_i + a_j * b_j` in it, with `a_i * b_j + a_j * b_i` in their place: by one product
    /// (Karatsuba's way; Scott: Missing a trick, 2015).
    fn crossed(self, a: [Self; 2], b: [Self; 2]) -> Self;

    /// The remainder and the quotient of a division by `2^bits`, rounded down: the remainder is not negative.
    fn floor(self, bits: u32) -> (Self, Self);
}

impl Column for i64 {
    type Limb = i32;

    #[inline(always)]
    fn constant(value: i32) -> Self {
        Self::from(value)
    }

    #[inline(always)]
    fn of(limb: i32) -> Self {
        Self::from(limb)
    }

    #[inline(always)]
    fn limb(self) -> i32 {
        debug_assert!(i32::try_from(self).is_ok(), "{self} is no limb");
        truncated(self)
    }

    #[inline(always)]
    fn squared(self) -> Self {
        self * self
    }

    #[inline(always)]
    fn without(self, part: Self) -> Self {
        self - part
    }

    #[inline(always)]
    fn crossed(self, a: [Self; 2], b: [Self; 2]) -> Self {
        self + (a[0] - a[1]) * (b[1] - b[0])
    }

    #[inline(always)]
    fn floor(self, bits: u32) -> (Self, Self) {
        (self & mask(bits), self >> bits)
    }
}

/// The low `bits` of a column, at most 31.
#[inline(always)]
pub(super) const fn low(column: i64, bits: u32) -> i32 {
    truncated(column & mask(bits))
}

/// The largest number of so many bits.
pub(super) const fn mask(bits: u32) -> i64 {
    (1_i64 << bits).wrapping_sub(1)
}

/// The low 32 bits of a column.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the high bits are those that no caller wants")]
pub(super) const fn truncated(column: i64) -> i32 {
    column as i32
}

/// `1 / odd` modulo `2^bits`
#[cfg(any(feature = "kernel-p256", feature = "kernel-p384"))]
pub(super) const fn inverse(odd: i32, bits: u32) -> i64 {
    let mut inverse = 1_i64;
    // Each of Newton's steps doubles the bits that are right.
    let mut right = 1;
    while right < bits {
        let error = inverse.wrapping_mul(odd as i64);
        inverse = inverse.wrapping_mul(2_i64.wrapping_sub(error)) & mask(bits);
        right *= 2;
    }
    inverse
}

#[cfg(test)]
pub(super) mod interval;
