//! What one level of arithmetic brings: how long its limbs are, how they lie in memory, and how columns of their
//! products are summed. All else (`barrett`, `modulus`) is the same for every level.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "sums, and what is carried to them, stay within their type: see `Barrett::BOUNDS`"
)]

use core::fmt::Debug;
use core::iter::{once, repeat};

/// The sums of products of limbs, column by column, and limbs themselves while they are carried.
pub trait Sum: Copy + Default + Debug {
    /// The largest number.
    const MAX: u128;

    /// The number itself, which is in range.
    fn from_i64(number: i64) -> Self;

    /// The number itself.
    fn to_i64(self) -> i64;

    /// `self * 2^bits + carry`.
    fn scaled(self, bits: u32, carry: Self) -> Self;

    /// `self + other`.
    fn plus(self, other: Self) -> Self;

    /// `self` divided by `2^bits`, rounded down, and what is left of it without `2^(bits - 1)`.
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
            fn scaled(self, bits: u32, carry: Self) -> Self {
                self * (1 << bits) + carry
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self + other
            }

            #[inline(always)]
            fn split(self, bits: usize) -> (Self, Self) {
                (self >> bits, (self & ((1 << bits) - 1)) - (1 << (bits - 1)))
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

    /// How much further from zero than half of the radix a limb may be.
    const SLACK: u128;

    /// How many columns are summed at a time; a multiple of twice [`Self::ROW_LIMBS`].
    const COLUMNS: usize;

    /// How many limbs of one factor are a row: 1 or 2.
    const ROW_LIMBS: usize;

    /// What the number of rows is a multiple of.
    const STEP: usize;

    /// The most rows whose products a column holds; half as many of limbs of twice the size. A multiple of
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

    /// Adds the products of `rows` and `columns` to `sums`, of which there is at least one more than [`Self::COLUMNS`]:
    /// a column hands what is beyond a limb to the next. If they are `fresh`, only the first one holds a number before:
    /// what the columns below handed on. The first row is multiplied with the first [`Self::COLUMNS`]
    /// of `columns`, the next one with as many from [`Self::ROW_LIMBS`] on, and so on. Adds those on the diagonal of a
    /// square as well, if there are any.
    fn accumulate(
        sums: &mut [Self::Sum],
        fresh: bool,
        rows: &[Self::Row],
        columns: &[Self::Column],
        diagonal: Option<Diagonal<'_, Self>>,
    );

    /// Makes `limbs` those of the number whose columns are `sums`, times `2^scale`, as far as there are any. None is
    /// further from zero than half of the radix and [`Self::SLACK`].
    #[inline(never)]
    fn carry(sums: &[Self::Sum], scale: u32, limbs: &mut [Self::Sum]) {
        let half = Self::Sum::from_i64(1 << (Self::LIMB_BITS - 1));
        let mut carry = Self::Sum::default();
        for (limb, sum) in limbs.iter_mut().zip(sums) {
            (carry, *limb) = sum.scaled(scale, half).plus(carry).split(Self::LIMB_BITS);
        }
    }

    /// Makes `rows`, the highest first, those of the limbs that [`Self::carry`] makes of `sums`, without the lowest
    /// `skipped` ones, an even number. `limbs` are for use on the way.
    #[inline(always)]
    fn carry_to_rows(sums: &[Self::Sum], scale: u32, skipped: usize, limbs: &mut [Self::Sum], rows: &mut [Self::Row]) {
        Self::carry(sums, scale, limbs);
        fill_rows::<Self>(rows, limbs.get(skipped..).unwrap_or_default());
    }

    /// Makes `limbs` those that [`Self::carry`] makes of `sums`, `rows` theirs, and `columns` those of twice the number.
    #[inline(always)]
    fn carry_to_factor(
        sums: &[Self::Sum],
        limbs: &mut [Self::Sum],
        rows: &mut [Self::Row],
        columns: &mut [Self::Column],
    ) {
        Self::carry(sums, 0, limbs);
        fill_rows::<Self>(rows, limbs);
        fill_columns::<Self>(columns, limbs, 1);
    }
}

/// The rows of `limbs`, the highest first, and of zeros above them.
#[inline(never)]
pub(super) fn fill_rows<K: Kernel>(rows: &mut [K::Row], limbs: &[K::Sum]) {
    let mut rows = rows.iter_mut().rev();
    let mut chunks = limbs.chunks_exact(K::ROW_LIMBS);
    for (limbs, row) in chunks.by_ref().zip(rows.by_ref()) {
        if let ([limb, ..], [.., above]) = (limbs, limbs) {
            *row = K::row(*limb, *above);
        }
    }
    let rest = chunks.remainder().first().copied().unwrap_or_default();
    for (row, limb) in rows.zip(once(rest).chain(repeat(K::Sum::default()))) {
        *row = K::row(limb, K::Sum::default());
    }
}

/// The columns of `limbs` times `2^scale`.
#[inline(never)]
pub(super) fn fill_columns<K: Kernel>(columns: &mut [K::Column], limbs: &[K::Sum], scale: u32) {
    let scaled = |limb: &K::Sum| limb.scaled(scale, K::Sum::default());
    let (Some((lowest, columns)), Some((first, above))) = (columns.split_first_mut(), limbs.split_first()) else {
        return;
    };
    *lowest = K::column(scaled(first), K::Sum::default());
    for ((column, limb), below) in columns.iter_mut().zip(above).zip(limbs) {
        *column = K::column(scaled(limb), scaled(below));
    }
    if let (Some(highest), Some(last)) = (columns.get_mut(above.len()), limbs.last()) {
        *highest = K::column(K::Sum::default(), scaled(last));
    }
}

/// What there is in a group of sums before: where they are `fresh`, only the first one has been handed something.
#[inline(always)]
pub(super) fn before<S: Copy + Default, const N: usize>(sums: &[S; N], fresh: bool) -> [S; N] {
    let mut before = *sums;
    if let (true, [_, above @ ..]) = (fresh, before.as_mut_slice()) {
        above.fill(S::default());
    }
    before
}

/// What a group of columns has on the diagonal of a square, where the limb of a row meets itself. Before that a row
/// meets nothing: those products are of rows that are below, and stand twice in the square.
pub struct Diagonal<'a, K: Kernel> {
    /// The rows, the highest first. Each begins twice [`Kernel::ROW_LIMBS`] columns after the one below.
    pub rows: &'a [K::Row],
    /// The columns of twice the limbs that the lowest row begins with. Each next one begins with so many later as a row
    /// has limbs, and with a corner: its own limbs are single.
    pub columns: &'a [K::Column],
}

