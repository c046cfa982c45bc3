//! Powers by the crate `rsa`.

use std::vec;
use std::vec::Vec;

use rsa::hazmat::rsa_encrypt;
use rsa::{BoxedUint, PublicKey};

/// A public key.
pub(super) struct Key {
    key: PublicKey,
    bytes: usize,
}

impl Key {
    pub(super) fn new(modulus: &[u8], exponent: u64) -> Self {
        let key = PublicKey::new_unchecked(number(modulus), BoxedUint::from(exponent));
        Self { key, bytes: modulus.len() }
    }

    /// `base` to the power of the exponent, as long as the modulus is.
    pub(super) fn power(&self, base: &[u8]) -> Vec<u8> {
        let power = rsa_encrypt(&self.key, &number(base)).unwrap().to_be_bytes();
        let significant = power.len().saturating_sub(self.bytes);
        let mut padded = vec![0; self.bytes.saturating_sub(power.len())];
        padded.extend_from_slice(&power[significant..]);
        padded
    }
}

fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}

/// `base` to the power of `exponent` modulo `modulus`, as long as that is.
pub(super) fn power(modulus: &[u8], exponent: u64, base: &[u8]) -> Vec<u8> {
    Key::new(modulus, exponent).power(base)
}
