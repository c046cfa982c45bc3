//! ECDSA (FIPS 186-5 §6), by the crate `p256`.

use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

use super::hash::sha256;

/// A public key on P-256.
#[derive(Clone, Debug)]
pub struct P256Key {
    key: VerifyingKey,
}

impl P256Key {
    /// The point of two big-endian coordinates; `None` when it is not on the curve.
    pub fn new(x: &[u8], y: &[u8]) -> Option<Self> {
        let mut point = [4; 65];
        let (point_x, point_y) = point.get_mut(1..)?.split_at_mut_checked(32)?;
        if x.len() != 32 || y.len() != 32 {
            return None;
        }
        point_x.copy_from_slice(x);
        point_y.copy_from_slice(y);
        Some(Self { key: VerifyingKey::from_sec1_bytes(&point).ok()? })
    }

    /// Whether `signature`, two big-endian integers of 32 bytes (RFC 7518 §3.4), is one of `message` with SHA-256. Both
    /// `s` and `n - s` are accepted: RFC 7518 does not prefer either.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_prehash(&sha256(message), &signature).is_ok())
    }
}
