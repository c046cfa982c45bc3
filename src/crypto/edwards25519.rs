//! Verification of Ed25519 (RFC 8032 section 5.1.7), made to be fast in WebAssembly. All of it is public, so nothing here takes the
//! same time for every number.
//!
//! It is strict: a point has one encoding, the scalar is below the order of the group, no point is of small order, and the
//! equation is checked without the cofactor. No two implementations that are so strict disagree about a signature.

mod column;
mod comb;
mod field;
#[cfg(test)]
mod interval;
mod inverse;
mod point;
mod scalar;
mod sparse;

use alloc::boxed::Box;

use once_cell::race::OnceBox;

use comb::Comb;
use point::Extended;
use scalar::Scalar;

/// The table of the base point. It is the same for all keys, and is made when the first key asks for its own.
static BASE_TABLE: OnceBox<Comb<8, 2>> = OnceBox::new();

fn base_table() -> &'static Comb<8, 2> {
    BASE_TABLE.get_or_init(|| Box::new(Comb::new(&Extended::BASE)))
}

/// A public key.
pub type Ed25519Key = VerifyingKey<8, 2>;

/// A public key, whose table has so many teeth and blocks: see [`Ed25519Key`].
#[derive(Clone, Debug)]
pub struct VerifyingKey<const TEETH: usize, const BLOCKS: usize> {
    /// `-A`: of the equation `S * B = R + k * A`, `R` is computed.
    negated: Extended,
    table: Option<Comb<TEETH, BLOCKS>>,
}

impl<const TEETH: usize, const BLOCKS: usize> VerifyingKey<TEETH, BLOCKS> {
    /// The size of the table of a key, in bytes.
    pub const TABLE_BYTES: usize = Comb::<TEETH, BLOCKS>::BYTES;

    /// The key of 32 bytes; `None` when they are not the encoding of a point (RFC 8032 section 5.1.3), are not the only one
    /// of it, or are that of a point of small order, with which anything verifies.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let point = Extended::decoded(bytes.try_into().ok()?)?;
        Some(Self { negated: point.negated(), table: None })
    }

    /// Whether `signature`, which is `R || S`, is the one of the message `M` for which `hash` is `SHA-512(R || A || M)`, where
    /// `A` are the bytes of this key.
    pub fn verify_hashed(&self, hash: &[u8; 64], signature: &[u8]) -> bool {
        self.computed_r(hash, signature).is_some_and(|(expected, r)| expected == r)
    }

    /// The encoding of `S * B - k * A`, and `R`; `None` if the first is of small order, or `S` is not canonical.
    fn computed_r(&self, hash: &[u8; 64], signature: &[u8]) -> Option<([u8; 32], [u8; 32])> {
        let (r, s) = signature.split_first_chunk::<32>()?;
        let s = Scalar::of_bytes(s.try_into().ok()?)?;
        let k = Scalar::of_hash(hash);
        let sum = match &self.table {
            Some(table) => {
                let mut sum = base_table().sum_of_products(&s.made_odd_by_order(), table, &k.made_odd());
                // The order of A may be a multiple of l: k has to be what it is.
                if k.is_even() {
                    sum.add(&self.negated.cached(), true);
                }
                sum
            }
            None => sparse::sum_of_products(&s, &Extended::BASE, &k, &self.negated),
        };
        let (x, y) = sum.coordinates();
        (!point::is_small_order(&x, &y)).then(|| (point::encoded(&x, &y), *r))
    }

    /// Makes the table with which [`Self::verify_hashed`] is several times as fast.
    pub fn build_table(&mut self) {
        base_table();
        self.table = Some(Comb::new(&self.negated));
    }

    /// Frees the table.
    pub fn drop_table(&mut self) {
        self.table = None;
    }

    /// Whether there is a table.
    pub const fn has_table(&self) -> bool {
        self.table.is_some()
    }
}

#[cfg(test)]
mod tests;
