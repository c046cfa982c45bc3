//! Limbs as far from zero as any may be, of the largest modulus: sums of products are then the largest. The portable
//! lanes and the scalar level panic where one overflows; and what the columns come to is compared, modulo a prime.

use super::super::dot16::Dot16;
use super::super::dot16::portable::Portable as Integers;
use super::super::fma51::Fma51;
use super::super::fma51::portable::Portable as Floats;
use super::super::scalar::Scalar;
use super::*;

const PRIME: i128 = (1 << 61) - 1;

/// The number whose columns or limbs these are, modulo the prime.
fn value<K: Kernel>(sums: &[K::Sum]) -> i128 {
    sums.iter().rev().fold(0, |value, sum| ((value << K::LIMB_BITS) + i128::from(sum.to_i64())).rem_euclid(PRIME))
}

fn sums_hold_the_largest_limbs<K: Kernel>() {
    let limbs = limbs_for::<K>(MAX_BITS);
    let most = (1 << (K::LIMB_BITS - 1)) + i64::try_from(SLACK).unwrap();
    let all = |limb: i64, count: usize| vec![K::Sum::from_i64(limb); count];
    let (up, down) = (all(most, limbs), all(-most, limbs));
    let alternating: Vec<_> = up.iter().zip(&down).flat_map(|(up, down)| [*up, *down]).take(limbs).collect();
    for (a, b) in [(&up, &up), (&up, &down), (&down, &down), (&alternating, &alternating), (&alternating, &up)] {
        // The modulus and its reciprocal are as large, though they are none, so that each column of theirs is the
        // largest too.
        let barrett = Barrett::<K> {
            limbs,
            negated: columns_of::<K>(b),
            reciprocal: columns_of::<K>(&[b.as_slice(), &b[..1]].concat()),
        };
        let mut work = barrett.workspace();
        barrett.sum_products(&mut work, a, b);
        assert_eq!(value::<K>(&work.sums), (value::<K>(a) * value::<K>(b)).rem_euclid(PRIME));
        let mut residue = a.clone();
        barrett.reduce(&mut work, &mut residue);
        assert!(residue.iter().all(|limb| limb.to_i64().abs() <= most));
        barrett.sum_squares(&mut work, a);
        assert_eq!(value::<K>(&work.sums), (value::<K>(a) * value::<K>(a)).rem_euclid(PRIME));
    }
}

#[test]
fn sums_hold_the_largest_limbs_at_every_level() {
    sums_hold_the_largest_limbs::<Scalar>();
    sums_hold_the_largest_limbs::<Dot16<Integers>>();
    sums_hold_the_largest_limbs::<Fma51<Floats<true>>>();
}

/// Of any sums that a column may come to, what is carried leaves limbs that multiplication is made for.
#[test]
fn whatever_is_carried_leaves_limbs_in_range() {
    fn check<K: Kernel>() {
        let most = (1 << (K::LIMB_BITS - 1)) + i64::try_from(SLACK).unwrap();
        let column = i64::try_from(limbs_for::<K>(MAX_BITS) * 3 / 4).unwrap() << K::LIMB_BITS;
        let mut state = 1_u64;
        for case in 0..500 {
            let sums: Vec<_> = (0..23)
                .map(|_| {
                    state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                    let any = i64::try_from(state >> 1).unwrap() % (column + 1);
                    K::Sum::from_i64([any, -any, column, -column, 1, -1, 0][usize::try_from(state >> 60).unwrap() % 7])
                })
                .collect();
            for scale in [0, SCALE_BITS] {
                let mut limbs = vec![K::Sum::default(); 22 - case % 4];
                K::carry(&sums, scale, &mut limbs);
                assert!(limbs.iter().all(|limb| limb.to_i64().abs() <= most), "{sums:?} {limbs:?}");
                // What is carried beyond the lowest limbs is a multiple of the radix to their number.
                let exact = |sums: &[K::Sum]| {
                    let shifted = |sum: i128| sum.wrapping_mul(1 << K::LIMB_BITS);
                    sums[..2].iter().rev().fold(0_i128, |number, sum| shifted(number) + i128::from(sum.to_i64()))
                };
                assert_eq!(((exact(&sums) << scale) - exact(&limbs)) % (1 << (2 * K::LIMB_BITS)), 0);
            }
        }
    }
    check::<Scalar>();
    check::<Dot16<Integers>>();
    check::<Fma51<Floats<true>>>();
}
