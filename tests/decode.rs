//! Looking into a token without verifying it: the form is checked all the same.

use tollgate::error::Code;
use tollgate::jose::jwks::JwkSet;
use tollgate::text::base64url;
use tollgate::verify::verifier::{decode_claims, decode_header};
use tollgate::verify::{Options, Scratch, Verifier};

fn token(header: &str, payload: &str, signature: &str) -> String {
    format!("{}.{}.{signature}", base64url::encode(header), base64url::encode(payload))
}

#[test]
fn a_token_is_decoded_whatever_signed_it() {
    let mut scratch = Scratch::default();
    let header = r#"{"alg":"XS256","kid":"k"}"#;
    let claims = r#"{"sub":"s","exp":1}"#;
    for signature in ["", "AAAA"] {
        let token = token(header, claims, signature);
        decode_header(token.as_bytes(), &mut scratch).unwrap();
        assert_eq!(scratch.header, header.as_bytes());
        decode_claims(token.as_bytes(), &mut scratch).unwrap();
        assert_eq!(scratch.claims, claims.as_bytes());
    }
}

#[test]
fn what_is_no_token_is_not_decoded() {
    let mut scratch = Scratch::default();
    let mut both = |token: &str| {
        let header = decode_header(token.as_bytes(), &mut scratch).map_err(|error| error.code);
        (header, decode_claims(token.as_bytes(), &mut scratch).map_err(|error| error.code))
    };
    let invalid = Err(Code::JwsInvalid);
    for text in ["", "a.b", "....", "e30.e30.A", "e30.e30=.AA", "e3.e30.AA ", "é.e30.AA"] {
        assert_eq!(both(text), (invalid, invalid), "{text}");
    }
    assert_eq!(both(&token("[]", "{}", "AA")), (invalid, Ok(())));
    assert_eq!(both(&token("{}", "[]", "AA")), (Ok(()), Err(Code::JwtInvalid)));
    assert_eq!(both(&token(r#"{"a":1,"a":1}"#, r#"{"a":1,"a":1}"#, "AA")), (invalid, Err(Code::JwtInvalid)));
    assert_eq!(both(&token("", "", "")), (invalid, Err(Code::JwtInvalid)));
}

#[test]
fn a_verifier_shows_the_keys_that_it_was_given() {
    let set = r#"{"keys":[{"e":"AQAB","kty":"RSA","n":"AQAB","kid":"a"},{"kty":"oct","k":"AQAB"}]}"#;
    let mut verifier = Verifier::new(Options::parse(br#"{"audience":"a"}"#).unwrap()).unwrap();
    assert!(verifier.key_set().keys.is_empty());
    verifier.set_keys(JwkSet::parse(set.as_bytes()).unwrap());
    let shown: Vec<_> = verifier.key_set().keys.iter().map(|key| key.kid.as_deref()).collect();
    assert_eq!(shown, [Some("a")], "and no secret");
}
