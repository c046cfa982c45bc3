//! Barrett's reduction with two half products, of limbs with signs.
//!
//! `B` is the radix, `2^LIMB_BITS`. The modulus `m` has `L` limbs, and leaves [`SPARE_BITS`] of their bits, so that `m / B^L`
//! is from 1/16 to 1/8. A residue is any number of the right class from `-17/32 m` to `17/32 m`. Of `x`, the product of two
//! residues,
//!
//! - `t` is `32 x / B^L`, with two limbs below the point ([`GUARDS`]),
//! - `q` is `t * mu / B^L` rounded to nearest, where `mu` is `B^2L / 32 m` with one limb below the point: computed are only the
//!   columns from `B^-2` up,
//! - the residue is `x - q m`, of which only the `L` lower columns are computed.
//!
//! Were all columns below the point left out, `q` would miss by many units: the sum of a column has `log2 L` bits more than two
//! limbs. With two columns of guards it misses by less than 1/32 of one, besides what it is rounded by.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "indices are those of limbs, of at most MAX_BITS, and of a padding that is wider than any of them is moved by; what \
              sums hold is asserted by `Barrett::BOUNDS` and `Kernel::EXACT`"
)]

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::kernel::{Kernel, Sum};
pub(super) use crate::crypto::kernel::MAX_MODULUS_BITS as MAX_BITS;

/// How many bits of its limbs the modulus leaves unused.
pub(super) const SPARE_BITS: usize = 3;

/// `t` is `x` times 2 to this, so that it and `mu` fill their limbs.
pub(super) const SCALE_BITS: usize = 5;

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
    diagonal: Vec<K::Column>,
}

impl<K: Kernel> Barrett<K> {
    /// How many zeros there are beyond either end of a factor: a group of columns, and the limbs of the rows that round a number of
    /// rows up.
    const PADDING: usize = K::COLUMNS + K::ROW_LIMBS * K::STEP;

    /// How many rows a group of columns has on the diagonal of a square.
    const DIAGONAL_ROWS: usize = (K::COLUMNS / 2 / K::ROW_LIMBS).next_multiple_of(K::STEP);

    /// The bounds that the documentation of the module and of [`Kernel`] names.
    const BOUNDS: () = {
        let () = K::EXACT;
        assert!(K::COLUMNS.is_multiple_of(2 * K::ROW_LIMBS) && K::MAX_ROWS.is_multiple_of(2 * K::STEP));
        let radix = 1_u128 << K::LIMB_BITS;
        let limbs = limbs_for::<K>(MAX_BITS) as u128;
        // A limb of a row adds a quarter of the radix to the next column, and no more than half of it to its own.
        assert!(((limbs * 3 / 4 * radix) << SCALE_BITS) + radix <= K::Sum::MAX);
        // By how many times `B^-1` `q` misses what it is to be rounded from: for each product in the first column of
        // `t * mu` below the guards by 1/4, for the columns below that one by less than 1, for those of `x` below `t`, times
        // `mu`, by less than 1, for what `mu` misses by less than 1.
        assert!(((limbs * 3 / 4) << SCALE_BITS) / 2 < radix);
        assert!(GUARDS == 2 && (limbs.div_ceil(4) + 4) * 32 < radix);
        // What is in all limbs is less than half of them hold, so that nothing is carried beyond the last: a residue and the
        // modulus are, and so is `t`, which is largest where the other factor is as large as the modulus.
        assert!(17 << SCALE_BITS < 32 << (2 * SPARE_BITS - 1));
    };

