//! Additions, doublings and entries of tables, against the crate `curve25519-dalek`: of points with hostile coordinates and parts of
//! small order, by denominators with hostile limbs.

use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::{EdwardsPoint, Scalar as Oracle};

use super::super::comb::Comb;
use super::super::field::FieldElement;
use super::super::point::{Affine, Completed};
use super::super::scalar::BITS;
use super::*;
use crate::crypto::tests::for_each_seed;

/// Sums are of multiples of a point up to this one, positive and negative.
const MOST: usize = 32;
/// How many multiples of a point are known.
const KNOWN: usize = 4 * MOST + 1;
/// How many sums there are of the multiples of one point.
const SUMS: usize = 2_000;

/// A point with a hostile `y`, that is not of small order.
fn point(random: &mut Random) -> EdwardsPoint {
    loop {
        let mut y: [u8; 32] = random.bytes();
        match random.below(4) {
            0 => y = [0xff; 32],
            1 => y = [0; 32],
            2 => y = core::array::from_fn(|index| if index % 7 < 3 { 0xff } else { 0 }),
            _ => {}
        }
        for _ in 0..random.below(4) {
            y[random.below(32)] ^= 1 << random.below(8);
        }
        if let Some(point) = CompressedEdwardsY(y).decompress().filter(|point| !point.is_small_order()) {
            return point;
        }
    }
}

/// `x` and `y`.
type Coordinates = [FieldElement; 2];

/// The coordinates of the neutral point, or of one that is not of small order.
fn coordinates(point: &CompressedEdwardsY) -> Coordinates {
    if *point == EdwardsPoint::default().compress() {
        return [0, 1].map(FieldElement::small);
    }
    let Extended { x, y, .. } = Encoded::new(point.as_bytes()).unwrap().point().unwrap();
    [x, y]
}

fn same(a: &FieldElement, b: &FieldElement) -> bool {
    (a - b).is_zero()
}

/// A denominator.
fn denominator(random: &mut Random) -> FieldElement {
    loop {
        let element = FieldElement::hostile(random, 1);
        if !element.is_zero() {
            return element;
        }
    }
}

/// The point by a hostile denominator.
fn extended([x, y]: &Coordinates, random: &mut Random) -> Extended {
    let z = denominator(random);
    let xz = x * &z;
    Extended { x: xz, y: y * &z, z, t: &xz * y }
}

fn assert_is(point: &Completed, [x, y]: &Coordinates, what: &str) {
    let sum = point.extended();
    assert!(!sum.z.is_zero(), "{what}: {point:?}");
    assert!(same(&sum.x, &(x * &sum.z)) && same(&sum.y, &(y * &sum.z)), "{what}: {point:?} is not {x:?} {y:?}");
    assert!(same(&(&sum.t * &sum.z), &(&sum.x * &sum.y)), "{what}: {point:?}");
}

#[test]
fn additions_and_doublings_are_those_of_the_crate() {
    for_each_seed(cases().div_ceil(SUMS), |seed| {
        let mut random = Random::new(seed);
        let point = point(&mut random);
        let mut multiple = -(point * Oracle::from(u64::try_from(2 * MOST).unwrap()));
        let mut known = [EdwardsPoint::default(); KNOWN];
        for known in &mut known {
            *known = multiple;
            multiple += point;
        }
        let known = EdwardsPoint::compress_batch(&known).map(|point| coordinates(&point));
        let get = |multiple: i32| &known[usize::try_from(multiple + 64).unwrap()];
        let any = |random: &mut Random| i32::try_from(random.below(2 * MOST + 1)).unwrap() - 32;
        for _ in 0..SUMS {
            let a = any(&mut random);
            // One in four is an exception of other formulas, about.
            let b = match random.below(8) {
                0 => a,
                1 => -a,
                _ => any(&mut random),
            };
            let [[ax, ay], [bx, by]] = [get(a), get(b)];
            let [f, g] = [(); 2].map(|()| denominator(&mut random));
            let before = Completed { e: ax * &g, f, g, h: ay * &f };
            let mut doubled = before;
            doubled.double();
            assert_is(&doubled, get(2 * a), "doubled");
            let negated = random.below(2) == 0;
            let expected = get(if negated { a - b } else { a + b });
            let cached = extended(get(b), &mut random).cached();
            let mut sum = before;
            sum.add(&cached, negated);
            assert_is(&sum, expected, "added");
            sum.set_sum(&extended(get(a), &mut random), &cached, negated);
            assert_is(&sum, expected, "set to a sum");
            let half = &FieldElement::HALF;
            let mut sum = before;
            sum.add_affine(&Affine::of_halves(&(bx * half), &(by * half)), negated);
            assert_is(&sum, expected, "added by affine coordinates");
        }
    });
}

/// For each block, the last tooth and the others with all signs.
fn entries_are_those_of_the_crate<const TEETH: usize, const BLOCKS: usize>() {
    let row = (BITS + 1).div_ceil(TEETH);
    let columns = row.div_ceil(BLOCKS);
    let entries = BLOCKS << (TEETH - 1);
    for_each_seed(cases().div_ceil(entries), |seed| {
        let point = point(&mut Random::new(seed));
        let bits: Vec<_> = core::iter::successors(Some(point), |bit| Some(bit + bit)).take(TEETH * row).collect();
        let expected = (0..entries).map(|index| {
            let (block, signs) = (index >> (TEETH - 1), index % (1 << (TEETH - 1)));
            let begin = |tooth: usize| bits[tooth * row + block * columns];
            (0..TEETH - 1).fold(begin(TEETH - 1), |sum, tooth| {
                if signs >> tooth & 1 == 1 { sum + begin(tooth) } else { sum - begin(tooth) }
            })
        });
        let expected: Vec<_> = expected.collect();
        let [x, y] = coordinates(&point.compress());
        let table = Comb::<TEETH, BLOCKS>::new(&Extended { x, y, z: FieldElement::small(1), t: &x * &y });
        assert_eq!(table.entries.len(), entries);
        for (entry, expected) in table.entries.as_chunks::<ENCODED>().0.iter().zip(expected.as_chunks().0) {
            for (entry, expected) in entry.iter().zip(EdwardsPoint::compress_batch::<ENCODED>(expected)) {
                let y = &entry.half_sum + &entry.half_difference;
                let x = &entry.half_sum - &entry.half_difference;
                let mut bytes = y.bytes();
                bytes[31] |= u8::from(x.is_odd()) << 7;
                assert_eq!(bytes, expected.to_bytes(), "{entry:?}");
                assert!(same(&entry.dxy, &(&(&x * &y) * &FieldElement::D)), "{entry:?}");
            }
        }
    });
}

/// How many entries are encoded by one inversion.
const ENCODED: usize = 64;

#[test]
fn table_entries_are_those_of_the_crate() {
    entries_are_those_of_the_crate::<8, 2>();
}

#[test]
fn table_entries_of_other_shapes_are_those_of_the_crate() {
    entries_are_those_of_the_crate::<8, 4>();
    entries_are_those_of_the_crate::<7, 1>();
    entries_are_those_of_the_crate::<9, 2>();
    entries_are_those_of_the_crate::<9, 3>();
}
