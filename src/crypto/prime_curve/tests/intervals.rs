//! Every formula on intervals instead of numbers: from all that its operands can be, no limb and no column can leave its
//! integer, and what it yields is within what the next formula assumes.

use core::ops::RangeInclusive;

use super::super::p256::P256Field;
use super::super::p384::P384Field;
use super::*;
use crate::crypto::limb::interval::Interval;
use crate::crypto::limb::mask;

type Element<F, const L: usize> = FieldElement<F, L, Interval>;

/// All elements whose limbs but the last are reduced, and whose last is within a range.
fn elements<F: Field<L>, const L: usize>(last: RangeInclusive<i128>) -> Element<F, L> {
    FieldElement::new(core::array::from_fn(|limb| {
        if limb + 1 < L {
            Interval::new(0, mask(F::LIMB_BITS).into())
        } else {
            Interval::new(*last.start(), *last.end())
        }
    }))
}

/// What every formula assumes of an element, and yields: at most six times the prime, up or down.
fn any<F: Field<L>, const L: usize>() -> Element<F, L> {
    let bound = 6 * (i128::from(F::PRIME.limbs[L - 1]) + 1);
    elements(-bound..=bound)
}

fn assert_within<F: Field<L>, const L: usize>(element: &Element<F, L>, bounds: &Element<F, L>) {
    for (limb, bound) in element.limbs.iter().zip(&bounds.limbs) {
        assert!(limb.is_within(bound), "{limb:?} is not within {bound:?}");
    }
}

fn assert_any<F: Field<L>, const L: usize>(element: &Element<F, L>) {
    assert_within(element, &any());
}

fn assert_any_point<F: Field<L>, const L: usize>(point: &Jacobian<F, L, Interval>) {
    for coordinate in [&point.x, &point.y, &point.z] {
        assert_any(coordinate);
    }
}

/// An element that is compared with zero is above `-R` and below `R`.
fn assert_comparable<F: Field<L>, const L: usize>(element: &Element<F, L>) {
    let below = |bound: i128| Interval::new(1 - bound, bound - 1);
    assert!(element.limbs[L - 1].is_within(&below(1 << (F::LIMB_BITS - 1))));
    assert!(element.limbs.iter().all(|limb| limb.is_within(&below((1 << F::LIMB_BITS) + 1))));
    assert_any(&element.residue_or_prime());
}

fn every_formula_is_within_its_bounds<C: PrimeCurve<L>, const L: usize>() {
    let any = any::<C::Field, L>();
    let point = Jacobian { x: any, y: any, z: any };
    // An entry is a product, and is subtracted too.
    let entry = point.affine(&any);
    let entries = [entry, entry.opposite()];
    let mut addends = Vec::from(entries);
    // On an isomorphic curve, twice a point is added as it is.
    addends.push(Affine { x: any, y: any });
    for (a, b) in entries.iter().flat_map(|a| entries.iter().map(move |b| (a, b))) {
        let sum = a.plus(b, &any);
        assert_any(&sum.x);
        assert_within(&sum.reduced().x, &entry.x);
        assert_within(&sum.reduced().y, &entry.y);
        addends.push(sum);
    }
    for addend in addends {
        let mut sum = point;
        sum.add_other(&addend);
        assert_any_point(&sum);
        assert_any_point(&Jacobian::from(&addend));
    }
    let mut doubled = point;
    doubled.double();
    assert_any_point(&doubled);
    // What else becomes an entry: coordinates.
    let residue = elements::<C::Field, L>(0..=C::Field::PRIME.limbs[L - 1].into());
    let coordinate = residue.times(&FieldElement::constant(&C::Field::PRIME.r_squared));
    assert_within(&coordinate, &entry.x);
    // Products on the way to an inverse, which itself is a residue.
    assert_any(&any.times(&any));
    assert_any(&entry.run(&entry).times(&any));
    // What is compared with zero.
    assert_comparable(&point.z);
    assert_comparable(&point.x_difference(&any));
    assert_comparable(&point.y_difference(&any));
    assert_comparable(&Affine { x: any, y: any }.equation(&any));
}

/// The analysis sees what is too much.
#[test]
#[should_panic(expected = "overflows")]
fn sums_of_two_are_too_large_to_multiply_on_p256() {
    let sum = any::<P256Field, 9>().doubled();
    sum.times(&sum);
}

#[test]
#[should_panic(expected = "is no limb")]
fn sums_of_five_are_too_large_for_a_limb_on_p256() {
    let four = any::<P256Field, 9>().doubled().doubled();
    four.plus(&any::<P256Field, 9>());
}

#[test]
#[should_panic(expected = "is no limb")]
fn sums_of_nine_are_too_large_for_a_limb_on_p384() {
    let eight = any::<P384Field, 14>().doubled().doubled().doubled();
    eight.plus(&any::<P384Field, 14>());
}

on_every_curve! { every_formula_is_within_its_bounds }
