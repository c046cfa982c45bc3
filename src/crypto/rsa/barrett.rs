//! Barrett's reduction with two half products, of limbs with signs.
//!
//! `B` is the radix, `2^LIMB_BITS`. The modulus `m` has `L` limbs, and leaves [`SPARE_BITS`] of their bits: it is from
//! 1/16 to 1/8 of `B^L`. A residue is any number of the right class from `-17/32 m` to `17/32 m`. Of `x`, the product of
//! two residues,
//!
//! - `t` is `32 x / B^L`, with two limbs below the point ([`GUARDS`]),
//! - `q` is `t * mu / B^L` rounded to nearest, where `mu` is `B^2L / 32 m` with one limb below the point: computed are
//!   only the columns from `B^-2` up,
//! - the residue is `x - q m`, of which only the `L` lower columns are computed.
//!
//! Were all columns below the point left out, `q` would miss by many units: the sum of a column has `log2 L` bits more
//! than two limbs. With two columns of guards it misses by less than 1/32 of one, besides what it is rounded by.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "indices are those of limbs, of at most MAX_BITS, and of a padding that is wider than what any of them is \
              moved by; what sums hold is asserted by `Barrett::BOUNDS` and `Kernel::EXACT`"
)]

use alloc::vec;
use alloc::vec::Vec;
use core::iter::{once, repeat};

use super::kernel::{Diagonal, Kernel, SLACK, Sum};
pub(super) use crate::crypto::kernel::MAX_MODULUS_BITS as MAX_BITS;

/// How many bits of its limbs the modulus leaves unused.
pub(super) const SPARE_BITS: usize = 3;

/// `t` is `x` times 2 to this, so that it and `mu` fill their limbs.
pub(super) const SCALE_BITS: u32 = 5;

/// How many limbs, and columns, below the point the quotient is computed from.
pub(super) const GUARDS: usize = 2;

/// A modulus with its reciprocal.
#[derive(Clone, Debug)]
pub(super) struct Barrett<K: Kernel> {
    limbs: usize,
    /// The columns of `-m`.
    negated: Vec<K::Column>,
    /// The columns of `mu`.
    reciprocal: Vec<K::Column>,
}

/// What a product is computed in.
pub(super) struct Workspace<K: Kernel> {
    sums: Vec<K::Sum>,
    quotient: Vec<K::Sum>,
    rows: Vec<K::Row>,
    columns: Vec<K::Column>,
    limbs: Vec<K::Sum>,
}

impl<K: Kernel> Barrett<K> {
    /// How many zeros there are beyond either end of a factor: a group of columns, and the limbs of the rows that round
    /// a number of rows up.
    const PADDING: usize = K::COLUMNS + K::ROW_LIMBS * K::STEP;

    /// How many rows a group of columns has on the diagonal of a square.
    const DIAGONAL_ROWS: usize = K::COLUMNS / 2 / K::ROW_LIMBS;

    /// The most rows of twice the size, besides those on the diagonal, whose products a column holds.
    const MAX_ROWS_DOUBLED: usize = (K::MAX_ROWS / 2 - Self::DIAGONAL_ROWS) / K::STEP * K::STEP;

    /// The bounds that the documentation of the module and of [`Kernel`] names.
    const BOUNDS: () = {
        let () = K::EXACT;
        assert!(K::COLUMNS.is_multiple_of(2 * K::ROW_LIMBS) && K::MAX_ROWS.is_multiple_of(K::STEP));
        let radix = 1_u128 << K::LIMB_BITS;
        let limbs = limbs_for::<K>(MAX_BITS) as u128;
        // A limb of a row adds a quarter of the radix to the next column, and no more than half of it to its own: where
        // that is split only after many rows, no more than the radix for all of these. It is a little more as limbs may
        // have some slack.
        let slack = limbs * SLACK * 2;
        assert!(((limbs * 3 / 4 * radix + slack) << SCALE_BITS) + radix <= K::Sum::MAX);
        // By how many times `B^-1` `q` misses what it is to be rounded from: for each product in the first column of `t
        // * mu` below the guards by 1/4, for the columns below that one by less than 1, for those of `x` below `t`,
        // times `mu`, by less than 1, for what `mu` misses by less than 1, for the slack of the limbs below the point.
        assert!(((limbs * 3 / 4) << SCALE_BITS) / 2 < radix);
        assert!(GUARDS == 2 && (limbs.div_ceil(4) + 4 + SLACK) * 32 < radix);
        // What is in all limbs is less than half of them hold, so that nothing is carried beyond the last: a residue
        // and the modulus are, and so is `t`, which is largest where the other factor is as large as the modulus.
        assert!(17 << SCALE_BITS < 32 << (2 * SPARE_BITS - 1));
    };

