//! The ID token: each check of OpenID Connect Core §3.1.3.7, passed and failed.

use tollgate::error::Error;
use tollgate::http::{Answer, Step};
use tollgate::oauth::{AuthorizationRequest, Client, Grant, Tokens};
use tollgate::text::base64url;

use super::server::{
    Exchange, JWKS, METADATA, NOW, TOKEN, authorize, callback, client, client_with, finish, json, metadata, outages,
    run, token_response,
};
use super::signer::{Signer, claims, jwks};

/// The outcome of a login whose token endpoint issues `id_token`.
fn login(id_token: &str, keys: impl IntoIterator<Item = Exchange>) -> Result<Tokens, Error> {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    login_of(&mut client, &request, id_token, keys)
}

fn login_of(
    client: &mut Client,
    request: &AuthorizationRequest,
    id_token: &str,
    keys: impl IntoIterator<Item = Exchange>,
) -> Result<Tokens, Error> {
    let script: Vec<_> = [(TOKEN, token_response(id_token, ""))].into_iter().chain(keys).collect();
    finish(client, request, script).result.map(|granted| granted.tokens)
}

fn es256_keys() -> [Exchange; 1] {
    [(JWKS, jwks([Signer::ES256.jwk()]))]
}

/// The outcome of a login with `options` whose ID token has these changes.
fn login_with(options: &str, changes: &[(&str, &str)]) -> Result<Tokens, Error> {
    let mut client = client();
    let request = authorize(&mut client, options);
    login_of(&mut client, &request, &Signer::ES256.id_token(changes), es256_keys())
}

fn refused(options: &str, changes: &[(&str, &str)]) -> (String, String) {
    let error = login_with(options, changes).unwrap_err();
    let about = error.claim.as_deref().unwrap_or_default();
    (error.code.as_str().into(), format!("{about} {}", error.reason.map_or("", |reason| reason.as_str())))
}

