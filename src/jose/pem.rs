//! Public keys in PEM (RFC 7468 §13) and DER: SubjectPublicKeyInfo (RFC 5280 §4.1, RFC 3279 §2.3, RFC 8410 §4).

use super::algorithm::Curve;
use super::jwk::{Jwk, Material};
use crate::error::{Code, Error};
use crate::text::der::{NULL, OBJECT_IDENTIFIER, Reader};
use crate::text::{Malformed, pem};

const LABEL: &str = "PUBLIC KEY";
/// With what the labels of private keys of every kind end.
const PRIVATE: &str = "PRIVATE KEY";

/// `rsaEncryption`, 1.2.840.113549.1.1.1
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// `id-ecPublicKey`, 1.2.840.10045.2.1
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// `secp256r1`, 1.2.840.10045.3.1.7
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// `id-Ed25519`, 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The key of a PEM text with the label `PUBLIC KEY`.
///
/// # Errors
/// [`Code::JwkInvalid`] when it is malformed or a private key; [`Code::NotSupported`] for another label, algorithm or
/// curve.
pub fn parse(text: &str) -> Result<Jwk, Error> {
    let (label, der) = pem::decode(text).map_err(|_| Code::JwkInvalid)?;
    if label.ends_with(PRIVATE) {
        return Err(Error::new(Code::JwkInvalid));
    }
    if label != LABEL {
        return Err(Error::new(Code::NotSupported));
    }
    parse_der(&der)
}

/// The key of a DER SubjectPublicKeyInfo; errors as [`parse`].
fn parse_der(der: &[u8]) -> Result<Jwk, Error> {
    let material = subject_public_key_info(der).map_err(|_| Code::JwkInvalid)?;
    material.map(Jwk::from).ok_or_else(|| Error::new(Code::NotSupported))
}

/// Whether the bytes are a public key in DER.
pub(super) fn is_public_key_der(bytes: &[u8]) -> bool {
    subject_public_key_info(bytes).is_ok() || rsa_public_key(bytes).is_ok()
}

/// The key of a SubjectPublicKeyInfo, if its algorithm and curve are known.
fn subject_public_key_info(der: &[u8]) -> Result<Option<Material>, Malformed> {
    let mut outer = Reader::new(der);
    let mut info = outer.sequence()?;
    outer.finish()?;
    let mut algorithm = info.sequence()?;
    let key = info.bit_string()?;
    info.finish()?;
    let material = match algorithm.element(OBJECT_IDENTIFIER)? {
        RSA => {
            // RFC 3279 §2.3.1: "The parameters field MUST have ASN.1 type NULL"
            Reader::new(algorithm.element(NULL)?).finish()?;
            rsa_public_key(key)?
        }
        EC if algorithm.element(OBJECT_IDENTIFIER)? == P256 => {
            // RFC 5480 §2.2: an uncompressed point begins with 4.
            let (x, y) = key.strip_prefix(&[4]).and_then(|point| point.split_at_checked(32)).ok_or(Malformed)?;
            if y.len() != Curve::P256.coordinate_bytes() {
                return Err(Malformed);
            }
            Material::Ec { curve: Curve::P256, x: x.into(), y: y.into() }
        }
        ED25519 => {
            if key.len() != Curve::Ed25519.coordinate_bytes() {
                return Err(Malformed);
            }
            Material::Okp { curve: Curve::Ed25519, x: key.into() }
        }
        _ => return Ok(None),
    };
    algorithm.finish()?;
    Ok(Some(material))
}

/// RFC 8017 appendix A.1.1: a modulus and an exponent.
fn rsa_public_key(der: &[u8]) -> Result<Material, Malformed> {
    let mut outer = Reader::new(der);
    let mut key = outer.sequence()?;
    outer.finish()?;
    let (n, e) = (key.unsigned_integer()?, key.unsigned_integer()?);
    key.finish()?;
    Ok(Material::Rsa { n: n.into(), e: e.into() })
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
        let (_, der) = pem::decode(ED25519_PEM).unwrap();
        assert_eq!(super::super::key::require_unpublished(&der).unwrap_err(), Code::JwkInvalid.into());
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
