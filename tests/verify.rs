//! The verifier from the outside: RFC examples, keys and algorithms that must not meet, and damaged tokens.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(feature = "inspect")]
#[path = "verify/inspect.rs"]
mod inspect;

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use tollgate::error::{Code, Reason};
use tollgate::jose::jwk::{Jwk, Material};
use tollgate::jose::jwks::JwkSet;
use tollgate::jose::pem;
use tollgate::text::base64url;
use tollgate::verify::verifier::decode_claims;
use tollgate::verify::{Options, Scratch, SignatureBy, Verifier};

const NOW: u64 = 1_700_000_000;

/// Options that fit the claims of [`es256`].
const OPTIONS: &str = r#"{"issuer":"i","audience":"a"}"#;

/// RFC 7515 appendix A.3, and RFC 6979's favourite: a key of which both halves are public.
const EC_PRIVATE: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
const EC_PUBLIC: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

fn options(json: &str) -> Options {
    Options::parse(json.as_bytes()).unwrap()
}

fn with_jwk(options_json: &str, jwk: &str) -> Verifier {
    Verifier::with_key(options(options_json), Jwk::parse(jwk.as_bytes()).unwrap()).unwrap()
}

fn with_set(options_json: &str, set: &str) -> Verifier {
    let mut verifier = Verifier::new(options(options_json)).unwrap();
    verifier.set_keys(JwkSet::parse(set.as_bytes()).unwrap());
    verifier
}

fn verify_at(verifier: &Verifier, token: &str, now: u64) -> Result<String, Code> {
    #[cfg(feature = "inspect")]
    inspect::agree(verifier, token.as_bytes(), None, now);
    let mut scratch = Scratch::default();
    verifier.verify(token.as_bytes(), None, now, &mut scratch).map_err(|error| error.code)?;
    Ok(String::from_utf8(scratch.claims).unwrap())
}

fn verify(verifier: &Verifier, token: &str) -> Result<String, Code> {
    verify_at(verifier, token, NOW)
}

fn sign_es256(header: &str, claims: &str) -> String {
    let key = SigningKey::from_slice(&base64url::decode(EC_PRIVATE).unwrap()).unwrap();
    let input = format!("{}.{}", base64url::encode(header), base64url::encode(claims));
    let signature: Signature = key.sign(input.as_bytes());
    format!("{input}.{}", base64url::encode(signature.to_bytes()))
}

