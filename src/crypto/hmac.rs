//! HMAC (RFC 2104, FIPS 198-1).

use core::fmt;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::hash::Hash;

/// A secret, as HMAC-SHA-256 keeps it.
#[derive(Clone)]
pub struct HmacKey {
    mac: Hmac<Sha256>,
    bytes: usize,
}

impl fmt::Debug for HmacKey {
    /// Shows nothing of the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey")
    }
}

impl HmacKey {
    /// A key of any length. Weak lengths are refused by [`HmacKey::suits`].
    pub fn new(secret: &[u8]) -> Option<Self> {
        Some(Self { mac: Hmac::new_from_slice(secret).ok()?, bytes: secret.len() })
    }

    /// Whether the key is at least as long as the output of `hash` (RFC 7518 §3.2).
    pub const fn suits(&self, hash: Hash) -> bool {
        self.bytes >= hash.output_bytes()
    }

    /// Whether `tag` is the whole HMAC-SHA-256 of `message`, compared in constant time.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        let mut mac = self.mac.clone();
        mac.update(message);
        mac.verify_slice(tag).is_ok()
    }
}
