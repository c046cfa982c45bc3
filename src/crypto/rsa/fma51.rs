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

use super::kernel::{Diagonal, Kernel, before, for_each_product};

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

    /// `self + other`.
    fn plus(self, other: Self) -> Self;

    /// `self - other`.
    fn minus(self, other: Self) -> Self;

    /// `self * other + addend`, rounded once.
    fn multiply_add(self, other: Self, addend: Self) -> Self;

    /// The bits of each lane.
    fn to_bits(self) -> Self::Integers;

    /// The lanes of these bits.
    fn from_bits(bits: Self::Integers) -> Self;

    /// Each lane in place of the other.
    fn swapped(self) -> Self;

    /// Makes `numbers` those that the lanes are.
    fn store(self, numbers: &mut [f64; 2]);
}

/// Two integers of 64 bits, which wrap.
pub trait IntegerLanes: Copy + Debug {
    /// The lanes that are these numbers.
    fn from_array(numbers: &[i64; 2]) -> Self;

    /// Makes `numbers` those that the lanes are.
    fn store(self, numbers: &mut [i64; 2]);

    /// The number that the upper lane is.
    fn upper(self) -> i64;

    /// `self + other`.
    fn plus(self, other: Self) -> Self;

    /// The bits that `mask` has as well.
    fn masked(self, mask: Self) -> Self;

    /// Each lane times `2^bits`.
    fn shifted_up(self, bits: u32) -> Self;

    /// Each lane divided by `2^bits`, as an unsigned integer, rounded down.
    fn shifted_down(self, bits: u32) -> Self;

    /// Each lane moved to the next, of which the first comes from the last one of `below`.
    fn moved_up(self, below: Self) -> Self;
}

/// The level of relaxed SIMD, by the lanes of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Fma51<L>(PhantomData<L>);

const VECTORS: usize = 3;
const COLUMNS: usize = 2 * VECTORS;
const STEP: usize = 1;
const LIMB_BITS: u32 = 51;

/// What is added to a sum so that what it hands on is not negative.
const SUM_BIAS: i64 = i64::MIN + (1 << (LIMB_BITS - 1));

/// What is handed on where the sum is zero.
const CARRY_BIAS: i64 = 1 << (i64::BITS - 1 - LIMB_BITS);

/// What is added to a limb, so that its bits are those of a number of which the unit in the last place is 1.
const LIMB_BIAS: i64 = (LOW as f64).to_bits().cast_signed() - (1 << (LIMB_BITS - 1)) - CARRY_BIAS;

/// What a product is added to, so that its unit in the last place is `2^51`: 3/2 of the power of two of which that is
/// so.
const HIGH: u128 = 3 << (2 * LIMB_BITS);

/// What the rest of a product is added to, so that its unit in the last place is 1.
const LOW: u128 = 3 << LIMB_BITS;

