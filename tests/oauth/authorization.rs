//! The callback: what it must be before its code is sent anywhere.

use tollgate::error::Error;
use tollgate::oauth::{AuthorizationRequest, Client, Grant, Options, Transaction};

use super::server::{METADATA, NOW, authorize, callback, client, metadata, run};

/// Validates a callback with `query`, in which `STATE` stands for the right state; returns the code of the failure and
/// what it is about.
fn refused(query: &str) -> (&'static str, Option<String>) {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let error = validate(&client, &request, query).unwrap_err();
    (error.code.as_str(), error.claim.as_deref().map(String::from))
}

fn validate(client: &Client, request: &AuthorizationRequest, query: &str) -> Result<Grant, Error> {
    let url = format!("https://app.example/cb{}", query.replace("STATE", &request.transaction.state));
    Grant::authorization_code(client, &url, Some(&request.transaction.to_json()), NOW)
}

#[test]
fn a_callback_without_its_state_is_refused() {
    for (query, code) in [
        ("", "ERR_OAUTH_STATE_MISSING"),
        ("?code=c", "ERR_OAUTH_STATE_MISSING"),
        ("?code=c&state=", "ERR_OAUTH_STATE_MISSING"),
        ("#code=c&state=STATE", "ERR_OAUTH_STATE_MISSING"),
        ("?code=c&State=STATE", "ERR_OAUTH_STATE_MISSING"),
        ("?code=c&state=foreign", "ERR_OAUTH_STATE_MISMATCH"),
        ("?code=c&state=STATEx", "ERR_OAUTH_STATE_MISMATCH"),
        ("?code=c&state=STATE%00", "ERR_OAUTH_STATE_MISMATCH"),
    ] {
        assert_eq!(refused(query), (code, None), "{query}");
    }
}