    /// The modulus `m`, and its reciprocal `mu`, of limbs from 0 to below the radix.
    pub(super) fn new(modulus: Vec<K::Sum>, reciprocal: Vec<K::Sum>) -> Self {
        let () = Self::BOUNDS;
        let limbs = modulus.len();
        let mut negated = balanced::<K>(&modulus);
        for limb in &mut negated {
            *limb = limb.negated();
        }
        Self { limbs, negated: columns_of::<K>(&negated), reciprocal: columns_of::<K>(&balanced::<K>(&reciprocal)) }
    }

    /// How many limbs a residue has.
    pub(super) const fn limbs(&self) -> usize {
        self.limbs
    }

    /// What products modulo this modulus are computed in.
    pub(super) fn workspace(&self) -> Workspace<K> {
        let sums = |columns: usize| vec![K::Sum::default(); columns.next_multiple_of(K::COLUMNS) + 1];
        let rows = (self.limbs + GUARDS).div_ceil(K::ROW_LIMBS) + 2 * Self::PADDING;
        Workspace {
            sums: sums(2 * self.limbs),
            quotient: sums(self.limbs + GUARDS),
            rows: vec![K::Row::default(); rows],
            columns: empty_columns::<K>(self.limbs),
            limbs: vec![K::Sum::default(); self.limbs + 2 * GUARDS],
        }
    }

    /// Makes `a` the residue of `a * b`.
    pub(super) fn multiply(&self, work: &mut Workspace<K>, a: &mut [K::Sum], b: &[K::Sum]) {
        self.sum_products(work, a, b);
        self.reduce(work, a);
    }

    /// Makes `a` the residue of `a * a`.
    pub(super) fn square(&self, work: &mut Workspace<K>, a: &mut [K::Sum]) {
        self.sum_squares(work, a);
        self.reduce(work, a);
    }

    /// Makes the sums the columns of `a * b`.
    fn sum_products(&self, work: &mut Workspace<K>, a: &[K::Sum], b: &[K::Sum]) {
        fill_rows::<K>(&mut work.rows, a);
        fill_columns::<K>(&mut work.columns, b, 0);
        work.sums.fill(K::Sum::default());
        for column in (0..2 * self.limbs).step_by(K::COLUMNS) {
            let first = (column + 1).saturating_sub(self.limbs);
            let end = (column + K::COLUMNS).min(self.limbs);
            sweep::<K>(group::<K>(&mut work.sums, column), &work.rows, &work.columns, column, first, end);
        }
    }

    /// Makes the sums the columns of `a * a`, in which each product of two different limbs stands twice.
    fn sum_squares(&self, work: &mut Workspace<K>, a: &[K::Sum]) {
        fill_rows::<K>(&mut work.rows, a);
        fill_columns::<K>(&mut work.columns, a, 1);
        work.sums.fill(K::Sum::default());
        for column in (0..2 * self.limbs).step_by(K::COLUMNS) {
            // Limb `i` meets itself in column `2 i`: the rows before this one have passed that in each column of the
            // group.
            let middle = column / 2;
            let end = middle / K::ROW_LIMBS;
            let first = (column + 1).saturating_sub(self.limbs).min(middle);
            let count = (middle - first).div_ceil(K::ROW_LIMBS).next_multiple_of(K::STEP);
            let start = work.rows.len() - Self::PADDING - end - Self::DIAGONAL_ROWS;
            let diagonal = Diagonal {
                rows: part(&work.rows, start, Self::DIAGONAL_ROWS),
                columns: part(&work.columns, Self::PADDING + middle, K::COLUMNS),
            };
            let sums = group::<K>(&mut work.sums, column);
            accumulate::<K>(sums, &work.rows, &work.columns, column, end, count, Some(diagonal));
        }
    }

    /// Makes `residue` that of the number whose columns are the sums.
    fn reduce(&self, work: &mut Workspace<K>, residue: &mut [K::Sum]) {
        let limbs = self.limbs;
        let Workspace { sums, quotient, rows, limbs: carried, .. } = work;
        let carried = carried.as_mut_slice();
        K::carry(part(sums, limbs - GUARDS, limbs + GUARDS), SCALE_BITS, carried);
        fill_rows::<K>(rows, carried);
        quotient.fill(K::Sum::default());
        for column in (0..limbs + GUARDS).step_by(K::COLUMNS) {
            // Limbs of `t` and `mu` begin at `B^-(GUARDS + 1)`.
            let at = column + limbs + 1;
            sweep::<K>(group::<K>(quotient, column), rows, &self.reciprocal, at, at - limbs, limbs + GUARDS);
        }
        K::carry(quotient, 0, carried);
        fill_rows::<K>(rows, part(carried, GUARDS, limbs));
        for column in (0..limbs).step_by(K::COLUMNS) {
            let end = (column + K::COLUMNS).min(limbs);
            sweep::<K>(group::<K>(sums, column), rows, &self.negated, column, 0, end);
        }
        K::carry(sums, 0, residue);
    }
}

