//! The hash functions: those of SHA-2 (FIPS 180-4).

use alloc::vec::Vec;

use super::sha2::{Sha256, Sha512};

/// The length of the longest digest, in bytes.
pub const MAX_OUTPUT_BYTES: usize = 64;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    /// The digest of `bytes`.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish(&mut [0; MAX_OUTPUT_BYTES]).into()
    }

    /// The name of the function.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The length of a digest, in bytes.
    pub const fn output_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The length of a block, in bytes.
    pub const fn block_bytes(self) -> usize {
        match self {
            Self::Sha256 => Sha256::BLOCK_BYTES,
            Self::Sha384 | Self::Sha512 => Sha512::BLOCK_BYTES,
        }
    }
}

/// The SHA-256 digest of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(bytes);
    hasher.finish()
}

/// A digest in the making, of a message that comes in parts.
#[derive(Clone)]
pub struct Hasher {
    hash: Hash,
    state: State,
}

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    /// The digest of nothing yet.
    pub fn new(hash: Hash) -> Self {
        let state = match hash {
            Hash::Sha256 => State::Sha256(Sha256::new()),
            Hash::Sha384 => State::Sha512(Sha512::new_384()),
            Hash::Sha512 => State::Sha512(Sha512::new()),
        };
        Self { hash, state }
    }

    /// Takes more of the message.
    pub fn update(&mut self, part: &[u8]) {
        match &mut self.state {
            State::Sha256(hasher) => hasher.update(part),
            State::Sha512(hasher) => hasher.update(part),
        }
    }

    /// The digest, in `space`.
    pub fn finish(self, space: &mut [u8; MAX_OUTPUT_BYTES]) -> &[u8] {
        match self.state {
            State::Sha256(hasher) => {
                if let Some(start) = space.first_chunk_mut() {
                    *start = hasher.finish();
                }
            }
            State::Sha512(hasher) => *space = hasher.finish(),
        }
        space.get(..self.hash.output_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fips_180_example_digests() {
        assert_eq!(sha256(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_eq!(Hash::Sha384.digest(b"abc")[..4], [0xcb, 0x00, 0x75, 0x3f]);
        assert_eq!(Hash::Sha512.digest(b"abc")[..4], [0xdd, 0xaf, 0x35, 0xa1]);
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            assert_eq!(hash.digest(b"").len(), hash.output_bytes());
        }
    }

    #[test]
    fn a_message_may_come_in_parts() {
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let mut hasher = Hasher::new(hash);
            for part in [&b"a"[..], b"", b"bc"] {
                hasher.update(part);
            }
            assert_eq!(hasher.finish(&mut [0; MAX_OUTPUT_BYTES]), hash.digest(b"abc"));
        }
    }
}
