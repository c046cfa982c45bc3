//! Protected resources: their metadata, and proofs for requests of the application's own.

use tollgate::error::Error;
use tollgate::http::{Headers, Response};
use tollgate::oauth::{DpopProof, Entropy, Nonces, RegisteredClient, ResourceMetadata};
use tollgate::text::base64url;

use super::endpoints::bound;
use super::registered::failure;
use super::server::{NOW, json, outages, run};

const METADATA: &str = "GET https://rs.example/.well-known/oauth-protected-resource/api";

fn metadata(body: &str) -> Result<String, Error> {
    let machine = ResourceMetadata::new("https://rs.example/api".into(), None);
    run([(METADATA, json(body))], |answer| machine.step(answer)).result
}

#[test]
fn metadata_name_exactly_the_resource_that_was_asked_for() {
    let honest = r#"{"resource":"https://rs.example/api","authorization_servers":["https://as.example"],"x":{}}"#;
    assert_eq!(metadata(honest).unwrap(), honest);
    for other in ["https://rs.example/api/", "https://rs.example", "https://RS.example/api", "https://rs.example/api?"]
    {
        let body = format!(r#"{{"resource":"{other}"}}"#);
        assert_eq!(failure(metadata(&body)), ("ERR_OAUTH_RESOURCE_MISMATCH", Some("resource".into())), "{other}");
    }
    for (body, claim) in [
        ("", None),
        ("[]", None),
        ("<html>", None),
        (r#"{"resource":"https://rs.example/api","resource":"https://rs.example/api"}"#, None),
        ("{}", Some("resource")),
        (r#"{"resource":1}"#, Some("resource")),
        (r#"{"resource":"https://rs.example/api","authorization_servers":[1]}"#, Some("authorization_servers")),
        (
            r#"{"resource":"https://rs.example/api","authorization_servers":["http://as.example"]}"#,
            Some("authorization_servers"),
        ),
        (r#"{"resource":"https://rs.example/api","jwks_uri":"http://rs.example/jwks"}"#, Some("jwks_uri")),
        (r#"{"resource":"https://rs.example/api","scopes_supported":{}}"#, Some("scopes_supported")),
        (r#"{"resource":"https://rs.example/api","bearer_methods_supported":[1]}"#, Some("bearer_methods_supported")),
    ] {
        let expected = ("ERR_OAUTH_ENDPOINT_RESPONSE_INVALID", claim.map(String::from));
        assert_eq!(failure(metadata(body)), expected, "{body}");
    }
    for (answer, code) in outages() {
        let machine = ResourceMetadata::new("https://rs.example/api".into(), None);
        assert_eq!(failure(run([(METADATA, answer)], |answer| machine.step(answer)).result).0, code);
    }
}

#[test]
fn metadata_are_fetched_from_where_a_challenge_says() {
    let at = |resource: &str, url: Option<&str>| ResourceMetadata::new(resource.into(), url.map(String::from));
    let elsewhere = at("https://rs.example/api", Some("https://meta.example/x?y"));
    let script = [("GET https://meta.example/x?y", json(r#"{"resource":"https://rs.example/api"}"#))];
    assert!(run(script, |answer| elsewhere.step(answer)).result.is_ok());
    for (resource, url, code, claim) in [
        ("http://rs.example", None, "ERR_FETCH_INSECURE", "resource"),
        ("urn:example:rs", None, "ERR_FETCH_INSECURE", "resource"),
        ("https://rs.example/#a", None, "ERR_OPTION_INVALID", "resource"),
        ("https://rs.example", Some("http://rs.example/metadata"), "ERR_FETCH_INSECURE", "resource_metadata"),
        ("https://rs.example", Some("/metadata"), "ERR_FETCH_INSECURE", "resource_metadata"),
    ] {
        let result = run([], |answer| at(resource, url).step(answer)).result;
        assert_eq!(failure(result), (code, Some(claim.into())), "{resource} {url:?}");
    }
}

fn proof(client: &str, parameters: &str) -> Result<String, Error> {
    let client = RegisteredClient::from_json(client).unwrap();
    let mut machine = DpopProof::new(client, parameters, Entropy::new([7; 32]))?;
    run([], |answer| machine.step(NOW, answer)).result
}

#[test]
fn a_proof_says_what_it_is_for() {
    let all = r#"{"url":"https://rs.example/a?b#c","method":"PROPFIND","access_token":"at-1","nonce":"n"}"#;
    let jwt = proof(&bound(), all).unwrap();
    let payload = base64url::decode(jwt.split('.').nth(1).unwrap()).unwrap();
    let expected = r#""htm":"PROPFIND","htu":"https://rs.example/a","iat":1700000000,"nonce":"n","ath":""#;
    assert!(String::from_utf8(payload).unwrap().contains(expected));
    for (parameters, code, claim) in [
        (r#"{"method":"GET"}"#, "ERR_OPTION_INVALID", "url"),
        (r#"{"url":"https://rs.example"}"#, "ERR_OPTION_INVALID", "method"),
        (r#"{"url":"https://rs.example","method":"a b"}"#, "ERR_OPTION_INVALID", "method"),
        (r#"{"url":"https://rs.example","method":"GET","ath":"x"}"#, "ERR_OPTION_INVALID", "ath"),
        (r#"{"url":"http://rs.example","method":"GET"}"#, "ERR_FETCH_INSECURE", "url"),
        (r#"{"url":"https://user@rs.example","method":"GET"}"#, "ERR_FETCH_INSECURE", "url"),
    ] {
        assert_eq!(failure(proof(&bound(), parameters)), (code, Some(claim.into())), "{parameters}");
    }
    let keyless = proof(r#"{"client_id":"app"}"#, all);
    assert_eq!(failure(keyless), ("ERR_OPTION_INVALID", Some("dpop".into())));
}

#[test]
fn a_nonce_is_asked_for_by_a_challenge_of_dpop() {
    let asks = |status: u16, nonce: Option<&str>, challenge: &str| {
        let headers = Headers {
            dpop_nonce: nonce.map(String::from),
            www_authenticate: Some(challenge.into()),
            ..Headers::default()
        };
        Nonces::default().learn("https://rs.example", &Response { headers, ..Response::new(status, "") })
    };
    let asking = "Bearer, DPoP error=use_dpop_nonce";
    assert!(asks(401, Some("n"), asking));
    assert!(!asks(401, None, asking));
    assert!(!asks(403, Some("n"), asking));
    for other in [
        "",
        "DPoP",
        r#"DPoP error="invalid_token""#,
        "Bearer error=use_dpop_nonce",
        "DPoP error=use_dpop_nonce, error=x",
    ] {
        assert!(!asks(401, Some("n"), other), "{other}");
    }
}
