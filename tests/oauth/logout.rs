//! Logging out at the server.

use tollgate::oauth::{EndSession, EndSessionParameters, Tokens};
use tollgate::text::form;

use super::server::{METADATA, client, client_with, json, metadata, outages, run, session};

fn parameters(url: &str) -> Vec<(String, String)> {
    form::parse(url.strip_prefix("https://as.example/logout?").unwrap()).unwrap()
}

fn end(members: &str, tokens: Option<Tokens>, options: &str) -> Option<String> {
    let mut client = client_with(members);
    let mut flow = EndSession::new(&client, tokens, EndSessionParameters::from_json(options).unwrap()).unwrap();
    run([(METADATA, metadata(""))], |answer| flow.step(&mut client, answer)).result.unwrap()
}

#[test]
fn a_logout_names_the_session_the_client_and_the_way_back() {
    let tokens = session().1;
    let id_token = tokens.id_token.as_ref().unwrap().as_str().to_owned();
    let url = end(r#","post_logout_redirect_uri":"https://app.example/""#, Some(tokens), r#"{"state":"s"}"#).unwrap();
    let expected = [
        ("id_token_hint", id_token.as_str()),
        ("client_id", "app"),
        ("post_logout_redirect_uri", "https://app.example/"),
        ("state", "s"),
    ];
    assert_eq!(parameters(&url), expected.map(|(name, value)| (name.into(), value.into())));
}

#[test]
fn one_logout_may_lead_elsewhere_and_needs_no_session() {
    let options = r#"{"post_logout_redirect_uri":"https://app.example/bye"}"#;
    let url = end(r#","post_logout_redirect_uri":"https://app.example/""#, None, options).unwrap();
    let expected = [("client_id", "app"), ("post_logout_redirect_uri", "https://app.example/bye")];
    assert_eq!(parameters(&url), expected.map(|(name, value)| (name.into(), value.into())));
    assert_eq!(parameters(&end("", None, "{}").unwrap()).len(), 1);
}

#[test]
fn a_server_without_the_endpoint_has_no_url() {
    let mut client = client();
    let mut flow = EndSession::new(&client, None, EndSessionParameters::default()).unwrap();
    let body = r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/a","token_endpoint":"https://as.example/t"}"#;
    assert_eq!(run([(METADATA, json(body))], |answer| flow.step(&mut client, answer)).result, Ok(None));
}

#[test]
fn an_outage_says_what_happened() {
    for (answer, code) in outages() {
        let mut client = client();
        let mut flow = EndSession::new(&client, None, EndSessionParameters::default()).unwrap();
        let error = run([(METADATA, answer)], |answer| flow.step(&mut client, answer)).result.unwrap_err();
        assert_eq!(error.code.as_str(), code);
    }
}

#[test]
fn options_that_cannot_be_used_are_refused() {
    for options in ["", "[]", r#"{"state":1}"#, r#"{"post_logout_redirect_uri":[]}"#] {
        assert_eq!(
            EndSessionParameters::from_json(options).unwrap_err().code.as_str(),
            "ERR_OPTION_INVALID",
            "{options}"
        );
    }
    let mut tokens = session().1;
    tokens.issuer = "https://other.example".into();
    let error = EndSession::new(&client(), Some(tokens), EndSessionParameters::default()).unwrap_err();
    assert_eq!(error.claim.as_deref(), Some("tokens"));
}
