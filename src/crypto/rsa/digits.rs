//! Numbers in digits of one size, and of another.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "bits are counted of numbers of twice MAX_BITS at most, and sizes of digits are no input"
)]

use alloc::vec;
use alloc::vec::Vec;

/// How many bytes a digit is read from and written to.
const WIDTH: usize = 8;

/// The largest digit, in bits: it may begin at any bit of the first byte.
const MAX_DIGIT_BITS: usize = 8 * WIDTH - 7;

/// A number as bytes, the lowest first, and as many zeros above them as a digit is read from.
pub(super) struct Octets(Vec<u8>);

impl Octets {
    /// Of big-endian `bytes`.
    pub(super) fn from_big_endian(bytes: &[u8]) -> Self {
        let mut octets = vec![0; bytes.len() + WIDTH];
        for (octet, byte) in octets.iter_mut().zip(bytes.iter().rev()) {
            *octet = *byte;
        }
        Self(octets)
    }

    /// Of digits of `size` bits, the lowest first, shifted up by `shift` bits.
    pub(super) fn from_digits(digits: &[u64], size: usize, shift: usize) -> Self {
        debug_assert!(size <= MAX_DIGIT_BITS, "a digit does not fit");
        let mut octets = vec![0; (digits.len() * size + shift).div_ceil(8) + WIDTH];
        for (index, digit) in digits.iter().enumerate() {
            let at = index * size + shift;
            if let Some(octets) = octets.get_mut(at / 8..).and_then(<[u8]>::first_chunk_mut::<WIDTH>) {
                *octets = (u64::from_le_bytes(*octets) | digit << (at % 8)).to_le_bytes();
            }
        }
        Self(octets)
    }

    /// The digits of `size` bits of the number shifted up by `shift` bits, the lowest first.
    pub(super) fn to_digits(&self, size: usize, shift: usize) -> Vec<u64> {
        debug_assert!(size <= MAX_DIGIT_BITS, "a digit does not fit");
        let mut digits = vec![0; (self.bytes().len() * 8 + shift).div_ceil(size)];
        let mask = (1 << size) - 1;
        // The digits below the shift are zero. The first of the others may begin below the number: its low bits are zero too.
        let first = shift / size;
        for (index, digit) in digits.iter_mut().enumerate().skip(first) {
            let at = (index * size).saturating_sub(shift);
            let below = shift.saturating_sub(index * size);
            let octets = self.0.get(at / 8..).and_then(<[u8]>::first_chunk::<WIDTH>).copied().unwrap_or_default();
            *digit = u64::from_le_bytes(octets) >> (at % 8) << below & mask;
        }
        digits
    }

    /// The bytes, the lowest first.
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.split_at(self.0.len() - WIDTH).0
    }
}
