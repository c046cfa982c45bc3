//! Ed25519 (RFC 8032 §5.1), by the group operations of the crate `curve25519-dalek`.

use core::ops::Neg;

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;

/// A public key.
#[derive(Clone, Debug)]
pub struct Ed25519Key {
    minus_a: EdwardsPoint,
}

impl Ed25519Key {
    /// The key of 32 bytes; `None` when they are not the one encoding of a point (§5.1.3), or of one of small order, with
    /// which anything verifies.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        point(bytes).map(Neg::neg).map(|minus_a| Self { minus_a })
    }

    /// Whether `signature` is one over `hash`, which is SHA-512(R ‖ A ‖ M) (§5.1.7): canonical, without cofactor, and no
    /// point in it of small order.
    pub fn verify_hashed(&self, hash: &[u8; 64], signature: &[u8]) -> bool {
        let Some((r, s)) = signature.split_first_chunk::<32>() else { return false };
        let s: Option<Scalar> = s.try_into().ok().and_then(|s| Scalar::from_canonical_bytes(s).into());
        let (Some(_), Some(s)) = (point(r), s) else { return false };
        let k = Scalar::from_bytes_mod_order_wide(hash);
        let computed = EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &self.minus_a, &s);
        computed.compress().as_bytes() == r
    }
}

/// The point of its one encoding, if it is not of small order.
fn point(bytes: &[u8]) -> Option<EdwardsPoint> {
    let encoded = CompressedEdwardsY(bytes.try_into().ok()?);
    encoded.decompress().filter(|point| !point.is_small_order() && point.compress() == encoded)
}
