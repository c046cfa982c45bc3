//! Points of a curve `y^2 = x^3 - 3 x + b` of prime order (SP 800-186 §3.2.1).

use alloc::vec::Vec;

use super::field::{Field, FieldElement};
use crate::crypto::limb::Column;

/// A point that is not the one at infinity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine<F, const L: usize, C: Column = i64> {
    pub(super) x: FieldElement<F, L, C>,
    pub(super) y: FieldElement<F, L, C>,
}

impl<F: Field<L>, const L: usize, C: Column> Affine<F, L, C> {
    /// The opposite.
    #[inline(always)]
    pub(super) fn opposite(&self) -> Self {
        Self { x: self.x, y: self.y.opposite() }
    }

    /// `y^2 - x^3 + 3 x - b`, which is zero on the curve.
    pub(super) fn equation(&self, b: &FieldElement<F, L, C>) -> FieldElement<F, L, C> {
        let one = FieldElement::one();
        let three = one.doubled().plus(&one);
        let x_squared_minus_three = self.x.squared_minus(&three);
        self.y.times_minus(&self.y, &self.x, &x_squared_minus_three).minus(b)
    }

    /// The sum of two points, for the inverse of [`Self::run`]. It may be added to a Jacobian point as it is, and no more.
    pub(super) fn plus(&self, other: &Self, inverse: &FieldElement<F, L, C>) -> Self {
        let slope = other.y.minus(&self.y).times(inverse);
        let x = slope.squared_minus(&self.x.plus(&other.x));
        let y = slope.times(&self.x.minus(&x)).minus(&self.y);
        Self { x, y }
    }

    /// The same point by products, which do not grow with each sum.
    pub(super) fn reduced(&self) -> Self {
        let one = FieldElement::one();
        Self { x: self.x.times(&one), y: self.y.times(&one) }
    }

    /// How far the x-coordinates of two points are apart.
    pub(super) fn run(&self, other: &Self) -> FieldElement<F, L, C> {
        other.x.minus(&self.x)
    }
}

impl<F: Field<L>, const L: usize> Affine<F, L> {
    /// The point, or its opposite.
    #[inline(always)]
    pub(super) fn signed(&self, is_opposite: bool) -> Self {
        Self { x: self.x, y: self.y.signed(is_opposite) }
    }

    /// The points of Jacobian coordinates; `None` when one is at infinity.
    pub(super) fn of_all(points: &[Jacobian<F, L>]) -> Option<Vec<Self>> {
        let mut inverses: Vec<_> = points.iter().map(|point| point.z).collect();
        FieldElement::invert_all(&mut inverses)?;
        Some(points.iter().zip(&inverses).map(|(point, inverse)| point.affine(inverse)).collect())
    }

    /// The sum of each pair; `None` when the two points of one have the same x-coordinate.
    pub(super) fn sums<'a>(pairs: impl Iterator<Item = (&'a Self, &'a Self)> + Clone) -> Option<Vec<Self>> {
        let mut inverses: Vec<_> = pairs.clone().map(|(a, b)| a.run(b)).collect();
        FieldElement::invert_all(&mut inverses)?;
        Some(pairs.zip(&inverses).map(|((a, b), inverse)| a.plus(b, inverse)).collect())
    }
}

/// The point `(X / Z^2, Y / Z^3)`, or the one at infinity when `Z` is zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jacobian<F, const L: usize, C: Column = i64> {
    pub(super) x: FieldElement<F, L, C>,
    pub(super) y: FieldElement<F, L, C>,
    pub(super) z: FieldElement<F, L, C>,
}

impl<F: Field<L>, const L: usize, C: Column> From<&Affine<F, L, C>> for Jacobian<F, L, C> {
    fn from(point: &Affine<F, L, C>) -> Self {
        // The y-coordinate may be an opposite or a difference, to which nothing may be added.
        Self { x: point.x, y: point.y.carried(), z: FieldElement::one() }
    }
}

