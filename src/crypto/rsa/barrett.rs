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

use super::kernel::{Kernel, Sum, fill_columns, fill_rows};
use super::layout::{
    Sweep, above_padding, between_padding, columns_of, empty_columns, empty_rows, lower, part, plan_products,
    plan_squares, sum,
};
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
    /// How residues are multiplied, and in its lower columns how `q m` is; how they are squared; how `t mu` is computed.
    products: Vec<Sweep>,
    squares: Vec<Sweep>,
    quotients: Vec<Sweep>,
}

/// A residue, and what products of it are computed in.
pub(super) struct Workspace<K: Kernel> {
    residue: Vec<K::Sum>,
    /// The rows of the residue, between products.
    rows: Vec<K::Row>,
    /// The columns of twice the residue, between products.
    columns: Vec<K::Column>,
    sums: Vec<K::Sum>,
    quotient: Vec<K::Sum>,
    limbs: Vec<K::Sum>,
}

impl<K: Kernel> Workspace<K> {
    /// The limbs of the residue.
    pub(super) fn residue(&self) -> &[K::Sum] {
        &self.residue
    }
}

impl<K: Kernel> Barrett<K> {
    /// The bounds that the documentation of the module and of [`Kernel`] names.
    const BOUNDS: () = {
        let () = K::EXACT;
        assert!(K::COLUMNS.is_multiple_of(2 * K::ROW_LIMBS) && K::MAX_ROWS.is_multiple_of(K::STEP));
        let radix = 1_u128 << K::LIMB_BITS;
        let limbs = limbs_for::<K>(MAX_BITS) as u128;
        // A limb of a row adds a quarter of the radix to the next column, and no more than half of it to its own: where
        // that is split only after many rows, no more than the radix for all of these. It is a little more as limbs may
        // have some slack.
        let slack = limbs * K::SLACK * 2;
        assert!(((limbs * 3 / 4 * radix + slack) << SCALE_BITS) + radix <= K::Sum::MAX);
        // By how many times `B^-1` `q` misses what it is to be rounded from: for each product in the first column of `t
        // * mu` below the guards by 1/4, for the columns below that one by less than 1, for those of `x` below `t`,
        // times `mu`, by less than 1, for what `mu` misses by less than 1, for the slack of the limbs below the point.
        assert!(((limbs * 3 / 4) << SCALE_BITS) / 2 < radix);
        assert!(GUARDS == 2 && (limbs.div_ceil(4) + 4 + K::SLACK) * 32 < radix);
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
        Self::of_columns(limbs, columns_of::<K>(&negated), columns_of::<K>(&balanced::<K>(&reciprocal)))
    }

    fn of_columns(limbs: usize, negated: Vec<K::Column>, reciprocal: Vec<K::Column>) -> Self {
        // Limbs of `t` and `mu` begin at `B^-(GUARDS + 1)`.
        let quotients = limbs + 1..2 * limbs + 1 + GUARDS;
        Self {
            limbs,
            negated,
            reciprocal,
            products: plan_products::<K>(limbs, limbs, limbs, 0..2 * limbs),
            squares: plan_squares::<K>(limbs),
            quotients: plan_products::<K>(limbs, limbs + GUARDS, limbs + 1, quotients),
        }
    }

    /// How many limbs a residue has.
    pub(super) const fn limbs(&self) -> usize {
        self.limbs
    }

    /// The residue that is `limbs`, in what its products modulo this modulus are computed in.
    pub(super) fn workspace(&self, limbs: &[K::Sum]) -> Workspace<K> {
        let sums = |columns: usize| vec![K::Sum::default(); columns.next_multiple_of(K::COLUMNS) + 1];
        let mut work = Workspace {
            residue: limbs.to_vec(),
            rows: empty_rows::<K>(self.limbs),
            columns: empty_columns::<K>(self.limbs),
            sums: sums(2 * self.limbs),
            quotient: sums(self.limbs + GUARDS),
            limbs: vec![K::Sum::default(); self.limbs + 2 * GUARDS],
        };
        fill_rows::<K>(between_padding::<K>(&mut work.rows), limbs);
        fill_columns::<K>(above_padding::<K>(&mut work.columns), limbs, 1);
        work
    }

    /// Makes the residue that of its product with `factor`.
    pub(super) fn multiply(&self, work: &mut Workspace<K>, factor: &[K::Sum]) {
        self.sum_products(work, factor);
        self.reduce(work);
    }

    /// Makes the residue that of its square.
    pub(super) fn square(&self, work: &mut Workspace<K>) {
        self.sum_squares(work);
        self.reduce(work);
    }

    /// Makes the sums the columns of the product of the residue and `factor`.
    fn sum_products(&self, work: &mut Workspace<K>, factor: &[K::Sum]) {
        fill_columns::<K>(above_padding::<K>(&mut work.columns), factor, 0);
        sum::<K>(&self.products, true, &mut work.sums, &work.rows, &work.columns);
    }

    /// Makes the sums the columns of the square of the residue, in which each product of two different limbs stands
    /// twice.
    fn sum_squares(&self, work: &mut Workspace<K>) {
        sum::<K>(&self.squares, true, &mut work.sums, &work.rows, &work.columns);
    }

    /// Makes the residue that of the number whose columns are the sums.
    fn reduce(&self, work: &mut Workspace<K>) {
        let limbs = self.limbs;
        let Workspace { residue, rows, columns, sums, quotient, limbs: carried } = work;
        let upper = part(sums, limbs - GUARDS, limbs + GUARDS);
        K::carry_to_rows(upper, SCALE_BITS, 0, carried, between_padding::<K>(rows));
        sum::<K>(&self.quotients, true, quotient, rows, &self.reciprocal);
        K::carry_to_rows(part(quotient, 0, limbs + GUARDS), 0, GUARDS, carried, between_padding::<K>(rows));
        sum::<K>(lower(&self.products, limbs), false, sums, rows, &self.negated);
        K::carry_to_factor(sums, residue, between_padding::<K>(rows), above_padding::<K>(columns));
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

#[cfg(test)]
mod tests;
