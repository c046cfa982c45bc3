//! Multiples of a fixed point by a signed comb (Lim and Lee, "More flexible exponentiation with precomputation", CRYPTO '94;
//! Hedabou, Pinel and Bénéteau, "Countermeasures for preventing comb method against SCA attacks", ISPEC 2005).
//!
//! An odd scalar is a sum of all powers of two, each with the sign that a bit tells. A comb of `t` teeth takes `t` of them
//! at once, far apart, from a table of their `2^(t-1)` sums up to the sign; `b` tables, of blocks of the bits between two
//! teeth, leave `s` bits of each block to doublings, which all blocks of all points share.
//!
//! All entries are known before the first addition. So they are added in pairs first, as affine points with one inversion
//! for all: that takes 6 products for each pair in place of 11.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "all numbers are below those of a shape, which is asserted to be small at compile time"
)]

use alloc::vec::Vec;
use core::marker::PhantomData;

use super::PrimeCurve;
use super::point::{Affine, Jacobian, Sum};
use super::scalar::Scalar;

/// The shape of a comb.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How many bits a digit has, of which each table entry is a sum.
    pub teeth: usize,
    /// How many tables there are.
    pub blocks: usize,
    /// How many digits are of the same table, or fewer of the last: one more than there are doublings.
    pub rows: usize,
    /// How many digits there are, which is how far a tooth is from the next, in bits.
    pub places: usize,
}

impl Shape {
    /// The shape of so many teeth and blocks that has a place for every bit.
    pub(super) const fn new(teeth: usize, blocks: usize, bits: usize) -> Self {
        assert!(2 <= teeth && teeth <= MAX_TEETH && 1 <= blocks);
        let places = bits.div_ceil(teeth);
        let rows = places.div_ceil(blocks);
        // Twice the base of a tooth is the multiple for its second bit, which the last block must have too.
        assert!((blocks - 1) * rows + 2 <= places && places <= 64);
        Self { teeth, blocks, rows, places }
    }

    /// How many entries a table has.
    const fn block_entries(self) -> usize {
        1 << (self.teeth - 1)
    }

    /// How many entries all tables have.
    pub(super) const fn entries(self) -> usize {
        self.blocks * self.block_entries()
    }

    /// The places of a row, one of each block that has it.
    fn places_of(self, row: usize) -> impl Iterator<Item = usize> {
        (row..if row < self.rows { self.places } else { 0 }).step_by(self.rows)
    }
}

const MAX_TEETH: usize = 12;

/// The tables of a point: the entries of all tables for the same digit are together.
#[derive(Clone, Debug)]
pub(super) struct Comb<C: PrimeCurve<L>, const L: usize> {
    shape: Shape,
    pub(super) entries: Vec<Affine<C::Field, L>>,
}

impl<C: PrimeCurve<L>, const L: usize> Comb<C, L> {
    /// The tables of a point. That there are none is impossible: they meet the same multiples whatever the point.
    #[inline(never)]
    pub(super) fn new(point: &Affine<C::Field, L>, shape: Shape) -> Option<Self> {
        let multiples = Self::multiples(point, shape)?;
        let (bases, _) = multiples.as_chunks::<2>();
        let (bases, top) = bases.split_at_checked((shape.teeth - 1) * shape.blocks)?;
        let teeth = || bases.chunks_exact(shape.blocks);
        // The first entry of each table: all bits but the top one are zeros.
        let mut lowest: Vec<_> = top.iter().map(|[base, _]| Jacobian::from(base)).collect();
        for tooth in teeth() {
            for (sum, [base, _]) in lowest.iter_mut().zip(tooth) {
                sum.add_other(&base.opposite());
            }
        }
        let mut entries = Affine::of_all(&lowest)?;
        entries.reserve_exact(shape.entries() - shape.blocks);
        // Each further tooth adds as many entries as there are: where its bit is one, there is twice its base more.
        for tooth in teeth() {
            let sums = Affine::sums(entries.iter().zip(tooth.iter().map(|[_, twice]| twice).cycle()))?;
            entries.extend(sums.iter().map(Affine::reduced));
        }
        Some(Self { shape, entries })
    }

