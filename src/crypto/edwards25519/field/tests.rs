//! Against arithmetic that is too plain to be wrong, with limbs at their bounds.

use super::super::tests::{Random, cases};
use super::*;
use crate::crypto::tests::for_each_seed;

/// How many cases have one seed.
const BATCH: usize = 500;

const P: Number = Number(super::P);

/// A number of 256 bits, the lowest word first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number([u64; 4]);

impl Number {
    /// `self + other`, modulo `2^256`
    fn plus(self, other: Self) -> Self {
        let mut carry = false;
        Self(array::from_fn(|index| {
            let (sum, first) = self.0[index].overflowing_add(other.0[index]);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            carry = first || second;
            sum
        }))
    }

    fn negated(self) -> Self {
        Self(self.0.map(|word| !word)).plus(Self([1, 0, 0, 0]))
    }

    /// `self` modulo `p`, of a number below `2 * p`
    fn reduced(self) -> Self {
        let is_below = self.0.iter().rev().lt(P.0.iter().rev());
        if is_below { self } else { self.plus(P.negated()) }
    }

    fn sum(self, other: Self) -> Self {
        self.plus(other).reduced()
    }

    fn difference(self, other: Self) -> Self {
        self.sum(P.plus(other.negated()).reduced())
    }

    fn product(self, other: Self) -> Self {
        let bits = (0..256).rev().map(|bit| other.0[bit / 64] >> (bit % 64) & 1 == 1);
        bits.fold(Self([0; 4]), |product, bit| {
            let doubled = product.sum(product);
            if bit { doubled.sum(self) } else { doubled }
        })
    }

    fn of(element: &FieldElement) -> Self {
        element.0.iter().rev().fold(Self([0; 4]), |number, limb| {
            let shifted = (0..LIMB_BITS).fold(number, |number, _| number.sum(number));
            let size = Self([limb.unsigned_abs().into(), 0, 0, 0]);
            if *limb < 0 { shifted.difference(size) } else { shifted.sum(size) }
        })
    }

    fn bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *chunk = word.to_le_bytes();
        }
        bytes
    }
}

impl FieldElement {
    /// The number below `p` in 32 bytes, little-endian.
    pub(crate) fn bytes(&self) -> [u8; 32] {
        let limbs = self.canonical();
        let mut bytes = [0; 32];
        let (mut bits, mut held, mut next) = (0_u64, 0, 0);
        for byte in &mut bytes {
            if held < 8 {
                bits |= u64::from(limbs[next].unsigned_abs()) << held;
                held += LIMB_BITS;
                next += 1;
            }
            [*byte, ..] = bits.to_le_bytes();
            bits >>= 8;
            held -= 8;
        }
        bytes
    }

    /// An element whose limbs are at most so many times as large as those of a product.
    pub(crate) fn hostile(random: &mut Random, times: i32) -> Self {
        let kind = random.below(6);
        Self(array::from_fn(|index| {
            let bound = times << if index + 1 == LIMBS { TOP_BITS - 1 } else { LIMB_BITS - 1 };
            match if kind == 5 { random.below(5) } else { kind } {
                0 => bound,
                1 => -bound,
                2 => [0, 1, -1][random.below(3)],
                3 => [bound, -bound][index % 2],
                _ => i32::try_from(
                    i64::try_from(random.next() % (2 * u64::from(bound.unsigned_abs()) + 1)).unwrap()
                        - i64::from(bound),
                )
                .unwrap(),
            }
        }))
    }
}

#[test]
fn sums_and_products_are_those_of_plain_arithmetic() {
    for_each_seed(cases().div_ceil(BATCH), |seed| {
        let mut random = Random::new(seed);
        for _ in 0..BATCH {
            let (a, b) = (FieldElement::hostile(&mut random, 2), FieldElement::hostile(&mut random, 2));
            let (number, other) = (Number::of(&a), Number::of(&b));
            let product = number.product(other).bytes();
            assert_eq!((&a * &b).bytes(), product, "{a:?} * {b:?}");
            assert_eq!((&b * &a).bytes(), product, "{b:?} * {a:?}");
            assert_eq!(b.square().bytes(), other.product(other).bytes(), "{b:?}^2");
            assert_eq!(a.carried().bytes(), number.bytes(), "{a:?}");
            assert_eq!(a.negated().bytes(), number.difference(number.sum(number)).bytes(), "-{a:?}");
            let (mut sum, mut difference) = (a, b);
            to_sum_and_difference(&mut sum, &mut difference);
            assert_eq!(sum.bytes(), number.sum(other).bytes(), "{a:?} + {b:?}");
            assert_eq!(difference.bytes(), number.difference(other).bytes(), "{a:?} - {b:?}");
            let doubled = number.sum(number);
            assert_eq!(a.doubled_minus(&b).bytes(), doubled.difference(other).bytes(), "2 * {a:?} - {b:?}");
        }
    });
}

