//! The level of `simd128`: 13-bit limbs in 16, of which one instruction (`i32x4.dot_i16x8_s`) sums the products of four
//! pairs.

#![expect(clippy::arithmetic_side_effects, reason = "`Dot16::EXACT` asserts that no column leaves its sum")]

#[cfg(test)]
pub mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod simd;

use core::fmt::Debug;
use core::marker::PhantomData;

use super::barrett::{MAX_BITS, SCALE_BITS, limbs_for};
use super::kernel::{Diagonal, Kernel, before, for_each_product};

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

    /// `self - other`.
    fn minus(self, other: Self) -> Self;

    /// The sums of the two products of the halves of each lane.
    fn dot(self, other: Self) -> Self;

    /// The bits that `mask` has as well.
    fn masked(self, mask: Self) -> Self;

    /// Half of each number of 16 bits, rounded down.
    fn halved(self) -> Self;

    /// Each lane divided by `2^bits`, rounded down.
    fn shifted_down(self, bits: u32) -> Self;

    /// Each lane times `2^bits`.
    fn shifted_up(self, bits: u32) -> Self;

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

/// What a row of two limbs begins with on the diagonal of a square, of columns of twice the limbs. The first one meets
/// itself in the first column, and the second one in the third: these are single, and there is nothing before them.
#[inline(always)]
fn corner<L: Lanes>(columns: L) -> L {
    let twice = L::from_array(&[0, pair(-1, 0), pair(-1, 0), pair(-1, -1)]);
    let once = L::from_array(&[pair(-1, 0), 0, pair(0, -1), 0]);
    columns.masked(twice).plus(columns.halved().masked(once))
}

/// One step of carrying: what is beyond half of the radix goes to the next lane, of which the first one gets that of
/// the lanes `below`. Returns what is carried, for the lanes above.
#[inline(always)]
fn carry_once<L: Lanes>(sums: L, below: L) -> (L, L) {
    let carry = sums.plus(L::splat(1 << (LIMB_BITS - 1))).shifted_down(LIMB_BITS);
    let rest = sums.minus(carry.shifted_up(LIMB_BITS));
    (rest.plus(carry.moved_up(below)), carry)
}

/// Two limbs side by side, as the lanes of 16 bits hold them.
const fn pair(first: i32, second: i32) -> i32 {
    (second << 16) | (first & 0xffff)
}

impl<L: Lanes> Kernel for Dot16<L> {
    const LIMB_BITS: usize = LIMB_BITS as usize;
    const SLACK: u128 = 4;
    const COLUMNS: usize = COLUMNS;
    const ROW_LIMBS: usize = 2;
    const STEP: usize = STEP;
    const MAX_ROWS: usize = 60;
    const EXACT: () = {
        // What the second step of `carry` has to carry, of columns of 3/4 of the radix for each limb.
        let carry = (limbs_for::<Self>(MAX_BITS) * 3 / 4 + 1) << SCALE_BITS;
        assert!((carry >> LIMB_BITS) as u128 + 2 <= Self::SLACK);
        let limb = (1_u128 << (LIMB_BITS - 1)) + Self::SLACK;
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

    #[inline(always)]
    fn accumulate(sums: &mut [i32], fresh: bool, rows: &[i32], columns: &[i32], diagonal: Option<Diagonal<'_, Self>>) {
        let mut totals = [L::splat(0); VECTORS];
        for_each_product::<Self, STEP, 4>(rows, columns, diagonal, |vector, row, columns, is_corner| {
            let columns = L::from_array(columns);
            let columns = if is_corner { corner(columns) } else { columns };
            if let Some(total) = totals.get_mut(vector) {
                *total = total.plus(L::splat(row).dot(columns));
            }
        });
        let Some(sums) = sums.first_chunk_mut::<{ COLUMNS + 1 }>() else { return };
        let before = before(sums, fresh);
        let mut below = L::splat(0);
        for ((sums, before), total) in sums.as_chunks_mut().0.iter_mut().zip(before.as_chunks().0).zip(totals) {
            let carry = total.shifted_down(LIMB_BITS);
            let rest = total.masked(L::splat((1 << LIMB_BITS) - 1)).plus(carry.moved_up(below));
            *sums = L::from_array(before).plus(rest).to_array();
            below = carry;
        }
        let ([.., sum], [.., before]) = (sums, before);
        *sum = before + below.to_array()[3];
    }

    /// In two steps, each in all limbs at once: what the second one carries is no more than [`Kernel::SLACK`], and stays.
    #[inline(never)]
    fn carry(sums: &[i32], scale: u32, limbs: &mut [i32]) {
        let mut below = [L::splat(0); 2];
        let mut step = |sums: &[i32; 4]| {
            let [first, second] = &mut below;
            let (carried, carry) = carry_once(L::from_array(sums).shifted_up(scale), *first);
            *first = carry;
            let (carried, carry) = carry_once(carried, *second);
            *second = carry;
            carried.to_array()
        };
        let length = sums.len().min(limbs.len());
        let (groups, rest) = sums.split_at(length).0.as_chunks();
        let (limb_groups, limb_rest) = limbs.split_at_mut(length).0.as_chunks_mut();
        for (limbs, sums) in limb_groups.iter_mut().zip(groups) {
            *limbs = step(sums);
        }
        let mut last = [0; 4];
        for (last, sum) in last.iter_mut().zip(rest) {
            *last = *sum;
        }
        for (limb, carried) in limb_rest.iter_mut().zip(step(&last)) {
            *limb = carried;
        }
    }
}
