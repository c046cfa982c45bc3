//! Powers modulo the modulus of an RSA key. All of it is public, so nothing here takes the same time for every number.
//!
//! Numbers are limbs of 27 bits, the lowest first, each held in 32. A product is computed column by column in a single
//! accumulator of 64 bits (product scanning, with Montgomery's reduction in the same pass): of at most 8192 bits, no
//! column can leave it, which is asserted when this is compiled. So there are no carries within a column, and every limb
//! of a result is below 2^27.

use alloc::vec;
use alloc::vec::Vec;

use super::MAX_BITS;

/// The size of a limb, in bits.
const LIMB_BITS: u32 = 27;
const LIMB: usize = LIMB_BITS as usize;

/// The largest limb.
const MASK: u32 = (1 << LIMB_BITS) - 1;

const MAX_LIMBS: usize = limbs_for(MAX_BITS / 8);

// A column has a product of `a * b` and one of `m * n` for each limb, and what the column before it carried.
const _: () = {
    let products = 2 * MAX_LIMBS as u128 * (MASK as u128 * MASK as u128);
    assert!(products + (u64::MAX >> LIMB_BITS) as u128 <= u64::MAX as u128);
};

/// A modulus, with what Montgomery's reduction needs.
#[derive(Clone, Debug)]
pub(super) struct Modulus {
    /// The number.
    n: Vec<u32>,
    /// `-n^-1` modulo a limb.
    n_inverse: u32,
    /// `R^2` modulo `n`, where `R` is 2 to the power of all bits of all limbs.
    r_squared: Vec<u32>,
    bits: usize,
}

impl Modulus {
    /// The modulus of big-endian `bytes`; `None` when it is even, below 3 or too large, or begins with a zero byte.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let leading_zeros = usize::try_from(bytes.first()?.leading_zeros()).ok()?;
        let bits = bytes.len().checked_mul(8)?.checked_sub(leading_zeros)?;
        if bytes.last()? & 1 == 0 || leading_zeros == 8 || !(2..=MAX_BITS).contains(&bits) {
            return None;
        }
        let n = limbs_of(bytes, limbs_for(bytes.len()));
        let mut modulus = Self { n_inverse: negated_inverse(*n.first()?), r_squared: Vec::new(), n, bits };
        modulus.r_squared = modulus.compute_r_squared();
        Some(modulus)
    }

    /// How many bytes a number below the modulus has.
    pub(super) const fn bytes(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// `base` to the power of an odd `exponent` from 3 on, big-endian as the result is; `None` when `base` has not the length
    /// of the modulus, or is not below it.
    pub(super) fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        if base.len() != self.bytes() || exponent & 1 == 0 || exponent < 3 {
            return None;
        }
        let base = limbs_of(base, self.n.len());
        if !is_below(&base, &self.n) {
            return None;
        }
        let montgomery_base = self.multiply(&base, &self.r_squared);
        let mut power = montgomery_base.clone();
        let below_the_top = exponent.checked_ilog2()?;
        for bit in (1..below_the_top).rev() {
            power = self.square(&power);
            if exponent.wrapping_shr(bit) & 1 == 1 {
                power = self.multiply(&power, &montgomery_base);
            }
        }
        power = self.square(&power);
        // The last bit is set. A factor that is not in Montgomery's form takes the product out of it.
        Some(bytes_of(&self.multiply(&power, &base), self.bytes()))
    }

    /// `a * b / R` modulo `n`.
    fn multiply(&self, a: &[u32], b: &[u32]) -> Vec<u32> {
        self.reduce(|from, to| dot(a.get(from..=to).unwrap_or_default(), b.get(from..=to).unwrap_or_default()))
    }

    /// `a * a / R` modulo `n`. Each product of two different limbs stands twice in a column.
    fn square(&self, a: &[u32]) -> Vec<u32> {
        self.reduce(|from, to| {
            let column = a.get(from..=to).unwrap_or_default();
            let (low, high) = column.split_at_checked(column.len().div_ceil(2)).unwrap_or_default();
            let (middle, low) = match low.split_last() {
                Some((middle, rest)) if column.len() % 2 == 1 => (u64::from(*middle), rest),
                _ => (0, low),
            };
            dot(low, high).wrapping_mul(2).wrapping_add(middle.wrapping_mul(middle))
        })
    }

    /// The number whose columns `column` computes from the first and the last index of their limbs, divided by `R`, modulo
    /// `n`. The number is below `n * R`.
    fn reduce(&self, column: impl Fn(usize, usize) -> u64) -> Vec<u32> {
        let n = self.n.as_slice();
        let last = n.len().wrapping_sub(1);
        let lowest = u64::from(n.first().copied().unwrap_or_default());
        let mut m: Vec<u32> = Vec::with_capacity(n.len());
        let mut sum = 0_u64;
        // Each limb of `m` makes a column of the sum of the number and `m * n` end in a zero limb.
        for index in 0..=last {
            let products = dot(&m, n.get(1..=index).unwrap_or_default());
            sum = sum.wrapping_add(column(0, index)).wrapping_add(products);
            let limb = low_limb(sum).wrapping_mul(self.n_inverse) & MASK;
            m.push(limb);
            sum = sum.wrapping_add(u64::from(limb).wrapping_mul(lowest)).wrapping_shr(LIMB_BITS);
        }
        let mut result = Vec::with_capacity(n.len());
        for index in 1..=last {
            let products = dot(m.get(index..).unwrap_or_default(), n.get(index..).unwrap_or_default());
            sum = sum.wrapping_add(column(index, last)).wrapping_add(products);
            result.push(low_limb(sum));
            sum = sum.wrapping_shr(LIMB_BITS);
        }
        result.push(low_limb(sum));
        self.subtract_once(result)
    }

    /// `number` modulo `n`, for a number below `2 * n`.
    fn subtract_once(&self, mut number: Vec<u32>) -> Vec<u32> {
        if !is_below(&number, &self.n) {
            let mut borrow = 0;
            for (limb, n) in number.iter_mut().zip(&self.n) {
                let difference = limb.wrapping_sub(*n).wrapping_sub(borrow);
                borrow = difference.wrapping_shr(31);
                *limb = difference & MASK;
            }
        }
        number
    }

    /// `2 * number` modulo `n`.
    fn double(&self, mut number: Vec<u32>) -> Vec<u32> {
        let mut carry = 0;
        for limb in &mut number {
            let doubled = limb.wrapping_mul(2).wrapping_add(carry);
            carry = doubled.wrapping_shr(LIMB_BITS);
            *limb = doubled & MASK;
        }
        self.subtract_once(number)
    }

    /// From a power of two below `n`, by doubling and by squaring: in Montgomery's form `R * 2^a` squared is `R * 2^2a`.
    fn compute_r_squared(&self) -> Vec<u32> {
        let r_bits = self.n.len().wrapping_mul(LIMB);
        let squarings = 6;
        let mut power = vec![0; self.n.len()];
        let top = self.bits.wrapping_sub(1);
        if let Some(limb) = power.get_mut(top / LIMB) {
            *limb = 1_u32.wrapping_shl(u32::try_from(top % LIMB).unwrap_or_default());
        }
        for _ in top..r_bits.wrapping_add(r_bits.wrapping_shr(squarings)) {
            power = self.double(power);
        }
        for squaring in (0..squarings).rev() {
            power = self.square(&power);
            if r_bits.wrapping_shr(squaring) & 1 == 1 {
                power = self.double(power);
            }
        }
        power
    }
}

