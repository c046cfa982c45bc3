//! Signatures made from chosen `u1`, `u2` and keys: RustCrypto tells what their sums are.

use ::p256::elliptic_curve::ff::{Field as _, PrimeField as _};
use ::p256::elliptic_curve::group::Group as _;
use ::p256::elliptic_curve::point::AffineCoordinates as _;
use ::p256::elliptic_curve::{AffinePoint, FieldBytes, ProjectivePoint};

use super::vectors::be_bytes;
use super::*;

pub(super) type Oracle<C, const L: usize> = <C as Tested<L>>::Oracle;
pub(super) type OracleScalar<C, const L: usize> = <Oracle<C, L> as CurveArithmetic>::Scalar;

fn scalar_of<O: EcdsaCurve + CurveArithmetic>(bytes: &[u8]) -> Option<O::Scalar> {
    Option::from(O::Scalar::from_repr(FieldBytes::<O>::try_from(bytes).unwrap()))
}

/// Ours of RustCrypto's.
pub(super) fn ours<C: Tested<L>, const L: usize>(scalar: &OracleScalar<C, L>) -> Scalar<C, L> {
    Scalar::new(Modulus::<C::Field, L>::parse(&scalar.to_repr()))
}

impl Numbers {
    /// A scalar that is small, the opposite of a small one, next to a power of two, of long runs, or random.
    pub(super) fn scalar<O: EcdsaCurve + CurveArithmetic>(&mut self) -> O::Scalar {
        let small = O::Scalar::from(self.next() % 20);
        let mut scalar = match self.below(6) {
            0 => small,
            1 => {
                let exponent = self.next() % 384;
                O::Scalar::from(2).pow_vartime([exponent]) + small - O::Scalar::from(10)
            }
            2 => O::Scalar::from(self.next()) * O::Scalar::TWO_INV + small,
            _ => {
                let length = FieldBytes::<O>::default().len();
                loop {
                    if let Some(scalar) = scalar_of::<O>(&self.bytes(length)) {
                        break scalar;
                    }
                }
            }
        };
        if self.below(4) == 0 {
            scalar = -scalar;
        }
        scalar
    }
}

/// The keys of a point: without a table and with one.
pub(super) fn keys<C: Tested<L>, const L: usize>(point: ProjectivePoint<C::Oracle>) -> [PrimeCurveKey<C, L>; 2] {
    let affine: AffinePoint<C::Oracle> = point.into();
    let key = PrimeCurveKey::<C, L>::new(&affine.x(), &affine.y()).unwrap();
    let mut with_table = key.clone();
    with_table.build_table();
    assert!(with_table.has_table());
    [key, with_table]
}

/// The x-coordinate modulo n of a point that is not at infinity.
fn x_modulo_n<C: Tested<L>, const L: usize>(point: ProjectivePoint<C::Oracle>) -> Scalar<C, L> {
    let affine: AffinePoint<C::Oracle> = point.into();
    Scalar::new(C::ORDER.reduced(Modulus::<C::Field, L>::parse(&affine.x())))
}

/// Asks of `u1 G + u2 Q` for `Q = d G`, and of a signature of these.
fn check<C: Tested<L>, const L: usize>(
    keys: &[PrimeCurveKey<C, L>],
    d: &OracleScalar<C, L>,
    [u1, u2]: [OracleScalar<C, L>; 2],
    numbers: &mut Numbers,
) {
    let multiple = u1 + u2 * *d;
    let [our_u1, our_u2] = [&u1, &u2].map(ours::<C, L>);
    if bool::from(multiple.is_zero()) {
        let any = Scalar::new(Modulus::<C::Field, L>::parse(&[7]));
        for key in keys {
            assert!(!key.has_sum_with(&our_u1, &our_u2, &any), "infinity: {u1:?} {u2:?} {d:?}");
        }
        return;
    }
    let r = x_modulo_n::<C, L>(ProjectivePoint::<C::Oracle>::generator() * multiple);
    let other = Scalar::new(C::ORDER.product(r.residue(), r.residue()));
    for key in keys {
        assert!(key.has_sum_with(&our_u1, &our_u2, &r), "{u1:?} {u2:?} {d:?}");
        assert!(!key.has_sum_with(&our_u1, &our_u2, &other), "{u1:?} {u2:?} {d:?}");
    }
    let r = be_bytes::<C, L>(r.residue());
    let Some(inverse) = Option::<OracleScalar<C, L>>::from(u2.invert()) else { return };
    let s = scalar_of::<C::Oracle>(&r).unwrap() * inverse;
    let digest = (u1 * s).to_repr();
    let point = ProjectivePoint::<C::Oracle>::generator() * *d;
    for s in [s, -s] {
        let signature = [r.as_slice(), &s.to_repr()].concat();
        assert!(C::oracle_accepts(point, &digest, &signature));
        let mut wrong = signature.clone();
        let (at, bit) = (numbers.below(wrong.len()), numbers.below(8));
        wrong[at] ^= 1 << bit;
        for key in keys {
            assert!(key.verify_prehash(&digest, &signature), "{u1:?} {u2:?} {d:?}");
            assert!(!key.verify_prehash(&digest, &wrong), "{u1:?} {u2:?} {d:?}");
        }
    }
}

