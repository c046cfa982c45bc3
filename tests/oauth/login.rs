//! A whole login, as it should be.

use tollgate::http::{Answer, Step};
use tollgate::oauth::{Grant, Tokens, Transaction};
use tollgate::text::form;

use super::server::{
    JWKS, METADATA, NOW, TOKEN, authorization, authorize, callback, client, client_with, finish, json, keys, metadata,
    run, status, token_response,
};
use super::signer::{Signer, claims, jwks};

const STATE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

fn parameters(text: &str) -> Vec<(String, String)> {
    form::parse(text).unwrap()
}

#[test]
fn a_login_ends_with_validated_tokens_and_the_way_back() {
    let mut client = client();
    let request = authorize(&mut client, r#"{"returnTo":"/inbox?page=2#top"}"#);
    for signer in [Signer::ES256, Signer::EDDSA] {
        let id_token = signer.id_token(&[]);
        let script = [(TOKEN, token_response(&id_token, "")), (JWKS, jwks([signer.jwk()]))];
        let mut client = client.clone();
        let granted = finish(&mut client, &request, script).result.unwrap();
        let tokens = &granted.tokens;
        assert_eq!(granted.return_to.as_ref().unwrap().as_str(), "/inbox?page=2#top");
        assert_eq!(tokens.access_token.as_str(), "at-1");
        assert_eq!(tokens.refresh_token.as_ref().unwrap().as_str(), "rt-1");
        assert_eq!(tokens.id_token.as_ref().unwrap().as_str(), id_token);
        assert_eq!(tokens.claims.as_deref(), Some(claims(&[]).as_str()));
        assert_eq!(tokens.expires_at, Some(NOW + 600));
        assert_eq!((tokens.scope.as_str(), tokens.state.as_str()), ("openid", STATE));
        assert_eq!(Tokens::from_json(&tokens.to_json()).unwrap(), *tokens);
    }
}

#[test]
fn the_authorization_request_has_every_parameter_once() {
    let mut client =
        client_with(r#","scope":"openid email","resource":["https://api.example/a","https://api.example/b"]"#);
    let options = r#"{"prompt":"consent","login_hint":"a&b=c","acr_values":"gold","max_age":300,"returnTo":"/x"}"#;
    let request = authorize(&mut client, options);
    let (endpoint, query) = request.url.split_once('?').unwrap();
    assert_eq!(endpoint, "https://as.example/authorize");
    let expected = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", "https://app.example/cb"),
        ("scope", "openid email"),
        ("state", STATE),
        ("nonce", "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"),
        ("code_challenge", "g77gcvvTQj90gfwWOCFjatjPtz-u8N0FgfOXnqDHMbk"),
        ("code_challenge_method", "S256"),
        ("resource", "https://api.example/a"),
        ("resource", "https://api.example/b"),
        ("prompt", "consent"),
        ("login_hint", "a&b=c"),
        ("acr_values", "gold"),
        ("max_age", "300"),
    ];
    assert_eq!(parameters(query), expected.map(|(name, value)| (name.into(), value.into())));
    assert_eq!(Transaction::from_json(&request.transaction.to_json()).unwrap(), request.transaction);
    assert_eq!((request.transaction.max_age, request.transaction.created_at), (Some(300), NOW));
}

#[test]
fn a_query_of_the_endpoint_is_kept() {
    let mut client = client();
    let mut flow = authorization(&client, "{}");
    let body = r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/authorize?tenant=1#x","token_endpoint":"https://as.example/token"}"#;
    let request = run([(METADATA, json(body))], |answer| flow.step(&mut client, NOW, answer)).result.unwrap();
    assert!(request.url.starts_with("https://as.example/authorize?tenant=1&response_type=code&"), "{}", request.url);
}

#[test]
fn the_token_request_proves_the_login_and_names_the_client_and_the_resource() {
    let mut client = client_with(r#","resource":"https://api.example""#);
    let request = authorize(&mut client, "{}");
    let script = [(TOKEN, token_response(&Signer::ES256.id_token(&[]), "")), keys()];
    let outcome = finish(&mut client, &request, script);
    outcome.result.unwrap();
    let [token, jwks] = &outcome.requests[..] else { panic!("two requests") };
    assert!(token.headers.contains(&("content-type", "application/x-www-form-urlencoded".into())));
    assert!(token.headers.contains(&("accept", "application/json".into())));
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "the-code"),
        ("redirect_uri", "https://app.example/cb"),
        ("code_verifier", "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"),
        ("client_id", "app"),
        ("resource", "https://api.example"),
    ];
    assert_eq!(parameters(token.body.as_ref().unwrap()), expected.map(|(name, value)| (name.into(), value.into())));
    assert_eq!(jwks.body, None);
}

#[test]
fn a_client_of_another_page_load_finds_the_metadata_again() {
    let request = authorize(&mut client(), "{}");
    let script = [(METADATA, metadata("")), (TOKEN, token_response(&Signer::ES256.id_token(&[]), "")), keys()];
    finish(&mut client(), &request, script).result.unwrap();
}

#[test]
fn without_openid_there_is_no_nonce_and_no_id_token() {
    let mut client = client_with(r#","scope":"api""#);
    let request = authorize(&mut client, "{}");
    assert!(!request.url.contains("nonce"));
    let script = [(TOKEN, json(r#"{"access_token":"at-1","token_type":"Bearer"}"#))];
    let tokens = finish(&mut client, &request, script).result.unwrap().tokens;
    assert_eq!((tokens.id_token, tokens.claims, tokens.scope.as_str()), (None, None, "api"));
}

#[test]
fn two_flows_of_one_client_run_side_by_side() {
    let mut client = client();
    let (mut first, mut second) = (authorization(&client, "{}"), authorization(&client, "{}"));
    for flow in [&mut first, &mut second] {
        assert!(matches!(flow.step(&mut client, NOW, None), Ok(Step::Fetch(_))));
    }
    let step = second.step(&mut client, NOW, Some(metadata("")));
    assert!(matches!(step, Ok(Step::Done(_))));
    let step = first.step(&mut client, NOW, Some(status(500, "")));
    assert!(matches!(step, Ok(Step::Done(_))), "what one has found, the other need not find again");
}

#[test]
fn a_grant_that_has_ended_stays_ended() {
    let mut client = client();
    let request = authorize(&mut client, "{}");
    let transaction = request.transaction.to_json();
    let mut grant = Grant::authorization_code(&client, &callback(&request), Some(&transaction), NOW).unwrap();
    let outcome = run([(TOKEN, json("{}"))], |answer| grant.step(&mut client, NOW, answer));
    assert_eq!(outcome.result.unwrap_err().code.as_str(), "ERR_OAUTH_TOKEN_RESPONSE_INVALID");
    for answer in [None, Some(Answer::Signature(true)), Some(json("{}"))] {
        assert_eq!(grant.step(&mut client, NOW, answer).unwrap_err().code.as_str(), "ERR_OPTION_INVALID");
    }
}