/// How many limbs the modulus of so many bits has, and no fewer than there are guards for. A number of as many bits is
/// at most half of the modulus that is shifted up to [`SPARE_BITS`].
pub(super) const fn limbs_for<K: Kernel>(bits: usize) -> usize {
    let limbs = (bits + SPARE_BITS + 1).div_ceil(K::LIMB_BITS);
    if limbs <= GUARDS { GUARDS + 1 } else { limbs }
}

/// The same number, of limbs from minus to plus half of the radix. The highest one takes all that is carried to it.
#[inline(never)]
pub(super) fn balanced<K: Kernel>(limbs: &[K::Sum]) -> Vec<K::Sum> {
    let mut balanced = vec![K::Sum::default(); limbs.len() + 1];
    K::carry(&[limbs, &[K::Sum::default()]].concat(), 0, &mut balanced);
    let carry = balanced.pop().unwrap_or_default();
    if let Some(top) = balanced.last_mut() {
        *top = K::Sum::from_i64((carry.to_i64() << K::LIMB_BITS) + top.to_i64());
    }
    balanced
}

/// So many of `all` from `start`: none at all if there are fewer.
fn part<T>(all: &[T], start: usize, length: usize) -> &[T] {
    debug_assert!(start + length <= all.len(), "padding is too short");
    all.get(start..).and_then(|rest| rest.get(..length)).unwrap_or_default()
}

/// The columns from this one on.
fn group<K: Kernel>(sums: &mut [K::Sum], column: usize) -> &mut [K::Sum] {
    debug_assert!(column + K::COLUMNS < sums.len(), "there are too few columns");
    sums.get_mut(column..).unwrap_or_default()
}

/// The rows of `limbs`, the highest first, and of zeros above them.
#[inline(never)]
fn fill_rows<K: Kernel>(rows: &mut [K::Row], limbs: &[K::Sum]) {
    let end = rows.len() - Barrett::<K>::PADDING;
    let mut rows = rows.get_mut(Barrett::<K>::PADDING..end).unwrap_or_default().iter_mut().rev();
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

/// The padding for the columns of so many limbs, and of one more, that a row of two limbs reaches to.
fn empty_columns<K: Kernel>(limbs: usize) -> Vec<K::Column> {
    vec![K::Column::default(); limbs + 1 + 2 * Barrett::<K>::PADDING]
}

/// The columns of `limbs`.
#[inline(never)]
fn columns_of<K: Kernel>(limbs: &[K::Sum]) -> Vec<K::Column> {
    let mut columns = empty_columns::<K>(limbs.len());
    fill_columns::<K>(&mut columns, limbs, 0);
    columns
}

/// The columns of `limbs` times `2^scale`.
#[inline(never)]
fn fill_columns<K: Kernel>(columns: &mut [K::Column], limbs: &[K::Sum], scale: u32) {
    let scaled = |limb: &K::Sum| limb.scaled(scale, K::Sum::default());
    let columns = columns.get_mut(Barrett::<K>::PADDING..).unwrap_or_default();
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

/// Adds the products of the rows of limbs from `first` to `end` to a group of columns. The rows that round their number
/// up are zero, or meet zeros in these columns.
fn sweep<K: Kernel>(
    sums: &mut [K::Sum],
    rows: &[K::Row],
    columns: &[K::Column],
    column: usize,
    first: usize,
    end: usize,
) {
    let first = first / K::ROW_LIMBS;
    let count = (end.div_ceil(K::ROW_LIMBS) - first).next_multiple_of(K::STEP);
    accumulate::<K>(sums, rows, columns, column, first + count, count, None);
}

/// Adds the products of the `count` rows before `end` to a group of columns, with those of a square's diagonal if
/// `columns` are twice the limbs.
#[inline(never)]
fn accumulate<K: Kernel>(
    sums: &mut [K::Sum],
    rows: &[K::Row],
    columns: &[K::Column],
    column: usize,
    end: usize,
    count: usize,
    mut diagonal: Option<Diagonal<'_, K>>,
) {
    let at_once = if diagonal.is_some() { Barrett::<K>::MAX_ROWS_DOUBLED } else { K::MAX_ROWS };
    let mut done = 0;
    while done < count || diagonal.is_some() {
        let now = (count - done).min(at_once);
        let rows = part(rows, rows.len() - Barrett::<K>::PADDING - end + done, now);
        // The window of the row of limb `i` begins at limb `column - i` of the other factor.
        let window = Barrett::<K>::PADDING + column + (done + 1) * K::ROW_LIMBS - end * K::ROW_LIMBS;
        let columns = part(columns, window, now * K::ROW_LIMBS + K::COLUMNS - K::ROW_LIMBS);
        K::accumulate(sums, rows, columns, diagonal.take());
        done += now;
    }
}

#[cfg(test)]
mod tests;
