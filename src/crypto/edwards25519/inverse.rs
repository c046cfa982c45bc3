//! Inverses modulo `p`.

use super::field::{FOLD, FieldElement, LIMB_BITS, LIMBS, TOP_BITS};
use crate::crypto::division_steps::{self, Prime};
use crate::crypto::limb;

/// `p`, which is `2^255 - 19`.
struct P;

impl P {
    const LIMBS: [i32; LIMBS] = [-FOLD, 0, 0, 0, 0, 0, 0, 0, 1 << TOP_BITS];
    const INVERSE: i64 = limb::inverse(Self::LIMBS[0], LIMB_BITS);
}

impl Prime<LIMBS> for P {
    const LIMB_BITS: u32 = LIMB_BITS;

    #[inline(always)]
    fn limbs(&self) -> &[i32; LIMBS] {
        &Self::LIMBS
    }

    #[inline(always)]
    fn inverse(&self) -> i64 {
        Self::INVERSE
    }
}

impl FieldElement {
    /// `1 / self`, and 0 for 0.
    #[inline(never)]
    pub(super) fn inverted(&self) -> Self {
        let [zero, one] = [0, 1].map(Self::small);
        division_steps::quotient(&P, &one.0, &self.canonical()).map_or(zero, |limbs| Self(limbs).carried())
    }
}
