//! Keys out of range, and signatures of no key.

use super::*;
use std::vec;

use crate::crypto::emsa;
use crate::crypto::hash::Hash;

#[test]
fn keys_out_of_range_are_refused() {
    let modulus = |bytes: usize, first: u8, last: u8| {
        let mut modulus = vec![0x55; bytes];
        modulus[0] = first;
        modulus[bytes - 1] = last;
        modulus
    };
    let f4 = [1, 0, 1];
    assert!(key(&modulus(256, 0x80, 1), &f4).is_some(), "2048 bits");
    assert!(key(&modulus(1024, 0x80, 1), &f4).is_some(), "8192 bits");
    for (n, why) in [
        (modulus(256, 0x7f, 1), "2047 bits"),
        (modulus(128, 0x80, 1), "1024 bits"),
        (modulus(1025, 0x01, 1), "8193 bits"),
        (modulus(256, 0x80, 2), "even"),
        (modulus(100_000, 0x80, 1), "800,000 bits"),
    ] {
        assert!(key(&n, &f4).is_none(), "{why}");
    }
    for e in [&[][..], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1], &[1; 9]] {
        assert!(key(&modulus(256, 0x80, 1), e).is_none(), "{e:?}");
    }
    assert!(key(&[], &f4).is_none());
}

fn key(n: &[u8], e: &[u8]) -> Option<RsaKey> {
    let numbers = RsaNumbers::new(n, e);
    let key = RsaKey::new(n, numbers?.exponent);
    assert_eq!(key.is_some(), numbers.is_some());
    key
}

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
