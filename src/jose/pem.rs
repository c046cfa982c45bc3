//! Public keys in PEM (RFC 7468 §5, §13) and DER.

use super::jwk::{Jwk, Material};
use super::{spki, x509};
use crate::error::{Code, Error};
use crate::text::{Malformed, pem};

/// With what the labels of private keys of every kind end.
const PRIVATE: &str = "PRIVATE KEY";

/// The key of a PEM text with the label `PUBLIC KEY` (SubjectPublicKeyInfo), `RSA PUBLIC KEY` (PKCS#1) or `CERTIFICATE`
/// (X.509). A certificate is only the envelope of its key: **neither its signature nor its chain, validity or name is
/// verified**.
///
/// # Errors
/// [`Code::JwkInvalid`] when it is malformed, a private key, or a certificate whose critical key usage leaves
/// `digitalSignature` out; [`Code::NotSupported`] for another label, algorithm or curve.
pub fn parse(text: &str) -> Result<Jwk, Error> {
    let (label, der) = pem::decode(text).map_err(|_| Code::JwkInvalid)?;
    finish(match label {
        "PUBLIC KEY" => spki::parse(&der),
        "RSA PUBLIC KEY" => spki::parse_rsa(&der).map(Some),
        "CERTIFICATE" => x509::parse(&der),
        _ if label.ends_with(PRIVATE) => Err(Malformed),
        _ => Ok(None),
    })
}

/// The key of a SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate in DER: no two of them look alike.
///
/// # Errors
/// As [`parse`].
pub fn parse_der(der: &[u8]) -> Result<Jwk, Error> {
    finish(material(der))
}

/// Whether the bytes are a public key in DER.
pub(super) fn is_public_key_der(bytes: &[u8]) -> bool {
    material(bytes).is_ok()
}

fn material(der: &[u8]) -> Result<Option<Material>, Malformed> {
    spki::parse(der).or_else(|_| x509::parse(der)).or_else(|_| spki::parse_rsa(der).map(Some))
}

fn finish(material: Result<Option<Material>, Malformed>) -> Result<Jwk, Error> {
    let material = material.map_err(|_| Code::JwkInvalid)?;
    material.map(Jwk::from).ok_or_else(|| Error::new(Code::NotSupported))
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
