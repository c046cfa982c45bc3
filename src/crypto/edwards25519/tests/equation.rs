//! The equation `S * B = R + k * A` with numbers and points that are chosen, against the crate `curve25519-dalek`: keys and
//! `R` may have a part of small order, and the equation has to hold for that part too.

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::{EdwardsPoint, Scalar as Oracle};

use super::*;

/// What `verify_strict` of `ed25519-dalek` says, for a chosen hash.
pub(super) fn is_valid(key: &EdwardsPoint, hash: &[u8; 64], signature: &[u8; 64]) -> bool {
    let (r, s) = signature.split_first_chunk::<32>().unwrap();
    let Some(s) = Option::<Oracle>::from(Oracle::from_canonical_bytes(s.try_into().unwrap())) else { return false };
    let k = Oracle::from_bytes_mod_order_wide(hash);
    let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &-key, &s);
    !expected.is_small_order() && expected.compress().to_bytes() == *r
}

fn signature_of(r: &EdwardsPoint, s: &Oracle) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(r.compress().as_bytes());
    signature[32..].copy_from_slice(s.as_bytes());
    signature
}

fn hash_with(k: &Oracle) -> [u8; 64] {
    let mut hash = [0; 64];
    hash[..32].copy_from_slice(k.as_bytes());
    hash
}

pub(super) fn scalar(random: &mut Random) -> Oracle {
    Oracle::from_bytes_mod_order_wide(&random.bytes())
}

/// Numbers for which recoding and the group law have most to do: small, large, of one bit, of ones, even and odd.
fn chosen_scalars() -> Vec<Oracle> {
    let one = Oracle::ONE;
    let mut chosen = Vec::from([Oracle::ZERO, one, -one, -one - one, Oracle::from(8_u8), -Oracle::from(8_u8)]);
    let mut power = one;
    for bit in 0..252 {
        if bit % 32 == 31 || bit % 32 == 0 || bit > 249 {
            chosen.extend([power, power - one, power + one, -power]);
        }
        power += power;
    }
    chosen
}

#[test]
fn chosen_scalars_verify() {
    let mut random = Random::new(21);
    let chosen = chosen_scalars();
    let secret = scalar(&mut random);
    let key = EdwardsPoint::mul_base(&secret) + EIGHT_TORSION[3];
    let keys = Keys::new(key.compress().as_bytes()).unwrap();
    let mut accepted = 0;
    for (index, k) in chosen.iter().enumerate() {
        let s = chosen[(index * 7 + 3) % chosen.len()];
        for (k, s) in [(*k, s), (scalar(&mut random), *k)] {
            // The R for which the equation holds, whatever k and S are.
            let r = EdwardsPoint::mul_base(&s) - key * k;
            let (hash, signature) = (hash_with(&k), signature_of(&r, &s));
            let verdict = is_valid(&key, &hash, &signature);
            assert_eq!(keys.verify(&hash, &signature), verdict, "{k:?} {s:?}");
            accepted += usize::from(verdict);
            let other = signature_of(&(r + EIGHT_TORSION[random.below(7) + 1]), &s);
            assert!(!keys.verify(&hash, &other), "{k:?} {s:?}");
        }
    }
    // All but those for which R is of small order.
    assert!(accepted > 2 * chosen.len() - 10, "{accepted}");
}

/// Of `A + T` and `R + U` with `T` and `U` of order 1, 2, 4 and 8, only those verify for which `U = -k * T`.
#[test]
fn the_equation_holds_for_the_part_of_small_order_too() {
    let mut random = Random::new(22);
    let secret = scalar(&mut random);
    let mut accepted = 0;
    for torsion in EIGHT_TORSION {
        let key = EdwardsPoint::mul_base(&secret) + torsion;
        let keys = Keys::new(key.compress().as_bytes()).unwrap();
        for _ in 0..(cases() / 10_000).max(1) {
            for k_even in [false, true] {
                let mut k = scalar(&mut random);
                while k.as_bytes()[0] & 1 == u8::from(k_even) {
                    k = scalar(&mut random);
                }
                let secret_r = scalar(&mut random);
                let s = secret_r + k * secret;
                for other in EIGHT_TORSION {
                    let r = EdwardsPoint::mul_base(&secret_r) + other;
                    let (hash, signature) = (hash_with(&k), signature_of(&r, &s));
                    let holds = other == -(torsion * k);
                    assert_eq!(is_valid(&key, &hash, &signature), holds);
                    assert_eq!(keys.verify(&hash, &signature), holds, "{torsion:?} {other:?} {k:?}");
                    accepted += usize::from(holds);
                }
            }
        }
    }
    assert!(accepted >= 16);
}

#[test]
fn exceptional_sums_are_right() {
    // The points that meet in the group law are equal, opposite or neutral when the key is a small multiple of the base.
    let mut random = Random::new(23);
    for multiple in [1_u8, 2, 3, 16] {
        for negated in [false, true] {
            let secret = if negated { -Oracle::from(multiple) } else { Oracle::from(multiple) };
            let key = EdwardsPoint::mul_base(&secret);
            let keys = Keys::new(key.compress().as_bytes()).unwrap();
            for k in [Oracle::ONE, Oracle::from(2_u8), -Oracle::ONE, scalar(&mut random)] {
                for difference in [Oracle::ZERO, Oracle::ONE, -Oracle::ONE, Oracle::from(2_u8)] {
                    let s = k * secret + difference;
                    let (hash, signature) = (hash_with(&k), signature_of(&EdwardsPoint::mul_base(&difference), &s));
                    // When the difference is 0, so is R: of small order.
                    assert_eq!(keys.verify(&hash, &signature), difference != Oracle::ZERO);
                    assert_eq!(is_valid(&key, &hash, &signature), difference != Oracle::ZERO);
                }
            }
        }
    }
}

#[test]
fn random_equations_are_judged_as_by_the_crate() {
    let mut random = Random::new(24);
    for _ in 0..(cases() / 1_000).max(1) {
        let secret = scalar(&mut random);
        let key = EdwardsPoint::mul_base(&secret) + EIGHT_TORSION[random.below(8)];
        let keys = Keys::new(key.compress().as_bytes()).unwrap();
        for _ in 0..4 {
            let hash: [u8; 64] = random.bytes();
            let k = Oracle::from_bytes_mod_order_wide(&hash);
            let s = scalar(&mut random);
            let mut signature = signature_of(&(EdwardsPoint::mul_base(&s) - key * k), &s);
            assert!(keys.verify(&hash, &signature) && is_valid(&key, &hash, &signature));
            let bit = random.below(512);
            signature[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(keys.verify(&hash, &signature), is_valid(&key, &hash, &signature));
        }
    }
}