impl<F: Field<L>, const L: usize, C: Column> Jacobian<F, L, C> {
    /// Adds a point that has another x-coordinate, in 8 multiplications and 3 squarings. If it has not, or `self` is at
    /// infinity, `Z` becomes zero: so it stays when more is added or doubled, and one look at the last sum tells that all of
    /// them are right.
    #[inline(never)]
    pub(super) fn add_other(&mut self, other: &Affine<F, L, C>) {
        let zz = self.z.squared();
        let h = other.x.times(&zz).minus(&self.x);
        let r = other.y.times(&zz.times(&self.z)).minus(&self.y);
        let hh = h.squared();
        let hhh = hh.times(&h);
        let v = self.x.times(&hh);
        self.x = r.squared_minus(&v.doubled().plus(&hhh));
        self.y = r.times_minus(&v.minus(&self.x), &hhh, &self.y);
        self.z = self.z.times(&h);
    }

    /// Doubles the point. None of a curve of prime order is its own opposite, but the one at infinity.
    #[inline(never)]
    pub(super) fn double(&mut self) {
        let zz = self.z.squared();
        self.z = self.y.doubled().times(&self.z);
        let alpha = self.x.minus(&zz).times(&self.x.plus(&zz));
        let alpha = alpha.doubled().plus(&alpha).carried();
        let gamma = self.y.squared().doubled().carried();
        let beta = self.x.times(&gamma.doubled());
        self.x = alpha.squared_minus(&beta.doubled());
        self.y = alpha.times_minus(&beta.minus(&self.x), &gamma, &gamma.doubled());
    }

    /// The point, for the inverse of its `Z`.
    pub(super) fn affine(&self, inverse: &FieldElement<F, L, C>) -> Affine<F, L, C> {
        let square = inverse.squared();
        Affine { x: self.x.times(&square), y: self.y.times(&square.times(inverse)) }
    }

    /// `x Z^2 - X`, which is zero when `x` is the x-coordinate.
    pub(super) fn x_difference(&self, x: &FieldElement<F, L, C>) -> FieldElement<F, L, C> {
        self.z.squared().times(x).minus(&self.x)
    }

    /// `y Z^3 - Y`, which is zero when `y` is the y-coordinate.
    pub(super) fn y_difference(&self, y: &FieldElement<F, L, C>) -> FieldElement<F, L, C> {
        self.z.squared().times(&self.z).times(y).minus(&self.y)
    }
}

impl<F: Field<L>, const L: usize> Jacobian<F, L> {
    /// The point at infinity.
    pub(super) fn infinity() -> Self {
        let one = FieldElement::one();
        Self { x: one, y: one, z: FieldElement::new([0; L]) }
    }

    /// Whether it is the point at infinity.
    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Adds any point.
    pub(super) fn add(&mut self, other: &Affine<F, L>) {
        let before = *self;
        self.add_other(other);
        if !self.is_infinity() {
            return;
        }
        if before.is_infinity() {
            *self = other.into();
        } else if before.y_difference(&other.y).is_zero() {
            *self = before;
            self.double();
        }
    }

    /// Whether `x` is the x-coordinate of the point, which is not at infinity.
    #[inline(never)]
    pub(super) fn has_x(&self, x: &FieldElement<F, L>) -> bool {
        self.x_difference(x).is_zero()
    }
}

/// A sum of points that have different x-coordinates, of which there is none at first. See [`Jacobian::add_other`].
pub(super) struct Sum<F, const L: usize> {
    sum: Jacobian<F, L>,
    is_empty: bool,
}

impl<F: Field<L>, const L: usize> Sum<F, L> {
    /// The sum of no points.
    pub(super) fn new() -> Self {
        Self { sum: Jacobian::infinity(), is_empty: true }
    }

    /// Doubles the sum.
    pub(super) fn double(&mut self) {
        if !self.is_empty {
            self.sum.double();
        }
    }

    /// Adds a point.
    pub(super) fn add(&mut self, point: &Affine<F, L>) {
        if self.is_empty {
            self.sum = point.into();
            self.is_empty = false;
        } else {
            self.sum.add_other(point);
        }
    }

    /// The sum. Its `Z` is zero when it is at infinity, or when a point on the way had the same x-coordinate as those before
    /// it: the sum is not known then.
    pub(super) const fn finish(self) -> Jacobian<F, L> {
        self.sum
    }
}
