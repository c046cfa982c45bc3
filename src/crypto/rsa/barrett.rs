//! Barrett's reduction with two half products, of limbs with signs.
//!
//! `B` is the radix, `2^LIMB_BITS`. The modulus `m` has `L` limbs, of whose bits it leaves [`SPARE_BITS`], so that `m / B^L`
//! is from 1/8 to 1/4. A residue is any number of the right class between `-17/32 m` and `17/32 m`. Then of `x`, the product
//! of two residues,
//!
//! - `t` is `16 x / B^L`, with two limbs beyond the point ([`GUARDS`]),
//! - `q` is `t * mu / B^L` rounded to nearest, where `mu` is `B^2L / 16 m` with one limb beyond the point: only the columns
//!   from `B^-2` up are computed,
//! - `x - q m` is the residue, of which only the `L` lower columns are computed.
//!
//! Were the columns below the point left out, `q` would miss by several units: the sum of a column has `log2 L` bits more
//! than two limbs. With two columns of guards it misses by less than 1/32, which is asserted when this is compiled.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "indices are those of limbs, of at most MAX_BITS, in vectors that `Padding` makes long enough for every \
              modulus; what the sums hold is asserted by `Barrett::BOUNDS` and `Kernel::EXACT`"
)]

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::kernel::{Kernel, Sum};

/// The largest modulus, in bits.
pub(super) const MAX_BITS: usize = 8192;

/// How many bits of its limbs the modulus leaves unused.
pub(super) const SPARE_BITS: usize = 2;

/// `t` is `x` times 2 to this.
const SCALE_BITS: u32 = 4;

/// The limbs, and columns, below the point that the quotient is computed from.
const GUARDS: usize = 2;

/// A limb is at most `LIMB_SIXTEENTHS / 16` of the radix, up or down.
pub(super) const LIMB_SIXTEENTHS: u128 = 9;

/// A factor as it is multiplied: limbs between zeros, that a window may reach beyond either end.
#[derive(Clone, Debug)]
struct Factor<T> {
    padded: Vec<T>,
}

impl<T: Copy + Default> Factor<T> {
    const fn new() -> Self {
        Self { padded: Vec::new() }
    }

    fn fill(&mut self, padding: usize, limbs: impl Iterator<Item = T>) {
        self.padded.clear();
        self.padded.resize(padding, T::default());
        self.padded.extend(limbs);
        self.padded.resize(self.padded.len() + padding, T::default());
    }
}

/// A modulus with its reciprocal.
#[derive(Clone, Debug)]
pub(super) struct Barrett<K: Kernel> {
    limbs: usize,
    /// `-m`.
    negated: Factor<K::Column>,
    /// `mu`.
    reciprocal: Factor<K::Column>,
}

/// What a product is computed in.
pub(super) struct Workspace<K: Kernel> {
    sums: Vec<K::Sum>,
    quotient: Vec<K::Sum>,
    rows: Factor<K::Row>,
    columns: Factor<K::Column>,
    diagonal: Vec<K::Column>,
}

impl<K: Kernel> Barrett<K> {
    /// How far a window may reach beyond the limbs.
    const PADDING: usize = K::COLUMNS + K::ROW_LIMBS * K::STEP;

    /// How many rows meet the diagonal of a square in one group of columns.
    const DIAGONAL_ROWS: usize = (K::COLUMNS / 2 / K::ROW_LIMBS).next_multiple_of(K::STEP);

    /// The bounds that the module's documentation names.
    const BOUNDS: () = {
        let () = K::EXACT;
        assert!(K::COLUMNS.is_multiple_of(2 * K::ROW_LIMBS) && K::MAX_ROWS.is_multiple_of(2 * K::STEP));
        let radix = 1_u128 << K::LIMB_BITS;
        // Each limb of a row adds less than the radix to a column and to the next, and twice a limb less than twice that.
        assert!((limbs_for::<K>(MAX_BITS) as u128 * radix << SCALE_BITS) + radix <= K::Sum::MAX);
        let limbs = limbs_for::<K>(MAX_BITS) as u128;
        // What is cut off moves `q` by so many times `B^(1 - GUARDS)`: each product of the first column of `t * mu` below the guards
        // by `(LIMB_SIXTEENTHS / 16)^2`, the columns below that by less than one, those of `x` below `t` by less than one, what `mu`
        // misses by less than one.
        let limbs = limbs_for::<K>(MAX_BITS) as u128;
        assert!(limbs << SCALE_BITS < 2 * radix);
        let cut = (limbs + 3) * LIMB_SIXTEENTHS * LIMB_SIXTEENTHS / 256 + 1 + 3;
        assert!(cut < radix.pow(GUARDS as u32 - 1) / 32);
        // A residue is at most 17/32 of `m`, and the other factor no more than `m`: `t` is at most 17/32 of `B^L`.
        assert!(17 * radix / 32 + 1 <= LIMB_SIXTEENTHS * radix / 16);
    };

