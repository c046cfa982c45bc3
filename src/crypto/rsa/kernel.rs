//! What one level of arithmetic brings: how long its limbs are, how they lie in memory, and how columns of their products
//! are summed. All else ([`super::barrett`], [`super::modulus`]) is the same for every level.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "sums, and what is carried to them, stay within their type: see `Barrett::BOUNDS`"
)]

use core::fmt::Debug;

/// The sums of products of limbs, column by column, and limbs themselves while they are carried.
pub trait Sum: Copy + Default + Debug {
    /// The largest number.
    const MAX: u128;

    /// The number itself, which is in range.
    fn from_i64(number: i64) -> Self;

    /// The number itself.
    fn to_i64(self) -> i64;

    /// `self * 2^bits + carry`.
    fn scaled(self, bits: usize, carry: Self) -> Self;

    /// `self` divided by `2^bits`, rounded to nearest, and what is left of it: from `-2^(bits - 1)` to below `2^(bits - 1)`.
    fn split(self, bits: usize) -> (Self, Self);

    /// `-self`.
    fn negated(self) -> Self;
}

macro_rules! impl_sum {
    ($integer:ty) => {
        impl Sum for $integer {
            const MAX: u128 = Self::MAX as u128;

            fn from_i64(number: i64) -> Self {
                Self::try_from(number).unwrap_or_default()
            }

            #[inline(always)]
            fn to_i64(self) -> i64 {
                i64::from(self)
            }

            #[inline(always)]
            fn scaled(self, bits: usize, carry: Self) -> Self {
                self * (1 << bits) + carry
            }

            #[inline(always)]
            fn split(self, bits: usize) -> (Self, Self) {
                let carry = (self + (1 << (bits - 1))) >> bits;
                (carry, self - (carry << bits))
            }

            fn negated(self) -> Self {
                -self
            }
        }
    };
}

impl_sum!(i32);
impl_sum!(i64);

/// A level: numbers are limbs of [`Self::LIMB_BITS`] bits with signs, the lowest first.
pub trait Kernel: Debug + Clone + Copy {
    /// The size of a limb, in bits.
    const LIMB_BITS: usize;

    /// How many columns are summed at a time; a multiple of twice [`Self::ROW_LIMBS`].
    const COLUMNS: usize;

    /// How many limbs of one factor are a row: 1 or 2.
    const ROW_LIMBS: usize;

    /// What the number of rows is a multiple of.
    const STEP: usize;

    /// The most rows whose products a column holds; half as many of limbs of twice the size. A multiple of twice
    /// [`Self::STEP`].
    const MAX_ROWS: usize;

    /// Proves that the sums of [`Self::MAX_ROWS`] rows do not leave their type, when it is compiled.
    const EXACT: ();

    /// A column's sum.
    type Sum: Sum;

    /// [`Self::ROW_LIMBS`] limbs of the factor whose limbs are multiplied with whole windows of the other.
    type Row: Copy + Default + Debug;

    /// A limb of the other factor, with those below it that a row of so many limbs meets in the same column.
    type Column: Copy + Default + Debug;

    /// The row of `limb` and of the one above it.
    fn row(limb: Self::Sum, above: Self::Sum) -> Self::Row;

    /// The column of `limb` and of the one below it.
    fn column(limb: Self::Sum, below: Self::Sum) -> Self::Column;

    /// Adds the products of `rows` and `columns` to `sums`, of which there is at least one more than [`Self::COLUMNS`]: a column
    /// hands what is beyond a limb to the next. The first row is multiplied with the first [`Self::COLUMNS`] of `columns`, the
    /// next one with as many from [`Self::ROW_LIMBS`] on, and so on.
    fn accumulate(sums: &mut [Self::Sum], rows: &[Self::Row], columns: &[Self::Column]);

    /// The same, where each row has [`Self::COLUMNS`] of its own.
    fn accumulate_apart(sums: &mut [Self::Sum], rows: &[Self::Row], columns: &[Self::Column]);
}

/// Calls `each` with every row and the columns that it is multiplied with, of which those of the next one begin `slide` after. The
/// number of rows is a multiple of `STEP`.
#[inline(always)]
pub(super) fn for_each_window<const STEP: usize, const COLUMNS: usize, R, C>(
    rows: &[R],
    mut columns: &[C],
    slide: usize,
    mut each: impl FnMut(&R, &[C; COLUMNS]),
) {
    for rows in rows.as_chunks::<STEP>().0 {
        let length = slide.wrapping_mul(STEP.wrapping_sub(1)).wrapping_add(COLUMNS);
        let Some(mut windows) = columns.get(..length) else { return };
        for row in rows {
            let Some(window) = windows.first_chunk() else { return };
            each(row, window);
            windows = windows.get(slide..).unwrap_or_default();
        }
        columns = columns.get(slide.wrapping_mul(STEP)..).unwrap_or_default();
    }
}
