//! The UserInfo endpoint.

use tollgate::error::Error;
use tollgate::http::Answer;
use tollgate::oauth::UserInfo;

use super::server::{METADATA, USERINFO, client, json, outages, run, session, status};

fn ask(answer: Answer) -> Result<String, Error> {
    let (mut client, tokens) = session();
    let mut flow = UserInfo::new(&client, tokens).unwrap();
    let outcome = run([(USERINFO, answer)], |answer| flow.step(&mut client, answer));
    let [request] = &outcome.requests[..] else { panic!("one request") };
    assert!(request.headers.contains(&("authorization", "Bearer at-1".into())));
    assert_eq!(request.body, None);
    outcome.result
}

#[test]
fn the_claims_are_about_the_user_of_the_id_token() {
    let claims = r#"{"sub":"alice","email":"alice@example.com"}"#;
    assert_eq!(ask(json(claims)).unwrap(), claims);
    for (body, reason) in [
        (r#"{"sub":"mallory"}"#, "mismatch"),
        (r#"{"sub":"Alice"}"#, "mismatch"),
        (r#"{"sub":""}"#, "malformed"),
        (r#"{"sub":1}"#, "malformed"),
        (r#"{"email":"alice@example.com"}"#, "missing"),
    ] {
        let error = ask(json(body)).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.claim.as_deref()),
            ("ERR_OIDC_USER_INFO_INVALID", Some("sub")),
            "{body}"
        );
        assert_eq!(error.reason.unwrap().as_str(), reason, "{body}");
    }
}

#[test]
fn what_is_not_a_user_info_response_is_refused() {
    for body in ["", "<html>", "[]", r#"{"sub":"alice","sub":"mallory"}"#, "eyJhbGciOiJub25lIn0.e30."] {
        assert_eq!(ask(json(body)).unwrap_err().code.as_str(), "ERR_OIDC_USER_INFO_INVALID", "{body}");
    }
}

#[test]
fn an_access_token_that_is_refused_is_told_apart_from_an_outage() {
    let error = ask(status(401, "")).unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.response.as_ref().unwrap().status),
        ("ERR_OAUTH_ACCESS_TOKEN_REJECTED", Some(401))
    );
    assert_eq!(ask(status(403, "")).unwrap_err().code.as_str(), "ERR_FETCH_STATUS");
    for (answer, code) in outages() {
        assert_eq!(ask(answer).unwrap_err().code.as_str(), code);
    }
}

#[test]
fn without_an_id_token_there_is_no_user_to_compare_with() {
    let (client, mut tokens) = session();
    tokens.claims = None;
    assert_eq!(UserInfo::new(&client, tokens).unwrap_err().code.as_str(), "ERR_OIDC_ID_TOKEN_MISSING");
}

#[test]
fn an_access_token_never_goes_to_another_issuer() {
    let (client, mut tokens) = session();
    tokens.issuer = "https://other.example".into();
    assert_eq!(UserInfo::new(&client, tokens).unwrap_err().claim.as_deref(), Some("tokens"));
}

#[test]
fn a_server_without_the_endpoint_is_named() {
    let mut client = client();
    let mut flow = UserInfo::new(&client, session().1).unwrap();
    let body = r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/a","token_endpoint":"https://as.example/t"}"#;
    let error = run([(METADATA, json(body))], |answer| flow.step(&mut client, answer)).result.unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.claim.as_deref()),
        ("ERR_OAUTH_METADATA_INVALID", Some("userinfo_endpoint"))
    );
}
