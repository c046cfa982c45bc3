//! What the field's arithmetic is written for: limbs, and the columns that their products are summed in.
//!
//! A verifier computes with `i32` and `i64`. The tests run the same code with intervals, to prove that no limb and no
//! column can leave its integer, whatever the numbers are.

/// A digit of a number. It may be negative, and larger than a digit of a reduced number is.
pub(super) trait Limb: Copy {
    /// What products of limbs are summed in.
    type Column: Column<Limb = Self>;
    /// Zero.
    const ZERO: Self;

    /// A constant.
    fn new(limb: i32) -> Self;

    /// The sum of two limbs, without a carry.
    fn plus(self, other: Self) -> Self;

    /// The difference of two limbs, without a borrow.
    fn minus(self, other: Self) -> Self;

    /// The product of two limbs.
    fn times(self, other: Self) -> Self::Column;

    /// The square of a limb.
    fn squared(self) -> Self::Column;

    /// The limb as a column.
    fn widen(self) -> Self::Column;
}

/// The sum of all products that have the same weight.
pub(super) trait Column: Copy {
    /// The limbs that are multiplied.
    type Limb;
    /// Zero.
    const ZERO: Self;

    /// The sum of two columns.
    fn plus(self, other: Self) -> Self;

    /// The difference of two columns.
    fn minus(self, other: Self) -> Self;

    /// The column times a power of two.
    fn shifted(self, bits: u32) -> Self;

    /// The low `bits`, which are not negative, and what they leave to the next column.
    fn split(self, bits: u32) -> (Self::Limb, Self);

    /// A column that is known to have the size of a limb.
    fn narrow(self) -> Self::Limb;
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "`tests/intervals.rs` runs every formula on the bounds of its numbers"
)]
impl Limb for i32 {
    type Column = i64;
    const ZERO: Self = 0;

    #[inline(always)]
    fn new(limb: i32) -> Self {
        limb
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }

    #[inline(always)]
    fn times(self, other: Self) -> i64 {
        i64::from(self) * i64::from(other)
    }

    #[inline(always)]
    fn squared(self) -> i64 {
        self.times(self)
    }

    #[inline(always)]
    fn widen(self) -> i64 {
        i64::from(self)
    }
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "`tests/intervals.rs` runs every formula on the bounds of its numbers"
)]
impl Column for i64 {
    type Limb = i32;
    const ZERO: Self = 0;

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }

    #[inline(always)]
    fn shifted(self, bits: u32) -> Self {
        self * (1 << bits)
    }

    #[inline(always)]
    fn split(self, bits: u32) -> (i32, Self) {
        (low(self, bits), self >> bits)
    }

    #[inline(always)]
    fn narrow(self) -> i32 {
        debug_assert!(i32::try_from(self).is_ok(), "no limb: {self}");
        truncated(self)
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
