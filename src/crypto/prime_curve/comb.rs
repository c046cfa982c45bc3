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

use alloc::vec;
use alloc::vec::Vec;

use super::PrimeCurve;
use super::field::Field;
use super::point::{Affine, Jacobian};
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

/// The tables of a point.
#[derive(Clone, Debug)]
pub(super) struct Comb<C: PrimeCurve<L>, const L: usize> {
    entries: Vec<Affine<C::Field, L>>,
}

impl<C: PrimeCurve<L>, const L: usize> Comb<C, L> {
    const SHAPE: Shape = C::SHAPE.checked(C::Field::BYTES);
    /// The index of the most significant tooth.
    const TOP: usize = Self::SHAPE.teeth - 1;

    /// The tables of a point. That there are none is impossible: they meet the same multiples whatever the point.
    pub(super) fn new(point: &Affine<C::Field, L>) -> Option<Self> {
        let bases = Self::bases(point)?;
        let base = |tooth: usize, block: usize| bases.get(tooth * Self::SHAPE.blocks + block);
        // The first entry of each table: all bits but the top one are zeros.
        let mut lowest = Vec::with_capacity(Self::SHAPE.blocks);
        for block in 0..Self::SHAPE.blocks {
            let [top, _] = base(Self::TOP, block)?;
            let mut sum = Jacobian::from(top);
            for tooth in 0..Self::TOP {
                let [base, _] = base(tooth, block)?;
                sum = sum.plus_other(&base.opposite());
            }
            lowest.push(sum);
        }
        let lowest = Affine::of_all(&lowest)?;
        let mut entries = vec![*point; Self::SHAPE.entries()];
        for (table, lowest) in entries.chunks_exact_mut(Self::SHAPE.block_entries()).zip(lowest) {
            *table.first_mut()? = lowest;
        }
        // Each further tooth adds as many entries as there are: where its bit is one, there is twice its base more.
        for tooth in 0..Self::TOP {
            let count = 1_usize << tooth;
            let mut pairs = Vec::with_capacity(count * Self::SHAPE.blocks);
            for (block, table) in entries.chunks_exact(Self::SHAPE.block_entries()).enumerate() {
                let [_, twice] = base(tooth, block)?;
                pairs.extend(table.iter().take(count).map(|entry| (entry, twice)));
            }
            let sums = Affine::sums(&pairs)?;
            let tables = entries.chunks_exact_mut(Self::SHAPE.block_entries());
            for (table, sums) in tables.zip(sums.chunks_exact(count)) {
                for (entry, sum) in table.iter_mut().skip(count).zip(sums) {
                    *entry = *sum;
                }
            }
        }
        Some(Self { entries })
    }

    /// The multiple of the point, and twice it, for the lowest bit of each block of each tooth.
    fn bases(point: &Affine<C::Field, L>) -> Option<Vec<[Affine<C::Field, L>; 2]>> {
        let count = Self::SHAPE.teeth * Self::SHAPE.blocks;
        let mut multiples = Vec::with_capacity(count * 2);
        let mut multiple = Jacobian::from(point);
        for _ in 0..count {
            multiples.push(multiple);
            multiple = multiple.doubled();
            multiples.push(multiple);
            for _ in 1..Self::SHAPE.rows {
                multiple = multiple.doubled();
            }
        }
        let multiples = Affine::of_all(&multiples)?;
        Some(multiples.as_chunks().0.to_vec())
    }

    /// `u1 P1 + u2 P2` for two scalars and the tables of their points. `Z` is zero when the sum is at infinity, or when
    /// an addition on the way met the same x-coordinate twice: the sum is not known then.
    #[inline(never)]
    pub(super) fn sum(terms: [(&Self, &Scalar<C, L>); 2]) -> Option<Jacobian<C::Field, L>> {
        let terms = terms.map(|(tables, scalar)| (tables, Digits::new(scalar)));
        let mut sum: Option<Jacobian<C::Field, L>> = None;
        for row in (0..Self::SHAPE.rows).rev() {
            sum = sum.map(|sum| sum.doubled());
            for block in 0..Self::SHAPE.blocks {
                for (tables, digits) in &terms {
                    let point = tables.multiple(digits, block, row)?;
                    sum = Some(sum.map_or_else(|| Jacobian::from(&point), |sum| sum.plus_other(&point)));
                }
            }
        }
        sum
    }

    /// The entry for the digit of a block and a row.
    #[inline(always)]
    fn multiple(&self, digits: &Digits<C, L>, block: usize, row: usize) -> Option<Affine<C::Field, L>> {
        let digit = digits.get(block * Self::SHAPE.rows + row);
        let (index, positive) = if digit >= Self::SHAPE.block_entries() { (digit, true) } else { (!digit, false) };
        let index = index & (Self::SHAPE.block_entries() - 1);
        let entry = self.entries.get(block * Self::SHAPE.block_entries() + index)?;
        Some(if positive == digits.opposite { entry.opposite() } else { *entry })
    }
}

/// A scalar as the signs of powers of two: a bit of one for a positive sign.
struct Digits<C, const L: usize> {
    /// The bits of each tooth.
    teeth: [u64; MAX_TEETH],
    /// Whether they are those of `n - scalar`, which is odd when the scalar is even.
    opposite: bool,
    curve: core::marker::PhantomData<C>,
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
        Self { teeth, opposite, curve: core::marker::PhantomData }
    }

    /// The digit of all bits at the same place of their tooth.
    #[inline(always)]
    fn get(&self, place: usize) -> usize {
        let bit = |(tooth, bits): (usize, &u64)| usize::from((bits >> place) & 1 == 1) << tooth;
        self.teeth.iter().enumerate().map(bit).fold(0, |digit, bit| digit | bit)
    }
}
