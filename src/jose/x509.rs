//! X.509 certificates (RFC 5280 §4.1), as the envelope of a public key: **nothing is verified**, neither the signature nor
//! the chain, the validity, the name or a revocation. Whoever passes a certificate says that its key is trusted.

use super::jwk::Material;
use super::spki;
use crate::text::Malformed;
use crate::text::der::{BIT_STRING, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE};

/// `[0]`, constructed: the version.
const VERSION: u8 = 0xa0;
/// `[1]`: the unique identifier of the issuer.
const ISSUER_UNIQUE_ID: u8 = 0x81;
/// `[2]`: the unique identifier of the subject.
const SUBJECT_UNIQUE_ID: u8 = 0x82;
/// `[3]`, constructed: the extensions.
const EXTENSIONS: u8 = 0xa3;

/// `id-ce-keyUsage`, 2.5.29.15
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// The bit `digitalSignature` of its first byte.
const DIGITAL_SIGNATURE: u8 = 0x80;

/// The key of a certificate, if its algorithm and curve are known. Refused when a critical key usage leaves
/// `digitalSignature` out (§4.2.1.3).
pub(super) fn parse(der: &[u8]) -> Result<Option<Material>, Malformed> {
    let mut outer = Reader::new(der);
    let mut certificate = outer.sequence()?;
    outer.finish()?;
    let mut body = certificate.sequence()?;
    // signatureAlgorithm, signatureValue
    certificate.skip([SEQUENCE, BIT_STRING])?;
    certificate.finish()?;

    body.optional(VERSION)?;
    // serialNumber, signature, issuer, validity, subject
    body.skip([INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE])?;
    let key = spki::read(body.sequence()?)?;
    body.optional(ISSUER_UNIQUE_ID)?;
    body.optional(SUBJECT_UNIQUE_ID)?;
    if let Some(extensions) = body.optional(EXTENSIONS)? {
        require_digital_signature(extensions)?;
    }
    body.finish()?;
    Ok(key)
}

fn require_digital_signature(extensions: &[u8]) -> Result<(), Malformed> {
    let mut outer = Reader::new(extensions);
    let mut extensions = outer.sequence()?;
    outer.finish()?;
    while !extensions.is_empty() {
        let mut extension = extensions.sequence()?;
        let name = extension.element(OBJECT_IDENTIFIER)?;
        let is_critical = match extension.optional(BOOLEAN)? {
            None | Some([0]) => false,
            // X.690 §11.1
            Some([0xff]) => true,
            Some(_) => return Err(Malformed),
        };
        let value = extension.element(OCTET_STRING)?;
        extension.finish()?;
        if name == KEY_USAGE && is_critical {
            match Reader::new(value).element(BIT_STRING)? {
                [_unused, first, ..] if first & DIGITAL_SIGNATURE != 0 => {}
                _ => return Err(Malformed),
            }
        }
    }
    Ok(())
}
