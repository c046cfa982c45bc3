//! The group of points of edwards25519: `-x^2 + y^2 = 1 + d x^2 y^2` (RFC 8032 §5.1), in extended coordinates
//! (Hisil, Wong, Carter, Dawson: Twisted Edwards Curves Revisited, 2008). The formulas hold for every two points.

#![expect(clippy::arithmetic_side_effects, reason = "the interval analysis bounds what the group law computes")]

use super::field::{FieldElement, to_sum_and_difference};
use crate::crypto::limb::Column;

/// The point of `x = X / Z` and `y = Y / Z`, with `T = X * Y / Z`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extended<C: Column = i64> {
    pub(super) x: FieldElement<C>,
    pub(super) y: FieldElement<C>,
    pub(super) z: FieldElement<C>,
    pub(super) t: FieldElement<C>,
}

/// The point of `x = E / G` and `y = H / F`, which the group law computes, before it is brought to one denominator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Completed<C: Column = i64> {
    pub(super) e: FieldElement<C>,
    pub(super) f: FieldElement<C>,
    pub(super) g: FieldElement<C>,
    pub(super) h: FieldElement<C>,
}

/// A point that is added more than once: `Y + X`, `Y - X`, `2 * Z` and `2 * d * T`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cached<C: Column = i64> {
    pub(super) sum: FieldElement<C>,
    pub(super) difference: FieldElement<C>,
    pub(super) z_doubled: FieldElement<C>,
    pub(super) dt_doubled: FieldElement<C>,
}

/// A point of a table: `(y + x) / 2`, `(y - x) / 2` and `d * x * y`. By the halves, `Z` of a sum needs no doubling.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine<C: Column = i64> {
    pub(super) half_sum: FieldElement<C>,
    pub(super) half_difference: FieldElement<C>,
    pub(super) dxy: FieldElement<C>,
}

impl<C: Column> Completed<C> {
    /// The neutral element.
    pub(super) fn neutral() -> Self {
        let [zero, one] = [0, 1].map(FieldElement::small);
        Self { e: zero, f: one, g: one, h: one }
    }

    /// Becomes `2 * self`.
    #[inline(never)]
    pub(super) fn double(&mut self) {
        let (x, y, z) = (&self.e * &self.f, &self.g * &self.h, &self.f * &self.g);
        self.h = y.square();
        self.g = x.square();
        to_sum_and_difference(&mut self.h, &mut self.g);
        self.e = &(&x + &x) * &y;
        self.f = z.square().doubled_minus(&self.g);
    }

    /// Becomes `self + other`, or `self - other`.
    pub(super) fn add(&mut self, other: &Cached<C>, negated: bool) {
        let point = self.extended();
        self.set_sum(&point, other, negated);
    }

    /// Becomes `point + other`, or `point - other`.
    #[inline(never)]
    pub(super) fn set_sum(&mut self, point: &Extended<C>, other: &Cached<C>, negated: bool) {
        let Extended { x, y, z, t } = point;
        let z = z * &other.z_doubled;
        self.set_products([*x, *y, z, *t], &other.sum, &other.difference, &other.dt_doubled, negated);
    }

    /// Becomes `self + other`, or `self - other`.
    #[inline(never)]
    pub(super) fn add_affine(&mut self, other: &Affine<C>, negated: bool) {
        let Extended { x, y, z, t } = self.extended();
        self.set_products([x, y, z, t], &other.half_sum, &other.half_difference, &other.dxy, negated);
    }

    /// Becomes the sum of the point of `X`, `Y`, `Z` and `T`, and the point of which `sum`, `difference` and `dt` are `y + x`,
    /// `y - x` and `2 * d * x * y`. These and `Z` may have one factor in common, but that `Z` has half of it. To negate a point
    /// is to negate its `x`.
    #[inline(always)]
    fn set_products(
        &mut self,
        [mut x, mut y, z, t]: [FieldElement<C>; 4],
        sum: &FieldElement<C>,
        difference: &FieldElement<C>,
        dt: &FieldElement<C>,
        negated: bool,
    ) {
        let (sum, difference) = if negated { (difference, sum) } else { (sum, difference) };
        let (f, g) = if negated { (&mut self.g, &mut self.f) } else { (&mut self.f, &mut self.g) };
        to_sum_and_difference(&mut y, &mut x);
        self.h = &y * sum;
        self.e = &x * difference;
        to_sum_and_difference(&mut self.h, &mut self.e);
        *g = z;
        *f = &t * dt;
        to_sum_and_difference(g, f);
    }

    /// The point by one denominator.
    #[inline(never)]
    pub(super) fn extended(&self) -> Extended<C> {
        let Self { e, f, g, h } = self;
        Extended { x: e * f, y: g * h, z: f * g, t: e * h }
    }
}

impl<C: Column> Extended<C> {
    /// The point, to be added to.
    pub(super) fn completed(&self) -> Completed<C> {
        Completed { e: self.x, f: self.z, g: self.z, h: self.y }
    }

