//! Inverses modulo `p`.

#![expect(clippy::arithmetic_side_effects, reason = "these are operators of field elements, which are bounded there")]

use super::field::{FOLD, FieldElement, LIMB_BITS, LIMBS, TOP_BITS};
use crate::crypto::inverse::{Prime, inverse};

/// `p`, which is `2^255 - 19`.
struct P;

impl Prime<LIMBS> for P {
    const LIMB_BITS: u32 = LIMB_BITS;

    #[inline(always)]
    fn limbs(&self) -> &[i32; LIMBS] {
        const { &[-FOLD, 0, 0, 0, 0, 0, 0, 0, 1 << TOP_BITS] }
    }
}

impl FieldElement {
    /// `1 / self`, and 0 for 0.
    #[inline(never)]
    pub(super) fn inverted(&self) -> Self {
        match inverse(&P, &self.canonical()) {
            Some(limbs) => Self(limbs).carried(),
            None => self.inverted_by_power(),
        }
    }

    /// `self^(p - 2)`, of which the exponent is `8 * (p - 5) / 8 + 3` (Fermat).
    #[inline(never)]
    pub(super) fn inverted_by_power(&self) -> Self {
        &self.power_for_roots().squared(3) * &(&self.square() * self)
    }
}
