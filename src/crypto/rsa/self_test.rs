//! Known answers, computed before a level is trusted: an engine may round the products of relaxed SIMD before it adds
//! to them, or have a defect, and wrong powers refuse signatures that are right.

use alloc::vec::Vec;

use super::kernel::Kernel;
use super::modulus::Modulus;

/// A power by its numbers: the modulus and the base are made from `seed`, and the power is known by its [`checksum`].
struct KnownAnswer {
    bytes: usize,
    seed: u64,
    exponent: u64,
    checksum: u64,
}

/// The largest limbs and columns come of the seed 0, whose modulus is all ones.
const KNOWN_ANSWERS: [KnownAnswer; 4] = [
    KnownAnswer { bytes: 256, seed: 0, exponent: 3, checksum: 0x2949_3117_edc4_0123 },
    KnownAnswer { bytes: 256, seed: 0x9e37_79b9_7f4a_7c15, exponent: 65537, checksum: 0x7282_fb3e_33a3_6bbe },
    KnownAnswer { bytes: 512, seed: 0, exponent: 3, checksum: 0x8c87_a3cd_daa0_59dc },
    KnownAnswer { bytes: 512, seed: 0xbf58_476d_1ce4_e5b9, exponent: 3, checksum: 0xf68d_fa4e_92fe_669a },
];

impl<K: Kernel> Modulus<K> {
    /// Whether the machine computes the powers that are known. A level of which it does not is not to be used.
    pub fn self_test() -> bool {
        KNOWN_ANSWERS.iter().all(|answer| {
            let (modulus, base) = answer.numbers();
            let power = Self::new(&modulus).and_then(|modulus| modulus.power(&base, answer.exponent));
            power.is_some_and(|power| checksum(&power) == answer.checksum)
        })
    }
}

impl KnownAnswer {
    /// The modulus, and a base below it.
    fn numbers(&self) -> (Vec<u8>, Vec<u8>) {
        let (mut modulus, mut base) = (bytes(self.seed, self.bytes), bytes(self.seed.wrapping_add(1), self.bytes));
        if let ([first, .., last], [base_first, ..]) = (modulus.as_mut_slice(), base.as_mut_slice()) {
            *first |= 0x80;
            *last |= 1;
            *base_first &= 0x7f;
        }
        (modulus, base)
    }
}

/// Bytes of a xorshift generator, turned over: all ones of the seed 0.
#[inline(never)]
fn bytes(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed;
    let byte = |_| {
        state ^= state.wrapping_shl(13);
        state ^= state.wrapping_shr(7);
        state ^= state.wrapping_shl(17);
        let [.., byte] = state.to_le_bytes();
        !byte
    };
    (0..count).map(byte).collect()
}

/// FNV-1a, of 64 bits.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
