//! The Authorization Response of a registered client: the way that it comes, and what must be in it.

use serde_json::{Value, json};

use super::calls::refusal;
use super::logins::{INVALID, Login};
use super::server::NOW;

const ISS: &str = r#","authorization_response_iss_parameter_supported":true"#;

#[test]
fn a_response_counts_only_if_it_comes_the_way_that_was_asked_for() {
    let ways = [
        ("query", "url", "https://app.example/cb?code=c&state=STATE"),
        ("fragment", "url", "https://app.example/cb?lang=de#code=c&state=STATE"),
        ("form_post", "form", "code=c&state=STATE"),
    ];
    for (mode, ..) in ways {
        for (way, member, response) in ways {
            let mut login = Login::new("", &format!(r#","response_mode":"{mode}""#));
            let result = login.respond(member, response, []);
            if mode == way {
                assert_eq!(result.unwrap()["code"], "c", "{mode}");
            } else {
                let expected = (INVALID, "response_mode mismatch".into());
                assert_eq!(refusal(&result.unwrap_err()), expected, "{mode} by {way}");
            }
        }
    }
}

#[test]
fn the_other_part_of_the_url_is_none_of_our_business() {
    let mut query = Login::new("", "");
    for rest in ["?code=c&state=STATE#code=d&state=foreign", "?code=c&state=STATE#%", "?a=1&a=2&code=c&state=STATE"] {
        assert_eq!(query.url(rest, []).unwrap()["code"], "c", "{rest}");
    }
    let mut fragment = Login::new("", r#","response_mode":"fragment""#);
    assert_eq!(fragment.url("?code=d&state=foreign#code=c&state=STATE", []).unwrap()["code"], "c");
}

#[test]
fn a_response_without_its_state_is_refused() {
    let mut login = Login::new("", "");
    for (rest, code) in [
        ("", "ERR_OAUTH_STATE_MISSING"),
        ("?code=c", "ERR_OAUTH_STATE_MISSING"),
        ("?code=c&state=", "ERR_OAUTH_STATE_MISSING"),
        ("?error=access_denied", "ERR_OAUTH_STATE_MISSING"),
        ("?code=c&state=foreign", "ERR_OAUTH_STATE_MISMATCH"),
        ("?code=c&state=STATEx", "ERR_OAUTH_STATE_MISMATCH"),
        ("?error=access_denied&state=foreign", "ERR_OAUTH_STATE_MISMATCH"),
    ] {
        assert_eq!(login.refused(rest).0, code, "{rest}");
    }
    let url = login.filled("https://app.example/cb?code=c&state=STATE");
    for (transaction, code) in [
        (None, "ERR_OAUTH_STATE_UNKNOWN"),
        (Some(json!({ "used": true })), "ERR_OAUTH_STATE_USED"),
        (Some(json!({})), "ERR_OAUTH_STATE_UNKNOWN"),
    ] {
        let mut parameters = json!({ "url": url });
        if let Some(transaction) = transaction {
            parameters["transaction"] = transaction;
        }
        assert_eq!(login.respond_with(&parameters, []).unwrap_err().code.as_str(), code);
    }
    login.transaction["created_at"] = (NOW - 3600).into();
    assert_eq!(login.refused("?code=c&state=STATE").0, "ERR_OAUTH_STATE_EXPIRED");
}

#[test]
fn a_record_that_was_changed_is_no_transaction() {
    for (member, value) in [
        ("response_type", json!("code token")),
        ("response_type", Value::Null),
        ("response_mode", json!("web_message")),
        ("response_mode", Value::Null),
        ("code_verifier", Value::Null),
        ("essential_acr", json!(1)),
    ] {
        let mut login = Login::new("", "");
        login.transaction[member] = value;
        assert_eq!(login.refused("?code=c&state=STATE").0, "ERR_OAUTH_STATE_UNKNOWN", "{member}");
    }
    for (member, value) in [("issuer", "https://other.example"), ("client_id", "other")] {
        let mut login = Login::new("", "");
        login.transaction[member] = value.into();
        assert_eq!(login.refused("?code=c&state=STATE").0, "ERR_OAUTH_STATE_MISMATCH", "{member}");
    }
}

#[test]
fn parameters_that_stand_twice_or_were_not_asked_for_are_refused() {
    for (rest, about) in [
        ("?code=c&code=c&state=STATE", "code malformed"),
        ("?code=c&state=STATE&state=STATE", "state malformed"),
        ("?code=c&state=&state=STATE", "state malformed"),
        ("?code=c&state=STATE&iss=https://as.example&iss=https://as.example", "iss malformed"),
        ("?error=a&error=b&state=STATE", "error malformed"),
        ("?code=c&state=STATE&scope=a&scope=b", "scope malformed"),
        ("?code=c&state=STATE&id_token=x", "id_token mismatch"),
        ("?code=c&state=STATE&access_token=x", "access_token mismatch"),
        ("?code=c&state=STATE&refresh_token=x", "refresh_token mismatch"),
        ("?code=c&state=STATE&response=x", "response mismatch"),
        ("?code=c&error=e&state=STATE", "error mismatch"),
        ("?error=e&state=STATE&id_token=x", "id_token mismatch"),
        ("?state=STATE", "code missing"),
        ("?code=&state=STATE", "code missing"),
    ] {
        assert_eq!(Login::new("", "").refused(rest), (INVALID, about.into()), "{rest}");
    }
    assert_eq!(Login::new("", "").url("?code=c&state=STATE&scope=a&session_state=s", []).unwrap()["code"], "c");
    let both = json!({ "url": "https://app.example/cb?state=a", "form": "state=a" });
    let error = Login::new("", "").respond_with(&both, []).unwrap_err();
    assert_eq!(refusal(&error), ("ERR_OPTION_INVALID", "url mismatch".into()));
}

#[test]
fn an_announced_iss_is_there_in_errors_too() {
    for rest in ["?code=c&state=STATE", "?error=access_denied&state=STATE", "?code=c&state=STATE&iss="] {
        let expected = ("ERR_OAUTH_ISSUER_MISMATCH", "iss missing".into());
        assert_eq!(Login::new(ISS, "").refused(rest), expected, "{rest}");
    }
    for rest in ["?code=c&state=STATE&iss=https://evil.example", "?error=e&state=STATE&iss=https://as.example/"] {
        for metadata in ["", ISS] {
            let expected = ("ERR_OAUTH_ISSUER_MISMATCH", "iss mismatch".into());
            assert_eq!(Login::new(metadata, "").refused(rest), expected, "{rest}");
        }
    }
    let right = "?error=access_denied&state=STATE&iss=https://as.example";
    assert_eq!(Login::new(ISS, "").refused(right).0, "ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR");
    assert!(Login::new(ISS, "").url("?code=c&state=STATE&iss=https://as.example", []).is_ok());
}

#[test]
fn an_error_says_what_the_server_said_but_for_secrets() {
    let error =
        Login::new("", "").url("?error=login_required&error_description=no+session&state=STATE", []).unwrap_err();
    let response = error.response.as_ref().unwrap();
    assert_eq!(
        (response.error.as_deref(), response.error_description.as_deref()),
        (Some("login_required"), Some("no session"))
    );
    for secret in ["STATE", "NONCE"] {
        let rest = format!("?error=e&error_description=it+was+{secret}&state=STATE");
        let error = Login::new("", "").url(&rest, []).unwrap_err();
        assert_eq!(error.response.as_ref().unwrap().error_description, None, "{secret}");
    }
}

#[test]
fn a_transaction_of_the_implicit_grant_is_refused_and_the_other_way_round() {
    let mut login =
        Login::by("implicitAuthorizationUrl", "validateAuthorizationResponse", "", r#","response_type":"id_token""#);
    assert_eq!(login.refused("#code=c&state=STATE"), ("ERR_OPTION_INVALID", "transaction mismatch".into()));
    let mut login = Login::by("authorizationUrl", "implicitResponse", "", "");
    let refused = login.refused("#access_token=c&token_type=Bearer&state=STATE");
    assert_eq!(refused, ("ERR_OPTION_INVALID", "transaction mismatch".into()));
}

#[test]
fn the_state_is_found_wherever_it_is() {
    let mut login = Login::new("", r#","response_mode":"jwt""#);
    let jwt = login.jwt(json!({}));
    let state = login.state().to_owned();
    for (parameters, expected) in [
        (json!({ "url": "https://app.example/cb?code=c&state=a" }), Some("a")),
        (json!({ "url": "https://app.example/cb?x=%#code=c&state=b" }), Some("b")),
        (json!({ "form": "state=c" }), Some("c")),
        (json!({ "url": format!("/cb?response={jwt}") }), Some(state.as_str())),
        (json!({ "form": format!("response={jwt}") }), Some(state.as_str())),
        (json!({ "form": "response=a.b.c" }), None),
        (json!({ "form": "" }), None),
        (json!({ "url": "/cb?state=a&state=b" }), None),
    ] {
        let found = login.caller.made("authorizationResponseState", &parameters.to_string());
        assert_eq!(found["state"].as_str(), expected, "{parameters}");
    }
}
