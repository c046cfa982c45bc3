//! The UserInfo endpoint with any access token: whose claims they are, plain and signed.

use tollgate::error::Error;
use tollgate::http::Answer;
use tollgate::text::base64url;

use super::endpoints::{answer, bound, fapi, header, run, typed};
use super::registered::{PUBLIC, bare, failure, outcome, server};
use super::server::{USERINFO, keys, outages, status};
use super::signer::{Signer, claims};

const BEARER: &str = r#""access_token":"at-1","token_type":"Bearer""#;
const JSON: &str = "application/json";
const JWT: &str = "application/jwt";

fn parameters(members: &str) -> String {
    format!("{{{BEARER}{members}}}")
}

fn ask(members: &str, answer: Answer) -> Result<String, Error> {
    run("userInfo", &parameters(members), [(USERINFO, answer)]).result
}

const ALICE: &str = r#","sub":"alice""#;

#[test]
fn the_claims_are_about_the_user_of_the_id_token_or_the_one_that_is_named() {
    let body = r#"{"sub":"alice","email":"a@example.com"}"#;
    for members in [
        ALICE,
        r#","claims":{"sub":"alice"}"#,
        r#","claims":{"sub":"alice"},"sub":"alice""#,
        r#","dangerouslySkipSubjectCheck":true"#,
    ] {
        assert_eq!(ask(members, typed(JSON, body)).unwrap(), body, "{members}");
    }
    for (members, body) in [
        (ALICE, r#"{"sub":"mallory"}"#),
        (ALICE, r#"{"sub":"Alice"}"#),
        (ALICE, "{}"),
        (r#","claims":{"sub":"alice"}"#, r#"{"sub":"mallory"}"#),
        (r#","dangerouslySkipSubjectCheck":true"#, "{}"),
        (r#","dangerouslySkipSubjectCheck":true"#, r#"{"sub":""}"#),
        (r#","dangerouslySkipSubjectCheck":true"#, r#"{"sub":1}"#),
    ] {
        let expected = ("ERR_OIDC_USER_INFO_INVALID", Some("sub".into()));
        assert_eq!(failure(ask(members, typed(JSON, body))), expected, "{members} {body}");
    }
}

#[test]
fn who_asks_says_about_whom() {
    for (members, code, claim) in [
        ("", "ERR_OIDC_ID_TOKEN_MISSING", None),
        (r#","dangerouslySkipSubjectCheck":false"#, "ERR_OIDC_ID_TOKEN_MISSING", None),
        (r#","claims":{"sub":"alice"},"sub":"bob""#, "ERR_OPTION_INVALID", Some("sub")),
        (r#","claims":{}"#, "ERR_OPTION_INVALID", Some("sub")),
        (
            r#","sub":"alice","dangerouslySkipSubjectCheck":true"#,
            "ERR_OPTION_INVALID",
            Some("dangerouslySkipSubjectCheck"),
        ),
        (r#","sub":"alice","skip":true"#, "ERR_OPTION_INVALID", Some("skip")),
    ] {
        let result = run("userInfo", &parameters(members), []).result;
        assert_eq!(failure(result), (code, claim.map(String::from)), "{members}");
    }
    for (token, claim) in [
        (r#""access_token":"a b","token_type":"Bearer""#, "access_token"),
        (r#""access_token":"","token_type":"Bearer""#, "access_token"),
        (r#""access_token":"a""#, "token_type"),
        (r#""access_token":"a","token_type":"N_A""#, "token_type"),
        (r#""access_token":"a","token_type":"MAC""#, "token_type"),
    ] {
        let result = run("userInfo", &format!("{{{token}{ALICE}}}"), []).result;
        assert_eq!(failure(result), ("ERR_OPTION_INVALID", Some(claim.into())), "{token}");
    }
}

#[test]
fn the_content_type_says_what_an_answer_is() {
    let jwt = Signer::ES256.id_token(&[]);
    for (content_type, body) in
        [("text/html", "{}"), ("", r#"{"sub":"alice"}"#), ("text/plain", &jwt), ("application/jose", &jwt)]
    {
        let expected = ("ERR_OIDC_USER_INFO_INVALID", Some("content-type".into()));
        assert_eq!(failure(ask(ALICE, typed(content_type, body))), expected, "{content_type}");
    }
    for body in ["", "<html>", "[]", r#"{"sub":"alice","sub":"mallory"}"#, &jwt] {
        assert_eq!(failure(ask(ALICE, typed(JSON, body))).0, "ERR_OIDC_USER_INFO_INVALID", "{body}");
    }
    let signed = r#","sub":"alice","signed":true"#;
    let expected = ("ERR_OIDC_USER_INFO_INVALID", Some("content-type".into()));
    assert_eq!(failure(ask(signed, typed(JSON, r#"{"sub":"alice"}"#))), expected);
}

fn ask_signed(metadata_members: &str, token: &str) -> Result<String, Error> {
    let script = [(USERINFO, typed("application/jwt; charset=utf-8", token)), keys()];
    outcome(&mut server(metadata_members), "userInfo", PUBLIC, &parameters(ALICE), script).result
}

#[test]
fn a_signed_answer_is_by_this_server_for_this_client() {
    let token = |changes: &[(&str, &str)]| Signer::ES256.id_token(changes);
    for changes in [&[][..], &[("iss", ""), ("aud", ""), ("exp", ""), ("iat", "")], &[("aud", r#"["other","app"]"#)]] {
        assert!(ask_signed("", &token(changes)).unwrap().contains(r#""sub":"alice""#), "{changes:?}");
    }
    for (name, value, code) in [
        ("iss", r#""https://other.example""#, "ERR_JWT_CLAIM_VALIDATION_FAILED"),
        ("iss", "null", "ERR_JWT_CLAIM_VALIDATION_FAILED"),
        ("aud", r#""other""#, "ERR_JWT_CLAIM_VALIDATION_FAILED"),
        ("aud", "1", "ERR_JWT_CLAIM_VALIDATION_FAILED"),
        ("exp", "1", "ERR_JWT_EXPIRED"),
        ("nbf", "9999999999", "ERR_JWT_CLAIM_VALIDATION_FAILED"),
        ("sub", r#""mallory""#, "ERR_OIDC_USER_INFO_INVALID"),
        ("sub", "", "ERR_OIDC_USER_INFO_INVALID"),
    ] {
        assert_eq!(failure(ask_signed("", &token(&[(name, value)]))), (code, Some(name.into())), "{name} {value}");
    }
}

#[test]
fn a_signed_answer_is_signed_by_a_key_and_an_algorithm_of_the_server() {
    let forger = Signer { seed: 9, ..Signer::ES256 };
    assert_eq!(failure(ask_signed("", &forger.id_token(&[]))).0, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    let stranger = Signer { kid: Some("other"), ..Signer::ES256 };
    assert_eq!(failure(ask_signed("", &stranger.id_token(&[]))).0, "ERR_JWKS_NO_MATCHING_KEY");

    let refused = |members: &str, token: &str| {
        failure(
            outcome(&mut server(members), "userInfo", PUBLIC, &parameters(ALICE), [(USERINFO, typed(JWT, token))])
                .result,
        )
        .0
    };
    let only = r#","userinfo_signing_alg_values_supported":["RS256"]"#;
    assert_eq!(refused(only, &Signer::ES256.id_token(&[])), "ERR_JOSE_ALG_NOT_ALLOWED");
    let rs256 = format!("{}.{}.AAAA", base64url::encode(r#"{"alg":"RS256"}"#), base64url::encode("{}"));
    let result =
        outcome(&mut server(""), "userInfo", &fapi(), &parameters(ALICE), [(USERINFO, typed(JWT, rs256))]).result;
    assert_eq!(failure(result).0, "ERR_JOSE_ALG_NOT_ALLOWED");
    let payload = base64url::encode(claims(&[]));
    for (header, code) in [
        (r#"{"alg":"none"}"#, "ERR_JOSE_ALG_NOT_ALLOWED"),
        (r#"{"alg":"HS256"}"#, "ERR_JOSE_ALG_NOT_ALLOWED"),
        (r#"{"alg":"ES256","crit":["x"],"x":1}"#, "ERR_JOSE_NOT_SUPPORTED"),
    ] {
        assert_eq!(refused("", &format!("{}.{payload}.", base64url::encode(header))), code, "{header}");
    }
    assert_eq!(refused("", "{}"), "ERR_JWS_INVALID");
}

#[test]
fn a_challenge_says_why_a_token_was_refused() {
    let challenged = |challenge: &str| {
        let refusal = answer(401, "", |headers| headers.www_authenticate = Some(challenge.into()));
        let error = ask(ALICE, refusal).unwrap_err();
        let response = error.response.clone().unwrap();
        (error.code.as_str(), response.status, response.error, response.error_description)
    };
    let code = "ERR_OAUTH_ACCESS_TOKEN_REJECTED";
    let said =
        |error: &str, description: Option<&str>| (code, Some(401), Some(error.into()), description.map(String::from));
    let expired = r#"Basic, Bearer error="invalid_token", error_description="It has expired""#;
    assert_eq!(challenged(expired), said("invalid_token", Some("It has expired")));
    let repeating = r#"Bearer error="invalid_token", error_description="at-1 has expired""#;
    assert_eq!(challenged(repeating), said("invalid_token", None), "no token is quoted");
    for without in ["", "Bearer", "Bearer a=b, a=c"] {
        assert_eq!(challenged(without), (code, Some(401), None, None), "{without}");
    }
    let forbidden =
        answer(403, "", |headers| headers.www_authenticate = Some("Bearer error=insufficient_scope".into()));
    assert_eq!(failure(ask(ALICE, forbidden)).0, "ERR_FETCH_STATUS");
    for (answer, code) in outages() {
        assert_eq!(failure(ask(ALICE, answer)).0, code);
    }
    assert_eq!(failure(ask(ALICE, status(204, ""))).0, "ERR_FETCH_STATUS");
}

#[test]
fn a_bound_token_comes_with_a_proof_and_once_more_with_a_nonce() {
    let tokens = format!(r#"{{"access_token":"at-1","token_type":"DPoP"{ALICE}}}"#);
    let challenge = || {
        answer(401, "", |headers| {
            headers.dpop_nonce = Some("n1".into());
            headers.www_authenticate = Some("DPoP error=\"use_dpop_nonce\"".into());
        })
    };
    let script = [(USERINFO, challenge()), (USERINFO, typed(JSON, r#"{"sub":"alice"}"#))];
    let shown = outcome(&mut server(""), "userInfo", &bound(), &tokens, script);
    assert_eq!(shown.result.unwrap(), r#"{"sub":"alice"}"#);
    for (request, has_nonce) in shown.requests.iter().zip([false, true]) {
        assert_eq!(header(request, "authorization"), Some("DPoP at-1"));
        let payload = header(request, "dpop").unwrap().split('.').nth(1).unwrap();
        let payload = String::from_utf8(base64url::decode(payload).unwrap()).unwrap();
        // SHA-256 of `at-1`.
        assert!(payload.contains(r#""ath":"R8PYaIQdcYEdkSc9TeGyiUqSAedmCQuOQImPRh1E3HI""#), "{payload}");
        assert!(payload.contains(r#""htm":"GET","htu":"https://as.example/userinfo""#), "{payload}");
        assert_eq!(payload.contains(r#""nonce":"n1""#), has_nonce);
    }
    let twice =
        outcome(&mut server(""), "userInfo", &bound(), &tokens, [(USERINFO, challenge()), (USERINFO, challenge())]);
    assert_eq!(failure(twice.result).0, "ERR_OAUTH_ACCESS_TOKEN_REJECTED");
    let keyless = run("userInfo", &tokens, []).result;
    assert_eq!(failure(keyless), ("ERR_OPTION_INVALID", Some("dpop".into())));
}

#[test]
fn the_server_is_asked_for_what_is_taken() {
    for (members, accept) in [(ALICE, "application/json, application/jwt"), (r#","sub":"alice","signed":true"#, JWT)] {
        let outcome = run("userInfo", &parameters(members), [(USERINFO, status(500, ""))]);
        assert_eq!(header(&outcome.requests[0], "accept"), Some(accept));
        assert_eq!(header(&outcome.requests[0], "authorization"), Some("Bearer at-1"));
    }
    let missing = outcome(&mut bare(), "userInfo", PUBLIC, &parameters(ALICE), []).result;
    assert_eq!(failure(missing), ("ERR_OAUTH_METADATA_INVALID", Some("userinfo_endpoint".into())));
}
