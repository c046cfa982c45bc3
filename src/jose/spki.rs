//! SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 3279 §2.3, RFC 5480 §2, RFC 8410 §4, RFC 9881 §4) and RSAPublicKey
//! (RFC 8017 appendix A.1.1), in DER.

use super::algorithm::{Curve, ParameterSet};
use super::jwk::Material;
use crate::text::Malformed;
use crate::text::der::{NULL, OBJECT_IDENTIFIER, Reader};

/// `rsaEncryption`, 1.2.840.113549.1.1.1. Keys of `id-RSASSA-PSS` are not supported: few have them, and no JWK can say
/// what their parameters do.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// `id-ecPublicKey`, 1.2.840.10045.2.1
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// `id-Ed25519`, 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// `sigAlgs`, 2.16.840.1.101.3.4.3, of which 17 to 19 are the parameter sets of ML-DSA
const SIGNATURES: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03];

/// `secp256r1`, 1.2.840.10045.3.1.7
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// `certicom-arc curve`, 1.3.132.0, of which 34, 35 and 10 are the other curves
const CERTICOM: &[u8] = &[0x2b, 0x81, 0x04, 0x00];

/// The key of a SubjectPublicKeyInfo, if its algorithm and curve are known.
pub(super) fn parse(der: &[u8]) -> Result<Option<Material>, Malformed> {
    let mut outer = Reader::new(der);
    let info = outer.sequence()?;
    outer.finish()?;
    read(info)
}

/// The same of its content.
pub(super) fn read(mut info: Reader<'_>) -> Result<Option<Material>, Malformed> {
    let mut algorithm = info.sequence()?;
    let key = info.bit_string()?;
    info.finish()?;
    let material = match algorithm.element(OBJECT_IDENTIFIER)? {
        RSA => {
            // RFC 3279 §2.3.1: "The parameters field MUST have ASN.1 type NULL"
            Reader::new(algorithm.element(NULL)?).finish()?;
            parse_rsa(key)?
        }
        EC => {
            let Some(curve) = curve(algorithm.element(OBJECT_IDENTIFIER)?) else { return Ok(None) };
            let bytes = curve.coordinate_bytes();
            // RFC 5480 §2.2: an uncompressed point begins with 4.
            let (x, y) = key.strip_prefix(&[4]).and_then(|point| point.split_at_checked(bytes)).ok_or(Malformed)?;
            Material::Ec { curve, x: x.into(), y: of_length(y, bytes)?.into() }
        }
        ED25519 => {
            let curve = Curve::Ed25519;
            Material::Okp { curve, x: of_length(key, curve.coordinate_bytes())?.into() }
        }
        other => {
            let Some(set) = parameter_set(other) else { return Ok(None) };
            Material::Akp { set, public: of_length(key, set.public_key_bytes())?.into() }
        }
    };
    algorithm.finish()?;
    Ok(Some(material))
}

/// The key of an RSAPublicKey: a modulus and an exponent.
pub(super) fn parse_rsa(der: &[u8]) -> Result<Material, Malformed> {
    let mut outer = Reader::new(der);
    let mut key = outer.sequence()?;
    outer.finish()?;
    let (n, e) = (key.unsigned_integer()?, key.unsigned_integer()?);
    key.finish()?;
    Ok(Material::Rsa { n: n.into(), e: e.into() })
}

fn curve(identifier: &[u8]) -> Option<Curve> {
    if identifier == P256 {
        return Some(Curve::P256);
    }
    match identifier.strip_prefix(CERTICOM)? {
        [34] => Some(Curve::P384),
        [35] => Some(Curve::P521),
        [10] => Some(Curve::Secp256k1),
        _ => None,
    }
}

fn parameter_set(identifier: &[u8]) -> Option<ParameterSet> {
    match identifier.strip_prefix(SIGNATURES)? {
        [17] => Some(ParameterSet::MlDsa44),
        [18] => Some(ParameterSet::MlDsa65),
        [19] => Some(ParameterSet::MlDsa87),
        _ => None,
    }
}

fn of_length(bytes: &[u8], length: usize) -> Result<&[u8], Malformed> {
    if bytes.len() == length { Ok(bytes) } else { Err(Malformed) }
}
