//! Whole verifications, as many as there are cases. RustCrypto says what `u1 G + u2 Q` is for pairs of scalars of which each is
//! a step from the last: so a sum costs it an addition in place of two multiplications of points, and all sums of a walk share
//! one inversion. The signature for `u1` and `u2` is `s = r / u2` of the digest `u1 s`, a few products modulo `n`.

use std::sync::atomic::{AtomicUsize, Ordering};

use ::p256::elliptic_curve::CurveGroup as _;
use ::p256::elliptic_curve::ff::{BatchInverter, Field as _, PrimeField as _};
use ::p256::elliptic_curve::group::{CurveAffine as _, Group as _};
use ::p256::elliptic_curve::ops::Reduce as _;
use ::p256::elliptic_curve::point::AffineCoordinates as _;

use super::sums::{Oracle, OracleScalar, keys, ours, related};
use super::*;

/// How many sums a walk has. The scalars that it is about are in the middle.
const STEPS: usize = 64;

/// How many walks there are for a key.
const WALKS: usize = 16;

/// How many cases there are to one that RustCrypto verifies by itself.
const BY_RUST_CRYPTO: usize = 500;

/// Two scalars, and the sum that belongs to them.
type Sum<C, const L: usize> = ([OracleScalar<C, L>; 2], AffinePoint<Oracle<C, L>>);

/// How far a pair of scalars is from the next.
fn step<C: Tested<L>, const L: usize>(numbers: &mut Numbers) -> [OracleScalar<C, L>; 2] {
    let [zero, one] = [OracleScalar::<C, L>::ZERO, OracleScalar::<C, L>::ONE];
    let power = OracleScalar::<C, L>::from(2).pow_vartime([numbers.next() % 384]);
    match numbers.below(7) {
        0 => [one, zero],
        1 => [zero, one],
        2 => [one, one],
        3 => [one, -one],
        4 => [power, zero],
        5 => [zero, power],
        _ => [(); 2].map(|()| numbers.scalar::<C::Oracle>()),
    }
}

/// `u1 G + u2 Q` for `Q = d G`.
fn walk<C: Tested<L>, const L: usize>(d: &OracleScalar<C, L>, numbers: &mut Numbers) -> Vec<Sum<C, L>> {
    let (middle, step) = (related::<C, L>(d, numbers), step::<C, L>(numbers));
    let half = OracleScalar::<C, L>::from(u64::try_from(STEPS / 2).unwrap());
    let mut scalars = [middle[0] - step[0] * half, middle[1] - step[1] * half];
    let point = |[u1, u2]: [_; 2]| ProjectivePoint::<C::Oracle>::generator() * (u1 + u2 * *d);
    let (mut sum, difference) = (point(scalars), point(step));
    let mut pairs = Vec::with_capacity(STEPS);
    let mut sums = Vec::with_capacity(STEPS);
    for _ in 0..STEPS {
        pairs.push(scalars);
        sums.push(sum);
        scalars = [scalars[0] + step[0], scalars[1] + step[1]];
        sum += difference;
    }
    let mut affine = std::vec![AffinePoint::<C::Oracle>::default(); STEPS];
    ProjectivePoint::<C::Oracle>::batch_normalize(&sums, &mut affine);
    pairs.into_iter().zip(affine).collect()
}

/// How many signatures were accepted and refused, both rightly.
#[derive(Default)]
struct Verdicts([AtomicUsize; 2]);

impl Verdicts {
    fn count(&self, accepted: bool) {
        self.0[usize::from(!accepted)].fetch_add(1, Ordering::Relaxed);
    }
}

/// A key, and what is known of it.
struct Case<'a, C: Tested<L>, const L: usize> {
    point: ProjectivePoint<C::Oracle>,
    keys: [PrimeCurveKey<C, L>; 2],
    /// How many cases there are to one that is asked of the key without a table too.
    to_one_without_table: usize,
    verdicts: &'a Verdicts,
}

