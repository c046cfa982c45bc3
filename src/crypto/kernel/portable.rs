//! Keys by the crates of RustCrypto alone: the oracle of our own arithmetic, and the way back from it.

use alloc::vec::Vec;

use rsa::BoxedUint;
use rsa::hazmat::rsa_encrypt;

use super::rare::RareKey;
use super::{KeyKind, PublicKey, RsaNumbers, coordinates};
use crate::crypto::ecdsa::{P256Key, P384Key};
use crate::crypto::ed25519::Ed25519Key;

/// A public key.
#[derive(Clone, Debug)]
pub enum PortableKey {
    /// An RSA public key.
    Rsa(rsa::PublicKey),
    /// A public key on P-256.
    P256(P256Key),
    /// A public key on P-384.
    P384(P384Key),
    /// An Ed25519 public key.
    Ed25519(Ed25519Key),
    /// A key of another kind.
    Rare(RareKey),
}

impl PublicKey for PortableKey {
    fn computes(_: KeyKind) -> bool {
        true
    }

    fn import(kind: KeyKind, bytes: &[u8]) -> Option<Self> {
        let (x, y) = coordinates(bytes);
        match kind {
            KeyKind::Rsa => rsa(bytes).map(Self::Rsa),
            KeyKind::P256 => P256Key::new(x, y).map(Self::P256),
            KeyKind::P384 => P384Key::new(x, y).map(Self::P384),
            KeyKind::Ed25519 => Ed25519Key::new(bytes).map(Self::Ed25519),
            rare => RareKey::import(rare, bytes).map(Self::Rare),
        }
    }

    fn verify(&self, input: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa(_) => false,
            Self::P256(key) => key.verify_prehash(input, signature),
            Self::P384(key) => key.verify_prehash(input, signature),
            Self::Ed25519(key) => input.try_into().is_ok_and(|hash| key.verify_hashed(hash, signature)),
            Self::Rare(key) => key.verify(input, signature),
        }
    }

    fn power(&self, signature: &[u8], power: &mut [u8]) -> bool {
        let Self::Rsa(key) = self else { return false };
        raise(key, signature).is_some_and(|result| super::copy(&result, power))
    }
}

fn rsa(bytes: &[u8]) -> Option<rsa::PublicKey> {
    let (numbers, modulus) = RsaNumbers::of_form(bytes)?;
    let n = BoxedUint::from_be_slice_vartime(modulus);
    rsa::PublicKey::new_with_size_limits(
        n,
        BoxedUint::from(numbers.exponent),
        numbers.modulus_bits..=numbers.modulus_bits,
    )
    .ok()
}

fn raise(key: &rsa::PublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    use rsa::traits::PublicKeyParts as _;
    let base = BoxedUint::from_be_slice_vartime(signature);
    if signature.len() != key.size() || base >= **key.n() {
        return None;
    }
    let power = rsa_encrypt(key, &base).ok()?.to_be_bytes();
    // As many bytes as its words have, of which the first are beyond the modulus.
    let (_, power) = power.split_at_checked(power.len().checked_sub(key.size())?)?;
    Some(power.into())
}
