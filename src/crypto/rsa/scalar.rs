//! The level for every engine: 29-bit limbs, of which a 64-bit multiplication makes a product.

#![expect(clippy::arithmetic_side_effects, reason = "`Scalar::EXACT` asserts that no column leaves its sum")]

use super::kernel::{Diagonal, Kernel, before, for_each_product};

/// The scalar level.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

const COLUMNS: usize = 4;
const STEP: usize = 2;

impl Kernel for Scalar {
    const LIMB_BITS: usize = 29;
    const SLACK: u128 = 4;
    const COLUMNS: usize = COLUMNS;
    const ROW_LIMBS: usize = 1;
    const STEP: usize = STEP;
    const MAX_ROWS: usize = 124;
    const EXACT: () = {
        let limb = (1_u128 << (Self::LIMB_BITS - 1)) + Self::SLACK;
        assert!(Self::MAX_ROWS as u128 * limb * limb + limb <= i64::MAX as u128);
    };

    type Sum = i64;
    type Row = i32;
    type Column = i32;

    #[inline(always)]
    fn row(limb: i64, _: i64) -> i32 {
        i32::try_from(limb).unwrap_or_default()
    }

    #[inline(always)]
    fn column(limb: i64, _: i64) -> i32 {
        i32::try_from(limb).unwrap_or_default()
    }

    #[inline(always)]
    fn accumulate(sums: &mut [i64], fresh: bool, rows: &[i32], columns: &[i32], diagonal: Option<Diagonal<'_, Self>>) {
        let mut totals = [[0_i64; 2]; COLUMNS / 2];
        for_each_product::<Self, STEP, 2>(rows, columns, diagonal, |vector, row, columns, is_corner| {
            if let Some(totals) = totals.get_mut(vector) {
                let [first, second] = *columns;
                let columns = [if is_corner { first / 2 } else { first }, second];
                for (total, column) in totals.iter_mut().zip(columns) {
                    *total += i64::from(row) * i64::from(column);
                }
            }
        });
        let Some(sums) = sums.first_chunk_mut::<{ COLUMNS + 1 }>() else { return };
        let before = before(sums, fresh);
        let mut below = 0;
        for ((sum, before), total) in sums.iter_mut().zip(before).zip(totals.as_flattened().iter().chain([&0])) {
            *sum = before + (total & ((1 << Self::LIMB_BITS) - 1)) + below;
            below = total >> Self::LIMB_BITS;
        }
    }
}
