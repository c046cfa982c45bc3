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
    let most = (1 << (K::LIMB_BITS - 1)) + i64::try_from(K::SLACK).unwrap();
    let all = |limb: i64, count: usize| vec![K::Sum::from_i64(limb); count];
    let (up, down) = (all(most, limbs), all(-most, limbs));
    let alternating: Vec<_> = up.iter().zip(&down).flat_map(|(up, down)| [*up, *down]).take(limbs).collect();
    for (a, b) in [(&up, &up), (&up, &down), (&down, &down), (&alternating, &alternating), (&alternating, &up)] {
        // The modulus and its reciprocal are as large, though they are none, so that each column of theirs is the
        // largest too.
        let reciprocal = columns_of::<K>(&[b.as_slice(), &b[..1]].concat());
        let barrett = Barrett::<K>::of_columns(limbs, columns_of::<K>(b), reciprocal);
        let mut work = barrett.workspace(a);
        barrett.sum_squares(&mut work);
        assert_eq!(value::<K>(&work.sums), (value::<K>(a) * value::<K>(a)).rem_euclid(PRIME));
        barrett.sum_products(&mut work, b);
        assert_eq!(value::<K>(&work.sums), (value::<K>(a) * value::<K>(b)).rem_euclid(PRIME));
        barrett.reduce(&mut work);
        assert!(work.residue().iter().all(|limb| limb.to_i64().abs() <= most));
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
        let most = (1 << (K::LIMB_BITS - 1)) + i64::try_from(K::SLACK).unwrap();
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

/// Whatever a level does in one pass, limbs, rows and columns are those of the number whose columns were carried.
#[test]
fn what_is_carried_is_a_factor() {
    fn check<K: Kernel<Row: PartialEq, Column: PartialEq>>() {
        let most = (1 << (K::LIMB_BITS - 1)) + i64::try_from(K::SLACK).unwrap();
        let column = i64::try_from(limbs_for::<K>(MAX_BITS) * 3 / 4).unwrap() << K::LIMB_BITS;
        let mut state = 1_u64;
        let mut any = |most: i64| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            let sign = if state >> 63 == 0 { 1 } else { -1 };
            sign * (i64::try_from(state >> 1).unwrap() % (most + 1))
        };
        for count in (8..13).cycle().take(500) {
            let mut sums: Vec<_> = (0..count).map(|_| any(column)).collect();
            for scale in [0, SCALE_BITS] {
                // The topmost limb has room for what is handed to it.
                for sum in &mut sums[count - 2..] {
                    *sum = any(1 << (K::LIMB_BITS - 2)) >> scale;
                }
                let scaled: Vec<_> = sums.iter().map(|sum| K::Sum::from_i64(sum << scale)).collect();
                let sums: Vec<_> = sums.iter().map(|sum| K::Sum::from_i64(*sum)).collect();

                let mut limbs = vec![K::Sum::default(); count];
                let (mut rows, mut columns) = (empty_rows::<K>(count), empty_columns::<K>(count));
                // What was there before is gone.
                let one = K::row(K::Sum::from_i64(1), K::Sum::default());
                between_padding::<K>(&mut rows).fill(one);
                K::carry_to_factor(
                    &scaled,
                    &mut limbs,
                    between_padding::<K>(&mut rows),
                    above_padding::<K>(&mut columns),
                );
                assert_eq!(value::<K>(&limbs), value::<K>(&scaled));
                assert!(limbs.iter().all(|limb| limb.to_i64().abs() <= most), "{sums:?} {limbs:?}");

                let mut expected = (empty_rows::<K>(count), empty_columns::<K>(count));
                fill_rows::<K>(between_padding::<K>(&mut expected.0), &limbs);
                fill_columns::<K>(above_padding::<K>(&mut expected.1), &limbs, 1);
                assert!((&rows, &columns) == (&expected.0, &expected.1), "{sums:?} {rows:?} {columns:?}");

                for skipped in [0, GUARDS] {
                    between_padding::<K>(&mut rows).fill(one);
                    let mut on_the_way = vec![K::Sum::default(); count];
                    K::carry_to_rows(&sums, scale, skipped, &mut on_the_way, between_padding::<K>(&mut rows));
                    fill_rows::<K>(between_padding::<K>(&mut expected.0), &limbs[skipped..]);
                    assert!(rows == expected.0, "{sums:?} {rows:?}");
                }
            }
        }
    }
    check::<Scalar>();
    check::<Dot16<Integers>>();
    check::<Fma51<Floats<true>>>();
}
