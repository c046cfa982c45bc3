//! Token exchange (RFC 8693).

use tollgate::http::Answer;

use super::flow::{Outcome, run, tokens};
use super::registered::PUBLIC;
use super::server::{TOKEN, json, status};
use super::signer;

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

fn exchange(members: &str, answer: Answer) -> Outcome {
    exchange_of(PUBLIC, members, answer)
}

fn exchange_of(client: &str, members: &str, answer: Answer) -> Outcome {
    let parameters = format!(r#"{{"subject_token":"st-secret","subject_token_type":"{ACCESS_TOKEN}"{members}}}"#);
    run("tokenExchange", client, &parameters, [(TOKEN, answer)])
}

fn issued(token_type: &str, members: &str) -> Answer {
    json(format!(r#"{{"access_token":"issued","token_type":"{token_type}"{members}}}"#))
}

#[test]
fn everything_that_is_asked_for_is_sent() {
    let members = r#","actor_token":"at","actor_token_type":"urn:x:actor","requested_token_type":"urn:x:wanted","audience":["a","b"],
        "resource":"https://r.example","scope":"s","parameters":{"more":"m"}"#;
    let outcome = exchange(members, issued("Bearer", r#","issued_token_type":"urn:x:wanted""#));
    let expected = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", "st-secret"),
        ("subject_token_type", ACCESS_TOKEN),
        ("actor_token", "at"),
        ("actor_token_type", "urn:x:actor"),
        ("requested_token_type", "urn:x:wanted"),
        ("audience", "a"),
        ("audience", "b"),
        ("scope", "s"),
        ("resource", "https://r.example"),
        ("more", "m"),
        ("client_id", "app"),
    ];
    assert_eq!(outcome.forms(), [expected.map(|(name, value)| (name.into(), value.into()))]);
    let result = outcome.result.unwrap();
    assert_eq!((&result["response"]["issued_token_type"], &result["scope"]), (&"urn:x:wanted".into(), &"s".into()));
}

#[test]
fn a_request_that_cannot_be_right_is_not_sent() {
    for (parameters, claim) in [
        (r#""subject_token_type":"urn:x""#, "subject_token"),
        (r#""subject_token":"","subject_token_type":"urn:x""#, "subject_token"),
        (r#""subject_token":"t""#, "subject_token_type"),
        (r#""subject_token":"t","subject_token_type":"urn:x","actor_token":"a""#, "actor_token_type"),
        (r#""subject_token":"t","subject_token_type":"urn:x","actor_token_type":"urn:x""#, "actor_token"),
        (r#""subject_token":"t","subject_token_type":"urn:x","requested_token_type":"""#, "requested_token_type"),
        (r#""subject_token":"t","subject_token_type":"urn:x","audience":[1]"#, "audience"),
        (
            r#""subject_token":"t","subject_token_type":"urn:x","parameters":{"audience":"a"},"audience":"b""#,
            "audience",
        ),
        (
            r#""subject_token":"t","subject_token_type":"urn:x","parameters":{"requested_token_type":"urn:y"}"#,
            "requested_token_type",
        ),
        (r#""subject_token":"t","subject_token_type":"urn:x","assertion":"a""#, "assertion"),
    ] {
        let outcome = run("tokenExchange", PUBLIC, &format!("{{{parameters}}}"), []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some(claim)), "{parameters}");
    }
}

#[test]
fn the_response_says_what_was_issued() {
    for (members, claim) in [
        ("", "issued_token_type"),
        (r#","issued_token_type":null"#, "issued_token_type"),
        (r#","issued_token_type":"""#, "issued_token_type"),
        (r#","issued_token_type":1"#, "issued_token_type"),
    ] {
        let outcome = exchange("", tokens(members));
        assert_eq!(outcome.failure(), ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", Some(claim)), "{members}");
    }
    let outcome = exchange(
        r#","requested_token_type":"urn:x:wanted""#,
        issued("Bearer", r#","issued_token_type":"urn:x:other""#),
    );
    assert_eq!(outcome.failure(), ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", Some("issued_token_type")));
}

#[test]
fn only_what_is_no_access_token_has_no_token_type() {
    let saml = r#","issued_token_type":"urn:ietf:params:oauth:token-type:saml2""#;
    for spelled in ["N_A", "n_a"] {
        let outcome = exchange("", issued(spelled, saml));
        assert_eq!(outcome.result.unwrap()["token_type"], "N_A");
    }
    let access_token = format!(r#","issued_token_type":"{ACCESS_TOKEN}""#);
    for token_type in ["N_A", "mac", "DPoP"] {
        let outcome = exchange("", issued(token_type, &access_token));
        assert_eq!(outcome.failure(), ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", Some("token_type")), "{token_type}");
    }
    let outcome = run("clientCredentialsGrant", PUBLIC, "{}", [(TOKEN, issued("N_A", saml))]);
    assert_eq!(outcome.failure(), ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", Some("token_type")));
}

#[test]
fn a_client_with_a_key_takes_no_access_token_that_is_not_bound_to_it() {
    let client = format!(r#"{{"client_id":"app","dpop":{{"alg":"ES256","jwk":{}}}}}"#, signer::DPOP.jwk());
    let access_token = format!(r#","issued_token_type":"{ACCESS_TOKEN}""#);
    let outcome = exchange_of(&client, "", issued("DPoP", &access_token));
    assert!(outcome.requests[0].headers.iter().any(|(name, _)| *name == "dpop"));
    assert_eq!(outcome.result.unwrap()["token_type"], "DPoP");
    let outcome = exchange_of(&client, "", issued("Bearer", &access_token));
    assert_eq!(outcome.failure(), ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", Some("token_type")));
}

#[test]
fn a_refusal_is_reported_and_quotes_no_token() {
    let echo = r#"{"error":"invalid_target","error_description":"not for st-secret"}"#;
    let error = exchange("", status(400, echo)).result.unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_OAUTH_TOKEN_RESPONSE_ERROR");
    assert_eq!(error.response.as_ref().unwrap().error.as_deref(), Some("invalid_target"));
    assert!(!format!("{error:?} {error}").contains("st-secret"));
}