    /// `2 * self`
    #[inline(never)]
    pub(super) fn doubled(&self) -> Completed<C> {
        let mut doubled = self.completed();
        doubled.double();
        doubled
    }

    /// The point, to be added more than once.
    #[inline(never)]
    pub(super) fn cached(&self) -> Cached<C> {
        let Self { x, y, z, t } = self;
        let dt_doubled = t * &FieldElement::constant(&FieldElement::D_DOUBLED);
        Cached { sum: y + x, difference: y - x, z_doubled: z + z, dt_doubled }
    }
}

impl<C: Column> Affine<C> {
    /// The neutral element.
    pub(super) fn neutral() -> Self {
        let half = FieldElement::constant(&FieldElement::HALF);
        Self { half_sum: half, half_difference: half, dxy: FieldElement::small(0) }
    }

    /// The point of `x / 2` and `y / 2`.
    #[inline(never)]
    pub(super) fn of_halves(half_x: &FieldElement<C>, half_y: &FieldElement<C>) -> Self {
        // A product of halves is a quarter of the product.
        let dxy = &(half_x * half_y) * &FieldElement::constant(&FieldElement::D_FOURFOLD);
        // Carried, so that they are no larger than products.
        Self { half_sum: (half_y + half_x).carried(), half_difference: (half_y - half_x).carried(), dxy }
    }
}

impl Completed {
    /// `x` and `y`.
    pub(super) fn coordinates(&self) -> (FieldElement, FieldElement) {
        let Extended { x, y, z, .. } = self.extended();
        let inverse = z.inverted();
        (&x * &inverse, &y * &inverse)
    }
}

impl Extended {
    /// The base point of the group, of which `y` is `4 / 5` and `x` even.
    pub(super) const BASE: Self = Self {
        x: FieldElement::of_words([
            0xc956_2d60_8f25_d51a,
            0x692c_c760_9525_a7b2,
            0xc0a4_e231_fdd6_dc5c,
            0x2169_36d3_cd6e_53fe,
        ]),
        y: FieldElement::of_words([
            0x6666_6666_6666_6658,
            0x6666_6666_6666_6666,
            0x6666_6666_6666_6666,
            0x6666_6666_6666_6666,
        ]),
        z: FieldElement::of_words([1, 0, 0, 0]),
        t: FieldElement::of_words([
            0x6dde_8ab3_a5b7_dda3,
            0x20f0_9f80_7751_52f5,
            0x66ea_4e8e_64ab_e37d,
            0x6787_5f0f_d78b_7665,
        ]),
    };

    /// `-self`
    pub(super) fn negated(&self) -> Self {
        Self { x: self.x.negated(), t: self.t.negated(), ..*self }
    }
}

/// What 32 bytes say of a point (RFC 8032 §5.1.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Encoded {
    y: FieldElement,
    x_is_odd: bool,
}

impl Encoded {
    /// `None` when `y` is not below `p`.
    pub(super) fn new(bytes: &[u8; 32]) -> Option<Self> {
        let [.., last] = bytes;
        Some(Self { y: FieldElement::of_bytes(bytes)?, x_is_odd: last >> 7 == 1 })
    }

    /// The point (RFC 8032 §5.1.3), unless there is none, or it is of small order: so an `x` of 0 has no sign here.
    pub(super) fn point(&self) -> Option<Extended> {
        let (numerator, denominator) = x_squared(&self.y);
        let root = FieldElement::root_of_ratio(&numerator, &denominator)?;
        let x = if root.is_odd() == self.x_is_odd { root } else { root.negated() };
        let point = Extended { x, y: self.y, z: FieldElement::small(1), t: &x * &self.y };
        (!is_small_order(&x, &self.y)).then_some(point)
    }

    /// Whether this is the encoding of a point.
    pub(super) fn is_of(&self, x: &FieldElement, y: &FieldElement) -> bool {
        (&self.y - y).is_zero() && x.is_odd() == self.x_is_odd
    }
}

/// The numerator and the denominator of `x^2 = (y^2 - 1) / (d y^2 + 1)`.
pub(super) fn x_squared<C: Column>(y: &FieldElement<C>) -> (FieldElement<C>, FieldElement<C>) {
    let one = FieldElement::small(1);
    let y_squared = y.square();
    (&y_squared - &one, &(&y_squared * &FieldElement::constant(&FieldElement::D)) + &one)
}

/// Whether the order of a point is 1, 2, 4 or 8.
pub(super) fn is_small_order(x: &FieldElement, y: &FieldElement) -> bool {
    zero_at_small_order(x, y).is_zero()
}

/// 0 where the order of a point is 1, 2, 4 or 8: then its double has the order 1, 2 or 4, and of such a point a coordinate is
/// 0. So `2 * x * y` is, or `x^2 + y^2`.
pub(super) fn zero_at_small_order<C: Column>(x: &FieldElement<C>, y: &FieldElement<C>) -> FieldElement<C> {
    &(x * y) * &(&x.square() + &y.square())
}

#[cfg(test)]
mod tests;
