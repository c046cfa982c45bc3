//! The field, the order and their quotients on hostile limbs, against those of RustCrypto.

use ::p256::elliptic_curve::ff::{Field as _, PrimeField};
use ::p256::elliptic_curve::hazmat::FieldArithmetic;

use super::vectors::be_bytes;
use super::*;

/// RustCrypto's field.
type OracleElement<C, const L: usize> = <<C as Tested<L>>::Oracle as FieldArithmetic>::FieldElement;
/// RustCrypto's integers modulo the order.
type OracleScalar<C, const L: usize> = <<C as Tested<L>>::Oracle as CurveArithmetic>::Scalar;

/// How many cases have one seed.
const BATCH: usize = 500;

/// What limbs of any sign are modulo RustCrypto's prime.
fn value<E: PrimeField>(limbs: &[i32], bits: u32) -> E {
    let weight = E::from(1 << bits);
    limbs.iter().rev().fold(E::ZERO, |number, limb| {
        let magnitude = E::from(limb.unsigned_abs().into());
        number * weight + if *limb < 0 { -magnitude } else { magnitude }
    })
}

/// How far from zero elements are, in primes, as the analysis of intervals assumes.
const BOUND: i32 = 6;

impl Numbers {
    /// An element at the extremes of its limbs, near a multiple of the prime, or random.
    pub(super) fn element<F: Field<L>, const L: usize>(&mut self) -> FieldElement<F, L> {
        let mask = (1 << F::LIMB_BITS) - 1;
        let last = BOUND * (F::PRIME.limbs[L - 1] + 1);
        let kind = self.below(6);
        if kind == 0 {
            let times = i64::try_from(self.below(11)).unwrap() - 5;
            let mut limbs = F::PRIME.combined(&[0; L], 1, times);
            limbs[0] ^= [0, 1, 2, 3][self.below(4)];
            return FieldElement::new(limbs);
        }
        FieldElement::new(core::array::from_fn(|limb| {
            let random = i32::try_from(self.next() & 0x7fff_ffff).unwrap();
            if limb + 1 == L {
                return match (kind, self.below(4)) {
                    (1 | 2, 0) => last,
                    (1 | 2, 1) => -last,
                    _ => random % last * if self.below(2) == 0 { 1 } else { -1 },
                };
            }
            match (kind, self.below(8)) {
                (1, _) | (2, 0..3) => mask,
                (3, _) | (2, 3..6) => 0,
                (4, 0) => 1 << (random % F::LIMB_BITS.cast_signed()),
                (4, _) => 0,
                _ => random & mask,
            }
        }))
    }
}

fn field_operations<C: Tested<L>, const L: usize>() {
    for_each_seed(cases().div_ceil(BATCH), |seed| {
        let mut numbers = Numbers(seed);
        for case in 0..BATCH {
            let elements = [(); 4].map(|()| numbers.element::<C::Field, L>());
            operations_on::<C, L>(elements);
            if case % 16 == 0 {
                inverses_of(elements);
            }
        }
    });
}

fn operations_on<C: Tested<L>, const L: usize>([a, b, c, d]: [FieldElement<C::Field, L>; 4]) {
    let value = |element: &FieldElement<C::Field, L>| value::<OracleElement<C, L>>(&element.limbs, C::Field::LIMB_BITS);
    // A product is smaller by R.
    let r = value(&FieldElement::new(C::Field::PRIME.r));
    let product = |element: &FieldElement<C::Field, L>| {
        let (last, limbs) = element.limbs.split_last().unwrap();
        assert!(limbs.iter().all(|limb| (0..1 << C::Field::LIMB_BITS).contains(limb)), "{element:?}");
        assert!(last.abs() <= BOUND * (C::Field::PRIME.limbs[L - 1] + 1), "{element:?}");
        value(element) * r
    };
    let [va, vb, vc, vd] = [&a, &b, &c, &d].map(value);
    assert_eq!(product(&a.times(&b)), va * vb, "{a:?} {b:?}");
    assert_eq!(product(&a.squared()), va * va, "{a:?}");
    assert_eq!(product(&a.times_minus(&b, &c, &d)), va * vb - vc * vd, "{a:?} {b:?} {c:?} {d:?}");
    let (lazy, addend) = (a.minus(&b), c.doubled().plus(&d));
    let (difference, sum) = (va - vb, vc + vc + vd);
    assert_eq!(value(&lazy.carried()), difference, "{a:?} {b:?}");
    assert_eq!(value(&addend.opposite()), -sum, "{c:?} {d:?}");
    let squared_minus = lazy.squared_minus(&addend);
    assert_eq!(value(&squared_minus) * r, difference * difference - sum * r, "{a:?} {b:?} {c:?} {d:?}");
    assert_eq!(product(&lazy.times(&c)), difference * vc, "{a:?} {b:?} {c:?}");
    for (element, value) in [(&a, va), (&lazy, difference)] {
        assert_eq!(element.is_zero(), bool::from(value.is_zero()), "{element:?}");
        let residue = element.residue_or_prime().limbs;
        assert!(C::Field::PRIME.exceeds(&residue) || residue == C::Field::PRIME.limbs, "{element:?}");
    }
}

