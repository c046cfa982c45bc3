//! Keys of the algorithms that many issuers use.

use alloc::boxed::Box;

use crate::crypto::ecdsa::P256Key;
use crate::crypto::ed25519::Ed25519Key;
use crate::crypto::hmac::HmacKey;
use crate::crypto::rsa::RsaKey;
use crate::error::{Code, Error};
use crate::jose::algorithm::{Algorithm, Curve, Scheme};
use crate::jose::jwk::Material;

/// A key, checked and ready to verify.
#[derive(Clone, Debug)]
pub enum CommonKey {
    /// A shared secret.
    Hmac(Box<HmacKey>),
    /// An RSA public key.
    Rsa(RsaKey),
    /// A public key on P-256.
    P256(P256Key),
    /// An Ed25519 public key.
    Ed25519(Ed25519Key),
}

impl CommonKey {
    /// The key, if it is one of these.
    ///
    /// # Errors
    /// [`Code::JwkInvalid`].
    pub fn import(material: &Material) -> Result<Option<Self>, Error> {
        let key = match material {
            Material::Rsa { n, e } => RsaKey::new(n, e).map(Self::Rsa),
            Material::Ec { curve: Curve::P256, x, y } => P256Key::new(x, y).map(Self::P256),
            Material::Okp { curve: Curve::Ed25519, x } => Ed25519Key::new(x).map(Self::Ed25519),
            Material::Oct { k } => Some(Self::Hmac(Box::new(HmacKey::new(k)))),
            _ => return Ok(None),
        };
        key.map(Some).ok_or_else(|| Error::new(Code::JwkInvalid))
    }

    /// Whether `signature` is one of `message` under `algorithm`. A key of another type verifies nothing.
    pub fn verify(&self, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (algorithm.scheme, algorithm.curve, self) {
            (Scheme::Hmac, _, Self::Hmac(key)) => {
                key.suits(algorithm.hash) && key.verify(algorithm.hash, message, signature)
            }
            (Scheme::RsaPkcs1, _, Self::Rsa(key)) => key.verify_pkcs1(algorithm.hash, message, signature),
            (Scheme::RsaPss, _, Self::Rsa(key)) => key.verify_pss(algorithm.hash, message, signature),
            (Scheme::Ecdsa, Some(Curve::P256), Self::P256(key)) => key.verify(algorithm.hash, message, signature),
            (Scheme::Eddsa, Some(Curve::Ed25519), Self::Ed25519(key)) => key.verify(message, signature),
            _ => false,
        }
    }
}
