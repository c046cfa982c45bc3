//! Columns of which only the bounds are known. What runs on them has shown that it cannot overflow with any number within.

#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use core::ops::{Add, Mul, Sub};

use super::column::Column;
use super::field::{FieldElement, LIMBS};

/// All integers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    low: i128,
    high: i128,
}

impl Interval {
    pub(super) fn new(low: i128, high: i128) -> Self {
        assert!(i64::try_from(low).is_ok() && i64::try_from(high).is_ok(), "{low} to {high} overflows");
        assert!(low <= high);
        Self { low, high }
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The least interval that has both in it.
    pub(super) fn union(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
    }

    /// The quotients of a division by `2^bits`, when `more` is added before.
    fn quotients(self, more: i128, bits: u32) -> Self {
        Self::new((self.low + more) >> bits, (self.high + more) >> bits)
    }

    /// The remainders, of which the least possible is `-less`.
    fn remainders(self, quotients: Self, less: i128, bits: u32) -> Self {
        if quotients.low == quotients.high {
            let multiple = quotients.low << bits;
            return Self::new(self.low - multiple, self.high - multiple);
        }
        Self::new(-less, (1 << bits) - 1 - less)
    }
}

impl Add for Interval {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.high + other.high)
    }
}

impl Sub for Interval {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.low - other.high, self.high - other.low)
    }
}

impl Mul for Interval {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let ends = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        Self::new(ends.into_iter().min().unwrap(), ends.into_iter().max().unwrap())
    }
}

impl Column for Interval {
    type Limb = Self;

    fn constant(value: i32) -> Self {
        Self::new(value.into(), value.into())
    }

    fn of(limb: Self) -> Self {
        limb
    }

    fn limb(self) -> Self {
        assert!(i32::try_from(self.low).is_ok() && i32::try_from(self.high).is_ok(), "{self:?} is no limb");
        self
    }

    fn floor(self, bits: u32) -> (Self, Self) {
        let quotients = self.quotients(0, bits);
        (self.remainders(quotients, 0, bits), quotients)
    }

    fn round(self, bits: u32) -> (Self, Self) {
        let half = 1 << (bits - 1);
        let quotients = self.quotients(half, bits);
        (self.remainders(quotients, half, bits), quotients)
    }
}

impl FieldElement<Interval> {
    pub(super) fn union(&self, other: &Self) -> Self {
        Self(core::array::from_fn(|index| self.0[index].union(other.0[index])))
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        (0..LIMBS).all(|index| self.0[index].is_within(&other.0[index]))
    }
}
