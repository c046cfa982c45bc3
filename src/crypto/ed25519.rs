//! Ed25519 (RFC 8032 §5.1), by the crate `ed25519-dalek`.

use ed25519_dalek::{Signature, VerifyingKey};

/// A public key.
#[derive(Clone, Debug)]
pub struct Ed25519Key {
    key: VerifyingKey,
}

impl Ed25519Key {
    /// The key of 32 bytes; `None` when they are no point, or one of small order, with which anything verifies.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (!key.is_weak()).then_some(Self { key })
    }

    /// Whether `signature` is the one of `message`: canonical, and no point in it of small order.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}
