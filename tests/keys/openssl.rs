//! What OpenSSL wrote: the fixtures of the JavaScript suite.

use tollgate::error::Code;
use tollgate::jose::algorithm::Algorithm;
use tollgate::jose::jwk::{Jwk, Material};
use tollgate::jose::key::Key;
use tollgate::jose::pem;
use tollgate::text::base64url;

use crate::fixtures::{CERTIFIED, OPENSSL, all};
use crate::{assert_is_whole, assert_no_kernel, read};

/// The certificates in their order: those of `CERTIFIED`, the two of `ENCIPHERMENT`, and `PSS`.
fn certificates() -> Vec<String> {
    all(OPENSSL, "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
}

/// What the lines of a block are.
fn der(text: &str) -> Vec<u8> {
    tollgate::text::pem::decode(text).unwrap().1
}

fn parse(text: &str) -> Result<Material, Code> {
    pem::parse(text).map(|jwk| jwk.material).map_err(|error| error.code)
}

#[test]
fn a_certificate_is_the_envelope_of_the_key_that_signed_the_token() {
    let keys = all(OPENSSL, "{\"", "}");
    let tokens = all(OPENSSL, "'ey", "'");
    for (at, name) in CERTIFIED.into_iter().enumerate() {
        let certificate = &certificates()[at];
        let material = parse(certificate).unwrap();
        assert_eq!(material, Jwk::parse(keys[at].as_bytes()).unwrap().material, "{name}");
        assert_eq!(read(&der(certificate)).as_ref(), Ok(&material), "{name} in DER");

        let (input, signature) = tokens[at].trim_matches('\'').rsplit_once('.').unwrap();
        let (algorithm, signature) = (Algorithm::named(name).unwrap(), base64url::decode(signature).unwrap());
        let Ok(key) = Key::import(&material).inspect_err(assert_no_kernel) else { continue };
        assert!(key.verify(algorithm, input.as_bytes(), &signature), "{name}");
        assert!(!key.verify(algorithm, &input.as_bytes()[1..], &signature), "{name}");
    }
}

#[test]
fn a_certificate_is_whole() {
    for certificate in certificates() {
        let der = der(&certificate);
        if read(&der) != Err(Code::NotSupported) {
            assert_is_whole(&der);
        }
    }
}

#[test]
fn no_changed_byte_of_a_certificate_is_a_panic() {
    let der = der(&certificates()[3]);
    let key = read(&der).unwrap();
    let mut same = 0;
    for at in 0..der.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = der.clone();
            changed[at] ^= change;
            same += usize::from(read(&changed) == Ok(key.clone()));
        }
    }
    // Names, times and the signature are not looked at; tags, lengths and the key are.
    assert!((der.len()..2 * der.len() + der.len() / 2).contains(&same), "{same} of {}", 3 * der.len());
}

#[test]
fn pkcs_1_and_the_certificate_of_the_same_key_are_one_key() {
    let [pkcs1] = &all(OPENSSL, "-----BEGIN RSA PUBLIC KEY-----", "-----END RSA PUBLIC KEY-----")[..] else {
        panic!("one RSA PUBLIC KEY");
    };
    assert_eq!(parse(pkcs1), parse(&certificates()[0]));
    assert_eq!(read(&der(pkcs1)), parse(pkcs1));
}

#[test]
fn a_certificate_for_encipherment_alone_is_refused_where_that_is_critical() {
    let [.., critical, hint, _] = &certificates()[..] else { panic!("too few certificates") };
    assert_eq!(parse(critical), Err(Code::JwkInvalid));
    assert_eq!(parse(hint), parse(&certificates()[0]));
}

#[test]
fn a_certificate_of_an_rsassa_pss_key_is_not_supported() {
    let pss = certificates().pop().unwrap();
    assert_eq!(parse(&pss), Err(Code::NotSupported));
    assert_eq!(read(&der(&pss)), Err(Code::NotSupported));
}
