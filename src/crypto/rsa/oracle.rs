//! Powers by the crate `rsa`.

use std::vec;
use std::vec::Vec;

use rsa::hazmat::rsa_encrypt;
use rsa::{BoxedUint, PublicKey};

/// `base` to the power of `exponent` modulo `modulus`, as long as that is.
pub(super) fn power(modulus: &[u8], exponent: u64, base: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    let key = PublicKey::new_unchecked(number(modulus), BoxedUint::from(exponent));
    let power = rsa_encrypt(&key, &number(base)).unwrap().to_be_bytes();
    let significant = power.len().saturating_sub(modulus.len());
    let mut padded = vec![0; modulus.len().saturating_sub(power.len())];
    padded.extend_from_slice(&power[significant..]);
    padded
}