/// `u1` and `u2` that are equal, opposite, zero, or make the two points equal or opposite.
pub(super) fn related<C: Tested<L>, const L: usize>(
    d: &OracleScalar<C, L>,
    numbers: &mut Numbers,
) -> [OracleScalar<C, L>; 2] {
    let [u1, u2] = [numbers.scalar::<C::Oracle>(), numbers.scalar::<C::Oracle>()];
    match numbers.below(9) {
        0 => [u1, u1],
        1 => [u1, -u1],
        2 => [u2 * *d, u2],
        3 => [-(u2 * *d), u2],
        4 => [OracleScalar::<C, L>::ZERO, u2],
        5 => [u2 * *d + OracleScalar::<C, L>::from(numbers.next() % 3), u2],
        _ => [u1, u2],
    }
}

/// How often: here RustCrypto verifies all signatures, at the price of a thousand cases of `walks`.
fn rounds() -> usize {
    (cases() / 100_000).max(1)
}

/// Keys that are small multiples of the base point, where sums on the way are equal and opposite.
fn small_keys<C: Tested<L>, const L: usize>() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for d in 1..=6_u64 {
        for d in [OracleScalar::<C, L>::from(d), -OracleScalar::<C, L>::from(d)] {
            let keys = keys::<C, L>(ProjectivePoint::<C::Oracle>::generator() * d);
            for _ in 0..rounds() {
                let scalars = related::<C, L>(&d, &mut numbers);
                check(&keys, &d, scalars, &mut numbers);
            }
            for u1 in (0..3_u64).map(OracleScalar::<C, L>::from) {
                for u1 in [u1, -u1] {
                    check(&keys, &d, [u1, OracleScalar::<C, L>::ONE], &mut numbers);
                }
            }
        }
    }
}

/// A number as a residue.
fn small<const L: usize>(number: i32) -> Residue<L> {
    core::array::from_fn(|limb| if limb == 0 { number } else { 0 })
}

/// Sums whose x-coordinate is `n` or more: `r` is `x - n`. Neither `x` itself nor `s + n` is another encoding.
fn x_above_the_order<C: Tested<L>, const L: usize>() {
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    let above = |number: i32| be_bytes::<C, L>(&C::ORDER.combined(&small(number), 1, 1));
    for (r, s) in (1..12_i32).zip(3_i32..) {
        let Some(sum) = C::oracle_point(&above(r)) else { continue };
        let u1 = numbers.scalar::<C::Oracle>();
        let u2 = OracleScalar::<C, L>::from(u64::from(r.unsigned_abs()))
            * OracleScalar::<C, L>::from(u64::from(s.unsigned_abs())).invert().unwrap();
        let point = (sum - ProjectivePoint::<C::Oracle>::generator() * u1) * u2.invert().unwrap();
        let digest = (u1 * OracleScalar::<C, L>::from(u64::from(s.unsigned_abs()))).to_repr();
        let [r_bytes, s_bytes] = [r, s].map(|number| be_bytes::<C, L>(&small(number)));
        let signature = [r_bytes.clone(), s_bytes.clone()].concat();
        assert!(C::oracle_accepts(point, &digest, &signature));
        for key in keys::<C, L>(point) {
            assert!(key.verify_prehash(&digest, &signature));
            assert!(!key.has_sum_with(&ours(&u1), &ours(&u2), &Scalar::new(small(r + 1))));
            for wrong in [[above(r), s_bytes.clone()], [r_bytes.clone(), above(s)], [above(r), above(s)]] {
                assert!(!C::oracle_accepts(point, &digest, &wrong.concat()));
                assert!(!key.verify_prehash(&digest, &wrong.concat()));
            }
        }
    }
}

