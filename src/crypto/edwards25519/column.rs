//! The integers in which field elements are computed.

#![expect(clippy::arithmetic_side_effects, reason = "the interval analysis bounds every column")]

use core::fmt::Debug;
use core::ops::{Add, Mul, Sub};

/// A sum of products of limbs. Arithmetic is written once over this trait: `i64` computes, and in the tests an interval
/// shows by the very same code that no sum of `i64` can overflow.
pub(super) trait Column: Copy + Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// A column as it is held in memory.
    type Limb: Copy + Debug;

    /// The column of a number that is known.
    fn constant(value: i32) -> Self;

    /// The column of a limb.
    fn of(limb: Self::Limb) -> Self;

    /// The column as a limb, which it must fit.
    fn limb(self) -> Self::Limb;

    /// The remainder and the quotient of a division by `2^bits`, rounded down: the remainder is not negative.
    fn floor(self, bits: u32) -> (Self, Self);

    /// The remainder and the quotient of a division by `2^bits`, rounded to the nearest: the remainder is the smallest.
    fn round(self, bits: u32) -> (Self, Self);
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
    #[expect(clippy::cast_possible_truncation, reason = "the interval analysis asserts that limbs fit")]
    fn limb(self) -> i32 {
        debug_assert!(i32::try_from(self).is_ok(), "{self} is no limb");
        self as i32
    }

    #[inline(always)]
    fn floor(self, bits: u32) -> (Self, Self) {
        (self & ((1 << bits) - 1), self >> bits)
    }

    #[inline(always)]
    fn round(self, bits: u32) -> (Self, Self) {
        let quotient = (self + (1 << (bits - 1))) >> bits;
        (self - (quotient << bits), quotient)
    }
}
