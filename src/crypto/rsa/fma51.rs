//! The level of relaxed SIMD: 51-bit limbs in floating point, of which two fused multiply-adds make a product of 102
//! bits.
//!
//! The first one adds the product to a number so large that its unit in the last place is `2^51`, and so rounds it to a
//! multiple of that; the second one leaves the rest of the product, as it is rounded only once. Both are such that the
//! bits of the number, as an integer, differ from those of the number it began with by the multiple and by the rest:
//! they are summed as integers, which holds more of them than floating point does.
//!
//! Where an engine rounds the product before it adds, the rest is wrong, and most powers with it: see
//! `Modulus::self_test`.

#![expect(clippy::arithmetic_side_effects, reason = "`Fma51::EXACT` asserts that no column leaves its sum")]

#[cfg(test)]
pub mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub mod simd;

use core::fmt::Debug;
use core::hint::black_box;
use core::marker::PhantomData;

use super::kernel::{Diagonal, Kernel, SLACK, for_each_product};

/// Two numbers in floating point.
pub trait Lanes: Copy + Debug {
    /// Two integers of 64 bits.
    type Integers: IntegerLanes;

    /// The lanes that are these numbers.
    fn from_array(numbers: &[f64; 2]) -> Self;

    /// The same number in each lane.
    fn splat(number: f64) -> Self;

    /// Half of the first number, and the second.
    fn halved_below(self) -> Self;

    /// `self - other`.
    fn minus(self, other: Self) -> Self;

    /// `self * other + addend`, rounded once.
    fn multiply_add(self, other: Self, addend: Self) -> Self;

    /// The bits of each lane.
    fn to_bits(self) -> Self::Integers;
}

/// Two integers of 64 bits, which wrap.
pub trait IntegerLanes: Copy + Debug {
    /// The lanes that are these numbers.
    fn from_array(numbers: &[i64; 2]) -> Self;

    /// The numbers that the lanes are.
    fn to_array(self) -> [i64; 2];

    /// `self + other`.
    fn plus(self, other: Self) -> Self;

    /// Each lane moved to the next, of which the first comes from the last one of `below`.
    fn moved_up(self, below: Self) -> Self;
}

/// The level of relaxed SIMD, by the lanes of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Fma51<L>(PhantomData<L>);

const VECTORS: usize = 3;
const COLUMNS: usize = 2 * VECTORS;
const STEP: usize = 1;
const LIMB_BITS: usize = 51;

/// What a product is added to, so that its unit in the last place is `2^51`: 3/2 of the power of two of which that is
/// so.
const HIGH: u128 = 3 << (2 * LIMB_BITS);

/// What the rest of a product is added to, so that its unit in the last place is 1.
const LOW: u128 = 3 << LIMB_BITS;

impl<L: Lanes> Kernel for Fma51<L> {
    const LIMB_BITS: usize = LIMB_BITS;
    const COLUMNS: usize = COLUMNS;
    const ROW_LIMBS: usize = 1;
    const STEP: usize = STEP;
    const MAX_ROWS: usize = 192;
    const EXACT: () = {
        let unit = 1_u128 << LIMB_BITS;
        let mantissa = 1_u128 << f64::MANTISSA_DIGITS;
        // Limbs, and twice those, are integers of floating point.
        let limb = unit / 2 + SLACK;
        assert!(2 * limb < mantissa);
        // Bits count in units as long as the exponent is that of what a sum began with: there is as much as 1/3 of that
        // to either side.
        assert!(HIGH / 3 * 2 == unit * mantissa / 2 && 2 * limb * limb + unit / 2 < HIGH / 3);
        assert!(LOW / 3 * 2 == mantissa / 2 && unit / 2 < LOW / 3);
        // The sum of both, and its difference from any rounded product, are multiples of the unit that have the bits
        // for it.
        assert!((HIGH + LOW).is_multiple_of(unit) && HIGH + LOW < unit * mantissa);
        assert!(LOW.is_multiple_of(unit) && LOW + 2 * limb * limb + unit < unit * mantissa);
    };

    type Sum = i64;
    type Row = f64;
    type Column = f64;

    #[inline(always)]
    fn row(limb: i64, _: i64) -> f64 {
        limb as f64
    }

    #[inline(always)]
    fn column(limb: i64, _: i64) -> f64 {
        limb as f64
    }

    #[inline(always)]
    fn accumulate(sums: &mut [i64], rows: &[f64], columns: &[f64], diagonal: Option<Diagonal<'_, Self>>) {
        // Loaded once, as constants would be made anew each time that they are used.
        let [high, both] = *black_box(&[HIGH as f64, (HIGH + LOW) as f64]);
        let (high, both) = (L::splat(high), L::splat(both));
        // The sums without the bits that each of the numbers begins with.
        let mut totals: [_; VECTORS] = core::array::from_fn(|vector| {
            let count = rows.len() + if diagonal.is_some() { vector + 1 } else { 0 };
            [HIGH, LOW].map(|number| L::Integers::from_array(&[without(number, count); 2]))
        });
        for_each_product::<Self, STEP, 2>(rows, columns, diagonal, |vector, row, columns, is_corner| {
            let (row, columns) = (L::splat(row), L::from_array(columns));
            let columns = if is_corner { columns.halved_below() } else { columns };
            if let Some([high_sum, low_sum]) = totals.get_mut(vector) {
                let rounded = row.multiply_add(columns, high);
                let rest = row.multiply_add(columns, both.minus(rounded));
                *high_sum = high_sum.plus(rounded.to_bits());
                *low_sum = low_sum.plus(rest.to_bits());
            }
        });
        let Some(sums) = sums.first_chunk_mut::<{ COLUMNS + 1 }>() else { return };
        let mut below = L::Integers::from_array(&[0; 2]);
        let (groups, rest) = sums.as_chunks_mut();
        for (sums, [high, low]) in groups.iter_mut().zip(totals) {
            *sums = L::Integers::from_array(sums).plus(low).plus(high.moved_up(below)).to_array();
            below = high;
        }
        if let Some(sum) = rest.first_mut() {
            *sum += below.to_array()[1];
        }
    }
}

/// What a sum of so many numbers begins with, that are counted from the bits of `number`.
fn without(number: u128, count: usize) -> i64 {
    let bits = (number as f64).to_bits().cast_signed();
    bits.wrapping_mul(i64::try_from(count).unwrap_or_default()).wrapping_neg()
}
