//! Multiples of a point from a table (Lim and Lee: More Flexible Exponentiation with Precomputation, 1994), and of two points
//! at once.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "indices are bounded by the shape of the table, which is a constant"
)]

use alloc::vec;
use alloc::vec::Vec;
use core::mem::size_of;

use super::field::FieldElement;
use super::point::{Affine, Completed, Extended};
use super::scalar::{self, Scalar};

/// A table of a point. An odd number is the sum of `+-2^i` for each bit `i`. The bits are cut into as many rows as there are
/// `TEETH`, and each row into as many `BLOCKS`. A table entry is the sum of one bit of each tooth, at the beginning of a
/// block, for each choice of signs; all signs at once can be turned by negating the entry, so that the last tooth has `+`.
/// The other bits of a block, its columns, are reached by doubling.
#[derive(Clone, Debug)]
pub(super) struct Comb<const TEETH: usize, const BLOCKS: usize> {
    /// For each block `2^(TEETH - 1)` points.
    pub(super) entries: Vec<Affine>,
}

impl<const TEETH: usize, const BLOCKS: usize> Comb<TEETH, BLOCKS> {
    /// How many bits a row has. With a scalar made odd by the order of the group, there is one bit more.
    const ROW: usize = (scalar::BITS + 1).div_ceil(TEETH);
    /// How many bits a block of a row has; the last one may have fewer.
    const COLUMNS: usize = Self::ROW.div_ceil(BLOCKS);
    /// How many entries a block has.
    const ENTRIES: usize = 1 << (TEETH - 1);

    /// The size of the table in memory.
    pub(super) const BYTES: usize = (BLOCKS * Self::ENTRIES) * size_of::<Affine>();

    /// The table of a point.
    #[inline(never)]
    pub(super) fn new(point: &Extended) -> Self {
        const { assert!(TEETH >= 2 && TEETH <= 12 && BLOCKS >= 1 && (BLOCKS - 1) * Self::COLUMNS < Self::ROW) };
        // For each block, what the bit at its beginning counts in each row.
        let mut begins = vec![*point; BLOCKS * TEETH];
        let mut power = point.completed();
        for bit in 1..TEETH * Self::ROW {
            power.double();
            let (tooth, place) = (bit / Self::ROW, bit % Self::ROW);
            if place % Self::COLUMNS == 0 {
                begins[place / Self::COLUMNS * TEETH + tooth] = power.extended();
            }
        }
        let mut entries = vec![Affine::neutral(); BLOCKS * Self::ENTRIES];
        let mut sums = vec![*point; Self::ENTRIES];
        for (teeth, entries) in begins.chunks_exact(TEETH).zip(entries.chunks_exact_mut(Self::ENTRIES)) {
            sum_up(teeth, &mut sums);
            normalize(&sums, entries);
        }
        Self { entries }
    }

    /// The entry for the bits of an odd `scalar` in a column of a block, and whether it is to be negated.
    #[inline(always)]
    fn entry(&self, scalar: &Scalar, block: usize, column: usize) -> (&Affine, bool) {
        // An odd number is the sum of `+-2^i` over all bits, where the sign of a bit is the next bit, and the last is `+`.
        let sign = |tooth: usize| {
            let next = tooth * Self::ROW + block * Self::COLUMNS + column + 1;
            scalar.bit(next) | usize::from(next == TEETH * Self::ROW)
        };
        let signs = (0..TEETH - 1).fold(0, |signs, tooth| signs | sign(tooth) << tooth);
        let negated = sign(TEETH - 1) == 0;
        let turned = if negated { !signs } else { signs } & (Self::ENTRIES - 1);
        (&self.entries[block * Self::ENTRIES + turned], negated)
    }

    /// Adds what a column of an odd `scalar` counts.
    #[inline(always)]
    fn add_column(&self, sum: &mut Completed, scalar: &Scalar, column: usize) {
        if column < Self::COLUMNS {
            for block in 0..(Self::ROW - column).div_ceil(Self::COLUMNS) {
                let (entry, negated) = self.entry(scalar, block, column);
                sum.add_affine(entry, negated);
            }
        }
    }

    /// `a_scalar * a + b_scalar * b` for the points of two tables and odd scalars.
    pub(super) fn sum_of_products<const B_TEETH: usize, const B_BLOCKS: usize>(
        &self,
        a_scalar: &Scalar,
        b: &Comb<B_TEETH, B_BLOCKS>,
        b_scalar: &Scalar,
    ) -> Completed {
        let last = Self::COLUMNS.max(Comb::<B_TEETH, B_BLOCKS>::COLUMNS) - 1;
        let mut sum = Completed::neutral();
        for column in (0..=last).rev() {
            if column < last {
                sum.double();
            }
            self.add_column(&mut sum, a_scalar, column);
            b.add_column(&mut sum, b_scalar, column);
        }
        sum
    }
}

/// The sums of the last tooth and, for each choice of signs, the others: a bit of the index is set where the sign is `+`.
fn sum_up(teeth: &[Extended], sums: &mut [Extended]) {
    let Some((last, others)) = teeth.split_last() else { return };
    let mut sum = last.completed();
    for tooth in others {
        sum.add(&tooth.cached(), true);
    }
    sums[0] = sum.extended();
    for (index, tooth) in others.iter().enumerate() {
        let doubled = tooth.doubled().extended().cached();
        let (with_minus, with_plus) = sums.split_at_mut(1 << index);
        for (point, place) in with_minus.iter().zip(with_plus) {
            sum.set_sum(point, &doubled, false);
            *place = sum.extended();
        }
    }
}

/// The points by affine coordinates, with one inversion for all (Montgomery's trick).
fn normalize(points: &[Extended], entries: &mut [Affine]) {
    // Until an entry is made, its place has the product of all `Z` before it.
    let mut product = FieldElement::small(1);
    for (point, entry) in points.iter().zip(&mut *entries) {
        entry.dxy = product;
        product = &product * &point.z;
    }
    // Half of the inverse: so is that of each point, and so are its coordinates.
    let mut half_inverse = &product.inverted() * &FieldElement::HALF;
    for (Extended { x, y, z, .. }, entry) in points.iter().zip(entries).rev() {
        let scale = &half_inverse * &entry.dxy;
        half_inverse = &half_inverse * z;
        *entry = Affine::of_halves(&(x * &scale), &(y * &scale));
    }
}