fn es256() -> String {
    sign_es256(r#"{"alg":"ES256","kid":"k"}"#, &format!(r#"{{"iss":"i","aud":"a","sub":"s","exp":{}}}"#, NOW + 60))
}

const CLAIMS_OF_RFC_7519: &str = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

#[test]
fn rfc_7515_appendix_a_1_and_rfc_7519_section_3_1_hs256() {
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let jwk =
        r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
    let verifier = with_jwk(r#"{"issuer":"joe","audience":null,"typ":"JWT"}"#, jwk);
    assert_eq!(verify_at(&verifier, token, 1_300_819_379).unwrap(), CLAIMS_OF_RFC_7519);
    assert_eq!(verify_at(&verifier, token, 1_300_819_380), Err(Code::JwtExpired));
}

#[test]
fn rfc_7515_appendix_a_2_rs256() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let jwk = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;
    let verifier = with_jwk(r#"{"issuer":"joe","audience":null}"#, jwk);
    assert_eq!(verify_at(&verifier, token, 1_300_819_379).unwrap(), CLAIMS_OF_RFC_7519);
}

#[test]
fn rfc_7515_appendix_a_3_es256() {
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let verifier = with_jwk(r#"{"issuer":"joe","audience":null}"#, &format!("{{{EC_PUBLIC}}}"));
    assert_eq!(verify_at(&verifier, token, 1_300_819_379).unwrap(), CLAIMS_OF_RFC_7519);
}

#[test]
fn rfc_7515_appendix_a_5_unsecured_is_refused() {
    let token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
    let verifier = with_jwk(r#"{"audience":null}"#, &format!("{{{EC_PUBLIC}}}"));
    assert_eq!(verify_at(&verifier, token, 1_300_819_379), Err(Code::AlgNotAllowed));
}

#[test]
fn rfc_8037_appendix_a_4_eddsa() {
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let verifier = with_jwk(r#"{"audience":null}"#, jwk);
    assert_eq!(verify(&verifier, token), Err(Code::JwtInvalid), "its signature is valid, its payload is plain text");
    assert_eq!(verify(&verifier, &token.replace(".RXhh", ".SXhh")), Err(Code::SignatureVerificationFailed));
}

#[test]
fn a_token_passes_with_its_key_and_no_other() {
    let verifier = with_jwk(r#"{"issuer":"i","audience":"a","subject":"s"}"#, &format!("{{{EC_PUBLIC}}}"));
    assert!(verify(&verifier, &es256()).unwrap().contains("\"sub\":\"s\""));
    let other = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
    let verifier = with_jwk(r#"{"issuer":"i","audience":"a"}"#, other);
    assert_eq!(verify(&verifier, &es256()), Err(Code::SignatureVerificationFailed));
}

#[test]
fn a_set_is_searched_by_kid_and_without_one_through_all_that_fit() {
    let decoy = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
    let broken = r#"{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let policy = r#"{"audience":"a"}"#;
    let unnamed = sign_es256(r#"{"alg":"ES256"}"#, &format!(r#"{{"aud":"a","exp":{}}}"#, NOW + 60));
    let set = |kid: &str| format!(r#"{{"keys":[{broken},{decoy},{{{EC_PUBLIC},"kid":"{kid}"}}]}}"#);
    assert!(verify(&with_set(policy, &set("k")), &es256()).is_ok());
    assert!(verify(&with_set(policy, &set("k")), &unnamed).is_ok());
    assert_eq!(verify(&with_set(policy, &set("other")), &es256()), Err(Code::JwksNoMatchingKey));
    assert_eq!(verify(&with_set(policy, r#"{"keys":[]}"#), &es256()), Err(Code::JwksNoMatchingKey));
    assert_eq!(
        verify(&with_set(policy, &format!(r#"{{"keys":[{decoy}]}}"#)), &unnamed),
        Err(Code::SignatureVerificationFailed)
    );
}

#[test]
fn a_public_key_is_never_a_secret() {
    let spki = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n-----END PUBLIC KEY-----\n";
    let verifier = Verifier::with_key(options(r#"{"audience":"a"}"#), pem::parse(spki).unwrap()).unwrap();
    assert!(verify(&verifier, &es256()).is_ok(), "the PEM is that of the key");
    let as_secret = Jwk::parse(format!(r#"{{"kty":"oct","k":"{}"}}"#, base64url::encode(spki)).as_bytes()).unwrap();
    let refused = Verifier::with_key(options(r#"{"audience":"a"}"#), as_secret).map(|_| ());
    assert_eq!(refused.unwrap_err().code, Code::JwkInvalid, "a secret that is a published key");
    let hs256 =
        es256().replace(&base64url::encode(r#"{"alg":"ES256","kid":"k"}"#), &base64url::encode(r#"{"alg":"HS256"}"#));
    assert_eq!(verify(&verifier, &hs256), Err(Code::AlgNotAllowed));
    let set = with_set(
        r#"{"audience":"a","algorithms":["HS256","ES256"]}"#,
        &format!(r#"{{"keys":[{{{EC_PUBLIC}}},{{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}}]}}"#),
    );
    assert_eq!(verify(&set, &hs256), Err(Code::AlgNotAllowed), "a set never allows HMAC");
    let only_hmac = Verifier::new(options(r#"{"audience":"a","algorithms":["HS256"]}"#)).map(|_| ());
    assert_eq!(only_hmac.unwrap_err().code, Code::AlgNotAllowed, "nothing could ever verify");
}

#[test]
fn weak_keys_and_algorithms_that_do_not_fit_are_told_at_once() {
    let secret = |bytes: usize| Jwk::from(Material::Oct { k: vec![7; bytes] });
    let make = |json: &str, jwk: Jwk| Verifier::with_key(options(json), jwk).map(|_| ()).map_err(|error| error.code);
    assert_eq!(make(r#"{"audience":null}"#, secret(32)), Ok(()));
    for weak in [0, 1, 31] {
        assert_eq!(make(r#"{"audience":null}"#, secret(weak)), Err(Code::JwkInvalid), "{weak} bytes");
    }
    assert_eq!(make(r#"{"audience":null,"algorithms":["RS256"]}"#, secret(32)), Err(Code::AlgNotAllowed));
    let for_encryption = Jwk::parse(format!("{{{EC_PUBLIC},\"use\":\"enc\"}}").as_bytes()).unwrap();
    assert_eq!(make(r#"{"audience":null}"#, for_encryption), Err(Code::JwkInvalid));
}

#[test]
fn expectations_of_a_call_come_on_top() {
    let verifier = with_jwk(r#"{"issuer":"i","audience":"a"}"#, &format!("{{{EC_PUBLIC}}}"));
    let check = |json: &str| {
        let call = verifier.expectations().for_call(json.as_bytes()).unwrap();
        verifier.verify(es256().as_bytes(), Some(&call), NOW, &mut Scratch::default()).map(|_| ())
    };
    assert_eq!(check(r#"{"subject":"s"}"#), Ok(()));
    let error = check(r#"{"subject":"other"}"#).unwrap_err();
    assert_eq!((error.claim.as_deref(), error.reason), (Some("sub"), Some(Reason::Mismatch)));
    assert!(check(r#"{"audience":"b"}"#).is_err(), "both audiences must hold");
}

#[test]
fn the_window_is_the_time_in_which_the_verifier_and_the_call_both_pass() {
    let verifier = with_jwk(r#"{"audience":"a","maxTokenAge":50}"#, &format!("{{{EC_PUBLIC}}}"));
    let claims = format!(r#"{{"aud":"a","sub":"s","iat":{},"auth_time":{NOW},"exp":{}}}"#, NOW - 10, NOW + 60);
    let token = sign_es256(r#"{"alg":"ES256"}"#, &claims);
    let window = |call: Option<&str>| {
        let call = call.map(|json| verifier.expectations().for_call(json.as_bytes()).unwrap());
        let window = verifier.verify(token.as_bytes(), call.as_ref(), NOW, &mut Scratch::default()).unwrap().window;
        [window.from, window.until].map(|time| time - i64::try_from(NOW).unwrap())
    };
    assert_eq!(window(None), [-10, 41]);
    assert_eq!(window(Some(r#"{"maxAge":30}"#)), [0, 31]);
    assert_eq!(window(Some(r#"{"maxAge":90}"#)), [0, 41]);
}

#[test]
fn extensions_that_the_application_handles_are_accepted() {
    let token = sign_es256(r#"{"alg":"ES256","crit":["x"],"x":1}"#, &format!(r#"{{"aud":"a","exp":{}}}"#, NOW + 60));
    let jwk = format!("{{{EC_PUBLIC}}}");
    assert!(verify(&with_jwk(r#"{"audience":"a","crit":["x"]}"#, &jwk), &token).is_ok());
    for options in [r#"{"audience":"a"}"#, r#"{"audience":"a","crit":["y"]}"#] {
        assert_eq!(verify(&with_jwk(options, &jwk), &token), Err(Code::NotSupported), "{options}");
    }
}

#[test]
fn every_damaged_token_is_refused_and_the_next_good_one_passes() {
    let verifier = with_jwk(r#"{"issuer":"i","audience":"a"}"#, &format!("{{{EC_PUBLIC}}}"));
    let good = es256();
    let mut scratch = Scratch::default();
    let mut refused = 0;
    for at in 0..good.len() {
        for replacement in [b"".as_slice(), b"A", b"=", b".", b"\xff", b"\0", b"AA"] {
            let mut damaged = good.clone().into_bytes();
            damaged.splice(at..=at, replacement.iter().copied());
            if damaged == good.as_bytes() {
                continue;
            }
            #[cfg(feature = "inspect")]
            inspect::agree(&verifier, &damaged, None, NOW);
            let error = verifier.verify(&damaged, None, NOW, &mut scratch).unwrap_err();
            let expected = [Code::JwsInvalid, Code::AlgNotAllowed, Code::SignatureVerificationFailed];
            assert!(expected.contains(&error.code), "{at} {replacement:?}: {error:?}");
            refused += 1;
        }
        assert!(verifier.verify(&good.as_bytes()[..at], None, NOW, &mut scratch).is_err());
        assert!(verifier.verify(good.as_bytes(), None, NOW, &mut scratch).is_ok());
    }
    assert!(refused > 6 * good.len());
}

#[test]
fn claims_are_read_only_once_the_signature_is_valid() {
    let verifier = with_jwk(r#"{"audience":"a"}"#, &format!("{{{EC_PUBLIC}}}"));
    for (claims, code) in [
        ("[]", Code::JwtInvalid),
        ("", Code::JwtInvalid),
        ("{\"aud\":\"a\",\"exp\":1,\"exp\":9999999999}", Code::JwtInvalid),
        ("{\"aud\":\"a\",\"exp\":1}", Code::JwtExpired),
        ("{\"aud\":\"a\"}", Code::ClaimValidationFailed),
    ] {
        let token = sign_es256(r#"{"alg":"ES256"}"#, claims);
        assert_eq!(verify(&verifier, &token), Err(code), "{claims}");
        let (input, _) = token.rsplit_once('.').unwrap();
        let forged = format!("{input}.{}", base64url::encode([1; 64]));
        assert_eq!(verify(&verifier, &forged), Err(Code::SignatureVerificationFailed), "{claims}");
    }
}

#[test]
fn a_token_that_was_decoded_gets_the_verdict_that_it_gets_otherwise() {
    let verifier = with_jwk(OPTIONS, &format!("{{{EC_PUBLIC}}}"));
    let good = es256();
    let (input, _) = good.rsplit_once('.').unwrap();
    let tokens = [
        good.clone(),
        format!("{input}.{}", base64url::encode([1; 64])),
        sign_es256(r#"{"alg":"ES256"}"#, r#"{"iss":"i","aud":"a","exp":1}"#),
        sign_es256(r#"{"alg":"ES384"}"#, "{}"),
        sign_es256(r#"{"alg":"ES256","crit":["x"],"x":1}"#, "{}"),
        sign_es256("[]", "{}"),
    ];
    for token in &tokens {
        let mut scratch = Scratch::default();
        decode_claims(token.as_bytes(), &mut scratch).unwrap();
        let decoded = verifier.verify_decoded(token.as_bytes(), None, NOW, &scratch);
        assert_eq!(decoded, verifier.verify(token.as_bytes(), None, NOW, &mut Scratch::default()), "{token}");
        // What was decoded of another does not pass with it.
        if *token != good {
            assert!(verifier.verify_decoded(good.as_bytes(), None, NOW, &scratch).is_err(), "{token}");
        }
    }
}

#[test]
fn a_signature_that_somebody_else_verified_counts_for_a_candidate_alone() {
    let key = |kid: &str| format!(r#"{{"kid":"{kid}",{EC_PUBLIC}}}"#);
    let verifier = with_set(OPTIONS, &format!(r#"{{"keys":[{},{},{}]}}"#, key("k"), key("l"), key("k")));
    let verify = |verifier: &Verifier, token: &str, key| {
        let by = SignatureBy::Other(key);
        let verified = verifier.verify_signed(by, token.as_bytes(), None, NOW, &mut Scratch::default());
        verified.map(|verified| verified.key).map_err(|error| error.code)
    };
    let candidates = |verifier: &Verifier, token: &str| {
        verifier.candidates(token.as_bytes(), &mut Scratch::default()).map_err(|error| error.code)
    };
    let token = es256();
    assert_eq!(candidates(&verifier, &token), Ok(vec![0, 2]));
    for (index, expected) in
        [(Some(0), Ok(0)), (Some(2), Ok(2)), (Some(1), Err(())), (Some(3), Err(())), (None, Err(()))]
    {
        let expected = expected.map_err(|()| Code::SignatureVerificationFailed);
        assert_eq!(verify(&verifier, &token, index), expected, "{index:?}");
    }
    let other = sign_es256(r#"{"alg":"ES256","kid":"m"}"#, "{}");
    assert_eq!(candidates(&verifier, &other), Err(Code::JwksNoMatchingKey));
    let expired = sign_es256(r#"{"alg":"ES256","kid":"k"}"#, r#"{"iss":"i","aud":"a","exp":1}"#);
    assert_eq!(verify(&verifier, &expired, Some(0)), Err(Code::JwtExpired), "the other checks are made");

    let secret = Verifier::with_key(options(OPTIONS), Material::Oct { k: vec![7; 32] }.into()).unwrap();
    let token =
        token.replacen(&base64url::encode(r#"{"alg":"ES256","kid":"k"}"#), &base64url::encode(r#"{"alg":"HS256"}"#), 1);
    assert_eq!(verify(&secret, &token, Some(0)), Err(Code::SignatureVerificationFailed), "a secret is nobody else's");
}
