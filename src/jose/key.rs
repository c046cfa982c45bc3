//! A key that can verify (RFC 7515 §5.2 step 8): the row of an algorithm meets the bytes of a key.

use alloc::boxed::Box;

use super::algorithm::{Algorithm, Curve, Scheme};
use super::jwk::Material;
use super::pem;
use crate::crypto::ecdsa::P256Key;
use crate::crypto::ed25519::Ed25519Key;
use crate::crypto::hmac::HmacKey;
use crate::crypto::rsa::RsaKey;
use crate::error::{Code, Error};
use crate::text::json::Document;
use crate::text::pem::BEGIN;

/// A key, checked and ready to verify.
#[derive(Clone, Debug)]
pub enum Key {
    /// A shared secret.
    Hmac(Box<HmacKey>),
    /// An RSA public key.
    Rsa(RsaKey),
    /// A public key on P-256.
    P256(P256Key),
    /// An Ed25519 public key.
    Ed25519(Ed25519Key),
}

impl Key {
    /// Checks the bytes of a key: sizes, exponent, curve equation, order.
    ///
    /// # Errors
    /// [`Code::JwkInvalid`].
    pub fn import(material: &Material) -> Result<Self, Error> {
        match material {
            Material::Rsa { n, e } => RsaKey::new(n, e).map(Self::Rsa),
            Material::Ec { curve: Curve::P256, x, y } => P256Key::new(x, y).map(Self::P256),
            Material::Okp { curve: Curve::Ed25519, x } => Ed25519Key::new(x).map(Self::Ed25519),
            Material::Oct { k } => HmacKey::new(k).map(|key| Self::Hmac(Box::new(key))),
            Material::Ec { .. } | Material::Okp { .. } => None,
        }
        .ok_or_else(|| Error::new(Code::JwkInvalid))
    }

    /// Whether `signature` is one of `message` under `algorithm`. A key of another type verifies nothing.
    pub fn verify(&self, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (algorithm.scheme, self) {
            (Scheme::Hmac, Self::Hmac(key)) => {
                key.suits(algorithm.hash) && key.verify(algorithm.hash, message, signature)
            }
            (Scheme::RsaPkcs1, Self::Rsa(key)) => key.verify_pkcs1(algorithm.hash, message, signature),
            (Scheme::RsaPss, Self::Rsa(key)) => key.verify_pss(algorithm.hash, message, signature),
            (Scheme::Ecdsa, Self::P256(key)) => key.verify(message, signature),
            (Scheme::Eddsa, Self::Ed25519(key)) => key.verify(message, signature),
            _ => false,
        }
    }

    /// Whether the key is strong enough for `algorithm`.
    pub const fn suits(&self, algorithm: &Algorithm) -> bool {
        match self {
            Self::Hmac(key) => key.suits(algorithm.hash),
            Self::Rsa(_) | Self::P256(_) | Self::Ed25519(_) => true,
        }
    }
}

/// Refuses a secret whose bytes are a public key in another form: whoever can read a published key could sign tokens with
/// it (the confusion of RS256 with HS256).
///
/// # Errors
/// [`Code::JwkInvalid`].
pub fn require_unpublished(bytes: &[u8]) -> Result<(), Error> {
    let published = Document::parse_object(trim(bytes))
        .is_ok_and(|object| object.get("kty").is_some() || object.get("keys").is_some())
        || bytes.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes())
        || pem::is_public_key_der(bytes);
    if published { Err(Error::new(Code::JwkInvalid)) } else { Ok(()) }
}

fn trim(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_keys_are_no_secrets() {
        for bytes in [
            &b"-----BEGIN PUBLIC KEY-----\nMFkw"[..],
            b"\n -----BEGIN CERTIFICATE-----",
            b"\xef\xbb\xbf# key\n-----BEGIN RSA PUBLIC KEY-----",
            br#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
            b"\xef\xbb\xbf {\"keys\":[]}\n",
        ] {
            assert_eq!(require_unpublished(bytes).unwrap_err(), Code::JwkInvalid.into(), "{bytes:?}");
        }
        assert!(require_unpublished(b"a secret of at least thirty-two bytes").is_ok());
    }

    #[test]
    fn a_key_verifies_with_algorithms_of_its_own_type_only() {
        let key = Key::import(&Material::Oct { k: [7; 32].into() }).unwrap();
        for row in &super::super::algorithm::ALGORITHMS {
            assert!(!key.verify(row, b"", b""), "{}", row.name);
        }
    }

    #[test]
    fn points_off_the_curve_and_of_small_order_are_refused() {
        let ec = Material::Ec { curve: Curve::P256, x: [1; 32].into(), y: [2; 32].into() };
        let zero = Material::Ec { curve: Curve::P256, x: [0; 32].into(), y: [0; 32].into() };
        let mut identity = [0; 32];
        identity[0] = 1;
        let okp = Material::Okp { curve: Curve::Ed25519, x: identity.into() };
        for material in [ec, zero, okp, Material::Okp { curve: Curve::Ed25519, x: [0; 32].into() }] {
            assert_eq!(Key::import(&material).unwrap_err(), Code::JwkInvalid.into());
        }
    }
}