    /// The modulus `m`, and its reciprocal `mu`, of limbs from 0 to below the radix.
    pub(super) fn new(modulus: Vec<K::Sum>, reciprocal: Vec<K::Sum>) -> Self {
        let () = Self::BOUNDS;
        let limbs = modulus.len();
        let mut negated = balanced::<K>(modulus);
        for limb in &mut negated {
            *limb = limb.negated();
        }
        Self { limbs, negated: columns_of::<K>(&negated), reciprocal: columns_of::<K>(&balanced::<K>(reciprocal)) }
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
            diagonal: vec![K::Column::default(); Self::DIAGONAL_ROWS * K::COLUMNS],
        }
    }

    /// Makes `a` the residue of `a * b`.
    pub(super) fn multiply(&self, work: &mut Workspace<K>, a: &mut [K::Sum], b: &[K::Sum]) {
        fill_rows::<K>(&mut work.rows, a.iter().copied());
        fill_columns::<K>(&mut work.columns, b, 0);
        work.sums.fill(K::Sum::default());
        for column in (0..2 * self.limbs).step_by(K::COLUMNS) {
            let first = (column + 1).saturating_sub(self.limbs);
            let end = (column + K::COLUMNS).min(self.limbs);
            sweep::<K>(group::<K>(&mut work.sums, column), &work.rows, &work.columns, column, first, end);
        }
        self.reduce(work, a);
    }

    /// Makes `a` the residue of `a * a`, in which each product of two different limbs stands twice.
    pub(super) fn square(&self, work: &mut Workspace<K>, a: &mut [K::Sum]) {
        fill_rows::<K>(&mut work.rows, a.iter().copied());
        fill_columns::<K>(&mut work.columns, a, 1);
        work.sums.fill(K::Sum::default());
        for column in (0..2 * self.limbs).step_by(K::COLUMNS) {
            // Limb `i` meets itself in column `2 i`: the rows before this one have passed that in each column of the group.
            let middle = column / 2;
            let first = (column + 1).saturating_sub(self.limbs).min(middle);
            let count = (middle - first).div_ceil(K::ROW_LIMBS).next_multiple_of(K::STEP);
            let (middle_row, sums) = (middle / K::ROW_LIMBS, group::<K>(&mut work.sums, column));
            accumulate::<K>(sums, &work.rows, &work.columns, column, middle_row, count, K::MAX_ROWS / 2);
            fill_diagonal::<K>(&mut work.diagonal, &work.columns, a, middle);
            let start = work.rows.len() - Self::PADDING - middle_row - Self::DIAGONAL_ROWS;
            K::accumulate_apart(sums, part(&work.rows, start, Self::DIAGONAL_ROWS), &work.diagonal);
        }
        self.reduce(work, a);
    }

    /// Makes `residue` that of the number whose columns are the sums.
    fn reduce(&self, work: &mut Workspace<K>, residue: &mut [K::Sum]) {
        let limbs = self.limbs;
        let Workspace { sums, quotient, rows, .. } = work;
        fill_rows::<K>(rows, carried::<K>(part(sums, limbs - GUARDS, limbs + GUARDS), SCALE_BITS));
        quotient.fill(K::Sum::default());
        for column in (0..limbs + GUARDS).step_by(K::COLUMNS) {
            // Limbs of `t` and `mu` begin at `B^-(GUARDS + 1)`.
            let at = column + limbs + 1;
            sweep::<K>(group::<K>(quotient, column), rows, &self.reciprocal, at, at - limbs, limbs + GUARDS);
        }
        fill_rows::<K>(rows, carried::<K>(part(quotient, 0, limbs + GUARDS), 0).skip(GUARDS));
        for column in (0..limbs).step_by(K::COLUMNS) {
            let end = (column + K::COLUMNS).min(limbs);
            sweep::<K>(group::<K>(sums, column), rows, &self.negated, column, 0, end);
        }
        for (limb, carried) in residue.iter_mut().zip(carried::<K>(sums, 0)) {
            *limb = carried;
        }
    }
}

/// How many limbs the modulus of so many bits has, and no fewer than there are guards for. A number of as many bits is at most half
/// of the modulus that is shifted up to [`SPARE_BITS`].
pub(super) const fn limbs_for<K: Kernel>(bits: usize) -> usize {
    let limbs = (bits + SPARE_BITS + 1).div_ceil(K::LIMB_BITS);
    if limbs <= GUARDS { GUARDS + 1 } else { limbs }
}

/// The same number, of limbs from minus to plus half of the radix. The highest one takes all that is carried to it.
pub(super) fn balanced<K: Kernel>(mut limbs: Vec<K::Sum>) -> Vec<K::Sum> {
    if let Some((top, lower)) = limbs.split_last_mut() {
        let mut carry = K::Sum::default();
        for limb in lower {
            (carry, *limb) = limb.scaled(0, carry).split(K::LIMB_BITS);
        }
        *top = top.scaled(0, carry);
    }
    limbs
}

