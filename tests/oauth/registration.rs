//! Dynamic registration and its management.

use super::registered::{PUBLIC, bare, failure, outcome, server};
use super::server::{Exchange, outages, status};

const REGISTER: &str = "POST https://as.example/register";
const MANAGED: &str =
    r#"{"registration_client_uri":"https://as.example/register/1","registration_access_token":"rat-1"}"#;

/// The code of the failure of a registration that is answered so, and what it is about.
fn refused(exchange: Exchange) -> (&'static str, Option<String>) {
    let script = [exchange];
    failure(outcome(&mut server(""), "registerClient", PUBLIC, r#"{"metadata":{}}"#, script).result)
}

#[test]
fn a_registration_sends_the_metadata_with_the_initial_access_token() {
    let parameters = r#"{"metadata":{"client_name":"A"},"initial_access_token":"iat-1"}"#;
    let answer = status(201, r#"{"client_id":"c","client_secret":"s","client_secret_expires_at":0}"#);
    let outcome = outcome(&mut server(""), "registerClient", PUBLIC, parameters, [(REGISTER, answer)]);
    let [request] = &outcome.requests[..] else { panic!("one request") };
    assert_eq!(request.body.as_deref(), Some(r#"{"client_name":"A"}"#));
    let header = |name: &str| request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    assert_eq!(header("authorization"), Some("Bearer iat-1"));
    assert_eq!(header("content-type"), Some("application/json"));
    assert!(outcome.result.unwrap().contains(r#""client_id":"c""#));
}

#[test]
fn each_way_to_manage_has_its_method_and_status() {
    let registered = r#"{"client_id":"c"}"#;
    for (name, method, answer, result) in [
        ("readClient", "GET https://as.example/register/1", status(200, registered), registered),
        ("updateClient", "PUT https://as.example/register/1", status(200, registered), registered),
        ("deleteClient", "DELETE https://as.example/register/1", status(204, ""), "null"),
    ] {
        let metadata = if name == "updateClient" { r#","metadata":{}}"# } else { "}" };
        let parameters = MANAGED.replace('}', metadata);
        let outcome = outcome(&mut server(""), name, PUBLIC, &parameters, [(method, answer)]);
        assert_eq!(outcome.result.as_deref(), Ok(result), "{name}");
        assert!(outcome.requests[0].headers.contains(&("authorization", "Bearer rat-1".into())));
    }
}

#[test]
fn a_response_that_is_not_a_registration_is_refused() {
    for (answer, claim) in [
        ("{}", Some("client_id")),
        (r#"{"client_id":""}"#, Some("client_id")),
        (r#"{"client_id":"c","client_secret":"s"}"#, Some("client_secret_expires_at")),
        (
            r#"{"client_id":"c","client_secret":"s","client_secret_expires_at":"never"}"#,
            Some("client_secret_expires_at"),
        ),
        (r#"{"client_id":"c","registration_client_uri":"https://as.example/1"}"#, Some("registration_access_token")),
        (r#"{"client_id":"c","client_id":"d"}"#, None),
        ("<html>", None),
    ] {
        let (code, about) = refused((REGISTER, status(201, answer)));
        assert_eq!((code, about.as_deref()), ("ERR_OAUTH_ENDPOINT_RESPONSE_INVALID", claim), "{answer}");
    }
    let insecure =
        r#"{"client_id":"c","registration_client_uri":"http://as.example/1","registration_access_token":"t"}"#;
    assert_eq!(refused((REGISTER, status(201, insecure))).0, "ERR_FETCH_INSECURE");
}

#[test]
fn a_refusal_says_what_the_server_said_and_not_the_token() {
    let answer = status(400, r#"{"error":"invalid_redirect_uri","error_description":"not for iat-1"}"#);
    let parameters = r#"{"metadata":{},"initial_access_token":"iat-1"}"#;
    let error =
        outcome(&mut server(""), "registerClient", PUBLIC, parameters, [(REGISTER, answer)]).result.unwrap_err();
    let said = error.response.as_ref().unwrap();
    assert_eq!((error.code.as_str(), said.status), ("ERR_OAUTH_ENDPOINT_ERROR", Some(400)));
    assert_eq!((said.error.as_deref(), said.error_description.as_deref()), (Some("invalid_redirect_uri"), None));
    for status_of in [202, 204, 404] {
        assert_eq!(refused((REGISTER, status(status_of, ""))).0, "ERR_FETCH_STATUS", "{status_of}");
    }
    for (answer, code) in outages() {
        assert_eq!(refused((REGISTER, answer)).0, code);
    }
}

#[test]
fn what_cannot_be_asked_for_is_refused_before_anything_is_sent() {
    for (name, parameters, code, claim) in [
        ("registerClient", "{}", "ERR_OPTION_INVALID", "metadata"),
        ("registerClient", r#"{"metadata":[]}"#, "ERR_OPTION_INVALID", "metadata"),
        ("updateClient", MANAGED, "ERR_OPTION_INVALID", "metadata"),
        ("readClient", "{}", "ERR_OPTION_INVALID", "registration_client_uri"),
        (
            "deleteClient",
            r#"{"registration_client_uri":"http://as.example/1","registration_access_token":"t"}"#,
            "ERR_FETCH_INSECURE",
            "registration_client_uri",
        ),
    ] {
        let error = outcome(&mut server(""), name, PUBLIC, parameters, []).result.unwrap_err();
        assert_eq!((error.code.as_str(), error.claim.as_deref()), (code, Some(claim)), "{name} {parameters}");
    }
    let error = outcome(&mut bare(), "registerClient", PUBLIC, r#"{"metadata":{}}"#, []).result.unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.claim.as_deref()),
        ("ERR_OAUTH_METADATA_INVALID", Some("registration_endpoint"))
    );
}
