//! The field, the order and their quotients on hostile limbs, against integers of 1024 bits.

use ::p256::elliptic_curve::bigint::{NonZero, U1024};

use super::vectors::be_bytes;
use super::*;

type Integer = U1024;

fn integer_of(bytes: &[u8]) -> Integer {
    let mut padded = [0; 128];
    padded[128 - bytes.len()..].copy_from_slice(bytes);
    Integer::from_be_slice(&padded)
}

/// The integers modulo a prime.
struct Oracle(NonZero<Integer>);

impl Oracle {
    fn new<C: PrimeCurve<L>, const L: usize>(modulus: &Modulus<C::Field, L>) -> Self {
        Self(NonZero::new(integer_of(&be_bytes::<C, L>(&modulus.limbs))).unwrap())
    }

    fn product(&self, a: &Integer, b: &Integer) -> Integer {
        a.wrapping_mul(b).rem_vartime(&self.0)
    }

    fn sum(&self, a: &Integer, b: &Integer) -> Integer {
        a.wrapping_add(b).rem_vartime(&self.0)
    }

    fn difference(&self, a: &Integer, b: &Integer) -> Integer {
        a.wrapping_add(&self.0).wrapping_sub(b).rem_vartime(&self.0)
    }

    /// What limbs of any sign are modulo the prime.
    fn of_limbs(&self, limbs: &[i32], bits: u32) -> Integer {
        let weight = Integer::from(1_u64 << bits);
        limbs.iter().rev().fold(Integer::ZERO, |number, limb| {
            let shifted = self.product(&number, &weight);
            let magnitude = Integer::from(limb.unsigned_abs());
            if *limb < 0 { self.difference(&shifted, &magnitude) } else { self.sum(&shifted, &magnitude) }
        })
    }
}

/// How far from zero elements are, in primes, as the analysis of intervals assumes.
const BOUND: i32 = 6;

impl Numbers {
    /// An element at the extremes of its limbs, near a multiple of the prime, or random.
    fn element<F: Field<L>, const L: usize>(&mut self) -> FieldElement<F, L> {
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

fn field_operations<C: PrimeCurve<L>, const L: usize>() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let oracle = Oracle::new::<C, L>(&C::Field::PRIME);
    let value = |element: &FieldElement<C::Field, L>| oracle.of_limbs(&element.limbs, C::Field::LIMB_BITS);
    let r = oracle.of_limbs(&C::Field::PRIME.r, C::Field::LIMB_BITS);
    // A product is smaller by R.
    let product = |element: &FieldElement<C::Field, L>| {
        let (last, limbs) = element.limbs.split_last().unwrap();
        assert!(limbs.iter().all(|limb| (0..1 << C::Field::LIMB_BITS).contains(limb)), "{element:?}");
        assert!(last.abs() <= BOUND * (C::Field::PRIME.limbs[L - 1] + 1), "{element:?}");
        oracle.product(&value(element), &r)
    };
    for _ in 0..cases(1_000) {
        let [a, b, c, d] = [(); 4].map(|()| numbers.element::<C::Field, L>());
        let [va, vb, vc, vd] = [&a, &b, &c, &d].map(value);
        let ab = oracle.product(&va, &vb);
        assert_eq!(product(&a.times(&b)), ab, "{a:?} {b:?}");
        assert_eq!(product(&a.squared()), oracle.product(&va, &va), "{a:?}");
        let minus_c = oracle.difference(&ab, &oracle.product(&vc, &vd));
        assert_eq!(product(&a.times_minus(&b, &c, &d)), minus_c, "{a:?} {b:?} {c:?} {d:?}");
        let (lazy, addend) = (a.minus(&b), c.doubled().plus(&d));
        let difference = oracle.difference(&va, &vb);
        let sum = oracle.sum(&oracle.sum(&vc, &vc), &vd);
        assert_eq!(value(&lazy.carried()), difference);
        assert_eq!(value(&addend.opposite()), oracle.difference(&Integer::ZERO, &sum));
        let square = oracle.product(&difference, &difference);
        let expected = oracle.difference(&square, &oracle.product(&sum, &r));
        assert_eq!(oracle.product(&value(&lazy.squared_minus(&addend)), &r), expected, "{a:?} {b:?} {c:?} {d:?}");
        assert_eq!(product(&lazy.times(&c)), oracle.product(&difference, &vc), "{a:?} {b:?} {c:?}");
        for (element, value) in [(&a, va), (&lazy, difference)] {
            assert_eq!(element.is_zero(), value == Integer::ZERO, "{element:?}");
            let residue = element.residue_or_prime().limbs;
            assert!(C::Field::PRIME.exceeds(&residue) || residue == C::Field::PRIME.limbs, "{element:?}");
        }
        let mut inverses = [a, lazy, c];
        if inverses.iter().any(FieldElement::is_zero) {
            assert_eq!(FieldElement::invert_all(&mut inverses), None);
        } else {
            FieldElement::invert_all(&mut inverses).unwrap();
            for (element, inverse) in [a, lazy, c].iter().zip(&inverses) {
                assert!(element.times(inverse).minus(&FieldElement::one()).is_zero(), "{element:?}");
            }
        }
    }
}

fn inverses_and_products<C: PrimeCurve<L>, const L: usize>() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for modulus in [C::ORDER, C::Field::PRIME] {
        let oracle = Oracle::new::<C, L>(&modulus);
        let value = |limbs: &[i32; L]| oracle.of_limbs(limbs, C::Field::LIMB_BITS);
        let r = value(&modulus.r);
        for _ in 0..cases(500) {
            let any = Modulus::<C::Field, L>::parse(&numbers.bytes(C::Field::BYTES));
            let near = modulus.combined(&core::array::from_fn(|limb| i32::from(limb == 0) << numbers.below(5)), -1, 1);
            let b = if numbers.below(4) == 0 {
                near
            } else {
                modulus.reduced(Modulus::<C::Field, L>::parse(&numbers.bytes(C::Field::BYTES)))
            };
            let product = modulus.product(&b, &any);
            assert!(modulus.exceeds(&product));
            assert_eq!(oracle.product(&value(&product), &r), oracle.product(&value(&b), &value(&any)));
            let Some(inverse) = modulus.inverse(&b) else {
                assert_eq!(b, [0; L]);
                continue;
            };
            assert!(modulus.exceeds(&inverse) && inverse.iter().all(|limb| *limb >= 0), "1 / {b:?}");
            assert_eq!(oracle.product(&value(&inverse), &value(&b)), r, "1 / {b:?}");
        }
        // Numbers next to a fraction of the modulus have a remainder that is far smaller than the one before it.
        for divisor in (1..300_i32).flat_map(|small| [small, -small]) {
            for shift in [0, 1, 17, 29, 30, 31, 60, 100, 150, 200, 255] {
                let mut number = [0; L];
                number[0] = divisor.abs();
                let power = modulus.shifted(number, shift);
                let number = if divisor < 0 { modulus.combined(&power, -1, 1) } else { power };
                let inverse = modulus.inverse(&number).unwrap();
                assert_eq!(oracle.product(&value(&inverse), &value(&number)), r, "1 / {number:?}");
                assert_eq!(modulus.inverse_by_power(&number), inverse, "1 / {number:?}");
            }
        }
        assert_eq!(modulus.inverse(&[0; L]), None);
    }
}

/// Constants of the curves are those of RustCrypto: orders, base points and `b`.
fn constants<C: Tested<L>, const L: usize>() {
    use ::p256::elliptic_curve::Group as _;
    use ::p256::elliptic_curve::ff::{Field as _, PrimeField as _};
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
