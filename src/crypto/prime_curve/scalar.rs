//! Numbers modulo the order of a curve.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a bit is counted from 0 to 512, and no more than 64 are taken at once"
)]

use core::marker::PhantomData;

use super::PrimeCurve;
use super::field::Field;
use super::modulus::{Modulus, Residue};

/// A number below the order `n` of the curve.
#[derive(Debug)]
pub(super) struct Scalar<C, const L: usize> {
    residue: Residue<L>,
    curve: PhantomData<C>,
}

impl<C: PrimeCurve<L>, const L: usize> Scalar<C, L> {
    const LIMB_BITS: usize = C::Field::LIMB_BITS as usize;

    pub(super) const fn new(residue: Residue<L>) -> Self {
        Self { residue, curve: PhantomData }
    }

    /// The scalar of a big-endian number of the order's size; `None` when it is zero, or not below `n`.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let number = Modulus::<C::Field, L>::parse(bytes);
        (number != [0; L] && C::ORDER.exceeds(&number)).then_some(Self::new(number))
    }

    /// The residue.
    pub(super) const fn residue(&self) -> &Residue<L> {
        &self.residue
    }

    /// `e / s` and `r / s` for the leftmost bits `e` of a digest, as many as `n` has (FIPS 186-5 §6.4.2, steps 2 to 4).
    pub(super) fn quotients(digest: &[u8], r: &Self, s: &Self) -> Option<(Self, Self)> {
        let leftmost = digest.get(..C::Field::BYTES).unwrap_or(digest);
        let e = Modulus::<C::Field, L>::parse(leftmost);
        // In Montgomery's form, which the products take away.
        let inverse = C::ORDER.inverse(&s.residue)?;
        let [u1, u2] = [&e, &r.residue].map(|factor| Self::new(C::ORDER.product(&inverse, factor)));
        Some((u1, u2))
    }

    /// Whether the scalar is even.
    pub(super) fn is_even(&self) -> bool {
        self.bits(0, 1) == 0
    }

    /// `n - self`, which may be `n`.
    pub(super) fn complement(&self) -> Self {
        Self::new(C::ORDER.combined(&self.residue, -1, 1))
    }

    /// `count` bits from one on, at most 64. There are zeros beyond the last.
    #[inline(never)]
    pub(super) fn bits(&self, from: usize, count: usize) -> u64 {
        let limb = |index: usize| self.residue.get(index).map_or(0, |limb| u64::from(limb.cast_unsigned()));
        let (mut index, shift) = (from / Self::LIMB_BITS, from % Self::LIMB_BITS);
        let mut bits = limb(index) >> shift;
        let mut held = Self::LIMB_BITS - shift;
        while held < count {
            index += 1;
            bits |= limb(index) << held;
            held += Self::LIMB_BITS;
        }
        bits & (u64::MAX >> (64 - count))
    }
}