/// As many at once, of a difference too.
fn inverses_of<F: Field<L>, const L: usize>([a, b, c, d]: [FieldElement<F, L>; 4]) {
    let elements = [a, a.minus(&b), c, d];
    let mut inverses = elements;
    if inverses.iter().any(FieldElement::is_zero) {
        assert_eq!(FieldElement::invert_all(&mut inverses), None);
    } else {
        FieldElement::invert_all(&mut inverses).unwrap();
        for (element, inverse) in elements.iter().zip(&inverses) {
            assert!(element.times(inverse).minus(&FieldElement::one()).is_zero(), "{element:?}");
        }
    }
}

fn inverses_and_products<C: Tested<L>, const L: usize>() {
    inverses_and_products_modulo::<C, OracleScalar<C, L>, L>(&C::ORDER);
    inverses_and_products_modulo::<C, OracleElement<C, L>, L>(&C::Field::PRIME);
}

fn inverses_and_products_modulo<C: Tested<L>, E: PrimeField, const L: usize>(modulus: &Modulus<C::Field, L>) {
    let value = |limbs: &[i32; L]| value::<E>(limbs, C::Field::LIMB_BITS);
    let r = value(&modulus.r);
    for_each_seed((cases() / 2).div_ceil(BATCH), |seed| {
        let mut numbers = Numbers(seed);
        for _ in 0..BATCH {
            let any = Modulus::<C::Field, L>::parse(&numbers.bytes(C::Field::BYTES));
            let near = modulus.combined(&core::array::from_fn(|limb| i32::from(limb == 0) << numbers.below(5)), -1, 1);
            let b = if numbers.below(4) == 0 {
                near
            } else {
                modulus.reduced(Modulus::<C::Field, L>::parse(&numbers.bytes(C::Field::BYTES)))
            };
            let product = modulus.product(&b, &any);
            assert!(modulus.exceeds(&product), "{b:?} * {any:?}");
            assert_eq!(value(&product) * r, value(&b) * value(&any), "{b:?} * {any:?}");
            match modulus.inverse(&b) {
                Some(inverse) => {
                    assert!(modulus.exceeds(&inverse) && inverse.iter().all(|limb| *limb >= 0), "1 / {b:?}");
                    assert_eq!(value(&inverse) * value(&b), r, "1 / {b:?}");
                }
                None => assert_eq!(b, [0; L]),
            }
        }
    });
    // Numbers next to a fraction of the modulus have a remainder that is far smaller than the one before it.
    for divisor in (1..300_i32).flat_map(|small| [small, -small]) {
        for shift in [0, 1, 17, 29, 30, 31, 60, 100, 150, 200, 255] {
            let mut number = [0; L];
            number[0] = divisor.abs();
            let power = modulus.shifted(number, shift);
            let number = if divisor < 0 { modulus.combined(&power, -1, 1) } else { power };
            let inverse = modulus.inverse(&number).unwrap();
            assert_eq!(value(&inverse) * value(&number), r, "1 / {number:?}");
            assert_eq!(modulus.inverse_by_power(&number), inverse, "1 / {number:?}");
        }
    }
    assert_eq!(modulus.inverse(&[0; L]), None);
}

/// Constants of the curves are those of RustCrypto: orders, base points and `b`.
fn constants<C: Tested<L>, const L: usize>() {
    use ::p256::elliptic_curve::Group as _;
    use ::p256::elliptic_curve::point::AffineCoordinates as _;
    let minus_one = (-<C::Oracle as CurveArithmetic>::Scalar::ONE).to_repr();
    let mut order = C::ORDER.limbs;
    order[0] -= 1;
    assert_eq!(be_bytes::<C, L>(&order), minus_one.as_slice());
    let generator: AffinePoint<C::Oracle> = ProjectivePoint::<C::Oracle>::generator().into();
    let [x, y] = C::GENERATOR.map(|coordinate| be_bytes::<C, L>(&coordinate));
    assert_eq!((x.as_slice(), y.as_slice()), (generator.x().as_slice(), generator.y().as_slice()));
    assert!(PrimeCurveKey::<C, L>::new(&x, &y).is_some());
}

on_every_curve! { field_operations inverses_and_products constants }
