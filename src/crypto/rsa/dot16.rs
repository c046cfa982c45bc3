//! The level of `simd128`: 13-bit limbs in 16, of which one instruction (`i32x4.dot_i16x8_s`) sums the products of four pairs.

#![expect(clippy::arithmetic_side_effects, reason = "`Dot16::EXACT` asserts that no column leaves its sum")]

#[cfg(test)]
pub mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod simd;

use core::fmt::Debug;
use core::marker::PhantomData;

use super::kernel::{Kernel, for_each_window};

/// Four numbers of 32 bits, or eight of 16.
pub trait Lanes: Copy + Debug {
    /// The lanes that are these numbers.
    fn from_array(numbers: &[i32; 4]) -> Self;

    /// The numbers that the lanes are.
    fn to_array(self) -> [i32; 4];

    /// The same number in each lane.
    fn splat(number: i32) -> Self;

    /// `self + other`.
    fn plus(self, other: Self) -> Self;

    /// The sums of the two products of the halves of each lane.
    fn dot(self, other: Self) -> Self;

    /// The lower bits of each lane.
    fn masked(self, mask: i32) -> Self;

    /// Each lane divided by `2^bits`, rounded down.
    fn shifted_down(self, bits: u32) -> Self;

    /// Each lane moved to the next, of which the first comes from the last one of `below`.
    fn moved_up(self, below: Self) -> Self;
}

/// The level of `simd128`, by the lanes of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Dot16<L>(PhantomData<L>);

const VECTORS: usize = 4;
const COLUMNS: usize = 4 * VECTORS;
const STEP: usize = 2;
const LIMB_BITS: u32 = 13;

impl<L: Lanes> Dot16<L> {
    #[inline(always)]
    fn accumulate_by(sums: &mut [i32], rows: &[i32], columns: &[i32], slide: usize) {
        let mut totals = [L::splat(0); VECTORS];
        for_each_window::<STEP, COLUMNS, _, _>(rows, columns, slide, |row, window| {
            let row = L::splat(*row);
            for (total, columns) in totals.iter_mut().zip(window.as_chunks().0) {
                *total = total.plus(row.dot(L::from_array(columns)));
            }
        });
        let Some(sums) = sums.first_chunk_mut::<{ COLUMNS + 1 }>() else { return };
        let mut below = L::splat(0);
        let (groups, rest) = sums.as_chunks_mut();
        for (sums, total) in groups.iter_mut().zip(totals) {
            let carry = total.shifted_down(LIMB_BITS);
            let rest = total.masked((1 << LIMB_BITS) - 1).plus(carry.moved_up(below));
            *sums = L::from_array(sums).plus(rest).to_array();
            below = carry;
        }
        if let Some(sum) = rest.first_mut() {
            *sum += below.to_array()[3];
        }
    }
}

/// Two limbs side by side, as the lanes of 16 bits hold them.
const fn pair(first: i32, second: i32) -> i32 {
    (second << 16) | (first & 0xffff)
}

impl<L: Lanes> Kernel for Dot16<L> {
    const LIMB_BITS: usize = LIMB_BITS as usize;
    const COLUMNS: usize = COLUMNS;
    const ROW_LIMBS: usize = 2;
    const STEP: usize = STEP;
    const MAX_ROWS: usize = 60;
    const EXACT: () = {
        let limb = 1_u128 << (Self::LIMB_BITS - 1);
        assert!((Self::ROW_LIMBS * Self::MAX_ROWS) as u128 * limb * limb <= i32::MAX as u128);
        assert!(2 * limb <= i16::MAX as u128);
    };

    type Sum = i32;
    type Row = i32;
    type Column = i32;

    #[inline(always)]
    fn row(limb: i32, above: i32) -> i32 {
        pair(limb, above)
    }

    #[inline(always)]
    fn column(limb: i32, below: i32) -> i32 {
        pair(limb, below)
    }

    fn accumulate(sums: &mut [i32], rows: &[i32], columns: &[i32]) {
        Self::accumulate_by(sums, rows, columns, Self::ROW_LIMBS);
    }

    fn accumulate_apart(sums: &mut [i32], rows: &[i32], columns: &[i32]) {
        Self::accumulate_by(sums, rows, columns, COLUMNS);
    }
}
