//! Keys with arithmetic of our own, made for verification with keys that are used again and again; and the rest.

#[cfg(feature = "rare")]
use super::rare::RareKey;
use super::{KeyKind, PublicKey};
#[cfg(feature = "kernel-ed25519")]
use crate::crypto::edwards25519::Ed25519Key;
#[cfg(feature = "kernel-p256")]
use crate::crypto::prime_curve::P256Key;
#[cfg(feature = "kernel-p384")]
use crate::crypto::prime_curve::P384Key;
#[cfg(feature = "kernel-rsa")]
use crate::crypto::rsa::RsaKey;

/// A public key of those kinds whose arithmetic is in this build.
#[derive(Clone, Debug)]
pub enum OwnKey {
    /// An RSA public key.
    #[cfg(feature = "kernel-rsa")]
    Rsa(RsaKey),
    /// A public key on P-256.
    #[cfg(feature = "kernel-p256")]
    P256(P256Key),
    /// A public key on P-384.
    #[cfg(feature = "kernel-p384")]
    P384(P384Key),
    /// An Ed25519 public key.
    #[cfg(feature = "kernel-ed25519")]
    Ed25519(Ed25519Key),
    /// A key of another kind.
    #[cfg(feature = "rare")]
    Rare(RareKey),
}

impl PublicKey for OwnKey {
    fn computes(kind: KeyKind) -> bool {
        use KeyKind::{Ed25519, MlDsa44, MlDsa65, MlDsa87, P256, P384, P521, Rsa, Secp256k1};
        let is_one_of = |kinds: &[KeyKind]| kinds.contains(&kind);
        (cfg!(feature = "kernel-rsa") && kind == Rsa)
            || (cfg!(feature = "kernel-p256") && kind == P256)
            || (cfg!(feature = "kernel-p384") && kind == P384)
            || (cfg!(feature = "kernel-ed25519") && kind == Ed25519)
            || (cfg!(feature = "rare") && is_one_of(&[P521, Secp256k1, MlDsa44, MlDsa65, MlDsa87]))
    }

    #[allow(unused_variables, reason = "where no variant has use for them")]
    fn import(kind: KeyKind, bytes: &[u8]) -> Option<Self> {
        match kind {
            #[cfg(feature = "kernel-rsa")]
            KeyKind::Rsa => {
                let (numbers, modulus) = super::RsaNumbers::of_form(bytes)?;
                RsaKey::new(modulus, numbers.exponent).map(Self::Rsa)
            }
            #[cfg(feature = "kernel-p256")]
            KeyKind::P256 => {
                let (x, y) = super::coordinates(bytes);
                P256Key::new(x, y).map(Self::P256)
            }
            #[cfg(feature = "kernel-p384")]
            KeyKind::P384 => {
                let (x, y) = super::coordinates(bytes);
                P384Key::new(x, y).map(Self::P384)
            }
            #[cfg(feature = "kernel-ed25519")]
            KeyKind::Ed25519 => Ed25519Key::new(bytes).map(Self::Ed25519),
            #[cfg(feature = "rare")]
            other => RareKey::import(other, bytes).map(Self::Rare),
            #[cfg(not(feature = "rare"))]
            _ => None,
        }
    }

    #[allow(unused_variables, reason = "where no variant has use for them")]
    fn verify(&self, input: &[u8], signature: &[u8]) -> bool {
        // Without a feature it has no variant, and only the place itself is known to hold none.
        match *self {
            #[cfg(feature = "kernel-rsa")]
            Self::Rsa(_) => false,
            #[cfg(feature = "kernel-p256")]
            Self::P256(ref key) => key.verify_prehash(input, signature),
            #[cfg(feature = "kernel-p384")]
            Self::P384(ref key) => key.verify_prehash(input, signature),
            #[cfg(feature = "kernel-ed25519")]
            Self::Ed25519(ref key) => input.try_into().is_ok_and(|hash| key.verify_hashed(hash, signature)),
            #[cfg(feature = "rare")]
            Self::Rare(ref key) => key.verify(input, signature),
        }
    }

    #[cfg(feature = "kernel-rsa")]
    fn power(&self, signature: &[u8], power: &mut [u8]) -> bool {
        #[allow(irrefutable_let_patterns, reason = "where there is nothing else")]
        let Self::Rsa(key) = self else { return false };
        key.power(signature).is_some_and(|result| super::copy(&result, power))
    }

    fn table_bytes(&self) -> usize {
        match *self {
            #[cfg(feature = "kernel-p256")]
            Self::P256(_) => P256Key::TABLE_BYTES,
            #[cfg(feature = "kernel-p384")]
            Self::P384(_) => P384Key::TABLE_BYTES,
            #[cfg(feature = "kernel-ed25519")]
            Self::Ed25519(_) => Ed25519Key::TABLE_BYTES,
            #[allow(unreachable_patterns, reason = "where there are curves alone")]
            _ => 0,
        }
    }

    fn has_table(&self) -> bool {
        match *self {
            #[cfg(feature = "kernel-p256")]
            Self::P256(ref key) => key.has_table(),
            #[cfg(feature = "kernel-p384")]
            Self::P384(ref key) => key.has_table(),
            #[cfg(feature = "kernel-ed25519")]
            Self::Ed25519(ref key) => key.has_table(),
            #[allow(unreachable_patterns, reason = "where there are curves alone")]
            _ => false,
        }
    }

    fn build_table(&mut self) {
        match *self {
            #[cfg(feature = "kernel-p256")]
            Self::P256(ref mut key) => key.build_table(),
            #[cfg(feature = "kernel-p384")]
            Self::P384(ref mut key) => key.build_table(),
            #[cfg(feature = "kernel-ed25519")]
            Self::Ed25519(ref mut key) => key.build_table(),
            #[allow(unreachable_patterns, reason = "where there are curves alone")]
            _ => {}
        }
    }

    fn drop_table(&mut self) {
        match *self {
            #[cfg(feature = "kernel-p256")]
            Self::P256(ref mut key) => key.drop_table(),
            #[cfg(feature = "kernel-p384")]
            Self::P384(ref mut key) => key.drop_table(),
            #[cfg(feature = "kernel-ed25519")]
            Self::Ed25519(ref mut key) => key.drop_table(),
            #[allow(unreachable_patterns, reason = "where there are curves alone")]
            _ => {}
        }
    }
}
