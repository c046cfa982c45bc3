//! Signatures of no key.

mod limbs;

use super::*;
use std::vec;

use crate::crypto::emsa;
use crate::crypto::hash::Hash;

#[test]
fn what_nobody_signed_does_not_verify() {
    let mut modulus = vec![0xff; 256];
    modulus[0] = 0x80;
    let key = RsaKey::new(&modulus, 3).unwrap();
    for signature in [vec![0; 256], vec![1; 256], modulus.clone(), vec![0xff; 256], vec![1; 255], vec![1; 257], vec![]]
    {
        let encoded = key.power(&signature).unwrap_or_default();
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            assert!(!emsa::is_pkcs1(hash, b"", &encoded) && !emsa::is_pss(hash, b"", &encoded, 2048));
        }
    }
}
