use super::*;
use std::vec;

#[test]
fn keys_out_of_range_are_refused() {
    let modulus = |bytes: usize, first: u8, last: u8| {
        let mut modulus = vec![0x55; bytes];
        modulus[0] = first;
        modulus[bytes - 1] = last;
        modulus
    };
    let f4 = [1, 0, 1];
    assert!(RsaKey::new(&modulus(256, 0x80, 1), &f4).is_some(), "2048 bits");
    assert!(RsaKey::new(&modulus(1024, 0x80, 1), &f4).is_some(), "8192 bits");
    for (n, why) in [
        (modulus(256, 0x7f, 1), "2047 bits"),
        (modulus(128, 0x80, 1), "1024 bits"),
        (modulus(1025, 0x01, 1), "8193 bits"),
        (modulus(256, 0x80, 2), "even"),
        (modulus(100_000, 0x80, 1), "800,000 bits"),
    ] {
        assert!(RsaKey::new(&n, &f4).is_none(), "{why}");
    }
    for e in [&[][..], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1], &[1; 9]] {
        assert!(RsaKey::new(&modulus(256, 0x80, 1), e).is_none(), "{e:?}");
    }
    assert!(RsaKey::new(&[], &f4).is_none());
}