/// From `r = p - n` on there is no `r + n`, though `r + n - p` may be an x-coordinate.
fn x_above_the_prime<C: Tested<L>, const L: usize>() {
    let gap = C::Field::PRIME.combined(&C::ORDER.limbs, -1, 1);
    let mut found = 0;
    for x in 0..12 {
        let Some(sum) = C::oracle_point(&be_bytes::<C, L>(&small(x))) else { continue };
        found += 1;
        let mut r = gap;
        r[0] += x;
        for key in keys::<C, L>(sum) {
            let [u1, u2] = [small(0), small(1)].map(Scalar::new);
            assert!(!key.has_sum_with(&u1, &u2, &Scalar::new(r)));
            // That of a zero x is no scalar, but is the x-coordinate.
            assert!(key.has_sum_with(&u1, &u2, &Scalar::new(small(x))));
        }
    }
    assert!(found > 2);
}

/// The fast ways tell when they met an exception, and only then.
fn exceptions_show<C: Tested<L>, const L: usize>() {
    let mut numbers = Numbers(0xdead_beef_cafe_f00d);
    let generator = generator::<C, L>();
    let [d, u] = [(); 2].map(|()| OracleScalar::<C, L>::from(numbers.next()) * OracleScalar::<C, L>::TWO_INV);
    let point = ProjectivePoint::<C::Oracle>::generator();
    let all = [(OracleScalar::<C, L>::ONE, true), (-OracleScalar::<C, L>::ONE, true), (d, false)];
    for (d, exceptional) in all {
        let [_, key] = keys::<C, L>(point * d);
        let scalar = ours::<C, L>(&u);
        // Combs of two shapes do not meet equal points on the way, and opposite ones in the end only.
        let comb = Comb::sum([(C::generator().comb().unwrap(), &scalar), (key.table.as_ref().unwrap(), &scalar)]);
        assert_eq!(comb.unwrap().is_infinity(), d == -OracleScalar::<C, L>::ONE);
        let multiples = [generator, key.point].map(|point| wnaf::odd_multiples(&point).unwrap());
        let wnaf = wnaf::sum([(&multiples[0], &scalar), (&multiples[1], &scalar)]).unwrap();
        assert_eq!(wnaf.is_infinity(), exceptional);
    }
}

/// A pair of equal or opposite points has no sum: two combs of one block have such a pair in each row.
#[test]
fn equal_points_in_a_pair_show() {
    let u = ::p256::Scalar::from(0x1234_5678_9abc_def1_u64) * ::p256::Scalar::TWO_INV;
    let scalar = ours::<P256Comb4x1, 9>(&u);
    for d in [::p256::Scalar::ONE, -::p256::Scalar::ONE] {
        let keys = keys::<P256Comb4x1, 9>(::p256::ProjectivePoint::GENERATOR * d);
        let tables = keys[1].table.as_ref().unwrap();
        assert!(Comb::sum([(P256Comb4x1::generator().comb().unwrap(), &scalar), (tables, &scalar)]).is_none());
        check(&keys, &d, [u, u], &mut Numbers(0x1234_5678_9abc_def1));
    }
}

/// Digests of every length, as RustCrypto takes them.
fn digests_of_every_length<C: Tested<L>, const L: usize>() {
    let mut numbers = Numbers(0x0123_4567_89ab_cdef);
    let d = numbers.scalar::<C::Oracle>();
    let point = ProjectivePoint::<C::Oracle>::generator() * d;
    let [key, _] = keys::<C, L>(point);
    for length in 0..=66 {
        let digest = numbers.bytes(length);
        // A signature for the number that the leftmost bytes are.
        let mut e = std::vec![0; C::Field::BYTES.saturating_sub(length)];
        e.extend_from_slice(&digest[..length.min(C::Field::BYTES)]);
        let e = C::ORDER.reduced(Modulus::<C::Field, L>::parse(&e));
        let e = scalar_of::<C::Oracle>(&be_bytes::<C, L>(&e)).unwrap();
        let nonce = OracleScalar::<C, L>::from(numbers.next());
        let r = be_bytes::<C, L>(x_modulo_n::<C, L>(ProjectivePoint::<C::Oracle>::generator() * nonce).residue());
        let s = (e + scalar_of::<C::Oracle>(&r).unwrap() * d) * nonce.invert().unwrap();
        let signature = [r.as_slice(), &s.to_repr()].concat();
        assert!(C::oracle_accepts(point, &digest, &signature));
        assert!(key.verify_prehash(&digest, &signature), "{length}");
    }
}

on_every_curve! { small_keys x_above_the_order x_above_the_prime exceptions_show digests_of_every_length }