#[test]
fn claims_that_agree_pass() {
    let at_hash = format!("\"{}\"", base64url::encode(&tollgate::crypto::hash::sha256(b"at-1")[..16]));
    let just_valid = (NOW - 29).to_string();
    for changes in [
        &[][..],
        &[("aud", r#"["app"]"#)],
        &[("aud", r#"["app","other"]"#), ("azp", r#""app""#)],
        &[("azp", r#""app""#)],
        &[("at_hash", &at_hash)],
        &[("exp", &just_valid)],
        &[("exp", "1700000300.5")],
        &[("iat", "1.7e9")],
        &[("auth_time", "1699999999.25")],
        &[("name", r#"{"nested":["é",1e400]}"#)],
    ] {
        assert!(login_with("{}", changes).is_ok(), "{changes:?}");
    }
}

#[test]
fn each_claim_that_disagrees_is_named() {
    let too_old = (NOW - 30).to_string();
    for (claim, value, reason) in [
        ("iss", r#""https://evil.example""#, "mismatch"),
        ("iss", r#""https://as.example/""#, "mismatch"),
        ("iss", "", "missing"),
        ("iss", "1", "malformed"),
        ("sub", "", "missing"),
        ("sub", r#""""#, "malformed"),
        ("sub", "1", "malformed"),
        ("aud", r#""other""#, "mismatch"),
        ("aud", r#"["other"]"#, "mismatch"),
        ("aud", "[]", "mismatch"),
        ("aud", r#""""#, "mismatch"),
        ("aud", r#"["app",1]"#, "malformed"),
        ("aud", "{}", "malformed"),
        ("aud", "", "missing"),
        ("azp", r#""other""#, "mismatch"),
        ("azp", "1", "malformed"),
        ("iat", "", "missing"),
        ("iat", r#""1700000000""#, "malformed"),
        ("exp", "", "missing"),
        ("exp", r#""1700000300""#, "malformed"),
        ("exp", "1e400", "malformed"),
        ("nbf", "1700000031", "mismatch"),
        ("nonce", r#""another""#, "mismatch"),
        ("nonce", r#""""#, "mismatch"),
        ("nonce", "", "missing"),
        ("nonce", "1", "malformed"),
        ("at_hash", r#""AAAAAAAAAAAAAAAAAAAAAA""#, "mismatch"),
        ("at_hash", r#""""#, "mismatch"),
        ("at_hash", "1", "malformed"),
        ("auth_time", r#""now""#, "malformed"),
        ("auth_time", "-1", "malformed"),
    ] {
        let expected = ("ERR_JWT_CLAIM_VALIDATION_FAILED".into(), format!("{claim} {reason}"));
        assert_eq!(refused("{}", &[(claim, value)]), expected, "{claim}: {value}");
    }
    assert_eq!(refused("{}", &[("exp", &too_old)]), ("ERR_JWT_EXPIRED".into(), "exp mismatch".into()));
    let several = [("aud", r#"["app","other"]"#)];
    assert_eq!(refused("{}", &several), ("ERR_JWT_CLAIM_VALIDATION_FAILED".into(), "azp missing".into()));
}

#[test]
fn at_hash_is_of_the_hash_that_the_algorithm_uses() {
    let sha512 = tollgate::crypto::hash::Hash::Sha512.digest(b"at-1");
    for (half, valid) in
        [(&sha512[..32], true), (&sha512[..16], false), (&tollgate::crypto::hash::sha256(b"at-1")[..16], false)]
    {
        let at_hash = format!("\"{}\"", base64url::encode(half));
        let id_token = Signer::EDDSA.id_token(&[("at_hash", &at_hash)]);
        assert_eq!(login(&id_token, [(JWKS, jwks([Signer::EDDSA.jwk()]))]).is_ok(), valid);
    }
}

#[test]
fn max_age_needs_an_authentication_that_is_recent_enough() {
    let options = r#"{"max_age":60}"#;
    for (auth_time, valid) in [
        ("1699999940", true),
        ("1699999910", true),
        ("1699999909", false),
        ("1699999909.9", false),
        ("1700000010", true),
    ] {
        assert_eq!(login_with(options, &[("auth_time", auth_time)]).is_ok(), valid, "{auth_time}");
    }
    assert_eq!(refused(options, &[]), ("ERR_JWT_CLAIM_VALIDATION_FAILED".into(), "auth_time missing".into()));
    assert_eq!(refused(r#"{"max_age":0}"#, &[("auth_time", "1699999900")]).1, "auth_time mismatch");
}

#[test]
fn the_clock_tolerance_can_be_chosen() {
    for (tolerance, valid) in [(0, false), (10, false), (11, true)] {
        let mut client = client_with(&format!(r#","clockTolerance":{tolerance}"#));
        let request = authorize(&mut client, "{}");
        let id_token = Signer::ES256.id_token(&[("exp", &(NOW - 10).to_string())]);
        assert_eq!(login_of(&mut client, &request, &id_token, es256_keys()).is_ok(), valid, "{tolerance}");
    }
}

#[test]
fn an_id_token_is_required_when_openid_was_asked_for() {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let script = [(TOKEN, json(r#"{"access_token":"at-1","token_type":"Bearer"}"#))];
    let error = finish(&mut client, &request, script).result.unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_OIDC_ID_TOKEN_MISSING");
}

#[test]
fn algorithms_that_prove_nothing_are_refused_before_any_key_is_asked_for() {
    for alg in ["none", "None", "HS256", "HS512", "ES224", "ES256k", "Ed448", ""] {
        let token = Signer::ES256.sign(&format!(r#"{{"alg":"{alg}"}}"#), &claims(&[]));
        for token in [token.clone(), format!("{}.", token.rsplit_once('.').unwrap().0)] {
            assert_eq!(login(&token, []).unwrap_err().code.as_str(), "ERR_JOSE_ALG_NOT_ALLOWED", "{alg}");
        }
    }
}

#[test]
fn the_algorithm_is_one_that_the_server_announces() {
    let request = authorize(&mut client(), "{}");
    for (announced, valid) in
        [(r#"["ES256"]"#, true), (r#"["RS256","ES256"]"#, true), (r#"["RS256"]"#, false), ("[]", false)]
    {
        let mut client = client();
        let announced = metadata(&format!(r#","id_token_signing_alg_values_supported":{announced}"#));
        let transaction = request.transaction.to_json();
        let mut grant = Grant::authorization_code(&client, &callback(&request), Some(&transaction), NOW).unwrap();
        let keys = valid.then(es256_keys).into_iter().flatten();
        let script =
            [(METADATA, announced), (TOKEN, token_response(&Signer::ES256.id_token(&[]), ""))].into_iter().chain(keys);
        let result = run(script, |answer| grant.step(&mut client, NOW, answer)).result;
        assert_eq!(
            result.map(|_| ()).map_err(|error| error.code.as_str()),
            if valid { Ok(()) } else { Err("ERR_JOSE_ALG_NOT_ALLOWED") }
        );
    }
}

#[test]
fn tokens_that_are_not_signed_jwts_are_refused() {
    for (token, code) in [
        ("", "ERR_JWS_INVALID"),
        ("x", "ERR_JWS_INVALID"),
        ("a.b.c", "ERR_JWS_INVALID"),
        ("a.b.c.d.e", "ERR_JWS_INVALID"),
        (&Signer::ES256.sign("{}", &claims(&[])), "ERR_JWS_INVALID"),
        (&Signer::ES256.sign(r#"{"alg":"ES256","crit":["x"],"x":1}"#, &claims(&[])), "ERR_JOSE_NOT_SUPPORTED"),
    ] {
        assert_eq!(login(token, []).unwrap_err().code.as_str(), code, "{token}");
    }
    for payload in ["", "[]", "null", r#"{"a":1"#, r#"{"sub":"a","sub":"b"}"#] {
        let token = Signer::ES256.token(payload);
        assert_eq!(login(&token, es256_keys()).unwrap_err().code.as_str(), "ERR_JWT_INVALID", "{payload}");
    }
}

#[test]
fn a_signature_of_another_key_is_refused() {
    let forged = Signer { seed: 9, ..Signer::ES256 }.id_token(&[]);
    let error = login(&forged, es256_keys()).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    let genuine = Signer::ES256.id_token(&[]);
    let (signed, signature) = genuine.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let changed = format!("{header}.{}.{signature}", base64url::encode(claims(&[("sub", r#""mallory""#)])));
    for token in [changed, format!("{signed}."), format!("{signed}.AAAA")] {
        assert_eq!(
            login(&token, es256_keys()).unwrap_err().code.as_str(),
            "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
            "{token}"
        );
    }
}

#[test]
fn without_a_kid_every_key_that_fits_is_tried() {
    let keys = [3, 4, 5].map(|seed| Signer { seed, ..Signer::ES256 }.jwk());
    for (seed, valid) in [(3, true), (4, true), (5, true), (6, false)] {
        let token = Signer { kid: None, seed, ..Signer::ES256 }.id_token(&[]);
        assert_eq!(login(&token, [(JWKS, jwks(keys.clone()))]).is_ok(), valid, "{seed}");
    }
}

#[test]
fn keys_of_one_kid_are_all_tried() {
    let keys = [Signer::ES256, Signer { seed: 7, ..Signer::ES256 }].map(Signer::jwk);
    let token = Signer { seed: 7, ..Signer::ES256 }.id_token(&[]);
    assert!(login(&token, [(JWKS, jwks(keys))]).is_ok());
}

#[test]
fn a_key_of_another_kid_or_purpose_is_not_used() {
    let jwk = Signer::ES256.jwk();
    let for_encryption = jwk.replace("{", r#"{"use":"enc","#);
    let of_another_alg = jwk.replace("{", r#"{"alg":"ES384","#);
    let renamed = jwk.replace(r#""kid":"es""#, r#""kid":"ES""#);
    for keys in [vec![], vec![for_encryption], vec![of_another_alg], vec![renamed], vec![Signer::EDDSA.jwk()]] {
        let error = login(&Signer::ES256.id_token(&[]), [(JWKS, jwks(keys.clone()))]).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_JWKS_NO_MATCHING_KEY", "{keys:?}");
    }
}

#[test]
fn keys_that_rotate_are_fetched_again_once() {
    let (old, new) = (Signer::ES256, Signer { kid: Some("new"), seed: 8, ..Signer::ES256 });
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let mut login = |id_token: &str, keys: &[Exchange]| login_of(&mut client, &request, id_token, keys.to_vec());
    login(&old.id_token(&[]), &[(JWKS, jwks([old.jwk()]))]).unwrap();
    login(&old.id_token(&[]), &[]).unwrap();
    login(&new.id_token(&[]), &[(JWKS, jwks([old.jwk(), new.jwk()]))]).unwrap();
    login(&new.id_token(&[]), &[]).unwrap();
    let same_kid = Signer { seed: 9, ..new };
    login(&same_kid.id_token(&[]), &[(JWKS, jwks([same_kid.jwk()]))]).unwrap();
    let unknown = Signer { kid: Some("unknown"), ..new };
    let error = login(&unknown.id_token(&[]), &[(JWKS, jwks([new.jwk()]))]).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_JWKS_NO_MATCHING_KEY");
}

#[test]
fn keys_are_good_for_ten_minutes() {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let mut login_at = |now: u64, keys: &[Exchange]| {
        let (transaction, id_token) = (request.transaction.to_json(), Signer::ES256.id_token(&[("exp", "1800000000")]));
        let mut grant = Grant::authorization_code(&client, &callback(&request), Some(&transaction), now).unwrap();
        let script: Vec<_> = [(TOKEN, token_response(&id_token, ""))].into_iter().chain(keys.to_vec()).collect();
        run(script, |answer| grant.step(&mut client, now, answer)).result.unwrap();
    };
    login_at(NOW, &es256_keys());
    login_at(NOW + 599, &[]);
    login_at(NOW + 600, &es256_keys());
}

#[test]
fn an_outage_of_the_keys_says_what_happened() {
    for (answer, code) in outages() {
        assert_eq!(login(&Signer::ES256.id_token(&[]), [(JWKS, answer)]).unwrap_err().code.as_str(), code);
    }
    for body in ["", "<html>", "{}", r#"{"keys":{}}"#] {
        let error = login(&Signer::ES256.id_token(&[]), [(JWKS, json(body))]).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_JWKS_INVALID", "{body}");
    }
}

#[test]
fn a_signature_that_was_not_asked_about_proves_nothing() {
    let forged = Signer { seed: 9, ..Signer::ES256 }.id_token(&[]);
    let mut client = client();
    let request = authorize(&mut client, "{}");
    for keys_are_known in [false, true] {
        let transaction = request.transaction.to_json();
        let mut grant = Grant::authorization_code(&client, &callback(&request), Some(&transaction), NOW).unwrap();
        grant.step(&mut client, NOW, None).unwrap();
        let mut step = grant.step(&mut client, NOW, Some(token_response(&forged, ""))).unwrap();
        if keys_are_known {
            assert!(matches!(step, Step::VerifySignature(_)));
            step = grant.step(&mut client, NOW, Some(Answer::Signature(false))).unwrap();
        }
        assert!(matches!(step, Step::Fetch(_)), "the keys are asked for");
        let error = grant.step(&mut client, NOW, Some(Answer::Signature(true))).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_FETCH_FAILED");
        login_of(
            &mut client,
            &request,
            &Signer::ES256.id_token(&[]),
            es256_keys().into_iter().skip(keys_are_known.into()),
        )
        .unwrap();
    }
}
