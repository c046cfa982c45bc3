//! Points of a curve `y^2 = x^3 - 3 x + b` of prime order (SP 800-186 §3.2.1).

use alloc::vec::Vec;

use super::field::{Field, FieldElement};
use super::limb::Limb;

/// A point that is not the one at infinity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine<F, const L: usize, T = i32> {
    pub(super) x: FieldElement<F, L, T>,
    pub(super) y: FieldElement<F, L, T>,
}

impl<F: Field<L>, const L: usize, T: Limb> Affine<F, L, T> {
    /// The opposite.
    #[inline(always)]
    pub(super) fn opposite(&self) -> Self {
        Self { x: self.x, y: self.y.opposite() }
    }

    /// `y^2 - x^3 + 3 x - b`, which is zero on the curve.
    pub(super) fn equation(&self, b: &FieldElement<F, L, T>) -> FieldElement<F, L, T> {
        let one = FieldElement::one();
        let three = one.doubled().plus(&one);
        let x_squared_minus_three = self.x.squared_plus(&three.opposite());
        self.y.times_minus(&self.y, &self.x, &x_squared_minus_three).minus(b)
    }

    /// The sum of two points, for the inverse of [`Self::run`].
    pub(super) fn plus(&self, other: &Self, inverse: &FieldElement<F, L, T>) -> Self {
        let slope = other.y.minus(&self.y).times(inverse);
        // As products, so that sums of sums do not grow.
        let one = FieldElement::one();
        let x = slope.times_minus(&slope, &self.x.plus(&other.x), &one);
        let y = slope.times_minus(&self.x.minus(&x), &self.y, &one);
        Self { x, y }
    }

    /// How far the x-coordinates of two points are apart.
    pub(super) fn run(&self, other: &Self) -> FieldElement<F, L, T> {
        other.x.minus(&self.x)
    }
}

impl<F: Field<L>, const L: usize> Affine<F, L> {
    /// The points of Jacobian coordinates; `None` when one is at infinity.
    pub(super) fn of_all(points: &[Jacobian<F, L>]) -> Option<Vec<Self>> {
        let mut inverses: Vec<_> = points.iter().map(|point| point.z).collect();
        FieldElement::invert_all(&mut inverses)?;
        Some(points.iter().zip(&inverses).map(|(point, inverse)| point.affine(inverse)).collect())
    }

    /// The sum of each pair; `None` when the two points of one have the same x-coordinate.
    pub(super) fn sums(pairs: &[(&Self, &Self)]) -> Option<Vec<Self>> {
        let mut inverses: Vec<_> = pairs.iter().map(|(a, b)| a.run(b)).collect();
        FieldElement::invert_all(&mut inverses)?;
        Some(pairs.iter().zip(&inverses).map(|((a, b), inverse)| a.plus(b, inverse)).collect())
    }
}

/// The point `(X / Z^2, Y / Z^3)`, or the one at infinity when `Z` is zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jacobian<F, const L: usize, T = i32> {
    pub(super) x: FieldElement<F, L, T>,
    pub(super) y: FieldElement<F, L, T>,
    pub(super) z: FieldElement<F, L, T>,
}

impl<F: Field<L>, const L: usize, T: Limb> From<&Affine<F, L, T>> for Jacobian<F, L, T> {
    fn from(point: &Affine<F, L, T>) -> Self {
        Self { x: point.x, y: point.y, z: FieldElement::one() }
    }
}

impl<F: Field<L>, const L: usize, T: Limb> Jacobian<F, L, T> {
    /// The sum of two points that have different x-coordinates, in 8 multiplications and 3 squarings. Of two that have not,
    /// or when `self` is at infinity, `Z` is zero: so it stays when more is added or doubled, and one look at the last sum
    /// tells that all of them are right.
    #[inline(never)]
    pub(super) fn plus_other(&self, other: &Affine<F, L, T>) -> Self {
        let zz = self.z.squared();
        let h = other.x.times(&zz).minus(&self.x);
        let r = other.y.times(&zz.times(&self.z)).minus(&self.y);
        let hh = h.squared();
        let hhh = hh.times(&h);
        let v = self.x.times(&hh);
        let x = r.squared_plus(&v.doubled().plus(&hhh).opposite());
        let y = r.times_minus(&v.minus(&x), &hhh, &self.y);
        Self { x, y, z: self.z.times(&h) }
    }

    /// Twice the point. No point of a curve of prime order is its own opposite, but the one at infinity.
    #[inline(never)]
    pub(super) fn doubled(&self) -> Self {
        let zz = self.z.squared();
        let alpha = self.x.minus(&zz).times(&self.x.plus(&zz));
        let alpha = alpha.doubled().plus(&alpha).carried();
        let gamma = self.y.squared().doubled().carried();
        let beta = self.x.times(&gamma.doubled());
        let x = alpha.squared_plus(&beta.doubled().opposite());
        let y = alpha.times_minus(&beta.minus(&x), &gamma, &gamma.doubled());
        Self { x, y, z: self.y.doubled().times(&self.z) }
    }

    /// The point, for the inverse of its `Z`.
    pub(super) fn affine(&self, inverse: &FieldElement<F, L, T>) -> Affine<F, L, T> {
        let square = inverse.squared();
        Affine { x: self.x.times(&square), y: self.y.times(&square.times(inverse)) }
    }

    /// `x Z^2 - X`, which is zero when `x` is the x-coordinate.
    pub(super) fn x_difference(&self, x: &FieldElement<F, L, T>) -> FieldElement<F, L, T> {
        self.z.squared().times(x).minus(&self.x)
    }

    /// `y Z^3 - Y`, which is zero when `y` is the y-coordinate.
    pub(super) fn y_difference(&self, y: &FieldElement<F, L, T>) -> FieldElement<F, L, T> {
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

    /// The sum of any two points.
    #[inline(never)]
    pub(super) fn plus(&self, other: &Affine<F, L>) -> Self {
        if self.is_infinity() {
            return other.into();
        }
        let sum = self.plus_other(other);
        if !sum.is_infinity() {
            return sum;
        }
        if self.y_difference(&other.y).is_zero() { self.doubled() } else { Self::infinity() }
    }

    /// Whether `x` is the x-coordinate of the point, which is not at infinity.
    #[inline(never)]
    pub(super) fn has_x(&self, x: &FieldElement<F, L>) -> bool {
        self.x_difference(x).is_zero()
    }
}
