//! Multiples of points of which nothing is known yet, by signed windows (the width-`w` NAF) of scalars that share their
//! doublings (Möller, "Algorithms for multi-exponentiation", SAC 2001).

use alloc::vec;
use alloc::vec::Vec;

use super::PrimeCurve;
use super::field::Field;
use super::point::{Affine, Jacobian, Sum};
use super::scalar::Scalar;

/// The bits of a window.
const WIDTH: usize = 5;

/// The odd multiples of a point, and what to multiply it by.
type Term<'a, C, const L: usize> = (&'a [Affine<<C as PrimeCurve<L>>::Field, L>], &'a Scalar<C, L>);

/// The point times 1, 3, 5, … 15; `None` is impossible for a point of a large prime order.
pub(super) fn odd_multiples<F: Field<L>, const L: usize>(point: &Affine<F, L>) -> Option<Vec<Affine<F, L>>> {
    // With the Z of twice the point taken for 1, on an isomorphic curve, twice the point is affine.
    let mut twice = Jacobian::from(point);
    twice.double();
    let zz = twice.z.squared();
    let mut multiple = Jacobian::from(&Affine { x: point.x.times(&zz), y: point.y.times(&zz.times(&twice.z)) });
    let step = Affine { x: twice.x, y: twice.y };
    let mut multiples = Vec::with_capacity(1 << (WIDTH - 2));
    for _ in 0..multiples.capacity() {
        multiples.push(Jacobian { z: multiple.z.times(&twice.z), ..multiple });
        multiple.add_other(&step);
    }
    Affine::of_all(&multiples)
}

/// `u1 P1 + u2 P2` for two scalars and the odd multiples of their points, if they met no exception.
#[inline(never)]
pub(super) fn sum<C: PrimeCurve<L>, const L: usize>(terms: [Term<'_, C, L>; 2]) -> Option<Jacobian<C::Field, L>> {
    let terms = terms.map(|(multiples, scalar)| (multiples, digits(scalar)));
    let mut sum = Sum::new();
    for place in (0..digits_of::<C, L>()).rev() {
        sum.double();
        for (multiples, digits) in &terms {
            let digit = *digits.get(place)?;
            if digit != 0 {
                sum.add(&multiples.get(usize::from(digit.unsigned_abs() / 2))?.signed(digit < 0));
            }
        }
    }
    Some(sum.finish())
}

/// How many digits a scalar has: one more than bits.
const fn digits_of<C: PrimeCurve<L>, const L: usize>() -> usize {
    C::Field::BYTES.wrapping_mul(8).wrapping_add(1)
}

/// The digits of a scalar, the lowest first: odd and of at most 4 bits and a sign, or zero.
#[inline(never)]
fn digits<C: PrimeCurve<L>, const L: usize>(scalar: &Scalar<C, L>) -> Vec<i8> {
    let mut digits = vec![0; digits_of::<C, L>()];
    let (mut place, mut carry) = (0_usize, 0);
    while let Some(digit) = digits.get_mut(place) {
        let window = scalar.bits(place, WIDTH).wrapping_add(carry);
        if window & 1 == 0 {
            place = place.wrapping_add(1);
            continue;
        }
        carry = window >> (WIDTH - 1);
        let signed = window.cast_signed().wrapping_sub(carry.cast_signed() << WIDTH);
        *digit = i8::try_from(signed).unwrap_or_default();
        place = place.wrapping_add(WIDTH);
    }
    digits
}