    /// The multiple of the point, and twice it, for the lowest bit of each block of each tooth.
    fn multiples(point: &Affine<C::Field, L>, shape: Shape) -> Option<Vec<Affine<C::Field, L>>> {
        let mut multiples = Vec::with_capacity(2 * shape.teeth * shape.blocks);
        let mut multiple = Jacobian::from(point);
        for bit in 0..shape.teeth * shape.places {
            if bit % shape.places % shape.rows < 2 {
                multiples.push(multiple);
            }
            multiple.double();
        }
        Affine::of_all(&multiples)
    }

    /// `u1 P1 + u2 P2` for two scalars and the tables of their points, if they met no exception.
    #[inline(never)]
    pub(super) fn sum(terms: [(&Self, &Scalar<C, L>); 2]) -> Option<Jacobian<C::Field, L>> {
        let terms = terms.map(|(tables, scalar)| (tables, Digits::new(scalar, tables.shape)));
        let shapes = || terms.iter().map(|(tables, _)| tables.shape);
        let row_count = shapes().map(|shape| shape.rows).max()?;
        let mut pairs = Vec::with_capacity(shapes().map(|shape| shape.places).sum::<usize>() / 2);
        let mut rows = Vec::with_capacity(row_count);
        for row in (0..row_count).rev() {
            let before = pairs.len();
            let mut single: Option<Affine<C::Field, L>> = None;
            for (tables, digits) in &terms {
                for (block, place) in tables.shape.places_of(row).enumerate() {
                    let (index, positive) = digits.get(place);
                    let entry = tables.entries.get(index * tables.shape.blocks + block)?;
                    let point = entry.signed(positive == digits.opposite);
                    match single.take() {
                        Some(other) => pairs.push([other, point]),
                        None => single = Some(point),
                    }
                }
            }
            rows.push((pairs.len() - before, single));
        }
        let mut sums = Affine::sums(pairs.iter().map(|[a, b]| (a, b)))?.into_iter();
        let mut sum = Sum::new();
        for (count, single) in rows {
            sum.double();
            for point in sums.by_ref().take(count).chain(single) {
                sum.add(&point);
            }
        }
        Some(sum.finish())
    }
}

/// A scalar as the signs of powers of two: a bit of one for a positive sign.
struct Digits<C, const L: usize> {
    /// The bits of each tooth.
    teeth: [u64; MAX_TEETH],
    /// Whether they are those of `n - scalar`, which is odd when the scalar is even.
    opposite: bool,
    shape: Shape,
    curve: PhantomData<C>,
}

impl<C: PrimeCurve<L>, const L: usize> Digits<C, L> {
    fn new(scalar: &Scalar<C, L>, shape: Shape) -> Self {
        let opposite = scalar.is_even();
        let complement = scalar.complement();
        let odd = if opposite { &complement } else { scalar };
        // The sum of all +-2^i is odd; that of bits c_i is 2 c - (2^count - 1), so c is (odd + 2^count - 1) / 2.
        let mut teeth = [0; MAX_TEETH];
        for (tooth, bits) in teeth.iter_mut().enumerate().take(shape.teeth) {
            *bits = odd.bits(tooth * shape.places + 1, shape.places);
        }
        if let Some(top) = teeth.get_mut(shape.teeth - 1) {
            *top |= 1 << (shape.places - 1);
        }
        Self { teeth, opposite, shape, curve: PhantomData }
    }

    /// The digit of all bits at the same place of their tooth: the index of the entry of its size, and whether it is
    /// positive.
    #[inline(always)]
    fn get(&self, place: usize) -> (usize, bool) {
        let bit = |(tooth, bits): (usize, &u64)| usize::from((bits >> place) & 1 == 1) << tooth;
        let digit = self.teeth.iter().enumerate().take(self.shape.teeth).map(bit).fold(0, |digit, bit| digit | bit);
        let positive = digit >= self.shape.block_entries();
        let index = if positive { digit } else { !digit };
        (index & (self.shape.block_entries() - 1), positive)
    }
}
