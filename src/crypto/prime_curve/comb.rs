//! Multiples of a fixed point by a signed comb (Lim and Lee, "More flexible exponentiation with precomputation", CRYPTO '94;
//! Hedabou, Pinel and Bénéteau, "Countermeasures for preventing comb method against SCA attacks", ISPEC 2005).
//!
//! An odd scalar is a sum of all powers of two, each with the sign that a bit tells. A comb of `t` teeth takes `t` of them
//! at once, far apart, from a table of their `2^(t-1)` sums up to the sign; `b` tables, of blocks of the bits between two
//! teeth, leave `s` bits of each block to doublings, which all blocks of all points share.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "all numbers are below those of a shape, which is asserted to be small at compile time"
)]

use alloc::vec::Vec;
use core::marker::PhantomData;

use super::PrimeCurve;
use super::field::Field;
use super::point::{Affine, Jacobian, Sum};
use super::scalar::Scalar;

/// The shape of a comb.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How many bits a digit has, of which each table entry is a sum.
    pub teeth: usize,
    /// How many tables there are.
    pub blocks: usize,
    /// How many digits are of the same table: one more than there are doublings.
    pub rows: usize,
}

impl Shape {
    /// How far a tooth is from the next, in bits.
    const fn spacing(self) -> usize {
        self.blocks * self.rows
    }

    /// How many entries a table has.
    const fn block_entries(self) -> usize {
        1 << (self.teeth - 1)
    }

    /// How many entries all tables have.
    pub(super) const fn entries(self) -> usize {
        self.blocks * self.block_entries()
    }

    /// The shape, if it has a place for every bit of a number of so many bytes.
    pub(super) const fn checked(self, bytes: usize) -> Self {
        assert!(2 <= self.teeth && self.teeth <= MAX_TEETH && 1 <= self.blocks && 2 <= self.rows);
        assert!(self.spacing() <= 64 && self.teeth * self.spacing() >= bytes * 8);
        self
    }
}

const MAX_TEETH: usize = 8;

/// The tables of a point: the entries of all tables for the same digit are together.
#[derive(Clone, Debug)]
pub(super) struct Comb<C: PrimeCurve<L>, const L: usize> {
    pub(super) entries: Vec<Affine<C::Field, L>>,
}

impl<C: PrimeCurve<L>, const L: usize> Comb<C, L> {
    const SHAPE: Shape = C::SHAPE.checked(C::Field::BYTES);
    /// The index of the most significant tooth.
    const TOP: usize = Self::SHAPE.teeth - 1;

    /// The tables of a point. That there are none is impossible: they meet the same multiples whatever the point.
    pub(super) fn new(point: &Affine<C::Field, L>) -> Option<Self> {
        let multiples = Self::multiples(point)?;
        let (bases, _) = multiples.as_chunks::<2>();
        let (bases, top) = bases.split_at_checked(Self::TOP * Self::SHAPE.blocks)?;
        let teeth = || bases.chunks_exact(Self::SHAPE.blocks);
        // The first entry of each table: all bits but the top one are zeros.
        let mut lowest: Vec<_> = top.iter().map(|[base, _]| Jacobian::from(base)).collect();
        for tooth in teeth() {
            for (sum, [base, _]) in lowest.iter_mut().zip(tooth) {
                sum.add_other(&base.opposite());
            }
        }
        let mut entries = Affine::of_all(&lowest)?;
        entries.reserve_exact(Self::SHAPE.entries() - Self::SHAPE.blocks);
        // Each further tooth adds as many entries as there are: where its bit is one, there is twice its base more.
        for tooth in teeth() {
            let sums = Affine::sums(entries.iter().zip(tooth.iter().map(|[_, twice]| twice).cycle()))?;
            entries.extend_from_slice(&sums);
        }
        Some(Self { entries })
    }

    /// The multiple of the point, and twice it, for the lowest bit of each block of each tooth.
    fn multiples(point: &Affine<C::Field, L>) -> Option<Vec<Affine<C::Field, L>>> {
        let mut multiples = Vec::with_capacity(2 * Self::SHAPE.teeth * Self::SHAPE.blocks);
        let mut multiple = Jacobian::from(point);
        for bit in 0..Self::SHAPE.teeth * Self::SHAPE.spacing() {
            if bit % Self::SHAPE.rows < 2 {
                multiples.push(multiple);
            }
            multiple.double();
        }
        Affine::of_all(&multiples)
    }

    /// `u1 P1 + u2 P2` for two scalars and the tables of their points, if they met no exception.
    #[inline(never)]
    pub(super) fn sum(terms: [(&Self, &Scalar<C, L>); 2]) -> Option<Jacobian<C::Field, L>> {
        let terms = terms.map(|(tables, scalar)| (tables, Digits::new(scalar)));
        let mut sum = Sum::new();
        for row in (0..Self::SHAPE.rows).rev() {
            sum.double();
            for block in 0..Self::SHAPE.blocks {
                for (tables, digits) in &terms {
                    let (index, positive) = digits.get(block * Self::SHAPE.rows + row);
                    let entry = tables.entries.get(index * Self::SHAPE.blocks + block)?;
                    sum.add(entry, positive == digits.opposite);
                }
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
    curve: PhantomData<C>,
}

impl<C: PrimeCurve<L>, const L: usize> Digits<C, L> {
    fn new(scalar: &Scalar<C, L>) -> Self {
        let opposite = scalar.is_even();
        let complement = scalar.complement();
        let odd = if opposite { &complement } else { scalar };
        // The sum of all +-2^i is odd; that of bits c_i is 2 c - (2^count - 1), so c is (odd + 2^count - 1) / 2.
        let spacing = C::SHAPE.spacing();
        let mut teeth = [0; MAX_TEETH];
        for (tooth, bits) in teeth.iter_mut().enumerate().take(C::SHAPE.teeth) {
            *bits = odd.bits(tooth * spacing + 1, spacing);
        }
        if let Some(top) = teeth.get_mut(C::SHAPE.teeth - 1) {
            *top |= 1 << (spacing - 1);
        }
        Self { teeth, opposite, curve: PhantomData }
    }

    /// The digit of all bits at the same place of their tooth: the index of the entry of its size, and whether it is
    /// positive.
    #[inline(always)]
    fn get(&self, place: usize) -> (usize, bool) {
        let bit = |(tooth, bits): (usize, &u64)| usize::from((bits >> place) & 1 == 1) << tooth;
        let digit = self.teeth.iter().enumerate().map(bit).fold(0, |digit, bit| digit | bit);
        let positive = digit >= C::SHAPE.block_entries();
        let index = if positive { digit } else { !digit };
        (index & (C::SHAPE.block_entries() - 1), positive)
    }
}
