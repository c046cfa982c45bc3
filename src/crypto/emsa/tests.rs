//! Encodings bit by bit.
#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use super::*;
use std::vec;

/// EMSA-PSS-ENCODE (RFC 8017 §9.1.1) with this salt, in as many bytes as the modulus has.
fn pss_encode(hash: Hash, message: &[u8], salt: &[u8], bits: usize) -> Vec<u8> {
    let length = bits.div_ceil(8);
    let h = hash.digest(&[&[0; 8], hash.digest(message).as_slice(), salt].concat());
    let mut db = vec![0; length - h.len() - 1];
    let one = db.len() - salt.len() - 1;
    db[one] = 1;
    db[one + 1..].copy_from_slice(salt);
    for (counter, block) in (0_u8..).zip(db.chunks_mut(h.len())) {
        let mask = hash.digest(&[h.as_slice(), &[0, 0, 0, counter]].concat());
        block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    db[0] &= 0xff >> (8 * length - bits);
    let outside = vec![0; (bits + 1).div_ceil(8) - length];
    [outside, db, h, vec![0xbc]].concat()
}

#[test]
fn a_pss_encoding_is_one_of_its_message_and_of_no_other() {
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let salt = vec![0x5a; hash.output_bytes()];
        for bits in 2047..=2055 {
            let good = pss_encode(hash, b"message", &salt, bits);
            assert!(is_pss_encoding(hash, b"message", &good, bits).is_some(), "{hash:?} {bits}");
            assert!(is_pss_encoding(hash, b"messagf", &good, bits).is_none(), "{hash:?} {bits}");
            for length in [0, salt.len() - 1, salt.len() + 1] {
                let other = pss_encode(hash, b"message", &vec![0x5a; length], bits);
                assert!(
                    is_pss_encoding(hash, b"message", &other, bits).is_none(),
                    "{hash:?}: a salt of {length} bytes"
                );
            }
        }
    }
}

#[test]
fn every_bit_of_a_pss_encoding_counts() {
    let salt = [0x5a; 32];
    for bits in [1023, 1024, 1030] {
        let good = pss_encode(Hash::Sha256, b"message", &salt, bits);
        for bit in 0..8 * good.len() {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(is_pss_encoding(Hash::Sha256, b"message", &bad, bits).is_none(), "bit {bit} of {bits}");
        }
    }
}

#[test]
fn what_is_too_short_for_an_encoding_is_none() {
    for length in 0..80 {
        assert!(is_pss_encoding(Hash::Sha256, b"", &vec![0xbc; length], 8 * length).is_none(), "{length}");
        assert!(is_pss_encoding(Hash::Sha256, b"", &vec![0xbc; length], 2047).is_none(), "{length}");
    }
}

#[test]
fn the_pkcs1_encoding_is_that_of_rfc_8017() {
    for (hash, prefix) in [
        (Hash::Sha256, "3031300d060960864801650304020105000420"),
        (Hash::Sha384, "3041300d060960864801650304020205000430"),
        (Hash::Sha512, "3051300d060960864801650304020305000440"),
    ] {
        let encoded = pkcs1_encoding(hash, b"abc", 256);
        assert_eq!(encoded.len(), 256);
        let hex: std::string::String = encoded.iter().map(|byte| std::format!("{byte:02x}")).collect();
        let digest: std::string::String = hash.digest(b"abc").iter().map(|byte| std::format!("{byte:02x}")).collect();
        let padding = "ff".repeat(256 - 3 - 19 - hash.output_bytes());
        assert_eq!(hex, ["0001", &padding, "00", prefix, &digest].concat());
    }
}
