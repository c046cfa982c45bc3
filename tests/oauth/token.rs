//! The token endpoint: what a Token Response must be, and what each failure becomes.

use tollgate::error::Error;
use tollgate::http::Answer;
use tollgate::oauth::Tokens;

use super::server::{NOW, TOKEN, authorize, client_with, finish, json, outages, status};

/// The outcome of a plain OAuth login (no ID token) whose token endpoint answers `answer`.
fn answered(answer: Answer) -> Result<Tokens, Error> {
    let mut client = client_with(r#","scope":"api""#);
    let request = authorize(&mut client, "{}");
    finish(&mut client, &request, [(TOKEN, answer)]).result.map(|granted| granted.tokens)
}

fn response(members: &str) -> Result<Tokens, Error> {
    answered(json(format!(r#"{{"access_token":"at-1"{members}}}"#)))
}

#[test]
fn a_token_type_is_bearer_in_any_case() {
    for bearer in ["Bearer", "bearer", "BEARER"] {
        assert!(response(&format!(r#","token_type":"{bearer}""#)).is_ok(), "{bearer}");
    }
    for (other, reason) in [
        (r#","token_type":"DPoP""#, "mismatch"),
        (r#","token_type":"bearer ""#, "mismatch"),
        (r#","token_type":"""#, "malformed"),
        (r#","token_type":1"#, "malformed"),
        (r#","token_type":null"#, "missing"),
        ("", "missing"),
    ] {
        let error = response(other).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_OAUTH_TOKEN_RESPONSE_INVALID", "{other}");
        assert_eq!((error.claim.as_deref(), error.reason.unwrap().as_str()), (Some("token_type"), reason), "{other}");
    }
}

#[test]
fn a_lifetime_is_optional_and_survives_how_servers_write_it() {
    for (written, expires_at) in [
        ("", None),
        (r#","expires_in":null"#, None),
        (r#","expires_in":3600"#, Some(NOW + 3600)),
        (r#","expires_in":3600.9"#, Some(NOW + 3600)),
        (r#","expires_in":"3600""#, Some(NOW + 3600)),
        (r#","expires_in":0"#, Some(NOW)),
        (r#","expires_in":9007199254740991"#, Some(NOW + (1 << 40))),
    ] {
        let tokens = response(&format!(r#","token_type":"bearer"{written}"#)).unwrap();
        assert_eq!(tokens.expires_at, expires_at, "{written}");
    }
    for malformed in [r#""""#, r#""soon""#, r#""-1""#, "-1", "[]", "true", r#""1e3""#, r#""99999999999999999999""#] {
        let error = response(&format!(r#","token_type":"bearer","expires_in":{malformed}"#)).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.claim.as_deref()),
            ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", Some("expires_in")),
            "{malformed}"
        );
    }
}

#[test]
fn the_granted_scope_is_the_one_that_was_asked_for_unless_the_server_says_otherwise() {
    assert_eq!(response(r#","token_type":"bearer""#).unwrap().scope, "api");
    assert_eq!(response(r#","token_type":"bearer","scope":"api:read""#).unwrap().scope, "api:read");
    assert!(response(r#","token_type":"bearer","scope":["api"]"#).is_err());
}

#[test]
fn what_is_not_a_token_response_is_refused() {
    for body in [
        "",
        "<html>",
        "null",
        "[]",
        "access_token=at-1&token_type=bearer",
        "{}",
        r#"{"access_token":"","token_type":"bearer"}"#,
        r#"{"access_token":"a b","token_type":"bearer"}"#,
        r#"{"access_token":"a\nb","token_type":"bearer"}"#,
        r#"{"access_token":1,"token_type":"bearer"}"#,
        r#"{"access_token":"a","access_token":"b","token_type":"bearer"}"#,
        r#"{"access_token":"a","token_type":"bearer","refresh_token":1}"#,
        r#"{"access_token":"a","token_type":"bearer","id_token":{}}"#,
        r#"{"access_token":"a","token_type":"bearer"} x"#,
        r#"{"error":1}"#,
    ] {
        assert_eq!(answered(json(body)).unwrap_err().code.as_str(), "ERR_OAUTH_TOKEN_RESPONSE_INVALID", "{body}");
    }
}

#[test]
fn an_error_response_is_an_error_whatever_its_status() {
    let body = r#"{"error":"invalid_client","error_description":"unknown client"}"#;
    for code in [200, 400, 401, 403, 429] {
        let error = answered(status(code, body)).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_OAUTH_TOKEN_RESPONSE_ERROR", "{code}");
        let response = error.response.as_ref().unwrap();
        assert_eq!(response.status, Some(code));
        assert_eq!(response.error.as_deref(), Some("invalid_client"));
        assert_eq!(response.error_description.as_deref(), Some("unknown client"));
    }
    for code in [200, 400, 401, 403] {
        let error = answered(status(code, r#"{"error":"invalid_grant"}"#)).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_OAUTH_INVALID_GRANT", "{code}");
        assert_eq!(error.response.as_ref().unwrap().error.as_deref(), Some("invalid_grant"));
    }
}

#[test]
fn a_status_without_an_error_response_is_reported_as_it_is() {
    for (code, body) in
        [(400, ""), (401, "<html>"), (403, "{}"), (404, ""), (201, r#"{"access_token":"a","token_type":"bearer"}"#)]
    {
        let error = answered(status(code, body)).unwrap_err();
        assert_eq!((error.code.as_str(), error.response.as_ref().unwrap().status), ("ERR_FETCH_STATUS", Some(code)));
    }
}

#[test]
fn an_outage_says_what_happened() {
    for (answer, code) in outages() {
        assert_eq!(answered(answer).unwrap_err().code.as_str(), code);
    }
    let error = answered(status(502, r#"{"error":"invalid_grant","error_description":"down"}"#)).unwrap_err();
    let response = error.response.as_ref().unwrap();
    assert_eq!(
        (error.code.as_str(), response.status, response.error.as_deref()),
        ("ERR_FETCH_STATUS", Some(502), Some("invalid_grant"))
    );
}

#[test]
fn what_a_server_says_is_cut_to_a_length() {
    let long = "x".repeat(100_000);
    let error =
        answered(status(400, &format!(r#"{{"error":"{long}","error_description":"a\n\u0007b{long}"}}"#))).unwrap_err();
    let response = error.response.as_ref().unwrap();
    assert_eq!(response.error.as_ref().unwrap().len(), 300);
    let description = response.error_description.as_ref().unwrap();
    assert!(description.len() == 300 && description.starts_with("abxx"));
}