/// How many limbs numbers of so many bytes have. With two bits to spare, sums of two of them fit too.
const fn limbs_for(bytes: usize) -> usize {
    bytes.wrapping_mul(8).wrapping_add(2).div_ceil(LIMB)
}

/// The sum of the products of the first of `a` with the last of `b`, and so on. The shorter ends it.
fn dot(a: &[u32], b: &[u32]) -> u64 {
    let product = |(a, b): (&u32, &u32)| u64::from(*a).wrapping_mul(u64::from(*b));
    let (a_fours, a_rest) = a.as_chunks::<4>();
    let (b_rest, b_fours) = b.as_rchunks::<4>();
    let fours = a_fours.iter().zip(b_fours.iter().rev()).fold(0_u64, |sum, ([a0, a1, a2, a3], [b0, b1, b2, b3])| {
        let pairs = product((a0, b3)).wrapping_add(product((a1, b2)));
        sum.wrapping_add(pairs).wrapping_add(product((a2, b1))).wrapping_add(product((a3, b0)))
    });
    a_rest.iter().zip(b_rest.iter().rev()).map(product).fold(fours, u64::wrapping_add)
}

/// The low limb of a column.
fn low_limb(sum: u64) -> u32 {
    u32::try_from(sum & u64::from(MASK)).unwrap_or_default()
}

/// `-n^-1` modulo a limb, of an odd `n`: each of Newton's steps doubles the bits that are right, of which there are 3 to
/// begin with.
fn negated_inverse(n: u32) -> u32 {
    let step = |inverse: u32| inverse.wrapping_mul(2_u32.wrapping_sub(n.wrapping_mul(inverse)));
    (0..4).fold(n, |inverse, _| step(inverse)).wrapping_neg() & MASK
}

fn is_below(a: &[u32], b: &[u32]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// The `count` limbs of a big-endian number.
fn limbs_of(bytes: &[u8], count: usize) -> Vec<u32> {
    let (mut bits, mut held) = (0_u64, 0_u32);
    let mut limbs = Vec::with_capacity(count);
    for byte in bytes.iter().rev() {
        bits |= u64::from(*byte).wrapping_shl(held);
        held = held.wrapping_add(8);
        if held >= LIMB_BITS {
            limbs.push(low_limb(bits));
            bits = bits.wrapping_shr(LIMB_BITS);
            held = held.wrapping_sub(LIMB_BITS);
        }
    }
    limbs.push(low_limb(bits));
    limbs.resize(count, 0);
    limbs
}

/// The last `count` bytes of a number, big-endian.
fn bytes_of(limbs: &[u32], count: usize) -> Vec<u8> {
    let (mut bits, mut held) = (0_u64, 0_u32);
    let mut limbs = limbs.iter();
    let mut bytes = vec![0; count];
    for byte in bytes.iter_mut().rev() {
        if held < 8 {
            let limb = limbs.next().copied().unwrap_or_default();
            bits |= u64::from(limb).wrapping_shl(held);
            held = held.wrapping_add(LIMB_BITS);
        }
        *byte = u8::try_from(bits & 0xff).unwrap_or_default();
        bits = bits.wrapping_shr(8);
        held = held.wrapping_sub(8);
    }
    bytes
}

#[cfg(test)]
mod tests;
