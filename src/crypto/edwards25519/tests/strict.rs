//! What is refused although a looser implementation accepts it, and the crate `ed25519-dalek` as the measure of that.

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::{EdwardsPoint, Scalar as Oracle};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey as Crate};

use super::*;

/// The order of the group.
pub(super) const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The 32 bytes of `p + more` or of `more`, and a sign.
fn encoding(more: u8, is_above: bool, sign: bool) -> [u8; 32] {
    let mut bytes = if is_above { [0xff; 32] } else { [0; 32] };
    bytes[0] = if is_above { 0xed + more } else { more };
    bytes[31] = bytes[31] & 0x7f | u8::from(sign) << 7;
    bytes
}

fn signed(random: &mut Random, message: &[u8]) -> ([u8; 32], [u8; 64]) {
    let key = SigningKey::from_bytes(&random.bytes());
    (key.verifying_key().to_bytes(), key.sign(message).to_bytes())
}

#[test]
fn signatures_and_corrupted_ones_are_judged_as_by_the_crate() {
    let mut random = Random::new(31);
    for case in 0..(cases() / 1_000).max(1) {
        let message = case.to_le_bytes();
        let (key, signature) = signed(&mut random, &message);
        let keys = Keys::new(&key).unwrap();
        let oracle = Crate::from_bytes(&key).unwrap();
        assert!(keys.verify(&hash_of(&signature[..32], &key, &message), &signature));
        for _ in 0..4 {
            let mut signature = signature;
            let bit = random.below(512);
            signature[bit / 8] ^= 1 << (bit % 8);
            let expected = oracle.verify_strict(&message, &Signature::from_bytes(&signature)).is_ok();
            assert_eq!(keys.verify(&hash_of(&signature[..32], &key, &message), &signature), expected);
        }
    }
}

#[test]
fn keys_are_points_as_to_the_crate() {
    let mut random = Random::new(32);
    let mut points = 0;
    for _ in 0..cases() / 4 {
        let bytes: [u8; 32] = random.bytes();
        let expected = Crate::from_bytes(&bytes).is_ok();
        assert_eq!(Ed25519Key::new(&bytes).is_some(), expected, "{bytes:x?}");
        points += usize::from(expected);
        if let Some(point) = Encoded::new(&bytes).and_then(|encoded| encoded.point()) {
            let mut encoding = point.y.bytes();
            encoding[31] |= u8::from(point.x.is_odd()) << 7;
            assert_eq!(encoding, bytes);
        }
    }
    assert!(points > cases() / 20);
}

#[test]
fn keys_have_32_bytes() {
    let key = Extended::BASE.y.bytes();
    assert!(Ed25519Key::new(&key).is_some());
    for length in 0..32 {
        assert!(Ed25519Key::new(&key[..length]).is_none());
    }
    assert!(Ed25519Key::new(&[&key[..], &[0]].concat()).is_none());
}

#[test]
fn signatures_have_64_bytes() {
    let (key, signature) = signed(&mut Random::new(33), b"message");
    let keys = Keys::new(&key).unwrap();
    let hash = hash_of(&signature[..32], &key, b"message");
    for length in 0..64 {
        assert!(!keys.verify(&hash, &signature[..length]));
    }
    assert!(!keys.verify(&hash, &[&signature[..], &[0]].concat()));
    assert!(keys.verify(&hash, &signature));
}

#[test]
fn keys_of_small_order_are_refused_in_every_encoding() {
    let mut encodings: Vec<[u8; 32]> = EIGHT_TORSION.iter().map(|point| point.compress().to_bytes()).collect();
    // y = 0, 1 and -1 with both signs, and y = 0 and 1 once more from p on.
    for sign in [false, true] {
        encodings.extend([encoding(0, false, sign), encoding(1, false, sign)]);
        encodings.extend([encoding(0, true, sign), encoding(1, true, sign)]);
        let mut minus_one = encoding(0, true, sign);
        minus_one[0] -= 1;
        encodings.push(minus_one);
    }
    for bytes in encodings {
        assert!(Ed25519Key::new(&bytes).is_none(), "{bytes:x?}");
        if let Some(point) = CompressedEdwardsY(bytes).decompress() {
            assert!(point.is_small_order());
        }
    }
    for torsion in EIGHT_TORSION {
        let mixed = EdwardsPoint::mul_base(&Oracle::from(5_u8)) + torsion;
        assert!(Ed25519Key::new(mixed.compress().as_bytes()).is_some());
    }
}

