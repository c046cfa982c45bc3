//! Keys of the algorithms that few issuers use: each costs more bytes of wasm than its share.

use crate::crypto::ecdsa::{P384Key, P521Key, Secp256k1Key};
use crate::crypto::mldsa::{MlDsa44Key, MlDsa65Key, MlDsa87Key};
use crate::error::{Code, Error};
use crate::jose::algorithm::{Algorithm, Curve, ParameterSet, Scheme};
use crate::jose::jwk::Material;

/// A key, checked and ready to verify.
#[derive(Clone, Debug)]
pub enum RareKey {
    /// A public key on P-384.
    P384(P384Key),
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

impl RareKey {
    /// The key, if it is one of these.
    ///
    /// # Errors
    /// [`Code::JwkInvalid`].
    pub fn import(material: &Material) -> Result<Option<Self>, Error> {
        let key = match material {
            Material::Ec { curve: Curve::P384, x, y } => P384Key::new(x, y).map(Self::P384),
            Material::Ec { curve: Curve::P521, x, y } => P521Key::new(x, y).map(Self::P521),
            Material::Ec { curve: Curve::Secp256k1, x, y } => Secp256k1Key::new(x, y).map(Self::Secp256k1),
            Material::Akp { set, public } => match set {
                ParameterSet::MlDsa44 => MlDsa44Key::new(public).map(Self::MlDsa44),
                ParameterSet::MlDsa65 => MlDsa65Key::new(public).map(Self::MlDsa65),
                ParameterSet::MlDsa87 => MlDsa87Key::new(public).map(Self::MlDsa87),
            },
            _ => return Ok(None),
        };
        key.map(Some).ok_or_else(|| Error::new(Code::JwkInvalid))
    }

    /// Whether `signature` is one of `message` under `algorithm`. A key of another type verifies nothing.
    pub fn verify(&self, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (algorithm.scheme, algorithm.curve, self) {
            (Scheme::Ecdsa, Some(Curve::P384), Self::P384(key)) => key.verify(algorithm.hash, message, signature),
            (Scheme::Ecdsa, Some(Curve::P521), Self::P521(key)) => key.verify(algorithm.hash, message, signature),
            (Scheme::Ecdsa, Some(Curve::Secp256k1), Self::Secp256k1(key)) => {
                key.verify(algorithm.hash, message, signature)
            }
            (Scheme::MlDsa(ParameterSet::MlDsa44), _, Self::MlDsa44(key)) => key.verify(message, signature),
            (Scheme::MlDsa(ParameterSet::MlDsa65), _, Self::MlDsa65(key)) => key.verify(message, signature),
            (Scheme::MlDsa(ParameterSet::MlDsa87), _, Self::MlDsa87(key)) => key.verify(message, signature),
            _ => false,
        }
    }
}