#[test]
fn numbers_below_p_have_one_encoding() {
    for small in 0..40 {
        let below = P.plus(Number([small, 0, 0, 0]).negated());
        let mut above = P.plus(Number([small, 0, 0, 0]));
        above.0[3] &= u64::MAX >> 1;
        if small > 0 {
            assert_eq!(FieldElement::of_bytes(&below.bytes()).unwrap().bytes(), below.bytes());
        }
        // From 2^255 on a bit is left out.
        let number = if small < 19 { Number([small, 0, 0, 0]) } else { above };
        assert_eq!(FieldElement::of_words(above.0).bytes(), number.bytes());
        assert_eq!(FieldElement::of_bytes(&above.bytes()).is_some(), small >= 19, "p + {small}");
        assert_eq!(FieldElement::of_words(above.0).is_zero(), small == 0 || small == 19);
    }
    // About multiples of 2^255, what wraps around carries or borrows once more.
    for (top, low) in (-8..=8).flat_map(|top| (-200..=200).map(move |low| (top, low))) {
        let mut limbs = [0; LIMBS];
        (limbs[0], limbs[LIMBS - 1]) = (low, top << TOP_BITS);
        let element = FieldElement(limbs);
        assert_eq!(element.bytes(), Number::of(&element).bytes(), "{element:?}");
    }
    let mut random = Random::new(2);
    for _ in 0..cases() {
        let mut bytes: [u8; 32] = random.bytes();
        let Some(read) = FieldElement::of_bytes(&bytes) else { continue };
        assert!(read.0.iter().all(|limb| limb.unsigned_abs() <= 1 << 28), "{bytes:x?}");
        bytes[31] &= 0x7f;
        assert_eq!(read.bytes(), bytes);
        assert_eq!(Number::of(&read).bytes(), bytes);
        assert_eq!(read.is_odd(), bytes[0] & 1 == 1);
        let loose = FieldElement::hostile(&mut random, 7);
        assert_eq!(loose.bytes(), Number::of(&loose).bytes(), "{loose:?}");
        assert_eq!(loose.is_zero(), loose.bytes() == [0; 32]);
    }
}

#[test]
fn inverses_and_roots_are_what_they_are_called() {
    let one = FieldElement::small(1).bytes();
    let mut random = Random::new(3);
    assert!(FieldElement::small(0).inverted().is_zero());
    // Of such a number the first quotient is too large for Euclid's algorithm on leading digits.
    for a in (1..100).flat_map(|small| [small, -small]).map(FieldElement::small) {
        assert_eq!((&a * &a.inverted()).bytes(), one, "1 / {a:?}");
        assert_eq!(a.inverted_by_power().bytes(), a.inverted().bytes(), "1 / {a:?}");
    }
    for _ in 0..cases() / 20 {
        let (a, b) = (FieldElement::hostile(&mut random, 2), FieldElement::hostile(&mut random, 2));
        if a.is_zero() || b.is_zero() {
            continue;
        }
        assert_eq!((&a * &a.inverted()).bytes(), one, "1 / {a:?}");
        let square = a.square();
        let root = FieldElement::root_of_ratio(&(&square * &b), &b).unwrap();
        assert_eq!(root.square().bytes(), square.bytes(), "sqrt({a:?}^2)");
        // 2 is no square modulo p.
        assert!(FieldElement::root_of_ratio(&(&(&square + &square) * &b), &b).is_none(), "sqrt(2 * {a:?}^2)");
        let minus_one = FieldElement::root_of_ratio(&b.negated(), &b).unwrap();
        assert_eq!(minus_one.square().bytes(), FieldElement::small(-1).bytes());
    }
}

#[test]
fn constants_are_what_they_are_called() {
    let [d, half] = [FieldElement::D, FieldElement::HALF];
    assert_eq!((&d * &FieldElement::small(121_666)).bytes(), FieldElement::small(-121_665).bytes());
    assert_eq!((&d + &d).bytes(), FieldElement::D_DOUBLED.bytes());
    assert_eq!((&FieldElement::D_DOUBLED + &FieldElement::D_DOUBLED).bytes(), FieldElement::D_FOURFOLD.bytes());
    assert_eq!((&half + &half).bytes(), FieldElement::small(1).bytes());
    assert_eq!(FieldElement::ROOT_OF_MINUS_ONE.square().bytes(), FieldElement::small(-1).bytes());
}
