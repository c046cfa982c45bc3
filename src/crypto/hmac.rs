//! HMAC (RFC 2104, FIPS 198-1).

use core::fmt;
use hmac::{Hmac, KeyInit as _, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::hash::Hash;

/// A secret, as HMAC keeps it with each of the hashes.
#[derive(Clone)]
pub struct HmacKey {
    sha256: Hmac<Sha256>,
    sha384: Hmac<Sha384>,
    sha512: Hmac<Sha512>,
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
        Some(Self {
            sha256: Hmac::new_from_slice(secret).ok()?,
            sha384: Hmac::new_from_slice(secret).ok()?,
            sha512: Hmac::new_from_slice(secret).ok()?,
            bytes: secret.len(),
        })
    }

    /// Whether the key is at least as long as the output of `hash` (RFC 7518 §3.2).
    pub const fn suits(&self, hash: Hash) -> bool {
        self.bytes >= hash.output_bytes()
    }

    /// Whether `tag` is the whole HMAC of `message` with `hash`, compared in constant time.
    pub fn verify(&self, hash: Hash, message: &[u8], tag: &[u8]) -> bool {
        match hash {
            Hash::Sha256 => verify(&self.sha256, message, tag),
            Hash::Sha384 => verify(&self.sha384, message, tag),
            Hash::Sha512 => verify(&self.sha512, message, tag),
        }
    }
}

fn verify<M: Mac + Clone>(key: &M, message: &[u8], tag: &[u8]) -> bool {
    let mut mac = key.clone();
    mac.update(message);
    mac.verify_slice(tag).is_ok()
}
