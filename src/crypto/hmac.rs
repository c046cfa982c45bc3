//! HMAC (RFC 2104, FIPS 198-1).

use alloc::vec::Vec;
use core::fmt;
use ctutils::CtEq as _;

use super::hash::{Hash, Hasher, MAX_OUTPUT_BYTES};

/// A secret, as HMAC keeps it with each of the hashes.
#[derive(Clone)]
pub struct HmacKey {
    sha256: Keyed,
    sha384: Keyed,
    sha512: Keyed,
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
    pub fn new(secret: &[u8]) -> Self {
        let [sha256, sha384, sha512] = [Hash::Sha256, Hash::Sha384, Hash::Sha512].map(|hash| Keyed::new(hash, secret));
        Self { sha256, sha384, sha512, bytes: secret.len() }
    }

    /// Whether the key is at least as long as the output of `hash` (RFC 7518 §3.2).
    pub const fn suits(&self, hash: Hash) -> bool {
        self.bytes >= hash.output_bytes()
    }

    /// Whether `tag` is the whole HMAC of `message` with `hash`, compared in constant time.
    pub fn verify(&self, hash: Hash, message: &[u8], tag: &[u8]) -> bool {
        match hash {
            Hash::Sha256 => &self.sha256,
            Hash::Sha384 => &self.sha384,
            Hash::Sha512 => &self.sha512,
        }
        .verify(message, tag)
    }
}

/// Both hash computations of RFC 2104 §2, as far as they are of the key alone (§4).
#[derive(Clone)]
struct Keyed {
    inner: Hasher,
    outer: Hasher,
}

impl Keyed {
    fn new(hash: Hash, secret: &[u8]) -> Self {
        let mut key = if secret.len() > hash.block_bytes() { hash.digest(secret) } else { secret.into() };
        key.resize(hash.block_bytes(), 0);
        let padded = |pad: u8| {
            let mut hasher = Hasher::new(hash);
            hasher.update(&key.iter().map(|byte| byte ^ pad).collect::<Vec<_>>());
            hasher
        };
        Self { inner: padded(0x36), outer: padded(0x5c) }
    }

    fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        let mut space = [0; MAX_OUTPUT_BYTES];
        let (mut inner, mut outer) = (self.inner.clone(), self.outer.clone());
        inner.update(message);
        outer.update(inner.finish(&mut space));
        outer.finish(&mut space).ct_eq(tag).to_bool()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::hmac::{Hmac, KeyInit as _, Mac as _};
    use std::vec;

    /// Keys shorter than, as long as, and longer than a block of either size.
    #[test]
    fn tags_are_those_of_another_implementation_and_no_others() {
        macro_rules! check {
            ($hash:expr, $oracle:ty) => {
                for bytes in [0, 1, 32, 63, 64, 65, 127, 128, 129, 200] {
                    let (secret, message) = (vec![7; bytes], vec![9; bytes + 3]);
                    let tag = Hmac::<$oracle>::new_from_slice(&secret).unwrap().chain_update(&message).finalize();
                    let (key, tag) = (HmacKey::new(&secret), tag.into_bytes());
                    assert!(key.verify($hash, &message, &tag), "{bytes} bytes");
                    for at in 0..tag.len() {
                        let mut other = tag.to_vec();
                        other[at] ^= 1;
                        assert!(!key.verify($hash, &message, &other));
                        assert!(!key.verify($hash, &message, &tag[..at]));
                    }
                    assert!(!key.verify($hash, &message, &[&tag[..], &[0]].concat()));
                    assert!(!key.verify($hash, &message[1..], &tag));
                    assert!(!HmacKey::new(&vec![7; bytes + 1]).verify($hash, &message, &tag));
                }
            };
        }
        check!(Hash::Sha256, ::sha2::Sha256);
        check!(Hash::Sha384, ::sha2::Sha384);
        check!(Hash::Sha512, ::sha2::Sha512);
    }
}