/// The limbs of the number whose columns are `sums`, times `2^scale`, without what is carried beyond the last.
fn carried<K: Kernel>(sums: &[K::Sum], scale: usize) -> impl Iterator<Item = K::Sum> {
    let mut carry = K::Sum::default();
    sums.iter().map(move |sum| {
        let (next, limb) = sum.scaled(scale, carry).split(K::LIMB_BITS);
        carry = next;
        limb
    })
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
fn fill_rows<K: Kernel>(rows: &mut [K::Row], mut limbs: impl Iterator<Item = K::Sum>) {
    let end = rows.len() - Barrett::<K>::PADDING;
    for row in rows.get_mut(Barrett::<K>::PADDING..end).unwrap_or_default().iter_mut().rev() {
        let limb = limbs.next().unwrap_or_default();
        let above = if K::ROW_LIMBS == 2 { limbs.next().unwrap_or_default() } else { K::Sum::default() };
        *row = K::row(limb, above);
    }
}

/// The padding for the columns of so many limbs, and of one more, that a row of two limbs reaches to.
fn empty_columns<K: Kernel>(limbs: usize) -> Vec<K::Column> {
    vec![K::Column::default(); limbs + 1 + 2 * Barrett::<K>::PADDING]
}

/// The columns of `limbs`.
fn columns_of<K: Kernel>(limbs: &[K::Sum]) -> Vec<K::Column> {
    let mut columns = empty_columns::<K>(limbs.len());
    fill_columns::<K>(&mut columns, limbs, 0);
    columns
}

/// The columns of `limbs` times `2^scale`.
fn fill_columns<K: Kernel>(columns: &mut [K::Column], limbs: &[K::Sum], scale: usize) {
    let mut below = K::Sum::default();
    let columns = columns.get_mut(Barrett::<K>::PADDING..).unwrap_or_default();
    for (column, limb) in columns.iter_mut().zip(limbs.iter().copied().chain([below])) {
        let limb = limb.scaled(scale, K::Sum::default());
        *column = K::column(limb, below);
        below = limb;
    }
}

/// The windows of the rows from `middle` on in the columns from twice `middle` on: nothing left of the diagonal, the limbs
/// themselves on it, and what is right of it from `doubled`, the columns of twice the `limbs`.
fn fill_diagonal<K: Kernel>(diagonal: &mut [K::Column], doubled: &[K::Column], limbs: &[K::Sum], middle: usize) {
    let zero = K::Sum::default();
    let limb = |at: usize| limbs.get(at).copied().unwrap_or_default();
    let factor = |row: usize, at: usize| match at.cmp(&row) {
        Ordering::Less => zero,
        Ordering::Equal => limb(at),
        Ordering::Greater => limb(at).scaled(1, zero),
    };
    for (index, window) in diagonal.rchunks_exact_mut(K::COLUMNS).enumerate() {
        let row = middle + index * K::ROW_LIMBS;
        let (left, right) = window.split_at_mut_checked(2 * index * K::ROW_LIMBS).unwrap_or_default();
        left.fill(K::Column::default());
        let doubled = part(doubled, Barrett::<K>::PADDING + row, right.len());
        for (column, doubled) in right.iter_mut().zip(doubled) {
            *column = *doubled;
        }
        for (at, column) in (row..).zip(right).take(2 * K::ROW_LIMBS - 1) {
            *column = K::column(factor(row, at), factor(row + 1, at.saturating_sub(1)));
        }
    }
}

/// Adds the products of the rows of limbs from `first` to `end` to a group of columns. The rows that round their number up are zero, or
/// meet zeros in these columns.
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
    accumulate::<K>(sums, rows, columns, column, first + count, count, K::MAX_ROWS);
}

/// Adds the products of the `count` rows before `end` to a group of columns, no more than `at_once` at a time.
fn accumulate<K: Kernel>(
    sums: &mut [K::Sum],
    rows: &[K::Row],
    columns: &[K::Column],
    column: usize,
    end: usize,
    count: usize,
    at_once: usize,
) {
    let mut done = 0;
    while done < count {
        let now = (count - done).min(at_once);
        let rows = part(rows, rows.len() - Barrett::<K>::PADDING - end + done, now);
        // The window of the row of limb `i` begins at limb `column - i` of the other factor.
        let window = Barrett::<K>::PADDING + column + (done + 1) * K::ROW_LIMBS - end * K::ROW_LIMBS;
        K::accumulate(sums, rows, part(columns, window, (now - 1) * K::ROW_LIMBS + K::COLUMNS));
        done += now;
    }
}
