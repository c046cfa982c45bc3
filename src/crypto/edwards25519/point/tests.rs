//! The interval analysis of the group law: no column of any product overflows, whatever points come together.

use super::super::field::LIMBS;
use super::*;
use crate::crypto::limb::interval::Interval;

type Bounds = FieldElement<Interval>;

/// Limbs that are at most so large.
fn at_most(limbs: [i128; LIMBS]) -> Bounds {
    FieldElement(limbs.map(|limb| Interval::new(-limb, limb)))
}

/// The invariant of elements that are products, constants, read or carried: half of a limb, and what the second limb has of
/// the carry out of the highest column. An element that was read has a top limb that is not halved.
fn invariant() -> Bounds {
    let half = 1 << 28;
    at_most([half, half + (1 << 17), half, half, half, half, half, half, 1 << 23])
}

impl Bounds {
    fn union(&self, other: &Self) -> Self {
        Self(core::array::from_fn(|index| self.0[index].union(other.0[index])))
    }

    fn is_within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(limb, bounds)| limb.is_within(bounds))
    }
}

impl Completed<Interval> {
    fn union(&self, other: &Self) -> Self {
        Self {
            e: self.e.union(&other.e),
            f: self.f.union(&other.f),
            g: self.g.union(&other.g),
            h: self.h.union(&other.h),
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        [(&self.e, &other.e), (&self.f, &other.f), (&self.g, &other.g), (&self.h, &other.h)]
            .iter()
            .all(|(element, bounds)| element.is_within(bounds))
    }
}

#[test]
fn elements_that_are_read_and_constants_keep_the_invariant() {
    for words in [[u64::MAX; 4], [0; 4], [0x1fff_ffff; 4], [0xaaaa_aaaa_aaaa_aaaa; 4], [1 << 28, 0, 0, 1 << 62]] {
        let element = FieldElement::<Interval>::constant(&FieldElement::of_words(words));
        assert!(element.is_within(&invariant()), "{words:x?}");
    }
    for constant in [FieldElement::D, FieldElement::D_DOUBLED, FieldElement::D_FOURFOLD, FieldElement::HALF] {
        assert!(FieldElement::<Interval>::constant(&constant).is_within(&invariant()));
    }
    assert!(Bounds::small(0).union(&Bounds::small(1)).is_within(&invariant()));
}

#[test]
fn the_group_law_reaches_a_fixpoint_without_overflow() {
    let any = invariant();
    // A point that was read, and its negative.
    let read = Extended { x: any.negated().union(&any), y: any, z: Bounds::small(1), t: any.negated().union(&any) };
    let mut points = Completed::neutral().union(&read.doubled());
    for round in 0.. {
        let extended = points.extended();
        for coordinate in [extended.x, extended.y, extended.z, extended.t] {
            assert!(coordinate.is_within(&any), "{coordinate:?}");
        }
        let mut reached = points.union(&read.completed());
        let mut doubled = points;
        doubled.double();
        reached = reached.union(&doubled);
        let affine = Affine::of_halves(&any, &any);
        for coordinate in [affine.half_sum, affine.half_difference, affine.dxy] {
            assert!(coordinate.is_within(&any), "{coordinate:?}");
        }
        for negated in [false, true] {
            for addend in [read.cached(), extended.cached()] {
                let mut sum = points;
                sum.add(&addend, negated);
                reached = reached.union(&sum);
                sum.set_sum(&read, &addend, negated);
                reached = reached.union(&sum);
            }
            let mut sum = points;
            sum.add_affine(&affine, negated);
            reached = reached.union(&sum);
        }
        if reached.is_within(&points) {
            break;
        }
        assert!(round < 4, "no fixpoint: {reached:?}");
        points = reached;
    }
}

#[test]
fn decoding_does_not_overflow() {
    let any = invariant();
    let (numerator, denominator) = x_squared(&any);
    let root = FieldElement::root_of_ratio_or_of_its_negative(&numerator, &denominator);
    assert!(root.is_within(&any));
    let product = &denominator * &root.square();
    for difference in [&product - &numerator, &product + &numerator] {
        assert!(difference.is_within(&at_most([1 << 30; LIMBS])));
    }
    // The limbs of an inverse, before they are carried.
    assert!(at_most([1 << 29; LIMBS]).carried().is_within(&any));
    assert!(zero_at_small_order(&any, &any).is_within(&any));
    assert!(zero_at_small_order(&root.negated(), &any).is_within(&any));
}
