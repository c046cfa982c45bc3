//! Finding the metadata of the issuer, and what a login refuses of it.

use tollgate::error::Error;
use tollgate::oauth::{AuthorizationRequest, Options};

use super::server::{
    Exchange, METADATA, NOW, Outcome, authorization, client, client_with, json, metadata, outages, run, status,
};

const OAUTH_METADATA: &str = "GET https://as.example/.well-known/oauth-authorization-server";

fn discover(script: impl IntoIterator<Item = Exchange>) -> Outcome<AuthorizationRequest> {
    let mut client = client();
    let mut flow = authorization(&client, "{}");
    run(script, |answer| flow.step(&mut client, NOW, answer))
}

fn refused(script: impl IntoIterator<Item = Exchange>) -> Error {
    discover(script).result.unwrap_err()
}

#[test]
fn the_location_of_rfc_8414_is_tried_after_that_of_openid_connect() {
    discover([(METADATA, status(404, "")), (OAUTH_METADATA, metadata(""))]).result.unwrap();
    let error = refused([(METADATA, status(404, "")), (OAUTH_METADATA, status(404, ""))]);
    assert_eq!((error.code.as_str(), error.response.as_ref().unwrap().status), ("ERR_FETCH_STATUS", Some(404)));
}

#[test]
fn an_outage_says_what_happened() {
    for (answer, code) in outages() {
        assert_eq!(refused([(METADATA, answer)]).code.as_str(), code);
    }
}

#[test]
fn metadata_of_another_issuer_is_refused() {
    for issuer in ["https://as.example/", "https://AS.example", "https://evil.example", "http://as.example"] {
        let body = format!(
            r#"{{"issuer":"{issuer}","authorization_endpoint":"https://as.example/a","token_endpoint":"https://as.example/t"}}"#
        );
        assert_eq!(refused([(METADATA, json(body))]).code.as_str(), "ERR_OAUTH_METADATA_ISSUER_MISMATCH", "{issuer}");
    }
}

#[test]
fn a_server_without_s256_is_not_asked_for_less() {
    let answer = metadata(r#","code_challenge_methods_supported":["plain"]"#);
    assert_eq!(refused([(METADATA, answer)]).code.as_str(), "ERR_PKCE_NOT_SUPPORTED");
}

#[test]
fn metadata_that_cannot_be_used_is_refused() {
    for (answer, code) in [
        (json(""), "ERR_OAUTH_METADATA_INVALID"),
        (json("<html>"), "ERR_OAUTH_METADATA_INVALID"),
        (json("[]"), "ERR_OAUTH_METADATA_INVALID"),
        (json(r#"{"issuer":"https://as.example"}"#), "ERR_OAUTH_METADATA_INVALID"),
        (metadata(r#","token_endpoint":"https://evil.example/token""#), "ERR_OAUTH_METADATA_INVALID"),
        (metadata(r#","response_types_supported":1,"jwks_uri":null"#), "ERR_OAUTH_METADATA_INVALID"),
    ] {
        assert_eq!(refused([(METADATA, answer)]).code.as_str(), code);
    }
    for endpoint in ["http://as.example/token", "javascript:alert(1)", "/token", "https://user@as.example/token"] {
        let body = format!(
            r#"{{"issuer":"https://as.example","authorization_endpoint":"https://as.example/a","token_endpoint":"{endpoint}"}}"#
        );
        assert_eq!(refused([(METADATA, json(body))]).code.as_str(), "ERR_FETCH_INSECURE", "{endpoint}");
    }
}

#[test]
fn a_failure_is_not_remembered() {
    let mut client = client();
    for (script, succeeds) in [([(METADATA, status(500, ""))], false), ([(METADATA, metadata(""))], true)] {
        let mut flow = authorization(&client, "{}");
        let outcome = run(script, |answer| flow.step(&mut client, NOW, answer));
        assert_eq!(outcome.result.is_ok(), succeeds);
    }
    let mut flow = authorization(&client, "{}");
    run([], |answer| flow.step(&mut client, NOW, answer)).result.unwrap();
}

#[test]
fn a_loopback_server_may_be_without_tls() {
    let options = r#"{"issuer":"http://localhost:3000","client_id":"app","redirect_uri":"http://localhost:8080/"}"#;
    assert!(Options::from_json(options).is_ok());
}

#[test]
fn options_that_cannot_be_used_are_refused() {
    let issuer = r#""issuer":"https://as.example""#;
    let redirect_uri = r#""redirect_uri":"https://app.example/cb""#;
    for (options, code, claim) in [
        ("".into(), "ERR_OPTION_INVALID", None),
        ("[]".into(), "ERR_OPTION_INVALID", None),
        (format!(r#"{{"client_id":"app",{redirect_uri}}}"#), "ERR_OPTION_INVALID", Some("issuer")),
        (format!(r#"{{{issuer},{redirect_uri}}}"#), "ERR_OPTION_INVALID", Some("client_id")),
        (format!(r#"{{{issuer},{redirect_uri},"client_id":""}}"#), "ERR_OPTION_INVALID", Some("client_id")),
        (format!(r#"{{{issuer},"client_id":"app"}}"#), "ERR_OPTION_INVALID", Some("redirect_uri")),
        (format!(r#"{{{issuer},{redirect_uri},"client_id":1}}"#), "ERR_OPTION_INVALID", Some("client_id")),
        (
            format!(r#"{{{issuer},{redirect_uri},"client_id":"a","scope":["openid"]}}"#),
            "ERR_OPTION_INVALID",
            Some("scope"),
        ),
        (
            format!(r#"{{{issuer},{redirect_uri},"client_id":"a","resource":[1]}}"#),
            "ERR_OPTION_INVALID",
            Some("resource"),
        ),
        (
            format!(r#"{{{issuer},{redirect_uri},"client_id":"a","clockTolerance":-1}}"#),
            "ERR_OPTION_INVALID",
            Some("clockTolerance"),
        ),
        (
            format!(r#"{{{issuer},{redirect_uri},"client_id":"a","post_logout_redirect_uri":1}}"#),
            "ERR_OPTION_INVALID",
            Some("post_logout_redirect_uri"),
        ),
        (
            format!(r#"{{"issuer":"http://as.example","client_id":"a",{redirect_uri}}}"#),
            "ERR_FETCH_INSECURE",
            Some("issuer"),
        ),
    ] {
        let error = Options::from_json(&options).unwrap_err();
        assert_eq!((error.code.as_str(), error.claim.as_deref()), (code, claim), "{options}");
    }
}

#[test]
fn the_default_scope_is_openid_and_the_default_tolerance_30_seconds() {
    let options = client().options;
    assert_eq!((options.scope.as_str(), options.clock_tolerance), ("openid", 30));
    let options = client_with(r#","scope":"a b","clockTolerance":0,"resource":[]"#).options;
    assert_eq!((options.scope.as_str(), options.clock_tolerance, options.resource.len()), ("a b", 0, 0));
}

#[test]
fn an_option_that_is_not_known_is_refused() {
    let json =
        r#"{"issuer":"https://as.example","client_id":"spa","redirect_uri":"https://app.example/","scopes":"openid"}"#;
    let error = Options::from_json(json).unwrap_err();
    assert_eq!((error.code.as_str(), error.claim.as_deref()), ("ERR_OPTION_INVALID", Some("scopes")));
}