impl<L: Lanes> Kernel for Fma51<L> {
    const LIMB_BITS: usize = LIMB_BITS as usize;
    const SLACK: u128 = CARRY_BIAS.cast_unsigned() as u128;
    const COLUMNS: usize = COLUMNS;
    const ROW_LIMBS: usize = 1;
    const STEP: usize = STEP;
    const MAX_ROWS: usize = 192;
    const EXACT: () = {
        let unit = 1_u128 << LIMB_BITS;
        let mantissa = 1_u128 << f64::MANTISSA_DIGITS;
        // Limbs, and twice those, are integers of floating point.
        let limb = unit / 2 + Self::SLACK;
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
    fn accumulate(sums: &mut [i64], fresh: bool, rows: &[f64], columns: &[f64], diagonal: Option<Diagonal<'_, Self>>) {
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
        let before = before(sums, fresh);
        let mut below = L::Integers::from_array(&[0; 2]);
        for ((sums, before), [high, low]) in sums.as_chunks_mut().0.iter_mut().zip(before.as_chunks().0).zip(totals) {
            L::Integers::from_array(before).plus(low).plus(high.moved_up(below)).store(sums);
            below = high;
        }
        let ([.., sum], [.., before]) = (sums, before);
        *sum = before + below.upper();
    }

    #[inline(never)]
    fn carry_to_rows(sums: &[i64], scale: u32, skipped: usize, _: &mut [i64], rows: &mut [f64]) {
        let mut carry = Carry::<L>::new(scale);
        let (lowest, sums) = sums.split_at_checked(skipped).unwrap_or_default();
        for sums in lowest.as_chunks().0 {
            carry.limbs(sums);
        }
        let (pairs, top) = sums.as_chunks();
        let mut rows = rows.as_rchunks_mut().1.iter_mut().rev();
        for (sums, rows) in pairs.iter().zip(rows.by_ref()) {
            carry.limbs(sums).swapped().store(rows);
        }
        if let [top] = top
            && let Some(rows) = rows.next()
        {
            carry.top_limb(*top).swapped().store(rows);
        }
        for rows in rows {
            *rows = [0.0; 2];
        }
    }

    #[inline(never)]
    fn carry_to_factor(sums: &[i64], limbs: &mut [i64], rows: &mut [f64], columns: &mut [f64]) {
        let mut carry = Carry::<L>::new(0);
        let (pairs, top) = sums.get(..limbs.len()).unwrap_or_default().as_chunks();
        let (limb_pairs, top_limb) = limbs.as_chunks_mut();
        let mut columns = columns.as_chunks_mut().0.iter_mut();
        let mut rows = rows.as_rchunks_mut().1.iter_mut().rev();
        for (((sums, limbs), columns), rows) in pairs.iter().zip(limb_pairs).zip(columns.by_ref()).zip(rows.by_ref()) {
            let lanes = carry.limbs(sums);
            carry.integers(lanes).store(limbs);
            lanes.plus(lanes).store(columns);
            lanes.swapped().store(rows);
        }
        if let ([top], [limb]) = (top, top_limb)
            && let (Some(columns), Some(rows)) = (columns.next(), rows.next())
        {
            let lanes = carry.top_limb(*top);
            let mut integers = [0; 2];
            carry.integers(lanes).store(&mut integers);
            [*limb, _] = integers;
            lanes.plus(lanes).store(columns);
            lanes.swapped().store(rows);
        }
        for rows in rows {
            *rows = [0.0; 2];
        }
    }
}

/// What columns hand on, two at a time.
struct Carry<L: Lanes> {
    scale: u32,
    below: L::Integers,
    sum_bias: L::Integers,
    limb_bias: L::Integers,
    mask: L::Integers,
    integer_bias: L::Integers,
    low: L,
}

impl<L: Lanes> Carry<L> {
    #[inline(always)]
    fn new(scale: u32) -> Self {
        let splat = |number: i64| L::Integers::from_array(&[number; 2]);
        // Loaded once, as constants would be made anew each time that they are used.
        let [sum_bias, limb_bias, mask, below, integer_bias] =
            *black_box(&[SUM_BIAS, LIMB_BIAS, (1 << LIMB_BITS) - 1, CARRY_BIAS, without(LOW, 1)]);
        Self {
            scale,
            below: splat(below),
            sum_bias: splat(sum_bias),
            limb_bias: splat(limb_bias),
            mask: splat(mask),
            integer_bias: splat(integer_bias),
            low: L::splat(*black_box(&(LOW as f64))),
        }
    }

    /// The limbs of two columns.
    #[inline(always)]
    fn limbs(&mut self, sums: &[i64; 2]) -> L {
        let sums = L::Integers::from_array(sums).shifted_up(self.scale).plus(self.sum_bias);
        let carry = sums.shifted_down(LIMB_BITS);
        let limbs = sums.masked(self.mask).plus(carry.moved_up(self.below)).plus(self.limb_bias);
        self.below = carry;
        L::from_bits(limbs).minus(self.low)
    }

    /// The limb of the topmost column, and 0.
    #[inline(always)]
    fn top_limb(&mut self, sum: i64) -> L {
        let mut limbs = [0.0; 2];
        self.limbs(&[sum, 0]).store(&mut limbs);
        L::from_array(&[limbs[0], 0.0])
    }

    /// The same numbers as integers.
    #[inline(always)]
    fn integers(&self, limbs: L) -> L::Integers {
        limbs.plus(self.low).to_bits().plus(self.integer_bias)
    }
}

/// What a sum of so many numbers begins with, that are counted from the bits of `number`.
fn without(number: u128, count: usize) -> i64 {
    let bits = (number as f64).to_bits().cast_signed();
    bits.wrapping_mul(i64::try_from(count).unwrap_or_default()).wrapping_neg()
}
