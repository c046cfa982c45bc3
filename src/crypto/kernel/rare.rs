//! Keys of the algorithms that few issuers use, by the crates of RustCrypto.

use super::{KeyKind, PublicKey, coordinates};
use crate::crypto::ecdsa::{P521Key, Secp256k1Key};
use crate::crypto::mldsa::{MlDsa44Key, MlDsa65Key, MlDsa87Key};

/// A public key.
#[derive(Clone, Debug)]
pub enum RareKey {
    /// A public key on P-521.
    P521(P521Key),
    /// A public key on secp256k1.
    Secp256k1(Secp256k1Key),
    /// A public key of ML-DSA-44.
    MlDsa44(MlDsa44Key),
    /// A public key of ML-DSA-65.
    MlDsa65(MlDsa65Key),
    /// A public key of ML-DSA-87.
    MlDsa87(MlDsa87Key),
}

impl PublicKey for RareKey {
    fn computes(kind: KeyKind) -> bool {
        use KeyKind::{MlDsa44, MlDsa65, MlDsa87, P521, Secp256k1};
        matches!(kind, P521 | Secp256k1 | MlDsa44 | MlDsa65 | MlDsa87)
    }

    fn import(kind: KeyKind, bytes: &[u8]) -> Option<Self> {
        let (x, y) = coordinates(bytes);
        match kind {
            KeyKind::P521 => P521Key::new(x, y).map(Self::P521),
            KeyKind::Secp256k1 => Secp256k1Key::new(x, y).map(Self::Secp256k1),
            KeyKind::MlDsa44 => MlDsa44Key::new(bytes).map(Self::MlDsa44),
            KeyKind::MlDsa65 => MlDsa65Key::new(bytes).map(Self::MlDsa65),
            KeyKind::MlDsa87 => MlDsa87Key::new(bytes).map(Self::MlDsa87),
            KeyKind::Rsa | KeyKind::P256 | KeyKind::P384 | KeyKind::Ed25519 => None,
        }
    }

    fn verify(&self, input: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P521(key) => key.verify_prehash(input, signature),
            Self::Secp256k1(key) => key.verify_prehash(input, signature),
            Self::MlDsa44(key) => key.verify(input, signature),
            Self::MlDsa65(key) => key.verify(input, signature),
            Self::MlDsa87(key) => key.verify(input, signature),
        }
    }
}