    /// The modulus of `limbs`, and its reciprocal `mu`; both from 0 to below the radix.
    pub(super) fn new(modulus: &[K::Sum], reciprocal: &[K::Sum]) -> Self {
        let () = Self::BOUNDS;
        let columns = |limbs: &[K::Sum]| {
            let mut factor = Factor::new();
            fill_columns::<K>(&mut factor, limbs, 0);
            factor
        };
        let negated: Vec<_> = modulus.iter().map(|limb| limb.negated()).collect();
        Self {
            limbs: modulus.len(),
            negated: columns(&balanced::<K>(negated)),
            reciprocal: columns(&balanced::<K>(reciprocal.to_vec())),
        }
    }

    /// How many limbs a residue has.
    pub(super) const fn limbs(&self) -> usize {
        self.limbs
    }

    pub(super) fn workspace(&self) -> Workspace<K> {
        let diagonal = vec![K::Column::default(); Self::DIAGONAL_ROWS * K::COLUMNS];
        let sums = vec![K::Sum::default(); 2 * self.limbs + K::COLUMNS + 1];
        let quotient = vec![K::Sum::default(); self.limbs + GUARDS + K::COLUMNS + 1];
        Workspace { sums, quotient, rows: Factor::new(), columns: Factor::new(), diagonal }
    }

    /// The residue of `a * b`.
    pub(super) fn multiply(&self, work: &mut Workspace<K>, a: &mut Vec<K::Sum>, b: &[K::Sum]) {
        fill_rows::<K>(&mut work.rows, a);
        fill_columns::<K>(&mut work.columns, b, 0);
        work.sums.fill(K::Sum::default());
        for column in (0..2 * self.limbs).step_by(K::COLUMNS) {
            let first = (column + 1).saturating_sub(self.limbs);
            let end = (column + K::COLUMNS).min(self.limbs);
            sweep::<K>(&mut work.sums[column..], &work.rows, &work.columns, column, first, end);
        }
        self.reduce(work, a);
    }

    /// The residue of `a * a`: each product of two different limbs stands in it twice.
    pub(super) fn square(&self, work: &mut Workspace<K>, a: &mut Vec<K::Sum>) {
        fill_rows::<K>(&mut work.rows, a);
        fill_columns::<K>(&mut work.columns, a, 1);
        work.sums.fill(K::Sum::default());
        for column in (0..2 * self.limbs).step_by(K::COLUMNS) {
            // Limb `i` meets itself in column `2 i`: the rows below this one have passed it in each column of the group.
            let middle = column / 2;
            let first = (column + 1).saturating_sub(self.limbs).min(middle);
            let count = (middle - first).div_ceil(K::ROW_LIMBS).next_multiple_of(K::STEP);
            let sums = &mut work.sums[column..];
            accumulate::<K>(sums, &work.rows, &work.columns, column, middle / K::ROW_LIMBS, count, K::MAX_ROWS / 2);
            fill_diagonal::<K>(&mut work.diagonal, &work.columns, a, middle);
            let rows = &work.rows.padded[Self::PADDING + middle / K::ROW_LIMBS..][..Self::DIAGONAL_ROWS];
            K::accumulate_apart(&mut sums[..=K::COLUMNS], rows, &work.diagonal);
        }
        self.reduce(work, a);
    }

    /// The residue of the number whose columns are the sums.
    fn reduce(&self, work: &mut Workspace<K>, residue: &mut Vec<K::Sum>) {
        let limbs = self.limbs;
        let Workspace { sums, quotient, rows, .. } = work;

        quotient.clear();
        quotient.extend_from_slice(&sums[limbs - GUARDS..2 * limbs]);
        carry::<K>(quotient, SCALE_BITS);
        fill_rows::<K>(rows, quotient);

        // Columns are those of limbs that begin `GUARDS` and one below the point.
        quotient.clear();
        quotient.resize(limbs + GUARDS + K::COLUMNS + 1, K::Sum::default());
        for column in (0..limbs + GUARDS).step_by(K::COLUMNS) {
            let at = limbs + 1 + column;
            sweep::<K>(&mut quotient[column..], rows, &self.reciprocal, at, at - limbs, limbs + GUARDS);
        }
        quotient.truncate(limbs + GUARDS);
        carry::<K>(quotient, 0);
        fill_rows::<K>(rows, &quotient[GUARDS..]);

        for column in (0..limbs).step_by(K::COLUMNS) {
            sweep::<K>(&mut sums[column..], rows, &self.negated, column, 0, (column + K::COLUMNS).min(limbs));
        }
        residue.clear();
        residue.extend_from_slice(&sums[..limbs]);
        carry::<K>(residue, 0);
        if let Some(top) = residue.last_mut() {
            *top = top.split(K::LIMB_BITS).1;
        }
    }
}

