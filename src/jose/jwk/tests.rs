use super::*;
use crate::jose::algorithm::ALGORITHMS;
use std::format;

const P256: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

fn algorithm(name: &str) -> &'static Algorithm {
    Algorithm::named(name).unwrap()
}

#[test]
fn rfc_7638_thumbprint_example() {
    let jwk = Jwk::parse(br#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#).unwrap();
    assert_eq!(jwk.material.thumbprint().unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    // RFC 9278 §3.
    assert_eq!(
        jwk.material.thumbprint_uri(Hash::Sha256).unwrap(),
        "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
    assert_eq!(jwk.material.thumbprint_with(Hash::Sha256), jwk.material.thumbprint());
    assert_eq!(jwk.material.thumbprint_with(Hash::Sha512).unwrap().len(), 86);
    assert_eq!(jwk.kid.as_deref(), Some("2011-04-29"));
    assert!(jwk.fits(algorithm("RS256")));
    assert!(!jwk.fits(algorithm("PS256")), "its `alg` is RS256");
}

#[test]
fn a_key_fits_what_it_says_it_is_for() {
    let fits = |extra: &str| Jwk::parse(format!("{{{P256}{extra}}}").as_bytes()).unwrap().fits(algorithm("ES256"));
    assert!(fits(""));
    assert!(fits(r#","use":"sig","key_ops":["verify"],"alg":"ES256","ext":true"#));
    for other in [r#","use":"enc""#, r#","key_ops":[]"#, r#","key_ops":["sign"]"#, r#","alg":"ES384""#] {
        assert!(!fits(other), "{other}");
    }
}

#[test]
fn malformed_private_and_foreign_keys_are_refused() {
    for (json, code) in [
        ("[]", Code::JwkInvalid),
        ("{}", Code::JwkInvalid),
        (r#"{"kty":"rsa"}"#, Code::NotSupported),
        (r#"{"kty":"RSA","n":"AQAB"}"#, Code::JwkInvalid),
        (r#"{"kty":"RSA","n":"AQAB=","e":"AQAB"}"#, Code::JwkInvalid),
        (r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#, Code::JwkInvalid),
        (r#"{"kty":"EC","crv":"secp256k1","x":"","y":""}"#, Code::JwkInvalid),
        (r#"{"kty":"EC","crv":"P-224","x":"","y":""}"#, Code::NotSupported),
        (r#"{"kty":"EC","crv":"Ed25519","x":"","y":""}"#, Code::NotSupported),
        (r#"{"kty":"AKP","pub":"AQ"}"#, Code::JwkInvalid),
        (r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AQ"}"#, Code::JwkInvalid),
        (r#"{"kty":"AKP","alg":"ML-DSA-45","pub":"AQ"}"#, Code::NotSupported),
        (r#"{"kty":"AKP","alg":"ES256","pub":"AQ"}"#, Code::NotSupported),
        (r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AQ","priv":"AQ"}"#, Code::JwkInvalid),
        (r#"{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#, Code::JwkInvalid),
        (r#"{"kty":"OKP","crv":"X25519","x":"AQ"}"#, Code::NotSupported),
        (r#"{"kty":"oct","k":1}"#, Code::JwkInvalid),
        (r#"{"kty":"oct","kty":"oct","k":"AQ"}"#, Code::JwkInvalid),
    ] {
        assert_eq!(Jwk::parse(json.as_bytes()).unwrap_err().code, code, "{json}");
    }
    for extra in [r#","kid":1"#, r#","alg":null"#, r#","use":[]"#, r#","key_ops":"verify""#] {
        assert_eq!(Jwk::parse(format!("{{{P256}{extra}}}").as_bytes()).unwrap_err().code, Code::JwkInvalid, "{extra}");
    }
}

/// What is read, written and read again; RFC 7638 §3.2: required members only, in the order of their names.
#[test]
fn a_key_of_every_type_is_written_as_it_was_read() {
    let zeros = |bytes: usize| base64url::encode(std::vec![0; bytes]);
    let ec = |crv: &str, bytes: usize| format!(r#"{{"crv":"{crv}","kty":"EC","x":"{0}","y":"{0}"}}"#, zeros(bytes));
    let akp = |alg: &str, bytes: usize| format!(r#"{{"alg":"{alg}","kty":"AKP","pub":"{}"}}"#, zeros(bytes));
    for (json, algorithms) in [
        (r#"{"e":"AQAB","kty":"RSA","n":"xQ"}"#.into(), &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"][..]),
        (ec("P-256", 32), &["ES256"]),
        (ec("P-384", 48), &["ES384"]),
        (ec("P-521", 66), &["ES512"]),
        (ec("secp256k1", 32), &["ES256K"]),
        (format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, zeros(32)), &["EdDSA", "Ed25519"]),
        (r#"{"k":"c2VjcmV0","kty":"oct"}"#.into(), &["HS256", "HS384", "HS512"]),
        (akp("ML-DSA-44", 1312), &["ML-DSA-44"]),
        (akp("ML-DSA-65", 1952), &["ML-DSA-65"]),
        (akp("ML-DSA-87", 2592), &["ML-DSA-87"]),
    ] {
        let jwk = Jwk::parse(json.as_bytes()).unwrap();
        assert_eq!(jwk.material.to_json(), json);
        let fitting = ALGORITHMS.iter().filter(|row| jwk.fits(row));
        assert!(fitting.clone().map(|row| row.name).eq(algorithms.iter().copied()), "{json}");

        let named = Jwk { kid: Some("k\"".into()), alg: Some(algorithms[0].into()), ..jwk };
        let again = Jwk::parse(named.to_json().as_bytes()).unwrap();
        assert!(again.kid == named.kid && again.alg == named.alg && again.material == named.material, "{json}");
        assert_eq!(named.to_json().matches("alg").count(), 1, "{json}");
    }
}

/// Some libraries prefix a zero octet to what is no negative number.
#[test]
fn leading_zeros_do_not_change_a_number() {
    let rsa = |n: &str| Jwk::parse(format!(r#"{{"kty":"RSA","n":"{n}","e":"AAEAAQ"}}"#).as_bytes()).unwrap();
    assert_eq!(rsa("AMU").material, rsa("xQ").material);
    assert_eq!(rsa("xQ").material.to_json(), r#"{"e":"AQAB","kty":"RSA","n":"xQ"}"#);
}

#[test]
fn what_is_wrong_with_a_key_is_named() {
    let error = |code, member, reason| Error::new(code).about(member, reason);
    for (json, expected) in [
        (r#"{}"#, error(Code::JwkInvalid, "kty", Reason::Missing)),
        (r#"{"kty":7}"#, error(Code::JwkInvalid, "kty", Reason::Malformed)),
        (r#"{"kty":"ec"}"#, error(Code::NotSupported, "kty", Reason::Mismatch)),
        (r#"{"kty":"EC"}"#, error(Code::JwkInvalid, "crv", Reason::Missing)),
        (r#"{"kty":"EC","crv":"p-256"}"#, error(Code::NotSupported, "crv", Reason::Mismatch)),
        (r#"{"kty":"OKP","crv":"P-256"}"#, error(Code::NotSupported, "crv", Reason::Mismatch)),
        (r#"{"kty":"OKP","crv":"Ed25519","x":"AQ"}"#, error(Code::JwkInvalid, "x", Reason::Malformed)),
        (r#"{"kty":"AKP","pub":"AQ"}"#, error(Code::JwkInvalid, "alg", Reason::Missing)),
        (r#"{"kty":"AKP","alg":"ES256","pub":"AQ"}"#, error(Code::NotSupported, "alg", Reason::Mismatch)),
        (r#"{"kty":"oct"}"#, error(Code::JwkInvalid, "k", Reason::Missing)),
        (r#"{"kty":"oct","k":"AQ=="}"#, error(Code::JwkInvalid, "k", Reason::Malformed)),
        (r#"{"kty":"oct","k":"AQ","use":1}"#, error(Code::JwkInvalid, "use", Reason::Malformed)),
    ] {
        assert_eq!(Jwk::parse(json.as_bytes()).unwrap_err(), expected, "{json}");
    }
    for private in PRIVATE {
        let json = format!(r#"{{{P256},"{private}":null}}"#);
        let expected = error(Code::JwkInvalid, private, Reason::Mismatch);
        assert_eq!(Jwk::parse(json.as_bytes()).unwrap_err(), expected, "{private}");
    }
}

#[test]
fn a_secret_has_no_thumbprint_and_does_not_show() {
    let jwk = Jwk::parse(br#"{"kty":"oct","k":"c2VjcmV0"}"#).unwrap();
    assert_eq!(jwk.material.thumbprint(), None);
    assert_eq!(jwk.material.thumbprint_uri(Hash::Sha384), None);
    assert!(!format!("{jwk:?}").contains("115"));
}
