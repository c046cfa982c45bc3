//! The level for every engine: 29-bit limbs, of which a 64-bit multiplication makes a product.

#![expect(clippy::arithmetic_side_effects, reason = "`Scalar::EXACT` asserts that no column leaves its sum")]

use super::kernel::{Kernel, Sum, for_each_window};

/// The scalar level.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

const COLUMNS: usize = 4;
const STEP: usize = 2;

impl Scalar {
    #[inline(always)]
    fn accumulate_by(sums: &mut [i64], rows: &[i32], columns: &[i32], slide: usize) {
        let mut totals = [0_i64; COLUMNS];
        for_each_window::<STEP, COLUMNS, _, _>(rows, columns, slide, |row, window| {
            for (total, column) in totals.iter_mut().zip(window) {
                *total += i64::from(*row) * i64::from(*column);
            }
        });
        let Some(sums) = sums.first_chunk_mut::<{ COLUMNS + 1 }>() else { return };
        let mut below = 0;
        for (sum, total) in sums.iter_mut().zip(totals.into_iter().chain([0])) {
            let (carry, rest) = total.split(Self::LIMB_BITS);
            *sum += rest + below;
            below = carry;
        }
    }
}

impl Kernel for Scalar {
    const LIMB_BITS: usize = 29;
    const COLUMNS: usize = COLUMNS;
    const ROW_LIMBS: usize = 1;
    const STEP: usize = STEP;
    const MAX_ROWS: usize = 124;
    const EXACT: () = {
        let limb = 1_u128 << (Self::LIMB_BITS - 1);
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

    fn accumulate(sums: &mut [i64], rows: &[i32], columns: &[i32]) {
        Self::accumulate_by(sums, rows, columns, Self::ROW_LIMBS);
    }

    fn accumulate_apart(sums: &mut [i64], rows: &[i32], columns: &[i32]) {
        Self::accumulate_by(sums, rows, columns, COLUMNS);
    }
}