/// How many limbs the modulus of so many bits has. A number below it, as far as there are bits, is at most half of the modulus
/// that is shifted up to [`SPARE_BITS`]. There are no fewer limbs than reduction has guards for.
pub(super) const fn limbs_for<K: Kernel>(bits: usize) -> usize {
    let limbs = (bits + SPARE_BITS + 1).div_ceil(K::LIMB_BITS as usize);
    if limbs < GUARDS + 1 { GUARDS + 1 } else { limbs }
}

/// The same number, its limbs between minus and plus half of the radix.
pub(super) fn balanced<K: Kernel>(mut limbs: Vec<K::Sum>) -> Vec<K::Sum> {
    carry::<K>(&mut limbs, 0);
    limbs
}

/// Carries what is beyond half of the radix, of each number times `2^scale`. The last one takes all that comes to it.
fn carry<K: Kernel>(sums: &mut [K::Sum], scale: u32) {
    let Some((top, lower)) = sums.split_last_mut() else { return };
    let mut carry = K::Sum::default();
    for sum in lower {
        (carry, *sum) = sum.scaled(scale, carry).split(K::LIMB_BITS);
    }
    *top = top.scaled(scale, carry);
}

fn fill_rows<K: Kernel>(rows: &mut Factor<K::Row>, limbs: &[K::Sum]) {
    let row = |limbs: &[K::Sum]| K::row(limbs[0], limbs.get(1).copied().unwrap_or_default());
    rows.fill(Barrett::<K>::PADDING, limbs.chunks(K::ROW_LIMBS).map(row));
}

/// The columns of `limbs` times `2^scale`.
fn fill_columns<K: Kernel>(columns: &mut Factor<K::Column>, limbs: &[K::Sum], scale: u32) {
    let mut below = K::Sum::default();
    let column = limbs.iter().copied().chain([K::Sum::default()]).map(|limb| {
        let limb = limb.scaled(scale, K::Sum::default());
        let column = K::column(limb, below);
        below = limb;
        column
    });
    columns.fill(Barrett::<K>::PADDING, column);
}

/// The windows of the rows from `middle` on in the columns from twice `middle` on: nothing left of the diagonal, the limbs
/// themselves on it, and what is right of it from `doubled`, the columns of twice the `limbs`.
fn fill_diagonal<K: Kernel>(
    diagonal: &mut [K::Column],
    doubled: &Factor<K::Column>,
    limbs: &[K::Sum],
    middle: usize,
) {
    let zero = K::Sum::default();
    let limb = |at: usize| limbs.get(at).copied().unwrap_or_default();
    let factor = |row: usize, at: usize| match at.cmp(&row) {
        Ordering::Less => zero,
        Ordering::Equal => limb(at),
        Ordering::Greater => limb(at).scaled(1, zero),
    };
    for (row, window) in diagonal.rchunks_exact_mut(K::COLUMNS).enumerate() {
        let row = row * K::ROW_LIMBS;
        let (left, right) = window.split_at_mut((2 * row).min(K::COLUMNS));
        let row = middle + row;
        left.fill(K::Column::default());
        right.copy_from_slice(&doubled.padded[Barrett::<K>::PADDING + row..][..right.len()]);
        for (at, column) in (row..).zip(right).take(2 * K::ROW_LIMBS - 1) {
            *column = K::column(factor(row, at), factor(row + 1, at.saturating_sub(1)));
        }
    }
}

/// Adds the products of the rows of limbs from `first` to `end` to a group of columns. Some more rows that are taken in are those
/// of zeros, or meet zeros in these columns.
fn sweep<K: Kernel>(
    sums: &mut [K::Sum],
    rows: &Factor<K::Row>,
    columns: &Factor<K::Column>,
    column: usize,
    first: usize,
    end: usize,
) {
    let first = first / K::ROW_LIMBS;
    let count = (end.div_ceil(K::ROW_LIMBS) - first).next_multiple_of(K::STEP);
    accumulate::<K>(sums, rows, columns, column, first + count, count, K::MAX_ROWS);
}

/// Adds the products of the `count` rows before `end` to a group of columns, `at_once` rows at a time.
fn accumulate<K: Kernel>(
    sums: &mut [K::Sum],
    rows: &Factor<K::Row>,
    columns: &Factor<K::Column>,
    column: usize,
    end: usize,
    count: usize,
    at_once: usize,
) {
    let padding = Barrett::<K>::PADDING;
    let mut at = padding + end - count;
    for rows in rows.padded[at..][..count].chunks(at_once) {
        // The window of a row whose limb is `i` begins at limb `column - i` of the other factor.
        let window = |row: usize| padding + column + padding * K::ROW_LIMBS - row * K::ROW_LIMBS;
        let columns = &columns.padded[window(at + rows.len() - 1)..window(at) + K::COLUMNS];
        K::accumulate(&mut sums[..=K::COLUMNS], rows, columns);
        at += rows.len();
    }
}
