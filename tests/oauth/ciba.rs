//! Client-Initiated Backchannel Authentication: the request, the notification of a ping, and the grant.

use serde_json::Value;

use super::flow::{Outcome, id_token, run, tokens};
use super::registered::PUBLIC;
use super::server::{Exchange, NOW, TOKEN, json, keys, outages, status};

const CIBA: &str = "POST https://as.example/ciba";

/// Unguessable, of 22 characters.
const TOKEN_OF_CLIENT: &str = "8d67dc78-7faa-4d41-aab";

const CLAIM: &str = "urn:openid:params:jwt:claim:auth_req_id";

fn authenticate(parameters: &str, script: impl IntoIterator<Item = Exchange>) -> Outcome {
    run("backchannelAuthentication", PUBLIC, parameters, script)
}

fn acknowledged(body: &str) -> Outcome {
    authenticate(r#"{"scope":"openid","login_hint":"ada"}"#, [(CIBA, json(body))])
}

/// The record of a request, with these members besides.
fn record(members: &str) -> String {
    let expires_at = NOW + 120;
    format!(r#"{{"auth_req_id":"id-1","scope":"openid","expires_at":{expires_at},"interval":2{members}}}"#)
}

fn grant(record: &str, script: impl IntoIterator<Item = Exchange>) -> Outcome {
    run("cibaGrant", PUBLIC, &format!(r#"{{"request":{record}}}"#), script)
}

/// A notification about the request of [`record`], which has a token.
fn notify(authorization: &str, body: &str) -> Outcome {
    notify_of(&record(&format!(r#","client_notification_token":"{TOKEN_OF_CLIENT}""#)), authorization, body)
}

fn notify_of(record: &str, authorization: &str, body: &str) -> Outcome {
    let [authorization, body] = [authorization, body].map(|text| Value::from(text).to_string());
    let parameters = format!(r#"{{"method":"POST","authorization":{authorization},"body":{body},"request":{record}}}"#);
    run("cibaNotification", PUBLIC, &parameters, [])
}

#[test]
fn a_request_says_who_is_to_be_asked() {
    let parameters = format!(
        r#"{{"scope":"openid api","id_token_hint":"e30","binding_message":"W4SCT","user_code":"1234","acr_values":"phr","requested_expiry":60,
            "client_notification_token":"{TOKEN_OF_CLIENT}","resource":"https://a.example"}}"#
    );
    let answer = json(r#"{"auth_req_id":"id-1","expires_in":120,"interval":2}"#);
    let outcome = authenticate(&parameters, [(CIBA, answer)]);
    let expected = [
        ("id_token_hint", "e30"),
        ("binding_message", "W4SCT"),
        ("user_code", "1234"),
        ("acr_values", "phr"),
        ("requested_expiry", "60"),
        ("client_notification_token", TOKEN_OF_CLIENT),
        ("scope", "openid api"),
        ("resource", "https://a.example"),
        ("client_id", "app"),
    ];
    assert_eq!(outcome.forms(), [expected.map(|(name, value)| (name.into(), value.into()))]);
    let expected = serde_json::json!({
        "auth_req_id": "id-1", "scope": "openid api", "client_notification_token": TOKEN_OF_CLIENT,
        "expires_at": NOW + 120, "interval": 2
    });
    assert_eq!(outcome.result.unwrap(), expected);
}

#[test]
fn a_request_that_cannot_be_right_is_not_sent() {
    let long = "a".repeat(1025);
    let long = format!(r#""scope":"openid","login_hint":"ada","client_notification_token":"{long}""#);
    for (parameters, claim) in [
        (r#""scope":"openid""#, "login_hint"),
        (r#""scope":"openid","login_hint":"a","id_token_hint":"b""#, "login_hint"),
        (r#""scope":"openid","login_hint_token":"a","id_token_hint":"b""#, "login_hint"),
        (r#""scope":"openid","login_hint":"""#, "login_hint"),
        (r#""scope":"openid","login_hint":1"#, "login_hint"),
        (r#""login_hint":"ada""#, "scope"),
        (r#""scope":"api","login_hint":"ada""#, "scope"),
        (r#""scope":"openid","login_hint":"ada","requested_expiry":0"#, "requested_expiry"),
        (r#""scope":"openid","login_hint":"ada","requested_expiry":"60""#, "requested_expiry"),
        (r#""scope":"openid","login_hint":"ada","binding_message":"""#, "binding_message"),
        (r#""scope":"openid","login_hint":"ada","client_notification_token":"too-short""#, "client_notification_token"),
        (&long, "client_notification_token"),
        (
            r#""scope":"openid","login_hint":"ada","client_notification_token":"8d67dc78 7faa 4d41 aab""#,
            "client_notification_token",
        ),
        (r#""scope":"openid","login_hint":"ada","mode":"push""#, "mode"),
        (r#""scope":"openid","login_hint":"ada","parameters":{"id_token_hint":"b"}"#, "id_token_hint"),
    ] {
        let outcome = authenticate(&format!("{{{parameters}}}"), []);
        assert_eq!(outcome.failure(), ("ERR_OPTION_INVALID", Some(claim)), "{parameters}");
    }
}

#[test]
fn a_malformed_acknowledgement_is_refused() {
    let interval = acknowledged(r#"{"auth_req_id":"id","expires_in":120}"#).result.unwrap()["interval"].clone();
    assert_eq!(interval, 5);
    for (body, claim) in [
        (r#"{"expires_in":120}"#, Some("auth_req_id")),
        (r#"{"auth_req_id":"","expires_in":120}"#, Some("auth_req_id")),
        (r#"{"auth_req_id":1,"expires_in":120}"#, Some("auth_req_id")),
        (r#"{"auth_req_id":"id"}"#, Some("expires_in")),
        (r#"{"auth_req_id":"id","expires_in":true}"#, Some("expires_in")),
        (r#"{"auth_req_id":"id","expires_in":120,"interval":"x"}"#, Some("interval")),
        ("null", None),
    ] {
        assert_eq!(acknowledged(body).failure(), ("ERR_OAUTH_ENDPOINT_RESPONSE_INVALID", claim), "{body}");
    }
}

#[test]
fn a_request_that_is_refused_or_comes_to_nothing_is_reported() {
    let parameters = r#"{"scope":"openid","login_hint":"ada"}"#;
    for error in ["unknown_user_id", "missing_user_code", "invalid_binding_message", "access_denied"] {
        let answer = status(400, &format!(r#"{{"error":"{error}"}}"#));
        let refused = authenticate(parameters, [(CIBA, answer)]).result.unwrap_err();
        assert_eq!(refused.code.as_str(), "ERR_OAUTH_ENDPOINT_ERROR");
        assert_eq!(refused.response.as_ref().unwrap().error.as_deref(), Some(error));
    }
    for (answer, code) in outages() {
        assert_eq!(authenticate(parameters, [(CIBA, answer)]).failure().0, code);
    }
}

#[test]
fn nothing_secret_is_quoted() {
    for (name, secret) in [
        ("client_notification_token", TOKEN_OF_CLIENT),
        ("user_code", "8d67dc78"),
        ("login_hint_token", "e30.hint"),
        ("id_token_hint", "e30.hint"),
    ] {
        let hint = if name.ends_with("_hint") || name.starts_with("login") { "" } else { r#","login_hint":"ada""# };
        let parameters = format!(r#"{{"scope":"openid","{name}":"{secret}"{hint}}}"#);
        let echo = format!(r#"{{"error":"invalid_request","error_description":"what is {secret}?"}}"#);
        let error = authenticate(&parameters, [(CIBA, status(400, &echo))]).result.unwrap_err();
        assert_eq!(error.response.as_ref().unwrap().error.as_deref(), Some("invalid_request"), "{name}");
        assert!(!format!("{error:?} {error}").contains(secret), "{name}");
    }
}

#[test]
fn the_grant_is_polled_for() {
    let pending = || status(400, r#"{"error":"authorization_pending"}"#);
    let slow_down = status(400, r#"{"error":"slow_down"}"#);
    let outcome = grant(
        &record(""),
        [(TOKEN, pending()), (TOKEN, slow_down), (TOKEN, pending()), (TOKEN, id_token(&[])), keys()],
    );
    assert_eq!(outcome.waits, [2, 2, 7, 7]);
    let expected = [("grant_type", "urn:openid:params:grant-type:ciba"), ("auth_req_id", "id-1"), ("client_id", "app")];
    assert_eq!(outcome.forms()[3], expected.map(|(name, value)| (name.into(), value.into())));
    assert_eq!(outcome.result.unwrap()["claims"]["sub"], "alice");
    for (error, code) in [
        ("access_denied", "ERR_OAUTH_TOKEN_RESPONSE_ERROR"),
        ("expired_token", "ERR_OAUTH_GRANT_EXPIRED"),
        ("invalid_grant", "ERR_OAUTH_INVALID_GRANT"),
        ("unauthorized_client", "ERR_OAUTH_TOKEN_RESPONSE_ERROR"),
    ] {
        let answer = status(400, &format!(r#"{{"error":"{error}"}}"#));
        assert_eq!(grant(&record(""), [(TOKEN, answer)]).failure().0, code, "{error}");
    }
}

#[test]
fn there_is_an_id_token_and_it_is_about_this_request() {
    assert_eq!(grant(&record(""), [(TOKEN, tokens(""))]).failure().0, "ERR_OIDC_ID_TOKEN_MISSING");
    assert!(grant(&record(""), [(TOKEN, id_token(&[(CLAIM, r#""id-1""#)])), keys()]).result.is_ok());
    for (claim, value) in [(CLAIM, r#""id-2""#), (CLAIM, "1"), ("aud", r#""other""#), ("nonce", r#""n""#)] {
        let outcome = grant(&record(""), [(TOKEN, id_token(&[(claim, value)])), keys()]);
        assert_eq!(outcome.failure(), ("ERR_JWT_CLAIM_VALIDATION_FAILED", Some(claim)), "{value}");
    }
}

#[test]
fn a_record_that_is_not_one_is_refused() {
    for (record, claim) in [
        ("{}", "auth_req_id"),
        (r#"{"auth_req_id":"id"}"#, "expires_at"),
        (r#"{"auth_req_id":"id","expires_at":1}"#, "scope"),
        (r#"{"auth_req_id":"id","expires_at":1,"scope":"api"}"#, "scope"),
        (r#"{"auth_req_id":"id","expires_at":1,"scope":"openid","notified":1}"#, "notified"),
    ] {
        assert_eq!(grant(record, []).failure(), ("ERR_OPTION_INVALID", Some(claim)), "{record}");
    }
}

#[test]
fn after_a_ping_nothing_is_waited_for() {
    for scheme in ["Bearer", "bearer"] {
        let outcome = notify(&format!("{scheme} {TOKEN_OF_CLIENT}"), r#"{"auth_req_id":"id-1"}"#);
        let notified = outcome.result.unwrap();
        assert_eq!(notified["notified"], true);
        let outcome = grant(&notified.to_string(), [(TOKEN, id_token(&[])), keys()]);
        assert!(outcome.waits.is_empty() && outcome.result.is_ok());
    }
    let pending = status(400, r#"{"error":"authorization_pending"}"#);
    let outcome = grant(&record(r#","notified":true"#), [(TOKEN, pending), (TOKEN, id_token(&[])), keys()]);
    assert_eq!(outcome.waits, [2], "a server that pinged too early is polled");
    let late = format!(r#"{{"auth_req_id":"id","expires_at":{NOW},"scope":"openid","notified":true}}"#);
    assert_eq!(grant(&late, []).failure().0, "ERR_OAUTH_GRANT_EXPIRED");
}

#[test]
fn a_notification_that_is_not_a_ping_of_this_request_is_refused() {
    let bearer = format!("Bearer {TOKEN_OF_CLIENT}");
    let ping = r#"{"auth_req_id":"id-1"}"#;
    for (authorization, body, claim) in [
        ("", ping, Some("authorization")),
        (TOKEN_OF_CLIENT, ping, Some("authorization")),
        ("Bearer ", ping, Some("authorization")),
        ("Bearer 8d67dc78-7faa-4d41-aaB", ping, Some("authorization")),
        ("Bearer 8d67dc78-7faa-4d41-aa", ping, Some("authorization")),
        ("Basic 8d67dc78-7faa-4d41-aab", ping, Some("authorization")),
        (&format!("{bearer} "), ping, Some("authorization")),
        (&bearer, r#"{"auth_req_id":"id-2"}"#, Some("auth_req_id")),
        (&bearer, r#"{"auth_req_id":""}"#, Some("auth_req_id")),
        (&bearer, "{}", Some("auth_req_id")),
        (&bearer, "", None),
        (&bearer, "auth_req_id=id-1", None),
        (&bearer, r#"{"auth_req_id":"id-1","auth_req_id":"id-2"}"#, None),
        (&bearer, r#"{"auth_req_id":"id-1","access_token":"at","token_type":"Bearer"}"#, Some("access_token")),
        (&bearer, r#"{"auth_req_id":"id-1","error":"access_denied"}"#, Some("error")),
    ] {
        let outcome = notify(authorization, body);
        assert_eq!(outcome.failure(), ("ERR_OAUTH_NOTIFICATION_INVALID", claim), "{authorization} {body}");
    }
    let unexpected = notify_of(&record(""), "Bearer ", ping);
    assert_eq!(unexpected.failure(), ("ERR_OAUTH_NOTIFICATION_INVALID", Some("authorization")), "of poll mode");
    let body = Value::from(ping);
    for (method, claim) in [("POST", "auth_req_id"), ("GET", "method")] {
        let unknown = format!(r#"{{"method":"{method}","authorization":"{bearer}","body":{body}}}"#);
        let outcome = run("cibaNotification", PUBLIC, &unknown, []);
        assert_eq!(outcome.failure(), ("ERR_OAUTH_NOTIFICATION_INVALID", Some(claim)));
    }
}
