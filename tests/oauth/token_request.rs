//! What a Token Response must be for every grant of a registered client, and what each failure becomes.

use serde_json::Value;
use tollgate::error::Error;
use tollgate::http::Answer;

use super::flow::{run, tokens};
use super::registered::{PUBLIC, failure};
use super::server::{NOW, TOKEN, json, outages, status};
use super::signer;

fn answered(answer: Answer) -> Result<Value, Error> {
    run("clientCredentialsGrant", PUBLIC, r#"{"scope":"api"}"#, [(TOKEN, answer)]).result
}

fn refused(answer: Answer) -> (&'static str, Option<String>) {
    failure(answered(answer))
}

#[test]
fn a_response_is_read_however_servers_write_it() {
    for (body, member, expected) in [
        (r#"{"access_token":"a","token_type":"bearer"}"#, "token_type", r#""Bearer""#),
        (r#"{"access_token":"a","token_type":"BEARER"}"#, "token_type", r#""Bearer""#),
        (r#"{"access_token":"a","token_type":"bearer"}"#, "scope", r#""api""#),
        (r#"{"access_token":"a","token_type":"bearer","scope":"less"}"#, "scope", r#""less""#),
        (r#"{"access_token":"a","token_type":"bearer","scope":""}"#, "scope", r#""""#),
        (r#"{"access_token":"a","token_type":"bearer","scope":null}"#, "scope", r#""api""#),
        (r#"{"access_token":"a","token_type":"bearer"}"#, "expires_at", "null"),
        (r#"{"access_token":"a","token_type":"bearer","expires_in":null}"#, "expires_at", "null"),
        (r#"{"access_token":"a","token_type":"bearer","expires_in":60}"#, "expires_at", "1700000060"),
        (r#"{"access_token":"a","token_type":"bearer","expires_in":60.9}"#, "expires_at", "1700000060"),
        (r#"{"access_token":"a","token_type":"bearer","expires_in":6e1}"#, "expires_at", "1700000060"),
        (r#"{"access_token":"a","token_type":"bearer","expires_in":"60"}"#, "expires_at", "1700000060"),
        (r#"{"access_token":"a","token_type":"bearer","refresh_token":null}"#, "refresh_token", "null"),
        (r#"{"access_token":"a","token_type":"bearer","refresh_token":""}"#, "refresh_token", "null"),
        (r#"{"access_token":"a","token_type":"bearer","id_token":null}"#, "claims", "null"),
    ] {
        assert_eq!(answered(json(body)).unwrap()[member].to_string(), expected, "{body}");
    }
    assert_eq!(NOW, 1_700_000_000);
}

#[test]
fn everything_that_the_server_answered_is_kept() {
    let tokens = answered(tokens(r#","authorization_details":[{"type":"t"}],"tenant":"acme""#)).unwrap();
    assert_eq!(tokens["response"]["tenant"], "acme");
    assert_eq!(tokens["response"]["authorization_details"][0]["type"], "t");
}

#[test]
fn a_malformed_response_is_refused() {
    for (body, claim) in [
        (r#"{"access_token":"a"}"#, Some("token_type")),
        (r#"{"access_token":"a","token_type":null}"#, Some("token_type")),
        (r#"{"access_token":"a","token_type":"mac"}"#, Some("token_type")),
        (r#"{"access_token":"a","token_type":"DPoP"}"#, Some("token_type")),
        (r#"{"access_token":"a","token_type":"N_A"}"#, Some("token_type")),
        (r#"{"token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":null,"token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":"","token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":"a b","token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":" ","token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":"a\r\nx: y","token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":"ä","token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":["a"],"token_type":"Bearer"}"#, Some("access_token")),
        (r#"{"access_token":"a","token_type":"Bearer","expires_in":"soon"}"#, Some("expires_in")),
        (r#"{"access_token":"a","token_type":"Bearer","expires_in":"6e1"}"#, Some("expires_in")),
        (r#"{"access_token":"a","token_type":"Bearer","expires_in":-1}"#, Some("expires_in")),
        (r#"{"access_token":"a","token_type":"Bearer","expires_in":false}"#, Some("expires_in")),
        (r#"{"access_token":"a","token_type":"Bearer","scope":["api"]}"#, Some("scope")),
        (r#"{"access_token":"a","token_type":"Bearer","scope":1}"#, Some("scope")),
        (r#"{"access_token":"a","token_type":"Bearer","refresh_token":{}}"#, Some("refresh_token")),
        (r#"{"access_token":"a","token_type":"Bearer","id_token":true}"#, Some("id_token")),
        (r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#, None),
        (r#"{"error":1}"#, Some("token_type")),
        ("[]", None),
        ("null", None),
        ("", None),
        ("<html>", None),
        ("access_token=a&token_type=bearer", None),
        ("\u{feff}{}", None),
    ] {
        let expected = ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", claim.map(Into::into));
        assert_eq!(refused(json(body)), expected, "{body}");
    }
}

#[test]
fn a_client_with_a_key_takes_no_token_that_is_not_bound_to_it() {
    let client = format!(r#"{{"client_id":"app","dpop":{{"alg":"ES256","jwk":{}}}}}"#, signer::DPOP.jwk());
    let outcome = run("clientCredentialsGrant", &client, "{}", [(TOKEN, tokens(""))]);
    assert_eq!(outcome.failure(), ("ERR_OAUTH_TOKEN_RESPONSE_INVALID", Some("token_type")));
    for spelled in ["DPoP", "dpop"] {
        let answer = json(format!(r#"{{"access_token":"a","token_type":"{spelled}"}}"#));
        let outcome = run("clientCredentialsGrant", &client, "{}", [(TOKEN, answer)]);
        assert_eq!(outcome.result.unwrap()["token_type"], "DPoP");
    }
}

#[test]
fn an_error_response_is_an_error_whatever_its_status() {
    for code in [200, 400, 401, 403, 429] {
        let error = answered(status(code, r#"{"error":"invalid_client","error_description":"who?"}"#)).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_OAUTH_TOKEN_RESPONSE_ERROR", "{code}");
        let said = error.response.as_ref().unwrap();
        assert_eq!((said.status, said.error.as_deref()), (Some(code), Some("invalid_client")));
        assert_eq!(said.error_description.as_deref(), Some("who?"));
    }
    let both = r#"{"access_token":"a","token_type":"Bearer","error":"invalid_grant"}"#;
    assert_eq!(refused(json(both)).0, "ERR_OAUTH_INVALID_GRANT", "the stricter reading");
    assert!(answered(tokens(r#","error":null"#)).is_ok());
}

#[test]
fn a_body_that_is_no_error_response_is_a_status() {
    for (code, body) in [
        (400, ""),
        (400, "<h1>Bad Request</h1>"),
        (400, "error=invalid_grant"),
        (401, "[]"),
        (403, r#"{"error":{"code":403}}"#),
        (404, "{}"),
        (201, r#"{"access_token":"a","token_type":"Bearer"}"#),
    ] {
        let error = answered(status(code, body)).unwrap_err();
        let said = error.response.as_ref().unwrap();
        assert_eq!((error.code.as_str(), said.status, &said.error), ("ERR_FETCH_STATUS", Some(code), &None), "{body}");
    }
}

#[test]
fn a_server_that_fails_has_decided_nothing() {
    for code in [500, 502, 503, 599] {
        let error = answered(status(code, r#"{"error":"invalid_grant"}"#)).unwrap_err();
        let said = error.response.as_ref().unwrap();
        assert_eq!((error.code.as_str(), said.status), ("ERR_FETCH_STATUS", Some(code)));
        assert_eq!(said.error.as_deref(), Some("invalid_grant"));
    }
    for (answer, code) in outages() {
        assert_eq!(answered(answer).unwrap_err().code.as_str(), code);
    }
}