impl<C: Tested<L>, const L: usize> Case<'_, C, L> {
    /// Asks of each sum of a walk with its own `r`; of every eighth with that of the one before it.
    fn check_walk(&self, walk: &[Sum<C, L>], numbers: &mut Numbers) {
        let mut inverses: Vec<_> = walk.iter().map(|([_, u2], _)| *u2).collect();
        let mut scratch = inverses.clone();
        BatchInverter::invert_with_external_scratch(&mut inverses, &mut scratch);
        let x = |point: &AffinePoint<C::Oracle>| OracleScalar::<C, L>::reduce(&point.x());
        let mut before = OracleScalar::<C, L>::ONE;
        for ((scalars, point), inverse) in walk.iter().zip(inverses) {
            let own = x(point);
            let is_infinity = bool::from(point.is_identity());
            let r = if is_infinity || numbers.below(8) == 0 { before } else { own };
            self.check(scalars, &inverse, &r, !is_infinity && r == own, numbers);
            before = own;
        }
    }

    fn check(
        &self,
        [u1, u2]: &[OracleScalar<C, L>; 2],
        inverse_of_u2: &OracleScalar<C, L>,
        r: &OracleScalar<C, L>,
        expected: bool,
        numbers: &mut Numbers,
    ) {
        let [without_table, with_table] = &self.keys;
        let also_without_table = numbers.below(self.to_one_without_table) == 0;
        if bool::from(u2.is_zero()) || bool::from(r.is_zero()) {
            // There is no signature.
            let [u1, u2, r] = [u1, u2, r].map(ours::<C, L>);
            assert_eq!(with_table.has_sum_with(&u1, &u2, &r), expected, "{u1:?} {u2:?} {r:?}");
            assert_eq!(without_table.has_sum_with(&u1, &u2, &r), expected, "{u1:?} {u2:?} {r:?}");
            return self.verdicts.count(expected);
        }
        let s = *r * inverse_of_u2;
        let mut digest = (*u1 * s).to_repr().to_vec();
        digest.extend_from_slice(&[0xff; 8][..numbers.below(3) * 4]);
        // By the opposite of `s` it is the opposite sum.
        let s = if numbers.below(2) == 0 { s } else { -s };
        let mut signature = [r.to_repr(), s.to_repr()].concat();
        let verify = |key: &PrimeCurveKey<C, L>, signature: &[u8], expected: bool| {
            let verdict = key.verify_prehash(&digest, signature);
            assert_eq!(verdict, expected, "{u1:?} {u2:?} {r:?} {signature:x?} {:?}", self.point);
        };
        verify(with_table, &signature, expected);
        if also_without_table {
            verify(without_table, &signature, expected);
        }
        self.verdicts.count(expected);
        if numbers.below(BY_RUST_CRYPTO) == 0 {
            assert_eq!(C::oracle_accepts(self.point, &digest, &signature), expected, "{u1:?} {u2:?} {r:?}");
            let (at, bit) = (numbers.below(signature.len()), numbers.below(8));
            signature[at] ^= 1 << bit;
            let expected = C::oracle_accepts(self.point, &digest, &signature);
            verify(with_table, &signature, expected);
            verify(without_table, &signature, expected);
        }
    }
}

fn verify<C: Tested<L>, const L: usize>(count: usize, to_one_without_table: usize) {
    let verdicts = Verdicts::default();
    let batches = count.div_ceil(WALKS * STEPS);
    for_each_seed(batches, |seed| {
        let mut numbers = Numbers(seed);
        let d = loop {
            let d = numbers.scalar::<C::Oracle>();
            if !bool::from(d.is_zero()) {
                break d;
            }
        };
        let point = ProjectivePoint::<C::Oracle>::generator() * d;
        let case = Case { point, keys: keys::<C, L>(point), to_one_without_table, verdicts: &verdicts };
        for _ in 0..WALKS {
            case.check_walk(&walk::<C, L>(&d, &mut numbers), &mut numbers);
        }
    });
    let [accepted, refused] = verdicts.0.map(AtomicUsize::into_inner);
    assert_eq!(accepted + refused, batches * WALKS * STEPS);
    assert!(accepted > count * 3 / 4 && refused > count / 16, "{accepted} {refused}");
}

/// With the tables that are shipped, and without.
fn signatures_of_chosen_scalars<C: Tested<L>, const L: usize>() {
    verify::<C, L>(cases(), cases() / cases_or(5_000));
}

/// With tables of other shapes.
fn signatures_of_chosen_scalars_on_every_shape<C: Tested<L>, const L: usize>() {
    verify::<C, L>(cases() / 100, 100);
}

on_every_curve! { signatures_of_chosen_scalars }
on_every_shape! { signatures_of_chosen_scalars_on_every_shape }