#[test]
fn a_callback_that_no_login_waits_for_is_refused() {
    let mut client = client();
    let url = callback(&authorize(&mut client, "{}"));
    let with = |record: Option<&str>| Grant::authorization_code(&client, &url, record, NOW).unwrap_err().code.as_str();
    assert_eq!(with(None), "ERR_OAUTH_STATE_UNKNOWN");
    assert_eq!(with(Some(r#"{"used":true}"#)), "ERR_OAUTH_STATE_USED");
    assert_eq!(with(Some(r#"{"used":true,"return_to":"/x"}"#)), "ERR_OAUTH_STATE_USED");
    for record in ["", "{}", "[]", "null", r#"{"used":false}"#, r#"{"state":"x"}"#] {
        assert_eq!(with(Some(record)), "ERR_OAUTH_STATE_UNKNOWN", "{record}");
    }
}

#[test]
fn a_login_may_take_an_hour() {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let (url, transaction) = (callback(&request), request.transaction.to_json());
    let at = |now| {
        Grant::authorization_code(&client, &url, Some(&transaction), now)
            .map(|_| ())
            .map_err(|error| error.code.as_str())
    };
    assert_eq!(at(NOW + 3599), Ok(()));
    assert_eq!(at(NOW + 3600), Err("ERR_OAUTH_STATE_EXPIRED"));
    assert_eq!(at(u64::MAX), Err("ERR_OAUTH_STATE_EXPIRED"));
    assert_eq!(at(NOW - 7200), Ok(()), "the clock was set back");
}

#[test]
fn a_transaction_of_another_client_is_refused() {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    for other in [
        r#"{"issuer":"https://other.example","client_id":"app","redirect_uri":"https://app.example/cb"}"#,
        r#"{"issuer":"https://as.example","client_id":"other","redirect_uri":"https://app.example/cb"}"#,
    ] {
        let other = Client::new(Options::from_json(other).unwrap());
        assert_eq!(
            validate(&other, &request, "?code=c&state=STATE").unwrap_err().code.as_str(),
            "ERR_OAUTH_STATE_MISMATCH"
        );
    }
}

#[test]
fn an_error_counts_only_once_its_state_is_known() {
    for (query, code) in [
        ("?error=access_denied", "ERR_OAUTH_STATE_MISSING"),
        ("?error=access_denied&state=bogus", "ERR_OAUTH_STATE_MISMATCH"),
        ("?error=access_denied&state=STATE", "ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR"),
        ("?error=access_denied&state=STATE&iss=https%3A%2F%2Fas.example", "ERR_OAUTH_AUTHORIZATION_RESPONSE_ERROR"),
        ("?error=access_denied&state=STATE&iss=https%3A%2F%2Fevil.example", "ERR_OAUTH_ISSUER_MISMATCH"),
    ] {
        assert_eq!(refused(query).0, code, "{query}");
    }
}

#[test]
fn an_error_says_what_the_server_said() {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let long = "x".repeat(10_000);
    let query = format!("?error=login_required&error_description=a%0Ab+{long}&state=STATE");
    let error = validate(&client, &request, &query).unwrap_err();
    let response = error.response.as_ref().unwrap();
    assert_eq!((response.error.as_deref(), response.status), (Some("login_required"), None));
    let description = response.error_description.as_ref().unwrap();
    assert!(description.starts_with("ab xxx") && description.len() == 300, "{}", description.len());
}

#[test]
fn parameters_that_stand_twice_or_were_not_asked_for_are_refused() {
    for (query, claim) in [
        ("?code=c&code=d&state=STATE", Some("code")),
        ("?code=c&code=c&state=STATE", Some("code")),
        ("?code=c&state=STATE&state=STATE", Some("state")),
        ("?code=c&state=&state=STATE", Some("state")),
        ("?code=c&state=STATE&st%61te=x", Some("state")),
        ("?code=c&state=STATE&iss=https%3A%2F%2Fas.example&iss=https%3A%2F%2Fevil.example", Some("iss")),
        ("?error=a&error=b&state=STATE", Some("error")),
        ("?code=c&state=STATE&id_token=x", Some("id_token")),
        ("?code=c&state=STATE&access_token=x", Some("access_token")),
        ("?error=e&state=STATE&access_token=x", Some("access_token")),
        ("?code=c&state=STATE&response=x", Some("response")),
        ("?code=c&error=e&state=STATE", Some("error")),
        ("?state=STATE", Some("code")),
        ("?code=&state=STATE", Some("code")),
        ("?code=%ff&state=STATE", None),
    ] {
        assert_eq!(refused(query), ("ERR_OAUTH_AUTHORIZATION_RESPONSE_INVALID", claim.map(String::from)), "{query}");
    }
}

#[test]
fn parameters_of_the_application_do_not_disturb() {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    for query in ["?lang=en&lang=de&code=c&state=STATE&session_state=s", "?code=c&state=STATE#code=d&state=other"] {
        assert!(validate(&client, &request, query).is_ok(), "{query}");
    }
}

#[test]
fn a_code_of_another_server_is_never_sent() {
    for iss in ["https%3A%2F%2Fevil.example", "https%3A%2F%2Fas.example%2F", "HTTPS%3A%2F%2Fas.example", "x"] {
        let query = format!("?code=c&state=STATE&iss={iss}");
        assert_eq!(refused(&query), ("ERR_OAUTH_ISSUER_MISMATCH", Some("iss".into())), "{iss}");
    }
}

#[test]
fn an_announced_iss_must_be_there_before_the_code_is_sent() {
    let announced = || metadata(r#","authorization_response_iss_parameter_supported":true"#);
    let request = authorize(&mut client(), "{}");
    for query in ["?code=c&state=STATE", "?code=c&state=STATE&iss="] {
        let mut client = client();
        let mut grant = validate(&client, &request, query).unwrap();
        let error = run([(METADATA, announced())], |answer| grant.step(&mut client, NOW, answer)).result.unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.claim.as_deref()),
            ("ERR_OAUTH_ISSUER_MISMATCH", Some("iss")),
            "{query}"
        );
    }
    let mut client = client();
    let mut grant = validate(&client, &request, "?code=c&state=STATE&iss=https%3A%2F%2Fas.example").unwrap();
    let script =
        [(METADATA, announced()), (super::server::TOKEN, super::server::status(400, r#"{"error":"invalid_grant"}"#))];
    let error = run(script, |answer| grant.step(&mut client, NOW, answer)).result.unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_OAUTH_INVALID_GRANT", "the code was sent");
}

#[test]
fn a_return_to_that_leads_elsewhere_is_dropped_on_both_ways() {
    for return_to in [
        "//evil.example",
        r"/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        r"\t//evil.example",
        "/%2Fevil.example",
    ] {
        let login = |return_to: &str| authorize(&mut client(), &format!(r#"{{"returnTo":"{return_to}"}}"#)).transaction;
        assert_eq!(login(return_to).return_to, None, "{return_to}");
        let tampered = login("/ok").to_json().replace("/ok", return_to);
        assert_eq!(Transaction::from_json(&tampered).unwrap().return_to, None, "{return_to}");
    }
}
