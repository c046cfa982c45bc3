//! Public keys in PEM (RFC 7468 §13) and DER: SubjectPublicKeyInfo (RFC 5280 §4.1, RFC 8410 §4).

use alloc::vec::Vec;
use pkcs1::RsaPublicKeyRef;
use spki::der::Decode as _;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::algorithm::Curve;
use super::jwk::{Jwk, Material};
use crate::error::{Code, Error};

/// With what every PEM block begins.
pub(super) const MARKER: &[u8] = b"-----BEGIN ";

const LABEL: &str = "PUBLIC KEY";
/// With what the labels of private keys of every kind end.
const PRIVATE: &str = "PRIVATE KEY";
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The key of a PEM text with the label `PUBLIC KEY`.
///
/// # Errors
/// [`Code::JwkInvalid`] when it is malformed or a private key; [`Code::NotSupported`] for another label, algorithm or curve.
pub fn parse(text: &str) -> Result<Jwk, Error> {
    let (label, der) = pem_rfc7468::decode_vec(text.trim_ascii().as_bytes()).map_err(|_| Code::JwkInvalid)?;
    if label.ends_with(PRIVATE) {
        return Err(Error::new(Code::JwkInvalid));
    }
    if label != LABEL {
        return Err(Error::new(Code::NotSupported));
    }
    parse_der(&der)
}

/// The key of a DER SubjectPublicKeyInfo; errors as [`parse`].
pub fn parse_der(der: &[u8]) -> Result<Jwk, Error> {
    let invalid = || Error::new(Code::JwkInvalid);
    let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| Code::JwkInvalid)?;
    let bytes = spki.subject_public_key.as_bytes().ok_or(Code::JwkInvalid)?;
    let material = if spki.algorithm.oid == RSA {
        let key = RsaPublicKeyRef::from_der(bytes).map_err(|_| Code::JwkInvalid)?;
        Material::Rsa { n: key.modulus.as_bytes().into(), e: key.public_exponent.as_bytes().into() }
    } else if spki.algorithm.oid == EC {
        if spki.algorithm.parameters_oid().map_err(|_| Code::JwkInvalid)? != P256 {
            return Err(Error::new(Code::NotSupported));
        }
        // RFC 5480 §2.2: an uncompressed point begins with 4.
        let coordinates = bytes.strip_prefix(&[4]).filter(|rest| rest.len() == 64).ok_or_else(invalid)?;
        let (x, y) = coordinates.split_at_checked(32).ok_or_else(invalid)?;
        Material::Ec { curve: Curve::P256, x: x.into(), y: y.into() }
    } else if spki.algorithm.oid == ED25519 {
        if spki.algorithm.parameters.is_some() || bytes.len() != Curve::Ed25519.coordinate_bytes() {
            return Err(invalid());
        }
        Material::Okp { curve: Curve::Ed25519, x: Vec::from(bytes) }
    } else {
        return Err(Error::new(Code::NotSupported));
    };
    Ok(material.into())
}

/// Whether the bytes are a public key in DER.
pub(super) fn is_public_key_der(bytes: &[u8]) -> bool {
    SubjectPublicKeyInfoRef::from_der(bytes).is_ok() || RsaPublicKeyRef::from_der(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8410 §10.1.
    const ED25519_PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

    #[test]
    fn rfc_8410_example_key() {
        let jwk = parse(ED25519_PEM).unwrap();
        assert_eq!(
            jwk.material.to_json(),
            r#"{"crv":"Ed25519","kty":"OKP","x":"Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"}"#
        );
        assert!(parse(&ED25519_PEM.replace('\n', "\r\n")).is_ok());
    }

    #[test]
    fn a_public_key_in_der_is_no_secret() {
        let (_, der) = pem_rfc7468::decode_vec(ED25519_PEM.as_bytes()).unwrap();
        assert_eq!(super::super::key::secret(&der).unwrap_err(), Code::JwkInvalid.into());
    }

    #[test]
    fn other_and_broken_pem_is_refused() {
        for (text, code) in [
            ("", Code::JwkInvalid),
            ("x", Code::JwkInvalid),
            ("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----", Code::JwkInvalid),
            (&ED25519_PEM.replace("MCow", "MCox"), Code::JwkInvalid),
            (&ED25519_PEM.replace("PUBLIC", "PRIVATE"), Code::JwkInvalid),
            (&ED25519_PEM.replace("PUBLIC", "EC PRIVATE"), Code::JwkInvalid),
            (&ED25519_PEM.replace("VwAyEA", "VxAyEA"), Code::NotSupported),
            (&ED25519_PEM.replace("PUBLIC", "OTHER"), Code::NotSupported),
        ] {
            assert_eq!(parse(text).unwrap_err().code, code, "{text}");
        }
    }
}