/// Stricter than `ed25519-dalek`, which takes a `y` from `p` on for a key.
#[test]
fn keys_that_are_not_canonical_are_refused() {
    let mut accepted_by_the_crate = 0;
    for more in 0..19 {
        for sign in [false, true] {
            let bytes = encoding(more, true, sign);
            assert!(Ed25519Key::new(&bytes).is_none(), "{bytes:x?}");
            accepted_by_the_crate += usize::from(Crate::from_bytes(&bytes).is_ok_and(|key| !key.is_weak()));
            // The same point is a key in its own encoding.
            let point = CompressedEdwardsY(encoding(more, false, sign)).decompress();
            let is_key = point.is_some_and(|point| !point.is_small_order());
            assert_eq!(Ed25519Key::new(&encoding(more, false, sign)).is_some(), is_key);
        }
    }
    assert!(accepted_by_the_crate > 0);
}

/// For an `R` with a small `y` and random `k` and `S`, the key for which the equation holds.
#[test]
fn an_r_that_is_not_canonical_is_refused() {
    let mut random = Random::new(34);
    let mut count = 0;
    for y in 2..19 {
        for sign in [false, true] {
            let Some(r) = CompressedEdwardsY(encoding(y, false, sign)).decompress() else { continue };
            let mut hash = random.bytes::<64>();
            hash[32..].fill(0);
            hash[31] = 0;
            hash[0] |= 1;
            let k = Oracle::from_bytes_mod_order_wide(&hash);
            let s = Oracle::from_bytes_mod_order_wide(&random.bytes());
            let difference = EdwardsPoint::mul_base(&s) - r;
            let candidates = EIGHT_TORSION.map(|torsion| difference * k.invert() + torsion);
            let key = candidates.into_iter().find(|key| key * k == difference).unwrap();
            let keys = Keys::new(key.compress().as_bytes()).unwrap();
            let signature = |r: [u8; 32]| [r, s.to_bytes()].concat();
            assert!(keys.verify(&hash, &signature(encoding(y, false, sign))));
            assert!(!keys.verify(&hash, &signature(encoding(y, false, !sign))));
            assert!(!keys.verify(&hash, &signature(encoding(y, true, sign))));
            count += 1;
        }
    }
    assert!(count > 10);
}

#[test]
fn an_r_of_small_order_is_refused() {
    let mut random = Random::new(35);
    for torsion in EIGHT_TORSION {
        let secret = Oracle::from_bytes_mod_order_wide(&random.bytes());
        let key = EdwardsPoint::mul_base(&secret) + torsion;
        let keys = Keys::new(key.compress().as_bytes()).unwrap();
        for _ in 0..4 {
            let hash = random.bytes::<64>();
            let k = Oracle::from_bytes_mod_order_wide(&hash);
            let r = -(torsion * k);
            let s = k * secret;
            assert_eq!(EdwardsPoint::mul_base(&s), r + key * k);
            assert!(!keys.verify(&hash, &[r.compress().to_bytes(), s.to_bytes()].concat()));
        }
    }
}

#[test]
fn a_scalar_from_the_order_on_is_refused() {
    let mut random = Random::new(36);
    for _ in 0..4 {
        let (key, signature) = signed(&mut random, b"message");
        let keys = Keys::new(&key).unwrap();
        let hash = hash_of(&signature[..32], &key, b"message");
        let mut larger = signature;
        // The same modulo l.
        while larger[63] < 0xe0 {
            let mut carry = 0;
            for (byte, order) in larger[32..].iter_mut().zip(ORDER) {
                let sum = u16::from(*byte) + u16::from(order) + carry;
                [*byte, _] = sum.to_le_bytes();
                carry = sum >> 8;
            }
            assert!(!keys.verify(&hash, &larger));
        }
        assert!(keys.verify(&hash, &signature));
    }
}
