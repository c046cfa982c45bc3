//! Columns of which only the bounds are known. What runs on them has shown that it cannot overflow with any number within.

#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use core::ops::{Add, Mul, Sub};

use super::Column;

/// All integers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::crypto) struct Interval {
    low: i128,
    high: i128,
}

impl Interval {
    pub(in crate::crypto) fn new(low: i128, high: i128) -> Self {
        assert!(i64::try_from(low).is_ok() && i64::try_from(high).is_ok(), "{low} to {high} overflows");
        assert!(low <= high);
        Self { low, high }
    }

    pub(in crate::crypto) fn is_within(&self, other: &Self) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The least interval that has both in it.
    pub(in crate::crypto) fn union(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
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

    fn squared(self) -> Self {
        let product = self * self;
        Self::new(product.low.max(0), product.high)
    }

    fn without(self, part: Self) -> Self {
        Self::new(self.low - part.low, self.high - part.high)
    }

    fn crossed(self, a: [Self; 2], b: [Self; 2]) -> Self {
        // What is added is a number too. That it is not independent of the sum, its interval does not know.
        let _fits = (a[0] - a[1]) * (b[1] - b[0]);
        self.without(a[0] * b[0] + a[1] * b[1]) + (a[0] * b[1] + a[1] * b[0])
    }

    fn floor(self, bits: u32) -> (Self, Self) {
        let quotients = Self::new(self.low >> bits, self.high >> bits);
        let remainders = if quotients.low == quotients.high {
            let multiple = quotients.low << bits;
            Self::new(self.low - multiple, self.high - multiple)
        } else {
            Self::new(0, (1 << bits) - 1)
        };
        (remainders, quotients)
    }
}