/// Calls `each` with the number of a vector of columns, a row, and the columns that it is multiplied with, and whether
/// these are a corner: of every row and each of the vectors, as [`Kernel::accumulate`] describes them. The number of
/// rows is a multiple of `STEP`.
#[inline(always)]
pub(super) fn for_each_product<K: Kernel, const STEP: usize, const LANES: usize>(
    rows: &[K::Row],
    mut columns: &[K::Column],
    diagonal: Option<Diagonal<'_, K>>,
    mut each: impl FnMut(usize, K::Row, &[K::Column; LANES], bool),
) {
    for rows in rows.as_chunks::<STEP>().0 {
        let Some(mut windows) = columns.get(..K::ROW_LIMBS * (STEP - 1) + K::COLUMNS) else { return };
        for row in rows {
            for (vector, columns) in windows.as_chunks().0.iter().take(K::COLUMNS / LANES).enumerate() {
                each(vector, *row, columns, false);
            }
            windows = windows.get(K::ROW_LIMBS..).unwrap_or_default();
        }
        columns = columns.get(K::ROW_LIMBS * STEP..).unwrap_or_default();
    }
    let Some(Diagonal { rows, columns }) = diagonal else { return };
    let Some(mut columns) = columns.get(..K::COLUMNS) else { return };
    for (index, row) in rows.iter().rev().take(K::COLUMNS / LANES).enumerate() {
        for (vector, columns) in columns.as_chunks().0.iter().take(K::COLUMNS / LANES - index).enumerate() {
            each(index + vector, *row, columns, vector == 0);
        }
        columns = columns.get(K::ROW_LIMBS..).unwrap_or_default();
    }
}
